"""The yardsticks: the same work without the chain, in the same run, so that a noisy machine moves both."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from bench import bericht

TOPIC = "bench"


def percentielen(tijden: list[float]) -> dict[str, float]:
    """p50 and p99 in ms."""
    honderdsten = statistics.quantiles(tijden, n=100)
    return {"p50_ms": round(honderdsten[49], 1), "p99_ms": round(honderdsten[98], 1), "aantal": len(tijden)}


def parse_en_xsd(xml: bytes, regels: int) -> int:
    """Prestaties/s of lxml parse + XSD validation of these bytes."""
    begin = time.perf_counter()
    bericht.kaal(xml)
    return round(regels / (time.perf_counter() - begin))


async def hop(kafka: str, dsn: str, aantal: int) -> dict[str, float]:
    """One bare Kafka hop between two Postgres commits."""
    producer, consumer = await _kafka(kafka)
    db = await asyncpg.connect(dsn)
    tijden = []
    try:
        await db.execute("create temp table kaal (n int)")
        for n in range(aantal):
            begin = time.perf_counter()
            await db.execute("insert into kaal values ($1)", n)
            await producer.send_and_wait(TOPIC, b"x", partition=0)
            await consumer.getone()
            await db.execute("insert into kaal values ($1)", n)
            tijden.append((time.perf_counter() - begin) * 1000)
    finally:
        await db.close()
        await consumer.stop()
        await producer.stop()
    return percentielen(tijden)


async def kafka_en_copy(kafka: str, dsn: str, aantal: int) -> dict[str, int]:
    """Records/s of 1 kB in and out of Kafka, and rows/s of COPY in, each alone."""
    producer, consumer = await _kafka(kafka)
    db = await asyncpg.connect(dsn)
    try:
        begin = time.perf_counter()
        await asyncio.gather(*[await producer.send(TOPIC, b"x" * 1000, partition=0) for _ in range(aantal)])
        erin_s, begin, gelezen = time.perf_counter() - begin, time.perf_counter(), 0
        while gelezen < aantal:
            gelezen += sum(map(len, (await consumer.getmany(timeout_ms=1000)).values()))
        eruit_s = time.perf_counter() - begin
        await db.execute("create table if not exists bench_copy (n int, tekst text)")
        rijen: list[tuple[Any, ...]] = [(n, "x" * 150) for n in range(aantal)]
        begin = time.perf_counter()
        await db.copy_records_to_table("bench_copy", records=rijen)
        copy_s = time.perf_counter() - begin
        await db.execute("drop table bench_copy")
    finally:
        await db.close()
        await consumer.stop()
        await producer.stop()
    return {
        "kafka_in_per_s": round(aantal / erin_s),
        "kafka_uit_per_s": round(aantal / eruit_s),
        "copy_per_s": round(aantal / copy_s),
    }


async def _kafka(bootstrap: str) -> tuple[AIOKafkaProducer, AIOKafkaConsumer]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, 1, 1)])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    consumer = AIOKafkaConsumer(TOPIC, bootstrap_servers=bootstrap, auto_offset_reset="latest")
    await producer.start()
    await consumer.start()
    await consumer.seek_to_end()
    await consumer.position(next(iter(consumer.assignment())))
    return producer, consumer
