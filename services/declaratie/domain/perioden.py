"""Weeks, Sundays, and what a toewijzing allows per period and in all (TR321, TR322, IV076-IV078)."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from services.declaratie.domain.waarden import PER_DAG, PER_MAAND, PER_WEEK, TOTAAL, Toewijzing

_onthouden = lru_cache(maxsize=4096)
"""Thousands of lines name the same few months."""

DAG = timedelta(days=1)
ZONDAG = 6
WEKEN_HUISHOUDELIJK = 6
"""IV076: for Categorie 01 every ProductPeriode counts as six weeks."""


def monday(d: date) -> date:
    """The Monday of the ISO week of `d`."""
    return d - timedelta(days=d.weekday())


@_onthouden
def weeks(begin: date, eind: date) -> int:
    """Number of ISO weeks that [begin, eind] touches; right over a year's end and in years of 53 weeks too."""
    return 0 if eind < begin else (monday(eind) - monday(begin)).days // 7 + 1


@_onthouden
def sundays(begin: date, eind: date) -> int:
    """Number of Sundays in [begin, eind]."""
    eerste = monday(begin) + 6 * DAG
    return 0 if eerste > eind else (eind - eerste).days // 7 + 1


def months(begin: date, eind: date) -> int:
    """Number of calendar months that [begin, eind] touches."""
    return 0 if eind < begin else (eind.year - begin.year) * 12 + eind.month - begin.month + 1


def days(begin: date, eind: date) -> int:
    """Number of days in [begin, eind]."""
    return max((eind - begin).days + 1, 0)


@_onthouden
def first_day(d: date) -> date:
    """The first day of the calendar month of `d`."""
    return d.replace(day=1)


@_onthouden
def last_day(d: date) -> date:
    """The last day of the calendar month of `d`."""
    return d.replace(day=calendar.monthrange(d.year, d.month)[1])


def next_month(d: date) -> date:
    """The first day of the next calendar month."""
    return last_day(d) + DAG


def _output_weeks(begin: date, eind: date, t_begin: date, t_eind: date | None) -> int:
    """Outputgericht (IV077): a week belongs to its Sunday, the broken last week to the last Sunday."""
    aantal = sundays(begin, eind)
    if t_eind is None or t_eind.weekday() == ZONDAG:
        return aantal
    laatste_zondag = monday(t_eind) - DAG
    if laatste_zondag < t_begin:
        # No Sunday in the toewijzing: the source is silent; chosen is once, in the period of Einddatum.
        return 1 if begin <= t_eind <= eind else aantal
    return aantal + (1 if begin <= laatste_zondag <= eind else 0)


def max_period(toewijzing: Toewijzing, begin: date, eind: date) -> int | None:
    """TR321: what the ProductPeriode allows at most; None when it has no limit of its own."""
    omvang = toewijzing.omvang
    if omvang is None or omvang.frequentie == TOTAAL:
        return None
    match omvang.frequentie:
        case str(f) if f == PER_DAG:
            return days(begin, eind) * omvang.volume
        case str(f) if f == PER_MAAND:
            return omvang.volume
        case str(f) if f == PER_WEEK:
            pass
        case _:
            return None
    if toewijzing.variant == "output":
        return _output_weeks(begin, eind, toewijzing.ingangsdatum, toewijzing.einddatum) * omvang.volume
    if toewijzing.categorie == "01":
        return WEKEN_HUISHOUDELIJK * omvang.volume
    return weeks(begin, eind) * omvang.volume


def max_total(toewijzing: Toewijzing, tot: date) -> int | None:
    """TR322: what the whole toewijzing allows; without Einddatum up to and including `tot` (ProductPeriode)."""
    omvang = toewijzing.omvang
    if omvang is None:
        return None
    begin, eind = toewijzing.ingangsdatum, toewijzing.einddatum or tot
    tellers: dict[str, Callable[[date, date], int]] = {PER_DAG: days, PER_WEEK: weeks, PER_MAAND: months}
    if omvang.frequentie == TOTAAL:
        return omvang.volume
    teller = tellers.get(omvang.frequentie)
    return None if teller is None else teller(begin, eind) * omvang.volume
