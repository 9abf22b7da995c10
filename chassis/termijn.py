"""Working days per Algemene termijnenwet art. 3."""

from datetime import date, timedelta
from functools import lru_cache


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
    """The n-th working day after `d`; counting starts the day after. `n` is not negative."""
    if n < 0:
        raise ValueError("n is negatief")
    while n:
        d += timedelta(days=1)
        if is_working_day(d):
            n -= 1
    return d
