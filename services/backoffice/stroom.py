"""The event flow as server-sent events: reads the read model, so it works with any number of processes."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import Request

from chassis.auth import Caller
from chassis.db import transaction

from . import presentatie
from .store import gebeurtenis

VENSTER = dt.timedelta(seconds=15)
"""Longer than a transaction of this service takes: a row that becomes visible late is still seen."""

RONDE_S = 0.5
PER_RONDE_MAX = 200
"""In a flood the newest rows are shown; the list itself has them all."""

GEZIEN_MAX = 5000


async def volg(
    request: Request, db: Any, wie: Caller, keuze: gebeurtenis.Filter, sinds: int | None
) -> AsyncIterator[dict[str, str]]:
    """Rows as `gebeurtenis`, the strip of counts as `telling`. `sinds` is the browser's Last-Event-ID."""
    gemeente = wie.gemeente or ""
    async with transaction(db, wie.tenant) as tx:
        na = sinds if sinds is not None else await gebeurtenis.last_volgnr(tx, gemeente) - PER_RONDE_MAX
        venster = dt.timedelta(days=1) if sinds is not None else VENSTER
    gezien: dict[int, None] = {}
    while not await request.is_disconnected():
        async with transaction(db, wie.tenant) as tx:
            rijen = await gebeurtenis.list_nieuwe(tx, gemeente, keuze, na=na, venster=venster, limit=PER_RONDE_MAX)
            nieuw = [rij for rij in rijen if rij["volgnr"] not in gezien]
            aantallen = await gebeurtenis.count_berichten(tx, gemeente) if nieuw else {}
        venster = VENSTER
        for rij in nieuw:
            gezien[rij["volgnr"]] = None
            yield {
                "event": "gebeurtenis",
                "id": str(rij["volgnr"]),
                "data": json.dumps(presentatie.regel(rij), ensure_ascii=False),
            }
        if nieuw:
            yield {"event": "telling", "data": json.dumps(presentatie.tellingen(aantallen))}
        while len(gezien) > GEZIEN_MAX:
            gezien.pop(next(iter(gezien)))
        await asyncio.sleep(RONDE_S)
