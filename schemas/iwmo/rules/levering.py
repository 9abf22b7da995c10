"""Level 2 of the 305 and the 307: start and stop of the delivery."""

from collections.abc import Iterator
from datetime import date

from schemas.iwmo.rules.plek import Fout, Plek

_VERWIJDEREN = "3"


def toets_start(bericht: Plek, dagtekening: date) -> Iterator[Fout]:
    """CS058 and TR134 (Begindatum) of every StartProduct; a deletion gets no other check (TR063)."""
    for start in bericht.bij("Client").lijst("StartProducten/StartProduct"):
        yield from _toets_status(start)
        begin = start.dag("Begindatum")
        if not _is_verwijdering(start) and begin and begin > dagtekening:
            yield "TR134", start.bij("Begindatum")


def toets_stop(bericht: Plek, dagtekening: date) -> Iterator[Fout]:
    """CS058, TR018 and TR134 (Einddatum) of every StopProduct; a deletion gets no other check (TR063)."""
    for stop in bericht.bij("Client").lijst("StopProducten/StopProduct"):
        yield from _toets_status(stop)
        begin, eind = stop.dag("Begindatum"), stop.dag("Einddatum")
        if _is_verwijdering(stop) or begin is None or eind is None:
            continue
        if eind < begin:
            yield "TR018", stop.bij("Einddatum")
        if eind > dagtekening:
            yield "TR134", stop.bij("Einddatum")


def _toets_status(record: Plek) -> Iterator[Fout]:
    if record.tekst("StatusAanlevering") not in ("1", _VERWIJDEREN):
        yield "CS058", record.bij("StatusAanlevering")


def _is_verwijdering(record: Plek) -> bool:
    return record.tekst("StatusAanlevering") == _VERWIJDEREN
