"""A dry run: what a handler would tell, in a transaction that is always rolled back."""

import json
from collections.abc import Sequence
from typing import Any

from chassis import inbox
from chassis.db import Pool, Tenant, transaction
from chassis.kafka import Event, Handler


class _Terug(Exception):
    """Rolls the transaction back."""


async def dry_run(
    pool: Pool, tenant: Tenant, stappen: Sequence[tuple[Handler, Event]], keten: str
) -> list[dict[str, Any]]:
    """The events of this `keten` that these steps would publish, in order; nothing stays behind.

    The same handlers on the same facts as a real message, so the outcome is the real judgement of this
    moment. An event of absence does not wait: mark the events `wacht_voorbij`.
    """
    gezegd: list[dict[str, Any]] = []
    try:
        async with transaction(pool, tenant) as tx:
            await inbox.lock_keys(tx, (event.client_id for _, event in stappen if event.client_id))
            vanaf = await tx.fetchval("select coalesce(max(id), 0) from outbox")
            for handler, event in stappen:
                await handler(tx, event)
            rijen = await tx.fetch("select bericht from outbox where id > $1 order by id", vanaf)
            gezegd = [bericht for rij in rijen if (bericht := json.loads(rij["bericht"]))["keten"] == keten]
            raise _Terug
    except _Terug:
        return gezegd
