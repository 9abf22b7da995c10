"""The access log of a gemeente, as lines of JSON, with the check of its chains (NEN 7513)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

import asyncpg

from chassis.audit import Toegang, gebroken, log_toegang
from chassis.db import Tenant, act_for, connection_options

_REGELS = """
select current_schema() as service, gemeente, namens, volgnummer, wie, handeling, client_id, onderwerp, gebeurd_at,
       encode(vorige, 'hex') as vorige, encode(schakel, 'hex') as schakel
from toegang where gemeente = $1 and gebeurd_at >= $2 and gebeurd_at < $3 order by namens, volgnummer"""


@dataclass(frozen=True)
class Vraag:
    """Whose log, of when, and who asks for it."""

    gemeente: str
    van: datetime
    tot: datetime
    door: str


async def export(dsn: str, vraag: Vraag, naar: TextIO | None) -> tuple[int, list[str]]:
    """Write the rows of every service; gives how many, and where a chain does not hold.

    `naar` None: only count and check. Else the export itself is a row of the log, in every schema it came from.
    """
    aantal, breuken = 0, []
    async for service, tx in _schemas(dsn):
        await act_for(tx, Tenant(vraag.gemeente))
        breuken += [f"{service}: {namens} nummer {nummer}" for namens, nummer in await gebroken(tx, vraag.gemeente)]
        async for rij in tx.cursor(_REGELS, vraag.gemeente, vraag.van, vraag.tot):
            aantal += 1
            if naar is not None:
                naar.write(json.dumps(dict(rij), default=str, ensure_ascii=False) + "\n")
        if naar is not None:
            onderwerp = f"{vraag.van.isoformat()}/{vraag.tot.isoformat()}"
            await log_toegang(
                tx, Toegang(vraag.gemeente, vraag.door, vraag.gemeente, "logboek_uitgevoerd", None, onderwerp)
            )
    return aantal, breuken


async def _schemas(dsn: str) -> AsyncIterator[tuple[str, Any]]:
    connection = await asyncpg.connect(dsn)
    try:
        schemas = await connection.fetch(
            "select table_schema from information_schema.tables where table_name = 'toegang' order by 1"
        )
    finally:
        await connection.close()
    for (service,) in schemas:
        connection = await asyncpg.connect(dsn, server_settings=connection_options(service, "beheer-logboek"))
        try:
            async with connection.transaction():
                yield service, connection
        finally:
            await connection.close()
