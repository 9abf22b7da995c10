"""What toewijzingen may cost, what was spent of it, and where the year ends: whole cents per month and category."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.declaratie.domain.bedragen import amount, contract_on, round_half_up
from services.declaratie.domain.perioden import days, last_day, max_period, max_total, next_month
from services.declaratie.domain.waarden import TOTAAL, VERWIJDERD, Contract, Toewijzing

DREMPELS = (80, 95, 100)
"""Percentages of the ceiling that the forecast may pass; each is told once per ceiling."""
HORIZON_JAREN = 5
"""A toewijzing without Einddatum is committed up to the end of this many years after today; nobody budgets further."""


def verplicht_per_maand(
    toewijzing: Toewijzing, contracten: Sequence[Contract], vandaag: date
) -> Iterator[tuple[date, int]]:
    """(first of month, cents) that the toewijzing may cost at most; nothing when it has no omvang, budget or rate.

    With an Einddatum its total (TR322, TR369) is spread over its days, so that the months add up to the total:
    the limits per ProductPeriode do not, because a week may count in two months. Without one each month has its
    own limit (TR321), and a total without an end falls in the first month.
    """
    if toewijzing.reden_wijziging == VERWIJDERD:
        return
    horizon = date(max(vandaag, toewijzing.ingangsdatum).year + HORIZON_JAREN, 12, 31)
    eind = toewijzing.einddatum or horizon
    begin, gehad = toewijzing.ingangsdatum, 0
    alle = days(begin, eind)
    while begin <= eind:
        laatste = min(last_day(begin), eind)
        tot_en_met = gehad + days(begin, laatste)
        if toewijzing.einddatum is None and toewijzing.budget_cent is None:
            bedrag = _value(toewijzing, contracten, begin, _open_limit(toewijzing, begin, laatste))
        else:
            heel = _total(toewijzing, contracten, begin)
            bedrag = round_half_up(heel * tot_en_met, alle) - round_half_up(heel * gehad, alle)
        if bedrag:
            yield begin.replace(day=1), bedrag
        begin, gehad = next_month(begin), tot_en_met


def _open_limit(toewijzing: Toewijzing, begin: date, eind: date) -> int | None:
    omvang = toewijzing.omvang
    if omvang is not None and omvang.frequentie == TOTAAL:
        return omvang.volume if begin == toewijzing.ingangsdatum else 0
    return max_period(toewijzing, begin, eind)


def _total(toewijzing: Toewijzing, contracten: Sequence[Contract], op: date) -> int:
    """The whole toewijzing in cents, at the rate of this day."""
    if toewijzing.budget_cent is not None:
        return toewijzing.budget_cent
    return _value(toewijzing, contracten, op, max_total(toewijzing, op))


def _value(toewijzing: Toewijzing, contracten: Sequence[Contract], op: date, volume: int | None) -> int:
    omvang = toewijzing.omvang
    if omvang is None or volume is None or toewijzing.categorie is None:
        return 0
    contract = contract_on(contracten, toewijzing.categorie, toewijzing.code or "", op)
    return amount(volume, omvang.eenheid, contract) or 0


@dataclass(frozen=True, slots=True)
class Bestedingen:
    """A category in a year, in cents. A cell is one toewijzing in one month.

    `verplicht` and `gerealiseerd` over all cells; `_gedeclareerd` and `_open` split the commitment by whether
    something was awarded in the cell.
    """

    verplicht_cent: int = 0
    gerealiseerd_cent: int = 0
    verplicht_gedeclareerd_cent: int = 0
    gerealiseerd_gedeclareerd_cent: int = 0
    verplicht_open_cent: int = 0

    @property
    def prognose_cent(self) -> int:
        """Spent, plus what is still to be claimed, used to the same part as what was claimed already."""
        verwacht = self.verplicht_open_cent
        if self.verplicht_gedeclareerd_cent:
            verwacht = round_half_up(verwacht * self.gerealiseerd_gedeclareerd_cent, self.verplicht_gedeclareerd_cent)
        return self.gerealiseerd_cent + verwacht


def prognose_band(jaar: Bestedingen, maanden: Iterable[Bestedingen]) -> tuple[int, int] | None:
    """(low, high) in cents: what is still open is used as in the leanest, or the fullest, month that was claimed.

    The forecast uses the mean over those months, so it lies between the two. None when nothing was claimed yet.
    """
    gebruik = [
        (m.gerealiseerd_gedeclareerd_cent, m.verplicht_gedeclareerd_cent)
        for m in maanden
        if m.verplicht_gedeclareerd_cent > 0
    ]
    if not gebruik:
        return None
    verwacht = [round_half_up(jaar.verplicht_open_cent * cent, van) for cent, van in gebruik]
    return jaar.gerealiseerd_cent + min(verwacht), jaar.gerealiseerd_cent + max(verwacht)


def passed(plafond_cent: int, prognose_cent: int) -> Iterator[int]:
    """The DREMPELS that this forecast reaches. A ceiling of nothing is passed by the first cent."""
    return (d for d in DREMPELS if prognose_cent > 0 and prognose_cent * 100 >= plafond_cent * d)
