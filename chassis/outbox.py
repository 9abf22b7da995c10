"""Events leave through a table: written in the transaction of the fact, sent by a relay afterwards."""

import asyncio
import os
import time
from collections import Counter as Counts
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import DefaultPartitioner
from prometheus_client import Counter
from pydantic import BaseModel
from pydantic_core import to_json

from chassis import broker, trace
from chassis.clock import clock
from chassis.db import Tx, after_commit, connection_options
from chassis.log import log
from chassis.settings import Settings

# For what a copy of this process wrote; what this one writes wakes the relay itself.
_POLL_S = 0.5
# What one batch of a relay holds in memory, whatever the events are.
_BATCH_BYTES_MAX = 8_000_000
# Below Kafka's default record limit of 1 MiB, headers included.
_BYTES_MAX = 950_000

_SENT = Counter("zorgketen_outbox_verzonden", "Verzonden events", ["topic"])
_RELAY_AGAIN = Counter("zorgketen_relay_opnieuw", "Keren dat de relay opnieuw moest beginnen")
_PARTITIONER = DefaultPartitioner()
_relays: set[asyncio.Event] = set()
_bulk: set[str] = set()

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


def configure(bulk: Iterable[str]) -> None:
    """Name the topics of this service that leave by the bulk lane; order per key holds within a topic."""
    _bulk.clear()
    _bulk.update(bulk)


def _wake() -> None:
    for relay in _relays:
        relay.set()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event to write; `data` may be JSON already."""

    type: str
    key: str
    gemeente: str
    aanbieder: str | None = None
    client_id: str | None = None
    oorzaak: str | None = None
    keten: str | None = None
    data: BaseModel | dict[str, Any] | bytes


# One statement, because a round trip costs more than the work. The window function needs all rows, so every
# key is locked (in one fixed order) before the first id is handed out: ids of a key follow its commits.
_ADD = """
with nieuw as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[])
        with ordinality as n (event_id, sleutel, type, bericht, plek)),
slot as (
    insert into klanten_slot as k (klant, volgnummer)
    select sleutel, count(*) from nieuw group by sleutel order by sleutel
    on conflict (klant) do update set volgnummer = k.volgnummer + excluded.volgnummer
    returning klant, volgnummer),
genummerd as (
    select n.*, s.volgnummer + 1 - row_number() over (partition by sleutel order by plek desc) as volgnummer
    from nieuw n join slot s on s.klant = n.sleutel)
insert into outbox (event_id, topic, sleutel, type, bericht, traceparent, bulk)
select event_id, $5, sleutel, type,
    convert_to('{"volgnummer":' || volgnummer || ',', 'UTF8') || bericht, $6, $7
from genummerd order by plek
"""


async def add_many(tx: Tx, topic: str, events: Sequence[NewEvent]) -> list[str]:
    """Write events in this transaction, in their order; gives their event_ids. They leave after the commit.

    Locks the row of each key and numbers the events per key. Raises EventTooLarge.
    """
    if not events:
        return []
    ids = [uuid7() for _ in events]
    nu = clock.now()
    berichten = [_body(event, event_id, nu) for event, event_id in zip(events, ids, strict=True)]
    if max(map(len, berichten)) > _BYTES_MAX:
        raise EventTooLarge
    await tx.execute(
        _ADD, ids, [event.key for event in events], [event.type for event in events], berichten,
        topic, trace.current(), topic in _bulk,
    )  # fmt: skip
    after_commit(tx, _wake)
    return ids


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
    """Write one event, as `add_many`; gives its event_id."""
    event = NewEvent(
        type=type, key=key, gemeente=gemeente, aanbieder=aanbieder, client_id=client_id, oorzaak=oorzaak,
        keten=keten, data=data,
    )  # fmt: skip
    return (await add_many(tx, topic, [event]))[0]


def _body(event: NewEvent, event_id: str, nu: datetime) -> bytes:
    """The event as JSON without its first brace: Postgres puts the volgnummer there."""
    data = event.data if isinstance(event.data, bytes) else to_json(event.data)
    kop = to_json(
        {
            "event_id": event_id,
            "type": event.type,
            "versie": 1,
            "gemeente": event.gemeente,
            "aanbieder": event.aanbieder,
            "client_id": event.client_id,
            "gebeurd_at": nu,
            "oorzaak": event.oorzaak or huidige_oorzaak.get(),
            "keten": event.keten or huidige_keten.get(),
        }
    )
    return b"".join((kop[1:-1], b',"data":', data, b"}"))


def _headers(row: asyncpg.Record) -> list[tuple[str, bytes]]:
    headers = [("type", row["type"].encode()), ("event_id", row["event_id"].encode())]
    if row["traceparent"]:
        headers.append(("traceparent", row["traceparent"].encode()))
    return headers


@dataclass(frozen=True)
class Lane:
    """One way out: a relay with a connection, a producer and a leader of its own."""

    bulk: bool
    batch: int
    linger_ms: int
    batch_bytes: int

    @property
    def lock(self) -> str:
        return ":bulk" if self.bulk else ""


# Linger fills the records of a bulk topic, and would cost a small message 12 ms at p50.
LANES = (Lane(False, 200, 0, 16_384), Lane(True, 1000, 5, 262_144))

# Unsent rows and not "after my last id": ids commit out of order, so that would lose rows.
_UNSENT_ROWS = """
select id, event_id, topic, sleutel, type, bericht, traceparent from (
    select *, sum(octet_length(bericht)) over (order by id) - octet_length(bericht) as bytes_before
    from (select * from outbox where verzonden_at is null and bulk = $1 order by id limit $2) o) p
