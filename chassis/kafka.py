"""The consume loop. Every record ends as done, parked, waiting or retried; anything else ends the process.

One function owns subscribing, reading and committing, because the library's own ways acknowledge too
early, skip after an exception, or repeat for ever (tests/service/chassis keeps the proof).
"""

import asyncio
import os
import sys
from collections import Counter as Counted
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NoReturn, TypeAlias

import asyncpg
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import (
    CommitFailedError,
    IllegalGenerationError,
    IllegalStateError,
    KafkaError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from prometheus_client import Counter, Gauge
from pydantic import ValidationError

from chassis import inbox, trace
from chassis.db import GEEN, TRANSIENT, Pool, Tx, act_for, transaction
from chassis.envelope import Event, Gelezen, read
from chassis.errors import BadData, Retry, Wacht
from chassis.log import log
from chassis.outbox import huidige_keten, huidige_oorzaak
from chassis.settings import Settings

__all__ = ["Event", "Handler", "Subscription", "consume"]

Handler: TypeAlias = Callable[[Tx, Event], Awaitable[None]]
Record: TypeAlias = "ConsumerRecord[Any, Any]"

_CHUNK = 50
_BACKOFF_MAX_S = 5.0
_HANDLED = Counter("zorgketen_events", "Verwerkte events", ["topic", "type", "uitkomst"])
_LAG = Gauge("zorgketen_achterstand", "Events die nog gelezen moeten worden", ["topic", "partitie"])
# A rebalance took the partition: the work is safe in the inbox, its next owner reads it again.
_LOST_PARTITION = (
    CommitFailedError,
    IllegalGenerationError,
    IllegalStateError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
_UNSTORABLE = (
    asyncpg.CharacterNotInRepertoireError,
    asyncpg.UntranslatableCharacterError,
    asyncpg.NumericValueOutOfRangeError,
    UnicodeEncodeError,
)
AGAIN: tuple[type[Exception], ...] = (Retry, *TRANSIENT)
BAD_DATA: tuple[type[Exception], ...] = (BadData, ValidationError, *_UNSTORABLE)


@dataclass(frozen=True)
class Subscription:
    """One topic, with a handler per event type."""

    topic: str
    handlers: Mapping[str, Handler]
    parallel: int
    # Called with (topic, client) after each handled event: what waits of that client may go on.
    handled: Callable[[str, str], None] = lambda topic, klant: None


def stop_process(reden: str, error: BaseException | None = None) -> NoReturn:
    """End the process at once; the supervisor restarts it and nothing is skipped."""
    log.error("proces_stopt", reden=reden, fout=type(error).__name__ if error else None)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)


async def call(tx: Tx, handler: Handler, event: Event, traceparent: str | None) -> None:
    """Run a handler inside the trace of the event, with the event as cause of what it publishes."""
    oorzaak, keten = huidige_oorzaak.set(event.event_id), huidige_keten.set(event.keten)
    try:
        with trace.continued(traceparent, event.type):
            await handler(tx, event)
    finally:
        huidige_oorzaak.reset(oorzaak)
        huidige_keten.reset(keten)


async def _judge(tx: Tx, sub: Subscription, item: Gelezen, *, parked: bool) -> str:
    """Handle one record that was not seen before; gives its outcome. Raises Retry and unknown errors."""
    event = item.event
    if event is None:
        await inbox.park(tx, item.bron, item.reden or "onbekend", event_id=None, klant=item.klant, type=item.type)
        return "geparkeerd"
    names = {"event_id": event.event_id, "klant": item.klant, "type": item.type}
    if parked:
        await inbox.park(tx, item.bron, "achter_geparkeerd", **names)
        return "geparkeerd"
    try:
        async with tx.transaction():
            await call(tx, sub.handlers[event.type], event, item.bron.traceparent)
    except Wacht:
        await inbox.put_aside(tx, item.bron, event_id=event.event_id, klant=item.slot)
        return "wacht"
    except BAD_DATA as error:
        reden = "ongeldige_inhoud" if isinstance(error, ValidationError) else "onbruikbaar"
        await inbox.park(tx, item.bron, reden, **names)
        return "geparkeerd"
    return "verwerkt"


async def _in_one_transaction(pool: Pool, sub: Subscription, items: Sequence[Gelezen]) -> list[tuple[Gelezen, str]]:
    outcomes: list[tuple[Gelezen, str]] = []
    async with transaction(pool, GEEN) as tx:
        tenant = GEEN
        await inbox.lock_keys(tx, (item.slot for item in items))
        ids = [item.event.event_id for item in items if item.event]
        new = await inbox.mark_seen(tx, sub.topic, ids)
        klanten = [item.slot for item in items]
        parked = await inbox.parked_clients(tx, sub.topic, klanten)
        for item in items:
            if item.event is not None:
                if item.event.event_id not in new:
                    outcomes.append((item, "dubbel"))
                    continue
                new.discard(item.event.event_id)
                if item.event.tenant != tenant:
                    tenant = item.event.tenant
                    await act_for(tx, tenant)
            outcome = await _judge(tx, sub, item, parked=item.klant in parked)
            if outcome == "geparkeerd" and item.klant:
                parked.add(item.klant)
            outcomes.append((item, outcome))
    return outcomes


async def _handle(pool: Pool, sub: Subscription, items: Sequence[Gelezen]) -> None:
    """Handle records of one partition, in order: together when all goes well, else one at a time."""
    poging = 0
    while True:
        try:
            outcomes = await _in_one_transaction(pool, sub, items)
            break
        except AGAIN as error:
            if len(items) > 1:
                for item in items:
                    await _handle(pool, sub, [item])
                return
            poging += 1
            log.warning("event_opnieuw", topic=sub.topic, fout=type(error).__name__, poging=poging)
            await asyncio.sleep(min(_BACKOFF_MAX_S, 0.05 * 2 ** min(poging, 10)))
    _tell(sub, outcomes)


def _tell(sub: Subscription, outcomes: Sequence[tuple[Gelezen, str]]) -> None:
    """Count what was done and wake what waits for it; one log line per trace, not per event of a bulk file."""
    per_trace = Counted(trace.trace_id(item.bron.traceparent) for item, outcome in outcomes if outcome == "verwerkt")
    for trace_id, aantal in per_trace.items():
        log.info("events_verwerkt", topic=sub.topic, aantal=aantal, trace_id=trace_id)
    for item, outcome in outcomes:
        _HANDLED.labels(sub.topic, item.type or "onbekend", outcome).inc()
        if outcome == "verwerkt":
            sub.handled(sub.topic, item.slot)
        elif outcome == "geparkeerd":
            bron = item.bron
            log.warning("event_geparkeerd", topic=bron.topic, partition=bron.partitie, offset=bron.positie,
                        type=item.type, reden=item.reden, trace_id=trace.trace_id(bron.traceparent))  # fmt: skip


async def _commit(consumer: Any, partition: TopicPartition, offset: int) -> bool:
    """Commit explicitly; False when the partition went to another consumer. Raises after 60 s of failure."""
    for poging in range(60):
        try:
            await consumer.commit({partition: offset})
            return True
        except _LOST_PARTITION as error:
            log.warning("partitie_kwijt", topic=partition.topic, fout=type(error).__name__)
            return False
        except KafkaError as error:
            log.warning("commit_opnieuw", topic=partition.topic, fout=type(error).__name__, poging=poging)
            if not error.retriable:
                raise
            await asyncio.sleep(1.0)
    raise TimeoutError


async def _partition(
    pool: Pool, sub: Subscription, consumer: Any, partition: TopicPartition, records: Sequence[Record]
) -> None:
    types = frozenset(sub.handlers)
    for start in range(0, len(records), _CHUNK):
        chunk = records[start : start + _CHUNK]
        items = [item for record in chunk if (item := read(record, types)) is not None]
        if items:
            await _handle(pool, sub, items)
        if not await _commit(consumer, partition, chunk[-1].offset + 1):
            return
    newest = consumer.highwater(partition)
    if newest is not None:
        _LAG.labels(partition.topic, partition.partition).set(newest - records[-1].offset - 1)


async def _raw_parser(records: tuple[Record, ...]) -> KafkaMessage:
    # The library's own parser decodes headers, and skips a batch when that fails.
    return KafkaMessage(body=b"", raw_message=records, consumer=None)  # type: ignore[arg-type]


async def _raw_decoder(message: KafkaMessage) -> bytes:
    return b""


async def consume(pool: Pool, settings: Settings, sub: Subscription) -> None:
    """Read one topic for ever. Ends the process on anything that is not done, parked, waiting or retry."""
    broker = KafkaBroker(settings.kafka, client_id=f"{settings.instantie}-{sub.topic}", logger=None,
                         allow_auto_create_topics=False)  # fmt: skip
    subscriber = broker.subscriber(
        sub.topic,
        batch=True,
        max_records=500,
        batch_timeout_ms=20,
        group_id=f"{settings.service}.{sub.topic}",
        # Static membership: after a crash the same name has its partitions back at once.
        group_instance_id=f"{settings.instantie}.{sub.topic}",
        session_timeout_ms=30_000,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        parser=_raw_parser,
        decoder=_raw_decoder,
    )
    limit = asyncio.Semaphore(max(1, sub.parallel))

    async def one(partition: TopicPartition, records: list[Record]) -> None:
        async with limit:
            await _partition(pool, sub, subscriber.consumer, partition, records)

    @subscriber
    async def batch(_: Any, message: KafkaMessage) -> None:
        try:
            records: Any = message.raw_message
            parts = groupby(records, key=lambda record: TopicPartition(record.topic, record.partition))
            async with asyncio.TaskGroup() as group:
                for partition, part in parts:
                    group.create_task(one(partition, list(part)))
        except Exception as error:
            first = error.exceptions[0] if isinstance(error, ExceptionGroup) else error
            stop_process("onbekende fout in een handler", first)

    poging = 0
    while True:
        try:
            await broker.start()
            break
        except (KafkaError, OSError, TimeoutError) as error:
            poging += 1
            log.warning("kafka_onbereikbaar", topic=sub.topic, fout=type(error).__name__, poging=poging)
            await broker.stop()
            await asyncio.sleep(min(_BACKOFF_MAX_S, 0.2 * 2 ** min(poging, 6)))
    log.info("leest", topic=sub.topic)
    try:
        await asyncio.wait(subscriber.tasks, return_when=asyncio.FIRST_COMPLETED)
        stop_process("het lezen is gestopt")
    finally:
        await broker.stop()
