"""How the chain fares: what waits in each schema, how far each group is behind, who answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from chassis.broker import client_options

_PER_SCHEMA = """
select (select count(*) from {s}.outbox where verzonden_at is null) as outbox,
       (select extract(epoch from now() - min(gemaakt_at))::bigint from {s}.outbox where verzonden_at is null)
           as outbox_oudste_s,
       (select count(*) from {s}.geparkeerd where opgelost_at is null) as geparkeerd,
       (select extract(epoch from now() - min(geparkeerd_at))::bigint from {s}.geparkeerd where opgelost_at is null)
           as geparkeerd_oudste_s,
       (select count(*) from {s}.wachtrij) as wachtend"""


async def per_schema(dsn: str) -> dict[str, dict[str, Any]]:
    """Per service what is in its outbox, parked and waiting, with the age of the oldest in s (None when empty)."""
    connection = await asyncpg.connect(dsn, timeout=10, command_timeout=30)
    try:
        schemas = await connection.fetch(
            "select table_schema from information_schema.tables where table_name = 'geparkeerd' order by 1"
        )
        # A name of the catalogue, made by our own migrations.
        return {
            schema: dict(await connection.fetchrow(_PER_SCHEMA.format(s=f'"{schema}"')) or {}) for (schema,) in schemas
        }
    finally:
        await connection.close()


async def achterstand(bootstrap: str, tls: str | None = None) -> dict[str, int]:
    """Per group of consumers how many events it has not read yet."""
    options = client_options(tls)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, **options)
    lezer = AIOKafkaConsumer(bootstrap_servers=bootstrap, **options)
    try:
        await admin.start()
        await lezer.start()
        achter: dict[str, int] = {}
        for groep, *_ in await admin.list_consumer_groups():
            gelezen = await admin.list_consumer_group_offsets(groep)
            einde = await lezer.end_offsets([TopicPartition(tp.topic, tp.partition) for tp in gelezen])
            achter[groep] = sum(max(0, einde[tp] - stand.offset) for tp, stand in gelezen.items())
        return dict(sorted(achter.items()))
    finally:
        await lezer.stop()
        await admin.close()


async def gereed(urls: Mapping[str, str]) -> dict[str, str]:
    """Per service `gereed`, `niet_gereed`, or `onbereikbaar`."""

    async def vraag(client: httpx.AsyncClient, url: str) -> str:
        try:
            antwoord = await client.get(f"{url}/readyz")
            return str(antwoord.json().get("status", "onbereikbaar"))
        except (httpx.HTTPError, ValueError):
            return "onbereikbaar"

    async with httpx.AsyncClient(timeout=3, trust_env=False) as client:
        standen = await asyncio.gather(*(vraag(client, url) for url in urls.values()))
    return dict(zip(urls, standen, strict=True))


def duur(seconden: int | None) -> str:
    """`3 min`, for a person."""
    if seconden is None:
        return "-"
    for deel, naam in ((86400, "d"), (3600, "u"), (60, "min")):
        if seconden >= deel:
            return f"{seconden // deel} {naam}"
    return f"{seconden} s"
