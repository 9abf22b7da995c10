"""Reading a file off the event loop; big files one at a time, so that small ones never wait."""

import asyncio
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from typing import Any

from chassis.errors import Bevinding
from schemas.iwmo import bericht as iwmo
from schemas.iwmo import codec, rules
from schemas.iwmo.bericht import Bericht

GROOT_BYTES = 1024 * 1024
_een_tegelijk = asyncio.Lock()


@dataclass(frozen=True)
class Gelezen:
    """A message that is right by its XSD, with the faults in its own content (level 2)."""

    raw: bytes
    bericht: Bericht
    inhoud: dict[str, Any]
    niveau2: list[Bevinding]


async def lees(raw: bytes) -> Gelezen:
    """Guard, parse, and judge levels 1 and 2; raises NietLeesbaar for level 1."""
    async with _een_tegelijk if len(raw) > GROOT_BYTES else nullcontext():
        return await asyncio.to_thread(_lees, raw)


async def lees_terug(raw: bytes) -> Bericht:
    """A stored message again as Bericht; it was judged when it came in."""
    async with _een_tegelijk if len(raw) > GROOT_BYTES else nullcontext():
        return await asyncio.to_thread(codec.parse, raw)


def _lees(raw: bytes) -> Gelezen:
    bericht = codec.parse(raw)
    return Gelezen(raw, bericht, bericht.inhoud(), bevindingen(rules.check(bericht)))


def bevindingen(gevonden: Iterable[iwmo.Bevinding]) -> list[Bevinding]:
    """Findings of the standard as the findings of a problem document."""
    return [Bevinding(**asdict(een)) for een in gevonden]
