"""The relay loses nothing and keeps the order of each key (G1), with writers that commit out of order."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import replace

from aiokafka import AIOKafkaConsumer

from chassis import outbox
from chassis.db import GEEN, open_pool, transaction
from chassis.settings import Settings

from .conftest import tot

SCHRIJVERS, PER_SCHRIJVER = 8, 150


async def test_acht_schrijvers_tegelijk_verliezen_niets(settings: Settings, topic: str) -> None:
    pool = await open_pool(settings)
    relay = asyncio.create_task(outbox.relay(settings))
    print("zaad", zaad := random.randrange(10**6))
    toeval = random.Random(zaad)

    async def schrijf() -> None:
        for _ in range(PER_SCHRIJVER):
            async with transaction(pool, GEEN) as tx:
                await outbox.add(tx, topic=topic, type="proef.gedaan", key=f"klant{toeval.randrange(6)}",
                                 gemeente="0664", data={"x": 1})  # fmt: skip
                await asyncio.sleep(toeval.random() / 200)

    await asyncio.gather(*[schrijf() for _ in range(SCHRIJVERS)])

    async def alles_weg() -> bool:
        return await pool.fetchval("select count(*) from outbox where verzonden_at is null") == 0

    await tot(alles_weg)
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=settings.kafka, auto_offset_reset="earliest")
    await consumer.start()
    per_klant: dict[bytes, list[int]] = {}
    ids: set[str] = set()
    while len(ids) < SCHRIJVERS * PER_SCHRIJVER:
        record = await asyncio.wait_for(consumer.getone(), 20)
        bericht = json.loads(record.value)
        assert dict(record.headers)["event_id"].decode() == bericht["event_id"]
        if bericht["event_id"] not in ids:
            ids.add(bericht["event_id"])
            per_klant.setdefault(record.key, []).append(bericht["volgnummer"])
    await consumer.stop()
    for nummers in per_klant.values():
        assert nummers == list(range(1, len(nummers) + 1))
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)
    await pool.close()


async def test_wat_wordt_teruggedraaid_gaat_niet_weg(settings: Settings, dsn: str) -> None:
    pool = await open_pool(settings)
    try:
        async with transaction(pool, GEEN) as tx:
            await outbox.add(tx, topic="t", type="x", key="k", gemeente="0664", data={})
            raise LookupError
    except LookupError:
        pass
    assert await pool.fetchval("select count(*) from outbox") == 0
    await pool.close()


def test_uuid7_loopt_op() -> None:
    een = outbox.uuid7()
    assert een[14] == "7" and een[19] in "89ab" and len(een) == 36


async def test_een_relay_stuurt_en_de_ander_neemt_over_als_hij_stopt(settings: Settings, topic: str) -> None:
    pool = await open_pool(settings)
    relays = [asyncio.create_task(outbox.relay(replace(settings, instantie=f"proef-{nr}"))) for nr in (1, 2)]

    async def leiders() -> list[str]:
        rijen = await pool.fetch(
            """select application_name from pg_locks join pg_stat_activity using (pid)
               where locktype = 'advisory' and granted and application_name like 'proef-_-relay'
                 and datname = current_database()"""
        )
        return [rij["application_name"].removesuffix("-relay") for rij in rijen]

    async def verstuur() -> None:
        async with transaction(pool, GEEN) as tx:
            await outbox.add(tx, topic=topic, type="proef.gedaan", key="k", gemeente="0664", data={})

        async def weg() -> bool:
            return await pool.fetchval("select count(*) from outbox where verzonden_at is null") == 0

        await tot(weg)

    async def een() -> bool:
        return len(await leiders()) == 1

    await tot(een)
    (eerste,) = await leiders()
    await verstuur()
    gestopt, over = (relays[0], relays[1]) if eerste == "proef-1" else (relays[1], relays[0])
    gestopt.cancel()
    await asyncio.gather(gestopt, return_exceptions=True)
    await verstuur()
    assert await leiders() not in ([], [eerste])
    over.cancel()
    await asyncio.gather(over, return_exceptions=True)
    await pool.close()
