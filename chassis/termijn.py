"""Working days per Algemene termijnenwet art. 3, and the instants at which a day begins and ends."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from chassis.clock import AMSTERDAM


def _easter(year: int) -> date:
    """Easter Sunday (Gregorian calendar, Meeus/Jones/Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[date]:
    easter = _easter(year)
    koningsdag = date(year, 4, 27)
    if koningsdag.weekday() == 6:
        koningsdag = date(year, 4, 26)
    return frozenset(
        {
            date(year, 1, 1),
            easter - timedelta(days=2),
            easter + timedelta(days=1),
            easter + timedelta(days=39),
            easter + timedelta(days=50),
            koningsdag,
            # The law names 5 May without the five-year rhythm of collective agreements.
            date(year, 5, 5),
            date(year, 12, 25),
            date(year, 12, 26),
        }
    )


def is_working_day(d: date) -> bool:
    """Not a Saturday, Sunday or a holiday of the Algemene termijnenwet."""
    return d.weekday() < 5 and d not in _holidays(d.year)


def add_working_days(d: date, n: int) -> date:
    """The n-th working day after `d`; counting starts the day after. A negative `n` counts back in the same way."""
    step = timedelta(days=1 if n > 0 else -1)
    left = abs(n)
    while left:
        d += step
        if is_working_day(d):
            left -= 1
    return d


def day_begins_at(d: date) -> datetime:
    """The instant (UTC) at which this day begins in Amsterdam."""
    return datetime.combine(d, time(), AMSTERDAM).astimezone(UTC)


def day_ends_at(d: date) -> datetime:
    """The first instant (UTC) after this day in Amsterdam: what had to be done on it at the latest is then too late."""
    return day_begins_at(d + timedelta(days=1))
