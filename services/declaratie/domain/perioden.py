"""Weken, zondagen en wat een toewijzing per periode en in totaal toelaat (TR321, TR322, IV076-IV078)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from services.declaratie.domain.waarden import PER_DAG, PER_MAAND, PER_WEEK, TOTAAL, Toewijzing

DAG = timedelta(days=1)
ZONDAG = 6
WEKEN_HUISHOUDELIJK = 6
"""IV076: voor Categorie 01 telt elke ProductPeriode als zes weken."""


def monday(d: date) -> date:
    """De maandag van de ISO-week van `d`."""
    return d - timedelta(days=d.weekday())


def weeks(begin: date, eind: date) -> int:
    """Aantal ISO-weken dat [begin, eind] raakt; ook goed rond de jaarwisseling en in jaren van 53 weken."""
    return 0 if eind < begin else (monday(eind) - monday(begin)).days // 7 + 1


def sundays(begin: date, eind: date) -> int:
    """Aantal zondagen in [begin, eind]."""
    eerste = monday(begin) + 6 * DAG
    return 0 if eerste > eind else (eind - eerste).days // 7 + 1


def months(begin: date, eind: date) -> int:
    """Aantal kalendermaanden dat [begin, eind] raakt."""
    return 0 if eind < begin else (eind.year - begin.year) * 12 + eind.month - begin.month + 1


def days(begin: date, eind: date) -> int:
    """Aantal dagen in [begin, eind]."""
    return max((eind - begin).days + 1, 0)


def last_day(d: date) -> date:
    """De laatste dag van de kalendermaand van `d`."""
    return d.replace(day=calendar.monthrange(d.year, d.month)[1])


def next_month(d: date) -> date:
    """De eerste dag van de volgende kalendermaand."""
    return last_day(d) + DAG


def _output_weeks(begin: date, eind: date, t_begin: date, t_eind: date | None) -> int:
    """Outputgericht: een week hoort bij haar zondag; de gebroken laatste week bij de laatste zondag."""
    aantal = sundays(begin, eind)
    if t_eind is None or t_eind.weekday() == ZONDAG:
        return aantal
    laatste_zondag = monday(t_eind) - DAG
    if laatste_zondag < t_begin:
        # Geen zondag in de toewijzing: de bron zwijgt, gekozen is een keer in de periode van Einddatum.
        return 1 if begin <= t_eind <= eind else aantal
    return aantal + (1 if begin <= laatste_zondag <= eind else 0)


def max_period(toewijzing: Toewijzing, begin: date, eind: date) -> int | None:
    """TR321: wat de ProductPeriode hoogstens toelaat; None als zij geen eigen grens heeft."""
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
    """TR322: wat de hele toewijzing toelaat; zonder Einddatum tot en met `tot` (ProductPeriode)."""
    omvang = toewijzing.omvang
    if omvang is None:
        return None
    begin, eind = toewijzing.ingangsdatum, toewijzing.einddatum or tot
    tellers = {PER_DAG: days, PER_WEEK: weeks, PER_MAAND: months}
    if omvang.frequentie == TOTAAL:
        return omvang.volume
    teller = tellers.get(omvang.frequentie)
    return None if teller is None else teller(begin, eind) * omvang.volume
