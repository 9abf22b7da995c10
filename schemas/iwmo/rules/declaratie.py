"""Level 2 of the 323 and the 325: periods, amounts and references."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from schemas.iwmo.inhoud import TEKEN
from schemas.iwmo.rules import persoon
from schemas.iwmo.rules.plek import Fout, Plek

_EUROS = "83"
_VANAF = date(2021, 1, 1)
_GEEN_AFKEUR = ("0200", "8001")


def toets_323(bericht: Plek, dagtekening: date) -> Iterator[Fout]:
    """TR134, TR137, TR315, TR316, TR335, TR358, TR416, CD060, CD087, CS002, CS100, CS325, CS337 to CS340."""
    declaratie = bericht.bij("Declaratie")
    dag = declaratie.dag("DeclaratieDagtekening") or dagtekening
    yield from _toets_declaratie(declaratie, dag, dagtekening)
    totaal = 0
    prestaties: list[Plek] = []
    for client in declaratie.lijst("Clienten/Client"):
        yield from persoon.toets_bsn(client)
        for prestatie in client.lijst("Prestaties/Prestatie"):
            yield from _toets_prestatie(prestatie, dagtekening)
            yield from _toets_prestatie_323(prestatie, dag)
            totaal += _bedrag(prestatie)
            prestaties.append(prestatie)
    yield from _toets_samenhang(prestaties)
    if totaal != _totaal(declaratie, "TotaalIngediendBedrag"):
        yield "TR358", declaratie.bij("TotaalIngediendBedrag")


def toets_325(bericht: Plek, dagtekening: date) -> Iterator[Fout]:
    """TR137, TR342, CD060, CS002 and CS325."""
    if not bericht.heeft("DeclaratieAntwoord"):
        return
    antwoord = bericht.bij("DeclaratieAntwoord")
    yield from _toets_nul(antwoord, "TotaalIngediendBedrag", "TotaalBedrag")
    yield from _toets_nul(antwoord, "TotaalToegekendBedrag", "TotaalBedrag")
    afgekeurd = 0
    for client in antwoord.lijst("Clienten/Client"):
        yield from persoon.toets_bsn(client)
        for prestatie in client.lijst("Prestaties/Prestatie"):
            yield from _toets_prestatie(prestatie, dagtekening)
            afgekeurd += _bedrag(prestatie)
            if not _heeft_afkeur(prestatie):
                yield "TR342", prestatie
    ingediend, toegekend = (
        _totaal(antwoord, "TotaalIngediendBedrag"),
        _totaal(antwoord, "TotaalToegekendBedrag"),
    )
    if _heeft_afkeur(antwoord):
        klopt = toegekend == 0 and not antwoord.heeft("Clienten")
    else:
        klopt = afgekeurd == ingediend - toegekend
    if not klopt:
        yield "TR342", antwoord.bij("TotaalToegekendBedrag")


def _toets_declaratie(declaratie: Plek, dag: date, dagtekening: date) -> Iterator[Fout]:
    """CS340, CS100, TR137, TR134 and CS325."""
    begin, eind = _periode(declaratie, "DeclaratiePeriode")
    if begin.day != 1 or eind != _maand_eind(begin):
        yield "CS340", declaratie.bij("DeclaratiePeriode")
    yield from _toets_periode(declaratie, "DeclaratiePeriode", dagtekening)
    yield from _toets_vanaf(declaratie, "DeclaratiePeriode")
    if dag > dagtekening:
        yield "TR134", declaratie.bij("DeclaratieDagtekening")
    yield from _toets_nul(declaratie, "TotaalIngediendBedrag", "TotaalBedrag")


def _toets_prestatie(prestatie: Plek, dagtekening: date) -> Iterator[Fout]:
    """TR137, CD060 and CS325: what holds in a 323 and in the copy of its line in a 325."""
    yield from _toets_periode(prestatie, "ProductPeriode", dagtekening)
    credit = prestatie.tekst("IngediendBedrag/DebetCredit") == "C"
    if prestatie.heeft("ProductReferentie/VorigReferentieNummer") != credit:
        yield "CD060", prestatie.bij("ProductReferentie")
    yield from _toets_nul(prestatie, "IngediendBedrag", "Bedrag")


def _toets_prestatie_323(prestatie: Plek, dag: date) -> Iterator[Fout]:
    """CD087, CS339, CS337, CS100 and TR335."""
    euros = prestatie.tekst("Eenheid") == _EUROS
    if prestatie.heeft("ProductTarief") == euros:
        yield "CD087", prestatie.bij("ProductTarief")
    if euros and prestatie.getal("GeleverdVolume") != prestatie.getal("IngediendBedrag/Bedrag"):
        yield "CS339", prestatie.bij("IngediendBedrag/Bedrag")
    begin, eind = _periode(prestatie, "ProductPeriode")
    if (begin.year, begin.month) != (eind.year, eind.month):
        yield "CS337", prestatie.bij("ProductPeriode")
    yield from _toets_vanaf(prestatie, "ProductPeriode")
    if eind < persoon.jaren_eerder(dag, 5):
        yield "TR335", prestatie.bij("ProductPeriode/Einddatum")


def _toets_samenhang(prestaties: list[Plek]) -> Iterator[Fout]:
    """TR315, TR316 and TR416: lines of one message against each other."""
    debets = {p.tekst("ProductReferentie/ReferentieNummer") for p in prestaties if not _is_credit(p)}
    vorige: set[str] = set()
    regels: set[tuple[str | int | date | None, ...]] = set()
    for prestatie in prestaties:
        vorig = prestatie.tekst("ProductReferentie/VorigReferentieNummer")
        if vorig is not None and vorig in vorige:
            yield "TR315", prestatie.bij("ProductReferentie/VorigReferentieNummer")
        if vorig is not None and vorig in debets:
            yield "TR316", prestatie.bij("ProductReferentie/VorigReferentieNummer")
        vorige |= {vorig} if vorig is not None else set()
        if _is_credit(prestatie):
            continue
        regel = (prestatie.getal("ToewijzingNummer"), prestatie.tekst("ProductCategorie"),
                 prestatie.tekst("ProductCode"), *_periode(prestatie, "ProductPeriode"))  # fmt: skip
        if regel in regels:
            yield "TR416", prestatie
        regels.add(regel)


def _toets_periode(record: Plek, naam: str, dagtekening: date) -> Iterator[Fout]:
    """TR137."""
    begin, eind = _periode(record, naam)
    if eind < begin or eind > dagtekening:
        yield "TR137", record.bij(f"{naam}/Einddatum")


def _toets_vanaf(record: Plek, naam: str) -> Iterator[Fout]:
    """CS100."""
    if min(_periode(record, naam)) < _VANAF:
        yield "CS100", record.bij(naam)


def _toets_nul(record: Plek, naam: str, bedrag: str) -> Iterator[Fout]:
    """CS325."""
    if record.getal(f"{naam}/{bedrag}") == 0 and record.tekst(f"{naam}/DebetCredit") != "D":
        yield "CS325", record.bij(f"{naam}/DebetCredit")


def _periode(record: Plek, naam: str) -> tuple[date, date]:
    begin, eind = record.dag(f"{naam}/Begindatum"), record.dag(f"{naam}/Einddatum")
    assert begin is not None and eind is not None  # the XSD demands both
    return begin, eind


def _maand_eind(dag: date) -> date:
    return dag.replace(day=monthrange(dag.year, dag.month)[1])


def _is_credit(prestatie: Plek) -> bool:
    return prestatie.tekst("IngediendBedrag/DebetCredit") == "C"


def _bedrag(prestatie: Plek) -> int:
    teken = TEKEN[prestatie.tekst("IngediendBedrag/DebetCredit") or "D"]
    return teken * prestatie.getal("IngediendBedrag/Bedrag")


def _totaal(record: Plek, naam: str) -> int:
    return TEKEN[record.tekst(f"{naam}/DebetCredit") or "D"] * record.getal(f"{naam}/TotaalBedrag")


def _heeft_afkeur(record: Plek) -> bool:
    return any(code.knoop.text not in _GEEN_AFKEUR for code in record.lijst("RetourCodes/RetourCode"))
