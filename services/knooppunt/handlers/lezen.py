"""Reading a file off the event loop: a small one in a thread, a big one in the process for big files."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from chassis.errors import Bevinding
from schemas.iwmo.bericht import Bericht
from schemas.iwmo.guard import guard
from services.knooppunt.geheugen import Draden
from services.knooppunt.ontleden import Ontleed, bevindingen, ontleed
from services.knooppunt.werker import Werker

__all__ = ["GROOT_BYTES", "Gelezen", "bevindingen", "bewerk", "draden", "lees", "vingerafdruk", "werker"]

P = ParamSpec("P")
T = TypeVar("T")

GROOT_BYTES = 1024 * 1024
werker = Werker()
draden = Draden()


@dataclass(frozen=True)
class Gelezen:
    """A message that is right by its XSD, with the faults in its own content (level 2).

    `bericht` has nothing but its Header; of a 323 `inhoud` has `delen`: per client the BSN and its
    prestaties as JSON.
    """

    raw: bytes
    sha256: bytes
    bericht: Bericht
    inhoud: dict[str, Any]
    niveau2: list[Bevinding]


async def lees(raw: bytes) -> Gelezen:
    """Guard, parse, and judge levels 1 and 2; raises NietLeesbaar for level 1."""
    if len(raw) > GROOT_BYTES:
        ontleed_ = await bewerk(ontleed, raw)
        bericht = await draden.doe(lambda _: ontleed_.bericht(), ontleed_.kop)
    else:
        ontleed_, bericht = await draden.doe(_ontleed, raw)
    return Gelezen(raw, await vingerafdruk(raw), bericht, ontleed_.inhoud, ontleed_.niveau2)


def _ontleed(raw: bytes) -> tuple[Ontleed, Bericht]:
    ontleed_ = ontleed(raw)
    return ontleed_, ontleed_.bericht()


async def vingerafdruk(raw: bytes) -> bytes:
    """The SHA-256 of a file; that of a big one takes so long that others would notice it on the event loop."""
    if len(raw) > GROOT_BYTES:
        return await asyncio.to_thread(lambda: hashlib.sha256(raw).digest())
    return hashlib.sha256(raw).digest()


async def bewerk(functie: Callable[Concatenate[bytes, P], T], raw: bytes, /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What a function makes of the bytes of a message; it gives plain data."""
    if len(raw) > GROOT_BYTES:
        # What the guard refuses is not worth the way to another process.
        await asyncio.to_thread(guard, raw)
        return await werker.doe(functie, raw, *args, **kwargs)
    return await draden.doe(functie, raw, *args, **kwargs)
