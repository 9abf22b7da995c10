"""What a schema cannot see in a manifest. Each check yields a sentence per fault; no sentence is right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from tests.deploy.manifesten import ROOT, Doc, containers, hoeveelheid, naam, past, sjablonen, van_soort

VAN_BUITEN = {
    "zorgketen-postgres": {"backoffice", "declaratie", "intake", "knooppunt", "notifications", "toewijzing"},
    "zorgketen-sleutels": set(),
    "zorgketen-migratie": {"dsn", "wachtwoord-rol"},
    "zorgketen-kluis": {"dsn", "sleutel", "gegevens"},
    "zorgketen-webhooks": {"sleutel"},
    "zorgketen-kluis-beheer": {"dsn", "wachtwoord"},
}
"""Secrets that are made outside this repository, with the keys that must be in them."""
GEHEUGEN_MAX = hoeveelheid("384Mi")  # G9
STOPPEN_S = 20
"""How long a process may take to finish what it holds: 5 s of requests, 10 s of tasks, 5 s of the pool."""
_NAAM = re.compile(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")


def namen(docs: list[Doc]) -> Iterator[str]:
    for wie, aantal in Counter(naam(doc) for doc in docs).items():
        if aantal > 1:
            yield f"{wie} is there {aantal} times"
    for doc in docs:
        if not _NAAM.match(doc["metadata"]["name"]):
            yield f"{naam(doc)}: not a DNS label"
    for doc, sjabloon in sjablonen(docs):
        if sjabloon["metadata"]["labels"].get("app.kubernetes.io/name") != doc["metadata"]["name"]:
            yield f"{naam(doc)}: its pods carry another name"


def verwijzingen(docs: list[Doc]) -> Iterator[str]:
    configs = {doc["metadata"]["name"]: set(doc["data"]) for doc in van_soort(docs, "ConfigMap")}
    for doc, _, container in containers(docs):
        for bron in container.get("envFrom", []):
            for soort, bekend in (("configMapRef", configs), ("secretRef", VAN_BUITEN)):
                if soort in bron and bron[soort]["name"] not in bekend:
                    yield f"{naam(doc)}: unknown {soort}"
        for variabele in container.get("env", []):
            bron = variabele.get("valueFrom", {})
            for soort, sleutels in (("configMapKeyRef", configs), ("secretKeyRef", VAN_BUITEN)):
                if soort in bron and bron[soort]["key"] not in sleutels.get(bron[soort]["name"], set()):
                    yield f"{naam(doc)}: {variabele['name']} names an unknown {soort}"
            eigen = bron.get("secretKeyRef", {})
            if eigen.get("name") == "zorgketen-postgres" and eigen["key"] != doc["metadata"]["name"]:
                yield f"{naam(doc)}: the database of another service"
            if eigen.get("name") == "zorgketen-kluis" and doc["metadata"]["name"] not in ("intake", "knooppunt"):
                yield f"{naam(doc)}: a key to personal data"


def volumes(docs: list[Doc]) -> Iterator[str]:
    for doc, pod, container in containers(docs):
        er_zijn = {volume["name"] for volume in pod.get("volumes", [])}
        gebruikt = {mount["name"] for mount in container.get("volumeMounts", [])}
        if er_zijn != gebruikt:
            yield f"{naam(doc)}: volumes {er_zijn ^ gebruikt} are named once"


def selectors(docs: list[Doc]) -> Iterator[str]:
    for doc in van_soort(docs, "Deployment"):
        if not past(doc["spec"]["selector"], doc["spec"]["template"]):
            yield f"{naam(doc)}: its selector does not pick its own pods"
    for doc in van_soort(docs, "Service", "PodDisruptionBudget"):
        selector = {"matchLabels": doc["spec"]["selector"]} if doc["kind"] == "Service" else doc["spec"]["selector"]
        gekozen = [d for d, sjabloon in sjablonen(docs) if past(selector, sjabloon)]
        if [d["metadata"]["name"] for d in gekozen] != [doc["metadata"]["name"]]:
            yield f"{naam(doc)}: picks {len(gekozen)} kinds of pods"
        elif doc["kind"] == "PodDisruptionBudget" and doc["spec"]["minAvailable"] >= gekozen[0]["spec"]["replicas"]:
            yield f"{naam(doc)}: no node can ever be drained"


def poorten(docs: list[Doc]) -> Iterator[str]:
    (config,) = van_soort(docs, "ConfigMap")
    diensten = {doc["metadata"]["name"]: doc for doc in van_soort(docs, "Service")}
    for doc, _, container in containers(docs):
        open_ = {poort["name"]: poort["containerPort"] for poort in container.get("ports", [])}
        if doc["kind"] == "Deployment" and str(open_.get("http")) != config["data"]["ZORGKETEN_POORT"]:
            yield f"{naam(doc)}: listens on another port than ZORGKETEN_POORT"
        for soort in ("startupProbe", "livenessProbe", "readinessProbe"):
            if soort in container and container[soort]["httpGet"]["port"] not in open_:
                yield f"{naam(doc)}: {soort} asks an unknown port"
        dienst = diensten.get(doc["metadata"]["name"])
        if dienst and any(poort["targetPort"] not in open_ for poort in dienst["spec"]["ports"]):
            yield f"{naam(dienst)}: sends to an unknown port"
    for sleutel, waarde in config["data"].items():
        if sleutel.startswith("ZORGKETEN_URL_"):
            adres = urlsplit(waarde)
            dienst = diensten.get(str(adres.hostname))
            if dienst is None or adres.port not in {poort["port"] for poort in dienst["spec"]["ports"]}:
                yield f"ConfigMap: {sleutel} names no service here"


def probes(docs: list[Doc]) -> Iterator[str]:
    verwacht = {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
    for doc, _, container in containers(docs):
        for soort, pad in verwacht.items():
            if doc["kind"] == "Deployment" and container.get(soort, {}).get("httpGet", {}).get("path") != pad:
                yield f"{naam(doc)}: {soort} does not ask {pad}"


def grenzen(docs: list[Doc]) -> Iterator[str]:
    for doc, _, container in containers(docs):
        vraagt, krijgt = container["resources"].get("requests", {}), container["resources"].get("limits", {})
        if not {"cpu", "memory"} <= set(vraagt) or "memory" not in krijgt:
            yield f"{naam(doc)}: a request or limit is missing"
            continue
        if any(hoeveelheid(vraagt[wat]) > hoeveelheid(krijgt[wat]) for wat in krijgt):
            yield f"{naam(doc)}: asks for more than its limit"
        if hoeveelheid(krijgt["memory"]) > GEHEUGEN_MAX:
            yield f"{naam(doc)}: more memory than G9 promises"


def pod_veiligheid(docs: list[Doc]) -> Iterator[str]:
    """The `restricted` profile, and a root filesystem that cannot be written."""
    for doc in van_soort(docs, "Namespace"):
        if doc["metadata"].get("labels", {}).get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"{naam(doc)}: does not enforce the restricted profile"
    for doc, pod, container in containers(docs):
        samen: dict[str, Any] = {**pod.get("securityContext", {}), **container.get("securityContext", {})}
        if samen.get("runAsNonRoot") is not True or samen.get("runAsUser", 1) == 0:
            yield f"{naam(doc)}: may run as root"
        if samen.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{naam(doc)}: no seccomp profile"
        if samen.get("allowPrivilegeEscalation") is not False or samen.get("privileged"):
            yield f"{naam(doc)}: may gain privileges"
        if samen.get("capabilities", {}) != {"drop": ["ALL"]}:
            yield f"{naam(doc)}: keeps capabilities"
        if samen.get("readOnlyRootFilesystem") is not True:
            yield f"{naam(doc)}: can write its own root filesystem"
        if any(pod.get(soort) for soort in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{naam(doc)}: shares a namespace of the node"
        if any(
            set(volume) - {"name", "emptyDir", "configMap", "secret", "projected"} for volume in pod.get("volumes", [])
        ):
            yield f"{naam(doc)}: a kind of volume that the restricted profile refuses"


def geen_token(docs: list[Doc]) -> Iterator[str]:
    for doc, sjabloon in sjablonen(docs):
        if sjabloon["spec"].get("automountServiceAccountToken") is not False:
            yield f"{naam(doc)}: its pods get a token of the cluster"


def netwerk(docs: list[Doc]) -> Iterator[str]:
    """Everything is closed, but for what the configuration names."""
    regels = van_soort(docs, "NetworkPolicy")
    dicht = [r for r in regels if r["spec"]["podSelector"] == {} and not {"ingress", "egress"} & set(r["spec"])]
    if not any(set(regel["spec"]["policyTypes"]) == {"Ingress", "Egress"} for regel in dicht):
        yield "no policy closes all pods both ways"
    (config,) = van_soort(docs, "ConfigMap")
    nodig = {53, 5432, *(_poort(waarde) for waarde in config["data"].values() if ":" in waarde)}
    for doc, sjabloon in sjablonen(docs):
        open_ = [regel["spec"] for regel in regels if past(regel["spec"]["podSelector"], sjabloon)]
        uit = {poort["port"] for spec in open_ for weg in spec.get("egress", []) for poort in weg.get("ports", [])}
        if not nodig <= uit:
            yield f"{naam(doc)}: cannot reach port {sorted(nodig - uit)}"
        if uit - nodig or any("ports" not in weg for spec in open_ for weg in spec.get("egress", [])):
            yield f"{naam(doc)}: can reach more than it needs"
        binnen = [poort["port"] for spec in open_ for weg in spec.get("ingress", []) for poort in weg.get("ports", [0])]
        if binnen != [int(config["data"]["ZORGKETEN_POORT"])]:
            yield f"{naam(doc)}: can be reached on {binnen}"


def _poort(adres: str) -> int:
    delen = urlsplit(adres if "//" in adres else f"//{adres}")
    return delen.port or {"https": 443, "http": 80}[delen.scheme]


def uitrol(docs: list[Doc]) -> Iterator[str]:
    """A roll-out or a lost node never takes the last process away (G11)."""
    budgetten = {doc["metadata"]["name"] for doc in van_soort(docs, "PodDisruptionBudget")}
    for doc in van_soort(docs, "Deployment"):
        spec, pod = doc["spec"], doc["spec"]["template"]["spec"]
        if spec["replicas"] < 2 or doc["metadata"]["name"] not in budgetten:
            yield f"{naam(doc)}: one process, or no disruption budget"
        if spec["strategy"]["rollingUpdate"]["maxUnavailable"] != 0:
            yield f"{naam(doc)}: a roll-out takes a process away first"
        wacht_s = min(
            c.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0) for c in pod["containers"]
        )
        if wacht_s < 5:
            yield f"{naam(doc)}: is told to stop while requests still arrive"
        if pod["terminationGracePeriodSeconds"] <= wacht_s + STOPPEN_S:
            yield f"{naam(doc)}: is killed before it is done"


def programmas(docs: list[Doc]) -> Iterator[str]:
    """Every service of this repository has its Deployment, and each container starts what exists."""
    diensten = {pad.parent.name for pad in (ROOT / "services").glob("*/__main__.py")}
    uitgerold = {doc["metadata"]["name"] for doc in van_soort(docs, "Deployment")}
    for dienst in sorted(diensten ^ uitgerold):
        yield f"{dienst}: a service without Deployment, or the other way round"
    for doc, _, container in containers(docs):
        module = container["args"][2].replace(".", "/")
        if container["args"][:2] != ["python", "-m"] or not any(
            (ROOT / module).parent.glob(f"{(ROOT / module).name}*")
        ):
            yield f"{naam(doc)}: starts something that is not there"
        if doc["kind"] == "Deployment" and container["args"][2] != f"services.{doc['metadata']['name']}":
            yield f"{naam(doc)}: starts another service"
        if not re.search(r":(?!latest$)[\w.-]+$|@sha256:[0-9a-f]{64}$", container["image"]):
            yield f"{naam(doc)}: an image without a fixed version"


KEURINGEN: list[Callable[[list[Doc]], Iterator[str]]] = [
    namen, verwijzingen, volumes, selectors, poorten, probes, grenzen, pod_veiligheid, geen_token, netwerk, uitrol,
    programmas,
]  # fmt: skip
