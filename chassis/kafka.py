"""The consume loop. Every record ends as done, parked, waiting or retried; anything else ends the process.

One function owns subscribing, reading and committing, because the library's own ways acknowledge too
early, skip after an exception, or repeat for ever (tests/service/chassis keeps the proof).
"""

import asyncio
import os
import sys
import time
from collections import Counter as Counted
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
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
from faststream.kafka import KafkaBroker
from faststream.security import BaseSecurity
from opentelemetry.trace import SpanKind
from prometheus_client import Counter, Gauge, Histogram
from pydantic import ValidationError

from chassis import inbox, trace
from chassis.broker import tls
from chassis.db import GEEN, TRANSIENT, Pool, Tx, act_for, transaction
from chassis.envelope import Event, Gelezen, read
from chassis.errors import BadData, Retry, Wacht
from chassis.log import log
from chassis.outbox import huidige_keten, huidige_oorzaak
from chassis.settings import Settings

__all__ = ["BatchHandler", "Event", "Handler", "Subscription", "consume"]

Handler: TypeAlias = Callable[[Tx, Event], Awaitable[None]]
# Takes events of one gemeente, in order, and gives the event_ids that must wait for a predecessor.
# What it publishes names its own oorzaak and keten: it has more than one cause.
BatchHandler: TypeAlias = Callable[[Tx, Sequence[Event]], Awaitable[Collection[str]]]
Plek: TypeAlias = tuple[int, int]
Record: TypeAlias = "ConsumerRecord[Any, Any]"

_POLL_MAX_RECORDS = 2000
_COMMIT_EVERY_S = 0.25
_FETCH_WAIT_MS = 250
_COMPANY_BYTES = 65_536
_TRIES_TOGETHER = 3
_BACKOFF_MAX_S = 5.0
# What is not done by then is rolled back, and read again by the next.
_FINISH_S = 5.0
_LEAVE_S = 3.0
_HANDLED = Counter("zorgketen_events", "Verwerkte events", ["topic", "type", "uitkomst"])
_SECONDS = Histogram("zorgketen_event_duur_seconden", "Duur van een handler, per keer", ["topic", "type"])
_AGAIN = Counter("zorgketen_event_opnieuw", "Keren dat een handler opnieuw moest", ["topic"])
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
_STANDS_OUT: tuple[type[Exception], ...] = (Wacht, *BAD_DATA)


@dataclass(frozen=True)
class Subscription:
    """One topic, with a handler per event type: for one event, or (`batches`) for many at once."""

    topic: str
    handlers: Mapping[str, Handler]
    parallel: int
    # Called with (client, outcome) after each event that was handled or put aside.
    told: Callable[[str, str], None] = lambda klant, outcome: None
    batches: Mapping[str, BatchHandler] = field(default_factory=dict)
    # Of a follower: an event waits up to a quarter of a second for others, and they share a transaction.
    patient: bool = False

    @property
    def chunk(self) -> int:
        """How many records go in one transaction at most."""
        return 500 if self.batches else 50

    @property
    def types(self) -> frozenset[str]:
        """The event types that are read here."""
        return frozenset({*self.handlers, *self.batches})


def stop_process(reden: str, error: BaseException | None = None) -> NoReturn:
    """End the process at once; the supervisor restarts it and nothing is skipped."""
    log.error("proces_stopt", reden=reden, fout=type(error).__name__ if error else None)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)


async def call(
    tx: Tx, sub: Subscription, events: Sequence[Event], traceparent: str | None, also: Iterable[str | None] = ()
) -> Collection[str]:
    """Run the handler of these events, inside the trace of the first; gives the event_ids that must wait.

    More than one event only for a batch handler. The first event is the cause of what is published; `also` are the
    traces of all of them.
    """
    first = events[0]
    oorzaak, keten = huidige_oorzaak.set(first.event_id), huidige_keten.set(first.keten)
    try:
        with trace.continued(
            traceparent, first.type, kind=SpanKind.CONSUMER, also=also,
            attributes={"messaging.destination.name": sub.topic, "messaging.batch.message_count": len(events)},
        ):  # fmt: skip
            begonnen = time.perf_counter()
            try:
                if first.type in sub.batches:
                    return await sub.batches[first.type](tx, events)
                await sub.handlers[first.type](tx, first)
                return ()
            finally:
                _SECONDS.labels(sub.topic, first.type).observe(time.perf_counter() - begonnen, trace.exemplar())
    finally:
        huidige_oorzaak.reset(oorzaak)
        huidige_keten.reset(keten)


async def _admit(tx: Tx, sub: Subscription, items: Sequence[Gelezen], outcomes: dict[Plek, str]) -> list[Gelezen]:
    """Which of these records go to a handler; of the others the outcome is noted at once."""
    ids = [item.event.event_id for item in items if item.event]
    klanten = [item.klant for item in items if item.klant]
    new, parked = await inbox.admit(tx, sub.topic, (item.slot for item in items), ids, klanten)
    admitted = []
    for item in items:
        if item.event is not None and item.event.event_id not in new:
            outcomes[item.bron.plek] = "dubbel"
        elif item.event is None or item.klant in parked:
            outcomes[item.bron.plek] = await _park(tx, item, item.reden or inbox.ACHTER)
            parked |= {item.klant} if item.klant else set()
        else:
            new.discard(item.event.event_id)
            admitted.append(item)
    return admitted


