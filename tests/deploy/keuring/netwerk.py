"""Who may talk to whom: the policies, worked out for every pair, against the table of what the code needs."""

from __future__ import annotations

from collections.abc import Iterator

from tests.deploy.manifesten import Doc, past, sjablonen, van_soort

OPSLAG = {
    "postgres": {"cnpg.io/cluster": "postgres"},
    "kluis-db": {"cnpg.io/cluster": "kluis"},
    "kafka": {"strimzi.io/cluster": "kafka"},
}
"""Pods that an operator makes, by their labels."""
SERVICES = ("backoffice", "declaratie", "intake", "knooppunt", "notifications", "toewijzing")
NODIG: dict[tuple[str, str], int] = {
    **{(dienst, "postgres"): 5432 for dienst in SERVICES},
    **{(dienst, "kafka"): 9093 for dienst in SERVICES},
    **{("backoffice", dienst): 8000 for dienst in SERVICES},
    ("intake", "kluis-db"): 5432,
    ("knooppunt", "kluis-db"): 5432,
    ("knooppunt", "toewijzing"): 8000,
    ("knooppunt", "declaratie"): 8000,
    ("declaratie", "knooppunt"): 8000,
    ("notifications", "intake"): 8000,
    ("rand", "knooppunt"): 8000,
    ("migratie-voor", "postgres"): 5432,
    ("migratie-na", "postgres"): 5432,
    ("kluis", "kluis-db"): 5432,
}
"""(from, to) -> port. All of it, and nothing else."""
BUITEN = {**dict.fromkeys(SERVICES, {443}), "notifications": {443, 25}}
"""Ports outside the cluster: the issuer of tokens, StUF and webhooks; and the mail server."""
VAN_BUITEN = {"rand": {8443}}
NAAMRUIMTEN = {"monitoring": dict.fromkeys(SERVICES, 8000) | {"kafka": 9404, "postgres": 9187, "kluis-db": 9187},
               "ingress": {"backoffice": 8000}, "keda": {"kafka": 9093}}  # fmt: skip
"""Other namespaces, and what they reach here."""
NAAR_NAAMRUIMTEN = {"monitoring": dict.fromkeys(SERVICES, 4318)}
"""What is reached of other namespaces: the collector of spans."""
POORTEN = (22, 25, 443, 4318, 5432, 8000, 8080, 8443, 9093, 9404, 9187)


def netwerk(docs: list[Doc]) -> Iterator[str]:
    wie = {doc["metadata"]["name"]: sjabloon["metadata"]["labels"] for doc, sjabloon in sjablonen(docs)} | OPSLAG
    regels = [doc["spec"] for doc in van_soort(docs, "NetworkPolicy")]
    if not any(
        r["podSelector"] == {} and set(r["policyTypes"]) == {"Ingress", "Egress"} and not {"ingress", "egress"} & set(r)
        for r in regels
    ):
        yield "no policy closes all pods both ways"
    for van, labels in wie.items():
        for naar, doel in wie.items():
            binnen_een_cluster = van == naar and van in OPSLAG
            for poort in POORTEN:
                mag = _uit(regels, labels, poort, doel) and _in(regels, doel, poort, labels)
                moet = NODIG.get((van, naar)) == poort or binnen_een_cluster
                if mag and not moet and van not in OPSLAG:
                    yield f"{van} can reach {naar} on {poort}, and need not"
                if moet and not mag and not binnen_een_cluster:
                    yield f"{van} cannot reach {naar} on {poort}"
        if van not in OPSLAG:
            uit = {poort for poort in POORTEN if _uit(regels, labels, poort, None)}
            if uit != BUITEN.get(van, set()):
                yield f"{van} reaches outside on {sorted(uit)}"
            if not _naar_namen(regels, labels):
                yield f"{van} cannot look up a name"
        if (van_buiten := {p for p in POORTEN if _in(regels, labels, p, None)}) != VAN_BUITEN.get(van, set()):
            yield f"{van} can be reached from outside on {sorted(van_buiten)}"
        for ruimte, wegen in NAAMRUIMTEN.items():
            open_ = {p for p in POORTEN if p not in VAN_BUITEN.get(van, ()) and _in(regels, labels, p, None, ruimte)}
            if open_ != ({wegen[van]} if van in wegen else set()):
                yield f"namespace {ruimte} reaches {van} on {sorted(open_)}"
        for ruimte in {*NAAMRUIMTEN, *NAAR_NAAMRUIMTEN} if van not in OPSLAG else ():
            open_ = {p for p in POORTEN if _uit(regels, labels, p, None, ruimte)}
            if open_ != ({weg} if (weg := NAAR_NAAMRUIMTEN.get(ruimte, {}).get(van)) else set()):
                yield f"{van} reaches namespace {ruimte} on {sorted(open_)}"


def _uit(regels: list[Doc], van: Doc, poort: int, naar: Doc | None, ruimte: str | None = None) -> bool:
    """Whether a pod may go out to a pod of here, to another namespace, or (None) to an address outside."""
    return any(
        _poort(weg, poort) and ("to" not in weg or any(_tegenover(wie, naar, ruimte) for wie in weg["to"]))
        for regel in regels
        if past(regel["podSelector"], van)
        for weg in regel.get("egress", [])
    )


def _in(regels: list[Doc], naar: Doc, poort: int, van: Doc | None, ruimte: str | None = None) -> bool:
    """Whether a pod lets in a pod of here, one of another namespace, or (None) anybody."""
    return any(
        _poort(weg, poort) and ("from" not in weg or any(_tegenover(wie, van, ruimte) for wie in weg["from"]))
        for regel in regels
        if past(regel["podSelector"], naar)
        for weg in regel.get("ingress", [])
    )


def _tegenover(wie: Doc, pod: Doc | None, ruimte: str | None = None) -> bool:
    if "namespaceSelector" in wie:
        return ruimte is not None and past(wie["namespaceSelector"], {"kubernetes.io/metadata.name": ruimte})
    if "ipBlock" in wie:
        return pod is None and ruimte is None
    return pod is not None and past(wie["podSelector"], pod)


def _poort(weg: Doc, poort: int) -> bool:
    return "ports" not in weg or any(een["port"] == poort for een in weg["ports"])


def _naar_namen(regels: list[Doc], van: Doc) -> bool:
    return any(
        _poort(weg, 53) and any(_tegenover(wie, None, "kube-system") for wie in weg.get("to", []))
        for regel in regels
        if past(regel["podSelector"], van)
        for weg in regel.get("egress", [])
    )


KEURINGEN = [netwerk]
