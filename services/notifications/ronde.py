"""Sends in the background what is due, in rounds of short transactions: claim, send outside of any, mark."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from chassis.db import Tx, after_commit
from chassis.log import log

LEASE_S = 60.0
"""How long a claim of a process that died holds; longer than anything that is done under it."""


def in_rondes(ronde: Callable[[], Awaitable[None]], naam: str) -> Callable[[Tx], Awaitable[None]]:
    """A periodic job that starts a round when none is running; a round goes on until nothing is due.

    Not in the job's own transaction: a slow mail server would hold it, and a crash undo what was already accepted.
    """
    bezig: set[asyncio.Task[None]] = set()

    async def doe() -> None:
        try:
            await ronde()
        except Exception as fout:
            # Nothing is lost: what was claimed is free again when its lease ends.
            log.error("ronde_mislukt", naam=naam, fout=type(fout).__name__)

    async def job(tx: Tx) -> None:
        def begin() -> None:
            if not bezig:
                taak = asyncio.create_task(doe())
                bezig.add(taak)
                taak.add_done_callback(bezig.discard)

        after_commit(tx, begin)

    return job
