"""Start and stop of delivery: the judgement of a 305 or 307 and the state that follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from services.toewijzing.domain.toewijzing import Product

EERSTE = "1"
VERWIJDEREN = "3"
TIJDELIJK = "20"
# A later message may still bring the missing fact (OP080): wait first, judge then.
FOUTEN_VAN_AFWEZIGHEID = frozenset({"9019", "9063", "9069", "9326"})


@dataclass(frozen=True, slots=True)
class Start:
    """Key of a StartProduct (IV096: without a number, Product + Begindatum counts)."""

    nummer: int | None
    product: Product | None
    begindatum: date


@dataclass(frozen=True, slots=True)
class Stop:
    """Key of a StopProduct: that of its start plus reden and einddatum."""

    start: Start
    reden: str
    einddatum: date


@dataclass(frozen=True, slots=True)
class StartRegel:
    """A StartProduct as submitted."""

    start: Start
    status: str


@dataclass(frozen=True, slots=True)
class StopRegel:
    """A StopProduct as submitted."""

    stop: Stop
    status: str


@dataclass(frozen=True, slots=True)
class Levering:
    """All starts and stops of a client at an aanbieder that were not deleted."""

    starts: frozenset[Start] = field(default_factory=frozenset)
    stops: frozenset[Stop] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Oordeel:
    """Codes per line, in the order of the message; `na` is the state when all is well."""

    codes: tuple[tuple[str, ...], ...]
    na: Levering

    @property
    def afgekeurd(self) -> bool:
        """IV032: a single fault refuses the whole message."""
        return any(self.codes)

    @property
    def wacht(self) -> bool:
        """True when a missing fact caused the refusal, or part of it."""
        return any(code in FOUTEN_VAN_AFWEZIGHEID for regel in self.codes for code in regel)


def beoordeel_start(regels: Sequence[StartRegel], stand: Levering, bekend: frozenset[int]) -> Oordeel:
    """TR019, TR063, TR071, TR074, TR326 on a 305; `bekend` = numbers of this client and aanbieder."""
    codes: dict[int, list[str]] = {}
    for i in _volgorde([r.status for r in regels]):
        start = regels[i].start
        if regels[i].status == VERWIJDEREN:
            codes[i] = _verwijder_start(start, stand)
            stand = replace(stand, starts=stand.starts - {start})
            continue
        fouten = _onbekend(start, bekend)
        if start in stand.starts:
            fouten.append("9074")
        if any(_zelfde_levering(s, start) and _loopt(s, stand) for s in stand.starts):
            fouten.append("9326")
        codes[i] = fouten
        stand = replace(stand, starts=stand.starts | {start})
    return Oordeel(tuple(tuple(codes[i]) for i in range(len(regels))), stand)


def beoordeel_stop(regels: Sequence[StopRegel], stand: Levering, bekend: frozenset[int]) -> Oordeel:
    """TR019, TR063, TR074, TR382, TR413, TR414, TR415 on a 307."""
    codes: dict[int, list[str]] = {}
    for i in _volgorde([r.status for r in regels]):
        stop = regels[i].stop
        if regels[i].status == VERWIJDEREN:
            codes[i] = [] if stop in stand.stops else ["9063"]
            stand = replace(stand, stops=stand.stops - {stop})
            continue
        fouten = _onbekend(stop.start, bekend)
        if stop in stand.stops:
            fouten.append("9074")
        # TR382: a start that is stopped for the time being still counts, else the definitive stop could never come.
        if stop.start not in stand.starts:
            fouten.append("9069")
        codes[i] = fouten + _na_eerdere_stop(stop, stand)
        stand = replace(stand, stops=stand.stops | {stop})
    return Oordeel(tuple(tuple(codes[i]) for i in range(len(regels))), stand)


def stand_van(levering: Levering, nummer: int) -> tuple[str, date | None, date | None]:
    """(levering, begindatum, einddatum) of a toewijzing, by its last start."""
    starts = [s for s in levering.starts if s.nummer == nummer]
    if not starts:
        return "geen", None, None
    laatste = max(starts, key=lambda s: s.begindatum)
    stops = [s for s in levering.stops if s.start == laatste]
    definitief = [s.einddatum for s in stops if s.reden != TIJDELIJK]
    if definitief:
        return "gestopt", laatste.begindatum, max(definitief)
    if stops:
        return "tijdelijk_gestopt", laatste.begindatum, max(s.einddatum for s in stops)
    return "gestart", laatste.begindatum, None


def _volgorde(statussen: Sequence[str]) -> list[int]:
    """Deletions first, so that a correction fits in one message (see TR074, TR413-TR415)."""
    return sorted(range(len(statussen)), key=lambda i: statussen[i] != VERWIJDEREN)


def _verwijder_start(start: Start, stand: Levering) -> list[str]:
    if start not in stand.starts:
        return ["9063"]
    return ["9071"] if any(s.start == start for s in stand.stops) else []


def _onbekend(start: Start, bekend: frozenset[int]) -> list[str]:
    # Without a number it is taakgericht work: there is no toewijzing to point at (TR019).
    return ["9019"] if start.nummer is not None and start.nummer not in bekend else []


def _zelfde_levering(a: Start, b: Start) -> bool:
    """TR326: per toewijzing, and without a number per product."""
    if a.nummer is not None or b.nummer is not None:
        return a.nummer == b.nummer
    return a.product == b.product


def _loopt(start: Start, stand: Levering) -> bool:
    return not any(s.start == start for s in stand.stops)


def _na_eerdere_stop(stop: Stop, stand: Levering) -> list[str]:
    eerder: Iterable[Stop] = [
        s for s in stand.stops if _zelfde_levering(s.start, stop.start) and s.start.begindatum == stop.start.begindatum
    ]
    fouten = []
    if stop.reden == TIJDELIJK and any(s.reden == TIJDELIJK for s in eerder):
        fouten.append("9413")
    if any(stop.einddatum < s.einddatum for s in eerder):
        fouten.append("9414")
    if any(s.reden != TIJDELIJK for s in eerder):
        fouten.append("9415")
    return fouten
