"""Events leave through a table: written in the transaction of the fact, sent by a relay afterwards."""

import asyncio
import os
import time
from contextvars import ContextVar
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer
from prometheus_client import Counter, Gauge
from pydantic import BaseModel
from pydantic_core import to_json

from chassis import trace
from chassis.clock import clock
from chassis.db import Tx, after_commit, connection_options
from chassis.log import log
from chassis.settings import Settings

_BATCH = 500
_POLL_S = 0.25
# Below Kafka's default record limit of 1 MiB, headers included.
_BYTES_MAX = 950_000

_UNSENT = Gauge("zorgketen_outbox_onverzonden", "Events die nog verzonden moeten worden")
_SENT = Counter("zorgketen_outbox_verzonden", "Verzonden events", ["topic"])
_relays: set[asyncio.Event] = set()

# Set by the consume loop: what an event that is added now was caused by.
huidige_oorzaak: ContextVar[str | None] = ContextVar("huidige_oorzaak", default=None)
huidige_keten: ContextVar[str | None] = ContextVar("huidige_keten", default=None)


class EventTooLarge(Exception):
    """An event of more than 950 kB does not fit a record."""


def uuid7() -> str:
    """A UUIDv7: sortable by the machine's own clock."""
    number = int.from_bytes(os.urandom(16)) & ((1 << 80) - 1)
    number |= (time.time_ns() // 1_000_000) << 80
    number = number & ~(0xF << 76) | (0x7 << 76)
    number = number & ~(0x3 << 62) | (0x2 << 62)
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _wake() -> None:
    for relay in _relays:
        relay.set()


async def add(
    tx: Tx,
    *,
    topic: str,
    type: str,
    key: str,
    gemeente: str,
    aanbieder: str | None = None,
    client_id: str | None = None,
    oorzaak: str | None = None,
    keten: str | None = None,
    data: BaseModel | dict[str, Any],
) -> str:
    """Write an event in this transaction; gives its event_id. It leaves after the commit.

    Locks the row of `key`, so that ids of one key are handed out in commit order.
    """
    event_id = uuid7()
    volgnummer = await tx.fetchval(
        """insert into klanten_slot as k (klant, volgnummer) values ($1, 1)
           on conflict (klant) do update set volgnummer = k.volgnummer + 1 returning volgnummer""",
        key,
    )
    bericht = to_json(
        {
            "event_id": event_id,
            "type": type,
            "versie": 1,
            "gemeente": gemeente,
            "aanbieder": aanbieder,
            "client_id": client_id,
            "volgnummer": volgnummer,
            "gebeurd_at": clock.now(),
            "oorzaak": oorzaak or huidige_oorzaak.get(),
            "keten": keten or huidige_keten.get(),
            "data": data,
        }
    )
    if len(bericht) > _BYTES_MAX:
        raise EventTooLarge
    await tx.execute(
        """insert into outbox (event_id, topic, sleutel, type, bericht, traceparent)
           values ($1, $2, $3, $4, $5, $6)""",
        event_id, topic, key, type, bericht, trace.current(),
    )  # fmt: skip
    after_commit(tx, _wake)
    return event_id


def _headers(row: asyncpg.Record) -> list[tuple[str, bytes]]:
    headers = [("type", row["type"].encode()), ("event_id", row["event_id"].encode())]
    if row["traceparent"]:
        headers.append(("traceparent", row["traceparent"].encode()))
    return headers


async def _send_batch(connection: Any, producer: AIOKafkaProducer) -> int:
    """Send the first unsent rows and mark them when all are acknowledged; gives how many.

    Unsent rows and not "after my last id": ids commit out of order, so that would lose rows.
    """
    rows = await connection.fetch(
        """select id, event_id, topic, sleutel, type, bericht, traceparent from outbox
           where verzonden_at is null order by id limit $1""",
        _BATCH,
    )
    if not rows:
        _UNSENT.set(0)
        return 0
    # Awaited one by one, so that the records of one key enter the producer in order.
    acks = [
        await producer.send(row["topic"], row["bericht"], key=row["sleutel"].encode(), headers=_headers(row))
        for row in rows
    ]
    results = await asyncio.gather(*acks, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    await connection.execute(
        "update outbox set verzonden_at = now() where id = any($1::bigint[])", [row["id"] for row in rows]
    )
    for row in rows:
        _SENT.labels(row["topic"]).inc()
    if len(rows) == _BATCH:
        _UNSENT.set(await connection.fetchval("select count(*) from outbox where verzonden_at is null"))
    return len(rows)


async def _lead(settings: Settings, wake: asyncio.Event) -> None:
    """Be the relay of this schema, when no other process is, until something breaks."""
    connection = await asyncpg.connect(
        settings.dsn,
        server_settings=connection_options(settings.service, f"{settings.instantie}-relay"),
        timeout=10,
        command_timeout=60,
    )
    producer: AIOKafkaProducer | None = None
    try:
        lock = "select pg_try_advisory_lock(hashtextextended($1, 1))"
        # Asked again and again: waiting inside the server would hold a snapshot and stop vacuum.
        while not await connection.fetchval(lock, f"relay:{settings.service}"):  # noqa: ASYNC110
            await asyncio.sleep(1.0)
        producer = AIOKafkaProducer(
            bootstrap_servers=settings.kafka,
            client_id=f"{settings.instantie}-relay",
            acks="all",
            # A broker that lost its data hands out producer ids again, and would acknowledge a new event as the
            # repeat of another's (G7). A repeat does no harm: the inbox drops it.
            enable_idempotence=False,
            linger_ms=0,
            request_timeout_ms=15_000,
        )
        await producer.start()
        while True:
            wake.clear()
            if await _send_batch(connection, producer):
                continue
            try:
                await asyncio.wait_for(wake.wait(), _POLL_S)
            except TimeoutError:
                continue
    finally:
        connection.terminate()
        if producer is not None:
            try:
                await asyncio.wait_for(producer.stop(), 5)
            except Exception as error:
                log.warning("relay_stop", fout=type(error).__name__)


async def relay(settings: Settings) -> None:
    """Send what is in the outbox, for ever; reconnects when Postgres or Kafka went away."""
    wake = asyncio.Event()
    _relays.add(wake)
    poging = 0
    try:
        while True:
            started = time.monotonic()
            try:
                await _lead(settings, wake)
            except Exception as error:
                # Nothing is lost: a row stays unsent until it is acknowledged and marked.
                poging = 0 if time.monotonic() - started > 30 else poging + 1
                log.warning("relay_opnieuw", fout=type(error).__name__, poging=poging)
            await asyncio.sleep(min(5.0, 0.2 * 2 ** min(poging, 6)))
    finally:
        _relays.discard(wake)


async def tidy(tx: Tx) -> None:
    """Drop what was sent longer ago than the topic keeps it (14 days)."""
    await tx.execute("delete from outbox where verzonden_at < now() - interval '14 days'")
