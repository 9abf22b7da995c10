"""Levels 3 and 4 as a provider must judge them: a received message against what was sent and received before.

Each function gives its faults and changes nothing. A fault has the path of its class in the message
(`ToegewezenProduct[1]`), the rule, and the retourcode; a 325 has no retour, so some of its rules have no code.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from aanbieder import staat
from schemas.iwmo import codec
from schemas.iwmo.bericht import Bericht
from schemas.iwmo.codes import RETOURCODES, categorie_of

GEEN_FOUT = frozenset({"0200", "0233", "8001"})
"""Retourcodes that tell no fault."""


@dataclass(frozen=True, slots=True)
class Fout:
    """One broken rule; `tekst` never holds a value of the message."""

    pad: str
    regel: str
    code: str | None = None
    uitleg: str = ""

    @property
    def tekst(self) -> str:
        """The words of the retourcode, or the explanation where there is no code."""
        return self.uitleg or RETOURCODES.get(self.code or "", "")


def codes_in(deel: Any) -> list[str]:
    """Every retourcode anywhere in a message, except the ones that mean no fault."""
    if isinstance(deel, dict):
        eigen = [c for c in deel.get("retourcodes") or [] if c not in GEEN_FOUT]
        return eigen + [c for k, v in deel.items() if k != "retourcodes" for c in codes_in(v)]
    if isinstance(deel, list):
        return [c for d in deel for c in codes_in(d)]
    return []


def toets_toewijzing(db: sqlite3.Connection, gemeente: str, aanbieder: str, inhoud: dict[str, Any]) -> Iterator[Fout]:
    """TR332, TR379, TR381 and TR385 for every ToegewezenProduct of a 301."""
    bsn = inhoud["client"]["bsn"]
    for i, product in enumerate(inhoud["toegewezen_producten"], 1):
        pad, nummer = f"ToegewezenProduct[{i}]", product["toewijzing_nummer"]
        if not all(_zelfde(versie, aanbieder, bsn, product) for versie in staat.versies(db, gemeente, nummer)):
            yield Fout(pad, "TR332", "9332")
        if not _referentie_klopt(db, gemeente, bsn, product):
            yield Fout(pad, "TR379", "9379")
        soort = product["product"] or {}
        if soort.get("code") and categorie_of(soort["code"]) != soort["categorie"]:
            yield Fout(pad, "TR381", "S329")
        if product["reden_wijziging"] == "13" and goedgekeurd_ongecrediteerd(db, gemeente, nummer):
            yield Fout(pad, "TR385", "9385")


def _zelfde(versie: sqlite3.Row, aanbieder: str, bsn: str, product: dict[str, Any]) -> bool:
    """Does an earlier version stand for the same grant; a number keeps its client, provider and product (IV066)."""
    eerder = staat.gegevens(versie)["product"]
    return (versie["aanbieder"], versie["bsn"], eerder) == (aanbieder, bsn, product["product"])


def _referentie_klopt(db: sqlite3.Connection, gemeente: str, bsn: str, product: dict[str, Any]) -> bool:
    """A reference is that of our own verzoek for this client, and only in the first 301 that honours it."""
    referentie = product["referentie_aanbieder"]
    if not referentie:
        return True
    bron = verzoek(db, gemeente, referentie)
    return bron is not None and bron["bsn"] in (None, bsn) and bron["toegewezen"] is None


def toets_antwoord(db: sqlite3.Connection, gemeente: str, antwoord: dict[str, Any]) -> Iterator[Fout]:
    """TR355, TR359, TR360 and TR365 for the Antwoord of a 319."""
    bron = verzoek(db, gemeente, antwoord["referentie_aanbieder"])
    if bron is None:
        yield Fout("Antwoord", "TR355", "9355")
        return
    if bron["toegewezen"] is not None:
        yield Fout("Antwoord", "TR359", "9359")
    if bron["antwoord"] is not None and antwoord["verzoek_antwoord"] == "2":
        yield Fout("Antwoord", "TR360", "9360")
    if bron["antwoord"] not in (None, "2"):
        yield Fout("Antwoord", "TR365", "9365")


def toets_retour(db: sqlite3.Connection, bericht: Bericht, gemeente: str) -> Iterator[Fout]:
    """A 306, 308, 316 or 318 answers one message of ours, and only once (IV028)."""
    heen = heenbericht(db, bericht, gemeente)
    if heen is None:
        yield Fout("Header", "IV028", uitleg="Dit is een antwoord op een bericht dat hier niet verstuurd is.")
    elif heen["status"] not in ("te_versturen", "verstuurd"):
        yield Fout("Header", "IV028", uitleg="Op dit bericht is al een ander antwoord verwerkt.")


def heenbericht(db: sqlite3.Connection, bericht: Bericht, gemeente: str) -> sqlite3.Row | None:
    """The message of ours that a retour or a 325 answers."""
    kop = bericht.header
    if bericht.soort.code == "WMO325":
        ident, dag = kop.declaratie_identificatie or "", str(kop.declaratie_dagtekening)
        return staat.verstuurd_bericht(db, "WMO323", gemeente, ident, dag)
    return staat.verstuurd_bericht(db, bericht.soort.op or "", gemeente, kop.identificatie, str(kop.dagtekening))


def toets_325(db: sqlite3.Connection, bericht: Bericht, gemeente: str, inhoud: dict[str, Any]) -> Iterator[Fout]:
    """TR337, TR371, TR376, TR342, IV087, and for every returned line TR366, TR304 and TR367."""
    heen = heenbericht(db, bericht, gemeente)
    if heen is None or heen["status"] == "geweigerd":
        yield Fout("Header", "TR337", uitleg="Dit is een antwoord op een declaratie die hier niet verstuurd is.")
        return
    if heen["status"] not in ("te_versturen", "verstuurd"):
        yield Fout("Header", "OP355", uitleg="Op deze declaratie is al een ander antwoord verwerkt.")
        return
    declaratie = codec.parse(heen["xml"])
    if _xsd_versie(bericht.root, "XsdVersieDeclaratie") != _xsd_versie(declaratie.root, "XsdVersie"):
        yield Fout("Header", "TR371", uitleg="XsdVersieDeclaratie is niet de XsdVersie van de declaratie.")
    antwoord, kop_fout = inhoud["declaratie_antwoord"], bool(set(inhoud["retourcodes"]) - GEEN_FOUT)
    if (antwoord is None) != kop_fout:
        yield Fout("Header", "IV087", uitleg="De retourcode in de header past niet bij de rest van het antwoord.")
    if antwoord is not None:
        yield from _toets_declaratie_antwoord(declaratie.inhoud(), antwoord)


def _toets_declaratie_antwoord(declaratie: dict[str, Any], antwoord: dict[str, Any]) -> Iterator[Fout]:
    pad = "DeclaratieAntwoord"
    if antwoord["declaratie_nummer"] != declaratie["declaratie_nummer"]:
        yield Fout(pad, "TR376", uitleg="DeclaratieNummer is niet dat van de declaratie.")
    if antwoord["totaal_ingediend_cent"] != declaratie["totaal_ingediend_cent"]:
        yield Fout(pad, "TR342", "0001", "TotaalIngediendBedrag is niet dat van de declaratie.")
    if "8001" in antwoord["retourcodes"] and antwoord["totaal_toegekend_cent"] != antwoord["totaal_ingediend_cent"]:
        yield Fout(pad, "IV087", uitleg="Er staat dat alles is toegekend, maar de bedragen verschillen.")
    eigen: dict[tuple[str, str | None], list[tuple[str, dict[str, Any]]]] = {}
    for client in declaratie["clienten"]:
        for regel in client["prestaties"]:
            eigen.setdefault(_sleutel(regel), []).append((client["bsn"], regel))
    for i, client in enumerate(antwoord["clienten"], 1):
        for j, regel in enumerate(client["prestaties"], 1):
            yield from _toets_regel(f"Client[{i}]/Prestatie[{j}]", client["bsn"], regel, eigen.get(_sleutel(regel), []))


def _toets_regel(pad: str, bsn: str, terug: dict[str, Any], eigen: list[tuple[str, dict[str, Any]]]) -> Iterator[Fout]:
    if not eigen:
        yield Fout(pad, "TR366", "9366")
        return
    if not any(bsn == van for van, _ in eigen):
        yield Fout(pad, "TR304", "8187")
    zonder_codes = {k: v for k, v in terug.items() if k != "retourcodes"}
    if not any(zonder_codes == regel for _, regel in eigen):
        yield Fout(pad, "TR367", "9367")


def _sleutel(regel: dict[str, Any]) -> tuple[str, str | None]:
    """ProductReferentie, the key of a Prestatie."""
    return regel["referentie_nummer"], regel["vorig_referentie_nummer"]


def _xsd_versie(root: etree._Element, naam: str) -> list[str | None]:
    element = root[0].find(f"{{*}}{naam}")
    return [] if element is None else [deel.text for deel in element]


def verzoek(db: sqlite3.Connection, gemeente: str, referentie: str) -> sqlite3.Row | None:
    """Our VOT product or VOW with this reference, unless its message was refused (then as never sent)."""
    rij: sqlite3.Row | None = db.execute(
        "SELECT v.* FROM verzoeken v JOIN berichten b USING (volgnr)"
        " WHERE v.gemeente = ? AND v.referentie = ? AND b.status NOT IN ('afgekeurd', 'geweigerd')",
        (gemeente, referentie),
    ).fetchone()
    return rij


def goedgekeurd_ongecrediteerd(db: sqlite3.Connection, gemeente: str, nummer: int) -> bool:
    """TR385: does this toewijzing hold an approved debet that no approved credit took back."""
    return (
        db.execute(
            "SELECT 1 FROM prestaties d WHERE d.gemeente = ? AND d.toewijzing_nummer = ?"
            " AND d.uitslag = 'goedgekeurd' AND d.vorig_referentie_nummer IS NULL AND NOT EXISTS ("
            "   SELECT 1 FROM prestaties c WHERE c.gemeente = d.gemeente AND c.uitslag = 'goedgekeurd'"
            "   AND c.vorig_referentie_nummer = d.referentie_nummer)",
            (gemeente, nummer),
        ).fetchone()
        is not None
    )
