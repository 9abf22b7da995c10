"""A database of its own with the chassis' tables, and a topic of its own, per test."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from chassis import kafka, wachtrij
from chassis.db import Pool, open_pool
from chassis.settings import Settings
from tests.databases import als_rol, verse_database

SERVICE = "proef"


@pytest.fixture
def dsn(postgres_dsn: str) -> str:
    """The dsn of role zk_proef in a fresh database."""
    return als_rol(asyncio.run(verse_database(postgres_dsn, SERVICE)), SERVICE)


@pytest.fixture
def settings(dsn: str, request: pytest.FixtureRequest) -> Settings:
    """Settings of one process; Kafka only when the test asks for it."""
    bootstrap = request.getfixturevalue("kafka_bootstrap") if "topic" in request.fixturenames else "127.0.0.1:1"
    return Settings(SERVICE, f"{SERVICE}-1", "lokaal", 0, dsn, bootstrap, "http://127.0.0.1:1", None, "")


@pytest.fixture
def topic(kafka_bootstrap: str) -> str:
    """A fresh topic with 3 partitions."""
    naam = f"proef.{uuid.uuid4().hex[:12]}"

    async def maak() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
        await admin.start()
        await admin.create_topics([NewTopic(naam, 3, 1)])
        await admin.close()

    asyncio.run(maak())
    return naam


async def tot(wat: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Wait until something holds."""
    einde = time.monotonic() + seconds
    while not await wat():
        assert time.monotonic() < einde, "te lang gewacht"
        await asyncio.sleep(0.05)


def een_event(client: str = "A" * 26, **anders: Any) -> dict[str, Any]:
    """A valid envelope."""
    return {
        "event_id": str(uuid.uuid4()), "type": "proef.gedaan", "versie": 1, "gemeente": "0664",
        "client_id": client, "volgnummer": 1, "gebeurd_at": "2026-02-02T09:30:00Z", "data": {}, **anders,
    }  # fmt: skip


async def stuur(
    bootstrap: str,
    topic: str,
    *berichten: Any,
    sleutel: bytes | None = b"A" * 26,
    headers: Any = None,
    partitie: int = 0,
) -> None:
    """Put records on a partition, in order."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    for bericht in berichten:
        waarde = bericht if bericht is None or isinstance(bericht, bytes) else json.dumps(bericht).encode()
        key = bericht["client_id"].encode() if isinstance(bericht, dict) and bericht.get("client_id") else sleutel
        await producer.send_and_wait(topic, waarde, key=key, headers=headers, partition=partitie)
    await producer.stop()


@asynccontextmanager
async def lezer(settings: Settings, topic: str, handler: kafka.Handler, **anders: Any) -> AsyncIterator[Pool]:
    """A running consume loop with its waiting queue."""
    pool = await open_pool(settings)
    wakker = wachtrij.Wakker()
    sub = kafka.Subscription(topic, {"proef.gedaan": handler}, 2, wakker.told)
    taken = [
        asyncio.create_task(kafka.consume(pool, settings, sub)),
        asyncio.create_task(wachtrij.keep_trying(pool, [sub], wakker, **anders)),
    ]
    try:
        yield pool
    finally:
        for taak in taken:
            taak.cancel()
        await asyncio.gather(*taken, return_exceptions=True)
        await pool.close()


@asynccontextmanager
async def stapellezer(settings: Settings, topic: str, handler: kafka.BatchHandler) -> AsyncIterator[Pool]:
    """As `lezer`, with a handler that takes many events at once."""
    pool = await open_pool(settings)
    wakker = wachtrij.Wakker()
    sub = kafka.Subscription(topic, {}, 2, wakker.told, {"proef.gedaan": handler})
    taken = [
        asyncio.create_task(kafka.consume(pool, settings, sub)),
        asyncio.create_task(wachtrij.keep_trying(pool, [sub], wakker)),
    ]
    try:
        yield pool
    finally:
        for taak in taken:
            taak.cancel()
        await asyncio.gather(*taken, return_exceptions=True)
        await pool.close()
