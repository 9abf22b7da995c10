"""Level 2 of the 305 and the 307: start and stop of the delivery."""

from collections.abc import Iterator

from schemas.iwmo.rules.plek import Blok, Fout

_VERWIJDEREN = "3"


def toets_start(inhoud: Blok, dagtekening: str) -> Iterator[Fout]:
    """CS058 and TR134 (Begindatum) of every StartProduct; a deletion gets no other check (TR063)."""
    for nummer, start in enumerate(inhoud["start_producten"], 1):
        pad = f"/Bericht/Client/StartProducten/StartProduct[{nummer}]"
        yield from _toets_status(start, pad)
        if not _is_verwijdering(start) and start["begindatum"] > dagtekening:
            yield "TR134", f"{pad}/Begindatum"


def toets_stop(inhoud: Blok, dagtekening: str) -> Iterator[Fout]:
    """CS058, TR018 and TR134 (Einddatum) of every StopProduct; a deletion gets no other check (TR063)."""
    for nummer, stop in enumerate(inhoud["stop_producten"], 1):
        pad = f"/Bericht/Client/StopProducten/StopProduct[{nummer}]"
        yield from _toets_status(stop, pad)
        if _is_verwijdering(stop):
            continue
        if stop["einddatum"] < stop["begindatum"]:
            yield "TR018", f"{pad}/Einddatum"
        if stop["einddatum"] > dagtekening:
            yield "TR134", f"{pad}/Einddatum"


def _toets_status(record: Blok, pad: str) -> Iterator[Fout]:
    if record["status_aanlevering"] not in ("1", _VERWIJDEREN):
        yield "CS058", f"{pad}/StatusAanlevering"


def _is_verwijdering(record: Blok) -> bool:
    return bool(record["status_aanlevering"] == _VERWIJDEREN)
