"""Under-use and over-use of a toewijzing: when a person should look at it."""

from __future__ import annotations

from datetime import date

from services.declaratie.domain.perioden import DAG

MAANDEN = 3
"""So many closed months in a row; one month says nothing."""
MINDER_PROCENT, MEER_PROCENT = 60, 120
"""Of what was promised for those months."""
_SLUIT_NA_MAANDEN = 2
"""A month is claimed in the month after it; at the end of that one it is closed."""


def last_closed(vandaag: date) -> date:
    """The first day of the last month whose claims should be in."""
    maand = vandaag.replace(day=1)
    for _ in range(_SLUIT_NA_MAANDEN):
        maand = (maand - DAG).replace(day=1)
    return maand


def first_of_run(t_m: date) -> date:
    """The first day of the first of the MAANDEN months that end with this one."""
    maand = t_m
    for _ in range(MAANDEN - 1):
        maand = (maand - DAG).replace(day=1)
    return maand


def judge_gebruik(verplicht_cent: int, gerealiseerd_cent: int) -> str | None:
    """`minder`, `meer` or None. What is not committed cannot be used too little."""
    if verplicht_cent and gerealiseerd_cent * 100 < verplicht_cent * MINDER_PROCENT:
        return "minder"
    return "meer" if gerealiseerd_cent * 100 > verplicht_cent * MEER_PROCENT else None
