"""Level 2 of the answers: the 325, and the six retours (how their RetourCodes go together)."""

from collections.abc import Iterator, Mapping

from schemas.iwmo.inhoud import TEKEN, woord
from schemas.iwmo.rules import persoon
from schemas.iwmo.rules.declaratie import toets_kopie
from schemas.iwmo.rules.plek import Blok, Fout
from schemas.iwmo.structuur import BERICHTEN, Element

TECHNISCH = "0001"
GEEN_FOUT = "0200"
NIET_BEOORDEELD = "0233"
TOEGEKEND = "8001"
_ANTWOORD = "/Bericht/DeclaratieAntwoord"
_ALLEEN = frozenset({TECHNISCH, GEEN_FOUT, NIET_BEOORDEELD, TOEGEKEND})
"""Codes on a whole class, beside which no other code can stand."""


def toets_retour(code: str, inhoud: Blok) -> Iterator[Fout]:
    """IV028, IV032 and OP065 of a 302, 306, 308, 316, 318 or 320 (processes.md 8.1).

    Approved: a Header without codes, alone. Refused by its Header or on level 2: a Header with codes, alone.
    Refused by a class: Header 0200 and the whole content, in which at least one class has the code of a rule.
    """
    klasse = BERICHTEN[code].kinderen[1]
    kop, blok = inhoud["retourcodes"], inhoud[woord(klasse.naam)]
    if kop == [GEEN_FOUT]:
        if blok is None:
            yield "IV028", "/Bericht/Header/RetourCodes"
    elif blok is not None or {GEEN_FOUT, NIET_BEOORDEELD, TOEGEKEND}.intersection(kop):
        yield "IV028", "/Bericht/Header/RetourCodes"
    if blok is None:
        return
    afgekeurd = False
    for pad, codes in _klassen(
        klasse, {**blok, **inhoud, "retourcodes": blok["retourcodes"]}, f"/Bericht/{klasse.naam}"
    ):
        yield from _toets_samen(codes, pad)
        afgekeurd |= not _ALLEEN.issuperset(codes)
    if not afgekeurd:
        yield "OP065", f"/Bericht/{klasse.naam}"


def _klassen(klasse: Element, blok: Blok, pad: str) -> Iterator[tuple[str, list[str]]]:
    """Every class with RetourCodes, with its path."""
    yield pad, blok["retourcodes"]
    for kind in klasse.kinderen:
        waarde = None if kind.type or kind.naam == "RetourCodes" else blok[woord(kind.naam)]
        if kind.houder:
            record = kind.kinderen[0]
            for nummer, een in enumerate(waarde or (), 1):
                yield from _klassen(record, een, f"{pad}/{kind.naam}/{record.naam}[{nummer}]")
        elif waarde is not None:
            yield from _klassen(kind, waarde, f"{pad}/{kind.naam}")


def _toets_samen(codes: list[str], pad: str) -> Iterator[Fout]:
    """IV032: 0001 is for the Header; 0200 and 0233 say that nothing was found or looked for, so they stand alone."""
    if TECHNISCH in codes or TOEGEKEND in codes or (len(codes) > 1 and _ALLEEN.intersection(codes)):
        yield "IV032", f"{pad}/RetourCodes"


def toets_325(inhoud: Blok, dagtekening: str) -> Iterator[Fout]:
    """TR137, TR342, CD060, CS002, CS325 and IV087."""
    antwoord = inhoud["declaratie_antwoord"]
    if (inhoud["retourcodes"] == [GEEN_FOUT]) != (antwoord is not None):
        yield "IV087", "/Bericht/Header/RetourCodes"
    if antwoord is None:
        return
    afgekeurd_cent = 0
    for i, client in enumerate(antwoord["clienten"], 1):
        pad = f"{_ANTWOORD}/Clienten/Client[{i}]"
        yield from persoon.toets_bsn(client, pad)
        yield from _toets_client(client, pad)
        for j, prestatie in enumerate(client["prestaties"], 1):
            for regel, waar in toets_kopie(prestatie, dagtekening):
                yield regel, f"{pad}/Prestaties/Prestatie[{j}]{waar}"
            afgekeurd_cent += TEKEN[prestatie["debet_credit"]] * prestatie["ingediend_cent"]
    yield from _toets_totaal(antwoord, afgekeurd_cent)


def _toets_client(client: Blok, pad: str) -> Iterator[Fout]:
    """TR342: only rejected prestaties come back; IV087: all of a rejected client, then with 0233."""
    client_goed = client["retourcodes"] == [GEEN_FOUT]
    for j, prestatie in enumerate(client["prestaties"], 1):
        codes = prestatie["retourcodes"]
        if {GEEN_FOUT, TOEGEKEND}.issuperset(codes):
            yield "TR342", f"{pad}/Prestaties/Prestatie[{j}]"
        elif (codes == [NIET_BEOORDEELD]) == client_goed or (len(codes) > 1 and _ALLEEN.intersection(codes)):
            yield "IV087", f"{pad}/Prestaties/Prestatie[{j}]/RetourCodes"


def _toets_totaal(antwoord: Mapping[str, object], afgekeurd_cent: int) -> Iterator[Fout]:
    """TR342 and IV087: the totals, the codes and the returned clients say the same."""
    ingediend, toegekend, clienten = (
        antwoord[naam] for naam in ("totaal_ingediend_cent", "totaal_toegekend_cent", "clienten")
    )
    assert isinstance(ingediend, int) and isinstance(toegekend, int)
    codes = antwoord["retourcodes"]
    if codes == [GEEN_FOUT] or codes == [TOEGEKEND]:
        if bool(clienten) != (codes == [GEEN_FOUT]):
            yield "IV087", f"{_ANTWOORD}/RetourCodes"
        klopt = afgekeurd_cent == ingediend - toegekend
    else:
        klopt = toegekend == 0 and not clienten
    if not klopt:
        yield "TR342", f"{_ANTWOORD}/TotaalToegekendBedrag"
