"""Wakes who waits for its mailbox, in this process, after the commit that put something in."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable

_wachtenden: dict[str, set[asyncio.Event]] = defaultdict(set)


def wek(aanbieder: str) -> None:
    """Something lies in this mailbox."""
    for wachtende in _wachtenden.get(aanbieder, ()):
        wachtende.set()


async def wacht(hoogstens_s: float, wekker: asyncio.Event) -> None:
    """Wait until `wek`, or so long; what another process put in is seen by looking again."""
    try:
        await asyncio.wait_for(wekker.wait(), max(0.0, hoogstens_s))
    except TimeoutError:
        return
    finally:
        wekker.clear()


class Wachtplaats:
    """A place to wait at, for the length of one request; taken before the first look, so nothing is missed."""

    def __init__(self, aanbieders: Iterable[str]) -> None:
        self._aanbieders = tuple(aanbieders)
        self.wekker = asyncio.Event()

    def __enter__(self) -> asyncio.Event:
        for aanbieder in self._aanbieders:
            _wachtenden[aanbieder].add(self.wekker)
        return self.wekker

    def __exit__(self, *_: object) -> None:
        for aanbieder in self._aanbieders:
            _wachtenden[aanbieder].discard(self.wekker)
            if not _wachtenden[aanbieder]:
                del _wachtenden[aanbieder]
