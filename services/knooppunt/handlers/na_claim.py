"""Calls to the outside that may take long: claimed in a transaction, made after its commit."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from chassis.db import Pool, Tx, after_commit

Rij = dict[str, Any]


def na_claim(
    pool: Callable[[], Pool],
    claim: Callable[[Tx], Awaitable[Sequence[Rij]]],
    doe: Callable[[Pool, Rij], Coroutine[Any, Any, None]],
) -> Callable[[Tx], Awaitable[None]]:
    """A periodic job that claims what is due and does it after the claim is committed; a claim ends by itself."""
    lopend: set[asyncio.Task[None]] = set()

    async def job(tx: Tx) -> None:
        rijen = await claim(tx)

        def begin() -> None:
            for rij in rijen:
                taak = asyncio.create_task(doe(pool(), rij))
                lopend.add(taak)
                taak.add_done_callback(lopend.discard)

        if rijen:
            after_commit(tx, begin)

    return job
