"""How much of a toewijzing is assigned, used and left per month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.declaratie.domain.perioden import last_day, max_period, max_total, next_month
from services.declaratie.domain.waarden import MINUUT, UUR, Toewijzing, meet


@dataclass(frozen=True, slots=True)
class Ruimte:
    """A ProductPeriode with its limit in the measure of the grootboek; None when it has no limit of its own."""

    begindatum: date
    einddatum: date
    toegewezen: int | None


def maat(toewijzing: Toewijzing) -> str | None:
    """The unit in which the grootboek counts: hours as minutes."""
    if toewijzing.omvang is None:
        return None
    return MINUUT if toewijzing.omvang.eenheid == UUR else toewijzing.omvang.eenheid


def perioden(toewijzing: Toewijzing, tot: date) -> Iterator[Ruimte]:
    """The ProductPerioden of the toewijzing (TR387, TR388); without Einddatum up to the month of `tot`."""
    begin, eind = toewijzing.ingangsdatum, toewijzing.einddatum or last_day(max(tot, toewijzing.ingangsdatum))
    while begin <= eind:
        laatste = min(last_day(begin), eind)
        grens = max_period(toewijzing, begin, laatste)
        omvang = toewijzing.omvang
        yield Ruimte(begin, laatste, meet(grens, omvang.eenheid) if omvang and grens is not None else None)
        begin = next_month(begin)


def totaal(toewijzing: Toewijzing, tot: date) -> int | None:
    """TR322 in the measure of the grootboek."""
    grens, omvang = max_total(toewijzing, tot), toewijzing.omvang
    return meet(grens, omvang.eenheid) if omvang and grens is not None else None
