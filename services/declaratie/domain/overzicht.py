"""Hoeveel van een toewijzing per maand is toegewezen, gebruikt en nog over is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.declaratie.domain.perioden import last_day, max_period, max_total, next_month
from services.declaratie.domain.waarden import MINUUT, UUR, Toewijzing, meet


@dataclass(frozen=True, slots=True)
class Ruimte:
    """Een ProductPeriode met haar grens in de maat van het grootboek; None als er geen eigen grens is."""

    begindatum: date
    einddatum: date
    toegewezen: int | None


def maat(toewijzing: Toewijzing) -> str | None:
    """De eenheid waarin het grootboek telt: uren als minuten."""
    if toewijzing.omvang is None:
        return None
    return MINUUT if toewijzing.omvang.eenheid == UUR else toewijzing.omvang.eenheid


def perioden(toewijzing: Toewijzing, tot: date) -> Iterator[Ruimte]:
    """De ProductPerioden van de toewijzing (TR387, TR388), zonder Einddatum tot en met de maand van `tot`."""
    begin, eind = toewijzing.ingangsdatum, toewijzing.einddatum or last_day(max(tot, toewijzing.ingangsdatum))
    while begin <= eind:
        laatste = min(last_day(begin), eind)
        grens = max_period(toewijzing, begin, laatste)
        omvang = toewijzing.omvang
        yield Ruimte(begin, laatste, meet(grens, omvang.eenheid) if omvang and grens is not None else None)
        begin = next_month(begin)


def totaal(toewijzing: Toewijzing, tot: date) -> int | None:
    """TR322 in de maat van het grootboek."""
    grens, omvang = max_total(toewijzing, tot), toewijzing.omvang
    return meet(grens, omvang.eenheid) if omvang and grens is not None else None
