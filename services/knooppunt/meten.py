"""What the edge counts: how soon a message is answered, and with which codes at which provider."""

from collections.abc import Iterable

from prometheus_client import Counter, Gauge, Histogram

from chassis import trace
from chassis.clock import clock
from chassis.db import Tx
from chassis.meten import Begrensd
from services.knooppunt.domain import HEENBERICHTEN

_DUUR = Histogram(
    "zorgketen_retour_duur_seconden",
    "Van ontvangst tot het retourbericht in de postbus ligt",
    ["soort"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 86400, 259200),
)
_CODES = Counter("zorgketen_retourcodes", "Retourcodes in verzonden retourberichten", ["soort", "code", "aanbieder"])
_TE_LAAT = Counter("zorgketen_retour_te_laat", "Berichten zonder retourbericht op hun laatste dag (OP090)", ["soort"])
_OPEN = Gauge("zorgketen_retour_open", "Ontvangen berichten die nog een retourbericht moeten krijgen", ["soort"])
_OUDSTE = Gauge("zorgketen_retour_oudste_seconden", "Hoe lang het oudste daarvan al wacht", ["soort"])
_BEZORGINGEN = Gauge("zorgketen_bezorgingen", "StUF-bezorgingen die wachten of gestrand zijn", ["stand"])
_aanbieder = Begrensd(300)
for _soort in HEENBERICHTEN:
    # A counter that begins at one has not grown: the first would be missed.
    _TE_LAAT.labels(_soort)


def beantwoord(soort: str, duur_s: float) -> None:
    """A message of this kind has its answer, this long after it came."""
    _DUUR.labels(soort).observe(max(0.0, duur_s), trace.exemplar())


def retour(soort: str, aanbieder: str, codes: Iterable[str]) -> None:
    """A retour left with these codes."""
    for code in codes:
        _CODES.labels(soort, code, _aanbieder(aanbieder)).inc()


def te_laat(soort: str) -> None:
    """The last day of a message passed without our answer; those that a provider must answer do not count."""
    if soort in HEENBERICHTEN:
        _TE_LAAT.labels(soort).inc()


async def meet_rand(tx: Tx) -> None:
    """What is owed an answer, and what could not be delivered."""
    _OPEN.clear()
    _OUDSTE.clear()
    for rij in await tx.fetch(
        """select soort, count(*) as aantal, extract(epoch from $1 - min(gemaakt_at))::float8 as oudste_s
           from bericht where richting = 'in' and antwoord is null and uiterlijk is not null group by soort""",
        clock.now(),
    ):
        _OPEN.labels(rij["soort"]).set(rij["aantal"])
        _OUDSTE.labels(rij["soort"]).set(max(0.0, rij["oudste_s"]))
    stand = await tx.fetchrow(
        """select count(*) filter (where gestrand_at is null) as wacht,
                  count(*) filter (where gestrand_at is not null) as gestrand
           from bezorging where bezorgd_at is null"""
    )
    for naam in ("wacht", "gestrand"):
        _BEZORGINGEN.labels(naam).set(stand[naam] if stand else 0)
