"""Level 2 of the 323: periods, amounts and references.

Dates are compared as text: ISO dates sort as the days they name. A full file has some 50,000 prestaties, so each
is looked at once and a path is only made for a fault.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from lxml import etree

from schemas.iwmo.inhoud import TEKEN
from schemas.iwmo.rules import persoon
from schemas.iwmo.rules.plek import Blok, Fout

_EUROS = "83"
_VANAF = "2021-01-01"
_DECLARATIE = "/Bericht/Declaratie"


def toets(inhoud: Blok, dagtekening: str) -> Iterator[Fout]:
    """TR134, TR137, TR315, TR316, TR335, TR358, TR416, CD060, CD087, CS002, CS100, CS325, CS337, CS339, CS340."""
    yield from _toets_declaratie(inhoud, dagtekening)
    oudste = persoon.jaren_eerder(inhoud["declaratie_dagtekening"], 5)
    for i, client in enumerate(inhoud["clienten"], 1):
        yield from persoon.toets_bsn(client, f"{_DECLARATIE}/Clienten/Client[{i}]")
        for j, prestatie in enumerate(client["prestaties"], 1):
            for regel, waar in _toets_prestatie(prestatie, dagtekening, oudste):
                yield regel, _pad(i, j) + waar
    yield from _toets_samenhang(inhoud["clienten"])
    totaal = sum(TEKEN[p["debet_credit"]] * p["ingediend_cent"] for c in inhoud["clienten"] for p in c["prestaties"])
    if totaal != inhoud["totaal_ingediend_cent"]:
        yield "TR358", f"{_DECLARATIE}/TotaalIngediendBedrag"


def _toets_declaratie(declaratie: Blok, dagtekening: str) -> Iterator[Fout]:
    """CS340, CS100, TR137, TR134 and CS325."""
    begin, eind = declaratie["declaratie_periode"]["begindatum"], declaratie["declaratie_periode"]["einddatum"]
    if not begin.endswith("-01") or eind != _maand_eind(begin):
        yield "CS340", f"{_DECLARATIE}/DeclaratiePeriode"
    if eind < begin or eind > dagtekening:
        yield "TR137", f"{_DECLARATIE}/DeclaratiePeriode/Einddatum"
    if begin < _VANAF or eind < _VANAF:
        yield "CS100", f"{_DECLARATIE}/DeclaratiePeriode"
    if declaratie["declaratie_dagtekening"] > dagtekening:
        yield "TR134", f"{_DECLARATIE}/DeclaratieDagtekening"


def toets_kopie(prestatie: Blok, dagtekening: str) -> list[Fout]:
    """TR137, CD060 and CS325: what holds in a 323 and in the copy of its line in a 325. Paths are relative."""
    fouten = []
    credit = prestatie["debet_credit"] == "C"
    if not prestatie["begindatum"] <= prestatie["einddatum"] <= dagtekening:
        fouten.append(("TR137", "/ProductPeriode/Einddatum"))
    if (prestatie["vorig_referentie_nummer"] is not None) != credit:
        fouten.append(("CD060", "/ProductReferentie/VorigReferentieNummer"))
    if credit and prestatie["ingediend_cent"] == 0:
        fouten.append(("CS325", "/IngediendBedrag/DebetCredit"))
    return fouten


def toets_nul(klasse: etree._Element) -> Iterator[Fout]:
    """CS325 of the totals, in the tree: a dict has a signed total, so there 0 has no DebetCredit."""
    for totaal in klasse.iterchildren("{*}TotaalIngediendBedrag", "{*}TotaalToegekendBedrag"):
        if int(totaal[0].text or 0) == 0 and totaal[1].text == "C":
            yield "CS325", "/Bericht/{}/{}/DebetCredit".format(*(etree.QName(k).localname for k in (klasse, totaal)))


def _toets_prestatie(prestatie: Blok, dagtekening: str, oudste: str) -> list[Fout]:
    """CD087, CS339, CS337, CS100, TR335, and what holds for a copy too."""
    fouten = toets_kopie(prestatie, dagtekening)
    euros = prestatie["eenheid"] == _EUROS
    if (prestatie["product_tarief_cent"] is not None) == euros:
        fouten.append(("CD087", "/ProductTarief"))
    if euros and prestatie["geleverd_volume"] != prestatie["ingediend_cent"]:
        fouten.append(("CS339", "/IngediendBedrag/Bedrag"))
    begin, eind = prestatie["begindatum"], prestatie["einddatum"]
    if begin[:7] != eind[:7]:
        fouten.append(("CS337", "/ProductPeriode"))
    if begin < _VANAF or eind < _VANAF:
        fouten.append(("CS100", "/ProductPeriode"))
    if eind < oudste:
        fouten.append(("TR335", "/ProductPeriode/Einddatum"))
    return fouten


def _toets_samenhang(clienten: list[Blok]) -> Iterator[Fout]:
    """TR315, TR316 and TR416: lines of one message against each other (IV086)."""
    debets = {p["referentie_nummer"] for c in clienten for p in c["prestaties"] if p["debet_credit"] == "D"}
    vorige: set[str] = set()
    regels: set[tuple[str | int, ...]] = set()
    for i, client in enumerate(clienten, 1):
        for j, prestatie in enumerate(client["prestaties"], 1):
            vorig = prestatie["vorig_referentie_nummer"]
            if vorig is not None:
                if vorig in vorige:
                    yield "TR315", f"{_pad(i, j)}/ProductReferentie/VorigReferentieNummer"
                if vorig in debets:
                    yield "TR316", f"{_pad(i, j)}/ProductReferentie/VorigReferentieNummer"
                vorige.add(vorig)
            if prestatie["debet_credit"] == "C":
                continue
            regel = (prestatie["toewijzing_nummer"], prestatie["product_categorie"], prestatie["product_code"],
                     prestatie["begindatum"], prestatie["einddatum"])  # fmt: skip
            if regel in regels:
                yield "TR416", _pad(i, j)
            regels.add(regel)


def _pad(i: int, j: int) -> str:
    return f"{_DECLARATIE}/Clienten/Client[{i}]/Prestaties/Prestatie[{j}]"


def _maand_eind(begin: str) -> str:
    dag = date.fromisoformat(begin)
    return dag.replace(day=monthrange(dag.year, dag.month)[1]).isoformat()
