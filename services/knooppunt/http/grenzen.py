"""How much one sender may ask at once: a token bucket per party, and a bound on large bodies together."""

import math
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chassis.errors import Problem
from chassis.rechten import Wie
from services.knooppunt.instellingen import rand

EMMERS_MAX = 10_000


@dataclass
class _Emmer:
    inhoud: float
    sinds: float


_emmers: OrderedDict[str, _Emmer] = OrderedDict()
_groot = 0


async def begrens(wie: Wie) -> None:
    """A dependency of every route: 429 with Retry-After when this party asks too much in this process.

    On the machine's own clock. Who has no valid token is refused before this and not counted: otherwise anybody
    could use up the room of another.
    """
    wacht_s = neem(wie.agb or wie.gemeente or wie.sub, time.monotonic())
    if wacht_s > 0:
        raise Problem(
            429,
            "te_veel_verzoeken",
            "U stuurt meer verzoeken dan er tegelijk verwerkt worden.",
            "Wacht het aantal seconden in Retry-After en ga dan verder.",
            headers={"Retry-After": str(math.ceil(wacht_s))},
        )


def neem(partij: str, nu: float) -> float:
    """Take one from the bucket of a party; 0, or the seconds until there is one again."""
    grens = rand()
    emmer = _emmers.pop(partij, None) or _Emmer(grens.stoot, nu)
    # Last used last: with too many parties the one that was longest away is forgotten, its bucket is full.
    _emmers[partij] = emmer
    while len(_emmers) > EMMERS_MAX:
        _emmers.popitem(last=False)
    per_s = grens.per_minuut / 60
    emmer.inhoud = min(grens.stoot, emmer.inhoud + (nu - emmer.sinds) * per_s)
    emmer.sinds = nu
    if emmer.inhoud >= 1:
        emmer.inhoud -= 1
        return 0.0
    return (1 - emmer.inhoud) / per_s


@contextmanager
def grote_upload() -> Iterator[None]:
    """A place for a large body; 503 with Retry-After when all are taken, so that memory stays bounded."""
    global _groot
    if _groot >= rand().grote_uploads:
        raise Problem(
            503,
            "te_druk",
            "Er worden nu te veel grote bestanden tegelijk ingestuurd.",
            "Stuur het bestand over enkele seconden opnieuw.",
            headers={"Retry-After": "5", "Connection": "close"},
        )
    _groot += 1
    try:
        yield
    finally:
        _groot -= 1