async def _park(tx: Tx, item: Gelezen, reden: str) -> str:
    event_id = item.event.event_id if item.event else None
    await inbox.park(tx, item.bron, reden, event_id=event_id, klant=item.klant, type=item.type)
    return "geparkeerd"


async def _wait(tx: Tx, item: Gelezen, event: Event) -> str:
    await inbox.put_aside(tx, item.bron, event_id=event.event_id, klant=item.slot)
    return "wacht"


def _runs(sub: Subscription, items: Iterable[Gelezen]) -> Iterator[list[Gelezen]]:
    """What a handler gets at once: neighbours of one gemeente for the same batch handler, else one."""

    def run(item: Gelezen) -> tuple[Any, ...]:
        batch = sub.batches.get(item.type or "")
        return (batch, item.event and item.event.gemeente) if batch else item.bron.plek

    return (list(part) for _, part in groupby(items, run))


async def _in_one_transaction(
    pool: Pool, sub: Subscription, items: Sequence[Gelezen], refusal: Exception | None
) -> dict[Plek, str]:
    """Handle records together; gives their outcomes by place. With a `refusal`, the one record waits or is parked.

    Raises what a handler raises; then nothing has happened.
    """
    outcomes: dict[Plek, str] = {}
    tenant = GEEN
    async with transaction(pool, tenant) as tx:
        for run in _runs(sub, await _admit(tx, sub, items, outcomes)):
            events = [item.event for item in run if item.event]
            if isinstance(refusal, Wacht):
                outcomes[run[0].bron.plek] = await _wait(tx, run[0], events[0])
            elif refusal is not None:
                reden = "ongeldige_inhoud" if isinstance(refusal, ValidationError) else "onbruikbaar"
                outcomes[run[0].bron.plek] = await _park(tx, run[0], reden)
            else:
                if events[0].tenant != tenant:
                    tenant = events[0].tenant
                    await act_for(tx, tenant)
                sporen = [item.bron.traceparent for item in run]
                waiting = await call(tx, sub, events, sporen[0], sporen)
                for item, event in zip(run, events, strict=True):
                    wacht = event.event_id in waiting
                    outcomes[item.bron.plek] = await _wait(tx, item, event) if wacht else "verwerkt"
    return outcomes


async def _handle(pool: Pool, sub: Subscription, items: Sequence[Gelezen]) -> None:
    """Handle records in order: together when all goes well, else in ever smaller halves."""
    poging, refusal = 0, None
    while True:
        try:
            outcomes = await _in_one_transaction(pool, sub, items, refusal)
            break
        except _STANDS_OUT as error:
            if len(items) > 1:
                return await _halves(pool, sub, items)
            refusal = error
        except AGAIN as error:
            poging += 1
            if len(items) > 1 and poging >= _TRIES_TOGETHER:
                return await _halves(pool, sub, items)
            _AGAIN.labels(sub.topic).inc()
            log.warning("event_opnieuw", topic=sub.topic, fout=type(error).__name__, poging=poging)
            await asyncio.sleep(min(_BACKOFF_MAX_S, 0.05 * 2 ** min(poging, 10)))
    _tell(sub, [(item, outcomes[item.bron.plek]) for item in items])


def _tell(sub: Subscription, outcomes: Sequence[tuple[Gelezen, str]]) -> None:
    """Count what was done and wake what waits for it; one log line per trace, not per event of a bulk file."""
    per_trace = Counted(trace.trace_id(item.bron.traceparent) for item, outcome in outcomes if outcome == "verwerkt")
    for trace_id, aantal in per_trace.items():
        log.info("events_verwerkt", topic=sub.topic, aantal=aantal, trace_id=trace_id)
    for (type_, outcome), aantal in Counted((item.type or "onbekend", outcome) for item, outcome in outcomes).items():
        _HANDLED.labels(sub.topic, type_, outcome).inc(aantal)
    for item, outcome in outcomes:
        if outcome in ("verwerkt", "wacht"):
            sub.told(item.slot, outcome)
        elif outcome == "geparkeerd":
            bron = item.bron
            log.warning("event_geparkeerd", topic=bron.topic, partition=bron.partitie, offset=bron.positie,
                        type=item.type, reden=item.reden, trace_id=trace.trace_id(bron.traceparent))  # fmt: skip


async def _halves(pool: Pool, sub: Subscription, items: Sequence[Gelezen]) -> None:
    """The first half, then the second: one that stands out is found in few steps, and the order holds."""
    middle = len(items) // 2
    await _handle(pool, sub, items[:middle])
    await _handle(pool, sub, items[middle:])