where bytes_before < $3 order by id
"""


@lru_cache(maxsize=65_536)
def _partition(sleutel: bytes, count: int) -> int:
    """Where every Kafka client puts this key; a claim and its answers name the same clients."""
    partition: int = _PARTITIONER(sleutel, range(count), range(count))
    return partition


async def _produce(producer: AIOKafkaProducer, rows: Sequence[Any]) -> None:
    """Send rows in their order per key; returns when all are acknowledged.

    The batches of records are made here: record by record the library spends five times as long.
    """
    counts = {topic: len(await producer.partitions_for(topic)) for topic in {row["topic"] for row in rows}}
    batches: dict[tuple[str, int], Any] = {}
    acks = []
    for row in rows:
        topic, sleutel = row["topic"], row["sleutel"].encode()
        plek = topic, _partition(sleutel, counts[topic])
        record = {"timestamp": None, "key": sleutel, "value": row["bericht"], "headers": _headers(row)}
        if plek in batches and batches[plek].append(**record) is not None:
            continue
        if plek in batches:
            acks.append(await producer.send_batch(batches[plek], topic, partition=plek[1]))
        batches[plek] = producer.create_batch()
        if batches[plek].append(**record) is None:
            raise EventTooLarge
    acks += [await producer.send_batch(batch, topic, partition=nummer) for (topic, nummer), batch in batches.items()]
    for result in await asyncio.gather(*acks, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


async def _send_batch(connection: Any, producer: AIOKafkaProducer, lane: Lane) -> bool:
    """Send the first unsent rows and mark them when all are acknowledged; gives whether there may be more."""
    rows = await connection.fetch(_UNSENT_ROWS, lane.bulk, lane.batch, _BATCH_BYTES_MAX)
    if rows:
        await _produce(producer, rows)
        await connection.execute(
            "update outbox set verzonden_at = now() where id = any($1::bigint[])", [row["id"] for row in rows]
        )
        for topic, aantal in Counts(row["topic"] for row in rows).items():
            _SENT.labels(topic).inc(aantal)
    # The statement leaves rows behind only when one of its two limits was reached.
    return len(rows) == lane.batch or sum(len(row["bericht"]) for row in rows) >= _BATCH_BYTES_MAX


async def _lead(settings: Settings, lane: Lane, wake: asyncio.Event) -> None:
    """Be the relay of this schema and lane, when no other process is, until something breaks."""
    name = f"{settings.instantie}-relay{lane.lock}"
    connection = await asyncpg.connect(
        settings.dsn,
        # A mark that is lost in a crash costs a repeat, which the inbox drops; waiting for the disk costs every batch.
        server_settings=connection_options(settings.service, name) | {"synchronous_commit": "off"},
        timeout=10,
        command_timeout=60,
    )
    producer: AIOKafkaProducer | None = None
    try:
        lock = "select pg_try_advisory_lock(hashtextextended($1, 1))"
        # Asked again and again: waiting inside the server would hold a snapshot and stop vacuum.
        while not await connection.fetchval(lock, f"relay:{settings.service}{lane.lock}"):  # noqa: ASYNC110
            await asyncio.sleep(1.0)
        producer = AIOKafkaProducer(
            bootstrap_servers=settings.kafka,
            client_id=name,
            acks="all",
            # A broker that lost its data hands out producer ids again, and would acknowledge a new event as the
            # repeat of another's (G7). A repeat does no harm: the inbox drops it.
            enable_idempotence=False,
            linger_ms=lane.linger_ms,
            max_batch_size=lane.batch_bytes,
            request_timeout_ms=15_000,
            **broker.client_options(settings.kafka_tls),
        )
        await producer.start()
        while True:
            wake.clear()
            if await _send_batch(connection, producer, lane):
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


async def _run(settings: Settings, lane: Lane) -> None:
    """Send what is in the outbox for this lane, for ever; reconnects when Postgres or Kafka went away."""
    wake = asyncio.Event()
    _relays.add(wake)
    poging = 0
    try:
        while True:
            started = time.monotonic()
            try:
                await _lead(settings, lane, wake)
            except Exception as error:
                # Nothing is lost: a row stays unsent until it is acknowledged and marked.
                poging = 0 if time.monotonic() - started > 30 else poging + 1
                _RELAY_AGAIN.inc()
                log.warning("relay_opnieuw", fout=type(error).__name__, poging=poging)
            await asyncio.sleep(min(5.0, 0.2 * 2 ** min(poging, 6)))
    finally:
        _relays.discard(wake)


async def relay(settings: Settings) -> None:
    """Send what is in the outbox, for ever, each lane apart."""
    async with asyncio.TaskGroup() as group:
        for lane in LANES:
            group.create_task(_run(settings, lane))


async def tidy(tx: Tx) -> None:
    """Drop what was sent longer ago than the topic keeps it (14 days)."""
    await prune(tx)


async def prune(tx: Tx) -> int:
    """What `tidy` does; gives how many events were dropped."""
    done = await tx.execute("delete from outbox where verzonden_at < now() - interval '14 days'")
    return int(done.rpartition(" ")[2])
