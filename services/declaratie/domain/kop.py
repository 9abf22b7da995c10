"""The judgement of the declaratie itself: number and period (TR333, TR318)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.declaratie.domain.perioden import last_day, next_month


@dataclass(frozen=True, slots=True)
class Levering:
    """A delivery that began; without einddatum it goes on."""

    begindatum: date
    einddatum: date | None


def skipped_delivery(vorige: date, deze: date, leveringen: Iterable[Levering]) -> bool:
    """8214: whether there was delivery in a month between the previous DeclaratiePeriode and this one (first days)."""
    begin = next_month(vorige)
    if begin >= deze:
        return False
    maanden = [begin]
    while (volgende := next_month(maanden[-1])) < deze:
        maanden.append(volgende)
    return any(
        levering.begindatum <= last_day(maand) and (levering.einddatum is None or levering.einddatum >= maand)
        for levering in leveringen
        for maand in maanden
    )


def judge_kop(
    *,
    nummer_bekend: bool,
    vorige_periode: date | None,
    periode: date,
    leveringen: Iterable[Levering],
    aansluitend_verplicht: bool,
) -> list[str]:
    """TR333 (9333) and TR318 (8214); empty is accepted."""
    codes = ["9333"] if nummer_bekend else []
    if not aansluitend_verplicht or vorige_periode is None:
        return codes
    # IV090: a period before the last submitted one is not allowed.
    if periode < vorige_periode or skipped_delivery(vorige_periode, periode, leveringen):
        codes.append("8214")
    return codes
