"""What every process measures of itself and of its schema, beside what the loops count where they work.

Copies of a service all report the same of their schema: a rule or a panel takes the highest.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from prometheus_client import Counter, Gauge

from chassis.db import Tx

_OUTBOX = Gauge("zorgketen_outbox_onverzonden", "Events die nog verzonden moeten worden", ["bulk"])
_OUTBOX_OUDSTE = Gauge("zorgketen_outbox_oudste_seconden", "Hoe lang het oudste onverzonden event al wacht", ["bulk"])
_PARKED = Gauge("zorgketen_geparkeerd", "Events die geparkeerd staan", ["topic"])
_PARKED_OLDEST = Gauge(
    "zorgketen_geparkeerd_oudste_seconden", "Hoe lang het oudste event al geparkeerd staat", ["topic"]
)
_TERMIJNEN = Gauge("zorgketen_termijnen", "Termijnen die naderen of verstreken zijn", ["soort", "wie", "status"])
TAKEN = Counter("zorgketen_taken", "Keren dat een periodieke taak liep", ["naam", "uitkomst"])
NIET_AFGESCHERMD = Gauge("zorgketen_tabellen_niet_afgeschermd", "Tabellen die op de migratie na de uitrol wachten")


class Begrensd:
    """Values of a label that anybody can make up, at most this many; what comes later is `overig`."""

    def __init__(self, hoogstens: int) -> None:
        self._hoogstens, self._bekend = hoogstens, set[str]()

    def __call__(self, waarde: str) -> str:
        if waarde not in self._bekend:
            if len(self._bekend) >= self._hoogstens:
                return "overig"
            self._bekend.add(waarde)
        return waarde


async def meet_opslag(tx: Tx) -> None:
    """What is unsent and what is parked, with the age of the oldest."""
    rows = await tx.fetch(
        """select bulk, count(*) as aantal, extract(epoch from now() - min(gemaakt_at)) as oudste_s
           from outbox where verzonden_at is null group by bulk"""
    )
    gevonden = {row["bulk"]: row for row in rows}
    for bulk in (False, True):
        row = gevonden.get(bulk)
        _OUTBOX.labels(bulk).set(row["aantal"] if row else 0)
        _OUTBOX_OUDSTE.labels(bulk).set(float(row["oudste_s"]) if row else 0)
    for row in await tx.fetch(
        """select topic, count(*) filter (where opgelost_at is null) as aantal,
                  extract(epoch from now() - min(geparkeerd_at) filter (where opgelost_at is null)) as oudste_s
           from geparkeerd group by topic"""
    ):
        _PARKED.labels(row["topic"]).set(row["aantal"])
        _PARKED_OLDEST.labels(row["topic"]).set(float(row["oudste_s"] or 0))


def termijnen(soort: str = "soort", wie: str = "wie") -> Callable[[Tx], Awaitable[None]]:
    """The job that counts the terms of a service; `soort` and `wie` are columns of its table, or texts in quotes."""
    return partial(_meet_termijnen, soort, wie)


async def _meet_termijnen(soort: str, wie: str, tx: Tx) -> None:
    rows = await tx.fetch(
        f"""select {soort} as soort, {wie} as wie, status, count(*) as aantal from termijn
            where status in ('nadert', 'verstreken') group by 1, 2, 3"""
    )
    _TERMIJNEN.clear()
    for row in rows:
        _TERMIJNEN.labels(row["soort"], row["wie"], row["status"]).set(row["aantal"])