async def _commit(consumer: Any, topic: str, offsets: dict[TopicPartition, int]) -> None:
    """Commit explicitly. A partition that went to another consumer is its affair: the inbox knows what is done.

    Raises after 60 s of failure.
    """
    for poging in range(60):
        try:
            await consumer.commit(offsets)
            return
        except _LOST_PARTITION as error:
            log.warning("partitie_kwijt", topic=topic, fout=type(error).__name__)
            return
        except KafkaError as error:
            log.warning("commit_opnieuw", topic=topic, fout=type(error).__name__, poging=poging)
            if not error.retriable:
                raise
            await asyncio.sleep(1.0)
    raise TimeoutError


def _shares(polled: Mapping[TopicPartition, Sequence[Record]], sub: Subscription) -> Iterator[list[Record]]:
    """What was polled, divided over at most `parallel` lines of work; a partition stays in one line, in its order.

    Few records go together, whatever their partitions: a transaction costs more than what happens in it.
    """
    lines: list[list[Record]] = [[] for _ in range(max(1, sub.parallel))]
    few = sum(map(len, polled.values())) <= sub.chunk
    for records in sorted(polled.values(), key=len, reverse=True):
        (lines[0] if few else min(lines, key=len)).extend(records)
    return filter(None, lines)


async def _share(pool: Pool, sub: Subscription, records: Sequence[Record]) -> None:
    for start in range(0, len(records), sub.chunk):
        part = records[start : start + sub.chunk]
        items = [item for record in part if (item := read(record, sub.types)) is not None]
        if items:
            await _handle(pool, sub, items)


async def _read(
    pool: Pool, sub: Subscription, consumer: Any, done: dict[TopicPartition, int], busy: asyncio.Lock
) -> None:
    """Handle what comes, for ever. What is done is committed beside the next records, or when there are none.

    Not at each poll: a commit costs the broker as much as a record, and the inbox knows what is done. `done` is what
    is not committed yet; `busy` is held as long as something is handled.
    """
    committed_at = time.monotonic()
    while True:
        # Comes back as soon as there is a record, so waiting long costs no latency, and there is no busy loop.
        polled = await consumer.getmany(timeout_ms=1000, max_records=_POLL_MAX_RECORDS)
        async with busy:
            async with asyncio.TaskGroup() as group:
                if done and (not polled or time.monotonic() - committed_at > _COMMIT_EVERY_S):
                    group.create_task(_commit(consumer, sub.topic, dict(done)))
                    done.clear()
                    committed_at = time.monotonic()
                for records in _shares(polled, sub):
                    group.create_task(_share(pool, sub, records))
            for partition, records in polled.items():
                done[partition] = records[-1].offset + 1
                newest = consumer.highwater(partition)
                if newest is not None:
                    _LAG.labels(partition.topic, partition.partition).set(newest - done[partition])


async def _finish(
    reading: asyncio.Task[None], consumer: Any, done: dict[TopicPartition, int], busy: asyncio.Lock
) -> None:
    """End in order: what is under way is finished and committed, in at most so many seconds."""
    with suppress(TimeoutError, KafkaError):
        async with asyncio.timeout(_FINISH_S):
            async with busy:
                reading.cancel()
            if done:
                await consumer.commit(done)
    reading.cancel()
    await asyncio.wait([reading])
    # The library keeps a member with a name of its own in its group when it stops, as after a crash. The next pod has
    # another name: without leaving, nobody reads these partitions until the session has run out.
    consumer._coordinator._group_instance_id = None


async def consume(pool: Pool, settings: Settings, sub: Subscription) -> None:
    """Read one topic until it is cancelled: then what is under way is finished and the group is left.

    Ends the process on anything that is not done, parked, waiting or retry.
    """
    context = tls(settings.kafka_tls)
    broker = KafkaBroker(settings.kafka, client_id=f"{settings.instantie}-{sub.topic}", logger=None,
                         allow_auto_create_topics=False,
                         security=BaseSecurity(context, use_ssl=True) if context else None)  # fmt: skip
    # No function is subscribed: the library's own loop sleeps after an empty poll, and its parser skips a
    # batch when a header is not UTF-8.
    subscriber = broker.subscriber(
        sub.topic,
        batch=True,
        group_id=f"{settings.service}.{sub.topic}",
        # Static membership: after a crash the same name has its partitions back at once.
        group_instance_id=f"{settings.instantie}.{sub.topic}",
        session_timeout_ms=30_000,
        # A partition with unread records is left out of a fetch; it must not miss the next for long.
        fetch_max_wait_ms=_FETCH_WAIT_MS,
        fetch_min_bytes=_COMPANY_BYTES if sub.patient else 1,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
    )
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
    consumer, done, busy = subscriber.consumer, dict[TopicPartition, int](), asyncio.Lock()
    reading = asyncio.create_task(_read(pool, sub, consumer, done, busy))
    try:
        await asyncio.shield(reading)
    except asyncio.CancelledError:
        await _finish(reading, consumer, done, busy)
        raise
    except Exception as error:
        first = error.exceptions[0] if isinstance(error, ExceptionGroup) else error
        stop_process("onbekende fout bij het lezen", first)
    finally:
        with suppress(TimeoutError):
            # A broker that is away is left without a word.
            await asyncio.wait_for(broker.stop(), _LEAVE_S)
