"""Level 2 of the 323: periods, amounts and references.

Dates are compared as text: ISO dates sort as the days they name. A full file has some 50,000 prestaties, so each
is looked at once and a path is only made for a fault.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from functools import lru_cache, partial

from lxml import etree

from schemas.iwmo.inhoud import TEKEN
from schemas.iwmo.rules import persoon, sleutels
from schemas.iwmo.rules.plek import Blok, Fout

_EUROS = "83"
_VANAF = "2021-01-01"
_PERIODES = 1000
_DECLARATIE = "/Bericht/Declaratie"


def toets(inhoud: Blok, dagtekening: str) -> Iterator[Fout]:
    """TR101, TR134, TR137, TR315, TR316, TR335, TR358, TR416, CD060, CD087, CS002, CS100, CS325, CS337, CS339, CS340.

    The clients are met once, in their order, so they may come as they are read.
    """
    yield from _toets_declaratie(inhoud, dagtekening)
    oudste = persoon.jaren_eerder(inhoud["declaratie_dagtekening"], 5)
    toets_periode = lru_cache(_PERIODES)(partial(_toets_periode, dagtekening, oudste))
    toets_sleutel = sleutels.per_record("WMO323", "clienten")
    samenhang, totaal = _Samenhang(), 0
    for i, client in enumerate(inhoud["clienten"], 1):
        pad = f"{_DECLARATIE}/Clienten/Client[{i}]"
        yield from toets_sleutel(client, pad)
        yield from persoon.toets_bsn(client, pad)
        for j, prestatie in enumerate(client["prestaties"], 1):
            fouten = toets_periode(prestatie["begindatum"], prestatie["einddatum"]) + _toets_bedrag(prestatie)
            for regel, waar in fouten + samenhang.toets(prestatie, i, j):
                yield regel, _pad(i, j) + waar
            totaal += TEKEN[prestatie["debet_credit"]] * prestatie["ingediend_cent"]
    for i, j in samenhang.credits_op_eigen_debet():
        yield "TR316", f"{_pad(i, j)}/ProductReferentie/VorigReferentieNummer"
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
    fouten = _toets_credit(prestatie)
    if not prestatie["begindatum"] <= prestatie["einddatum"] <= dagtekening:
        fouten.append(("TR137", "/ProductPeriode/Einddatum"))
    return fouten


def _toets_credit(prestatie: Blok) -> list[Fout]:
    """CD060 and CS325."""
    fouten = []
    credit = prestatie["debet_credit"] == "C"
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


def _toets_periode(dagtekening: str, oudste: str, begin: str, eind: str) -> list[Fout]:
    """TR137, CS337, CS100 and TR335: what a period alone decides, and few periods make a file."""
    fouten = []
    if not begin <= eind <= dagtekening:
        fouten.append(("TR137", "/ProductPeriode/Einddatum"))
    if begin[:7] != eind[:7]:
        fouten.append(("CS337", "/ProductPeriode"))
    if begin < _VANAF or eind < _VANAF:
        fouten.append(("CS100", "/ProductPeriode"))
    if eind < oudste:
        fouten.append(("TR335", "/ProductPeriode/Einddatum"))
    return fouten


def _toets_bedrag(prestatie: Blok) -> list[Fout]:
    """CD060, CS325, CD087 and CS339."""
    fouten = _toets_credit(prestatie)
    euros = prestatie["eenheid"] == _EUROS
    if (prestatie["product_tarief_cent"] is not None) == euros:
        fouten.append(("CD087", "/ProductTarief"))
    if euros and prestatie["geleverd_volume"] != prestatie["ingediend_cent"]:
        fouten.append(("CS339", "/IngediendBedrag/Bedrag"))
    return fouten


class _Samenhang:
    """TR315, TR316 and TR416: lines of one message against each other (IV086)."""

    def __init__(self) -> None:
        self._debets: set[str] = set()
        self._regels: set[tuple[int | str, ...]] = set()
        self._credits: dict[str, list[tuple[int, int]]] = {}

    def toets(self, prestatie: Blok, i: int, j: int) -> list[Fout]:
        """TR315 and TR416 of the next line, the j-th of client i."""
        fouten = []
        vorig = prestatie["vorig_referentie_nummer"]
        if vorig is not None:
            if vorig in self._credits:
                fouten.append(("TR315", "/ProductReferentie/VorigReferentieNummer"))
            self._credits.setdefault(vorig, []).append((i, j))
        if prestatie["debet_credit"] == "D":
            self._debets.add(prestatie["referentie_nummer"])
            regel = (prestatie["toewijzing_nummer"], prestatie["product_categorie"], prestatie["product_code"],
                     prestatie["begindatum"], prestatie["einddatum"])  # fmt: skip
            if regel in self._regels:
                fouten.append(("TR416", ""))
            self._regels.add(regel)
        return fouten

    def credits_op_eigen_debet(self) -> Iterator[tuple[int, int]]:
        """TR316, known when every line was met: the debet may come after its credit."""
        for vorig in self._credits.keys() & self._debets:
            yield from self._credits[vorig]


def _pad(i: int, j: int) -> str:
    return f"{_DECLARATIE}/Clienten/Client[{i}]/Prestaties/Prestatie[{j}]"


def _maand_eind(begin: str) -> str:
    dag = date.fromisoformat(begin)
    return dag.replace(day=monthrange(dag.year, dag.month)[1]).isoformat()
