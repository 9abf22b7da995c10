"""Measures the chain from the outside, each figure beside something bare in the same run: `make bench`."""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.vulling import A1, CONTRACTEN, GOES, declaratie, een_client, een_start, een_toewijzing, proef_bsns
from lokaal.spel import Spel, gestarte_keten
from schemas.iwmo import codec


def vul(spel: Spel, aantal: int) -> list[tuple[str, int]]:
    """So many residents with a toewijzing at A1: (BSN, ToewijzingNummer)."""
    spel.klok("2026-01-19T10:00:00+01:00")
    spel.zet_contracten(GOES, CONTRACTEN)
    bsns = proef_bsns(aantal)
    with ThreadPoolExecutor(8) as pool:
        indicaties = list(pool.map(lambda bsn: spel.indicatie(GOES, een_client(bsn), [een_toewijzing()]), bsns))
    spel.klok("2026-04-07T10:00:00+02:00")
    return [(bsn, ind["toewijzing_nummers"][0]) for bsn, ind in zip(bsns, indicaties, strict=True)]


def meet_declaraties(spel: Spel, bewoners: list[tuple[str, int]]) -> dict[str, Any]:
    """Prestaties/s of one 323 with every resident, two product months each, beside parse + XSD of its bytes."""
    xml = declaratie(bewoners, spel.vandaag())
    regels = xml.count(b"<wmo323:Prestatie>") or xml.count(b"Prestatie>") // 2
    begin = time.perf_counter()
    codec.parse(xml)
    kaal_s = time.perf_counter() - begin

    begin = time.perf_counter()
    op = spel.post_xml(A1, xml).json()["bericht_id"]
    spel.wacht_op_antwoord(A1, op, 120)
    keten_s = time.perf_counter() - begin
    return {
        "prestaties": regels,
        "per_s": round(regels / keten_s),
        "kaal_per_s": round(regels / kaal_s),
        "deel_van_kaal": round(kaal_s / keten_s, 4),
    }


def meet_starts(spel: Spel, bewoners: list[tuple[str, int]]) -> dict[str, float]:
    """p50 and p99 in ms from a 305 in to its 306 in the mailbox, one at a time."""
    tijden = []
    for bsn, nummer in bewoners:
        xml = een_start(bsn, nummer, spel.vandaag())
        begin = time.perf_counter()
        spel.wacht_op_antwoord(A1, spel.post_xml(A1, xml).json()["bericht_id"])
        tijden.append((time.perf_counter() - begin) * 1000)
    return percentielen(tijden)


async def meet_kaal(kafka: str, dsn: str, aantal: int) -> dict[str, float]:
    """p50 and p99 in ms of one bare Kafka hop between two Postgres commits."""
    topic = "notifications.v1"
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="latest")
    db = await asyncpg.connect(dsn)
    await producer.start()
    await consumer.start()
    tijden = []
    try:
        await consumer.seek_to_end()
        await db.execute("create temp table kaal (n int)")
        for n in range(aantal):
            begin = time.perf_counter()
            await db.execute("insert into kaal values ($1)", n)
            await producer.send_and_wait(topic, b"x", partition=0)
            await consumer.getone()
            await db.execute("insert into kaal values ($1)", n)
            tijden.append((time.perf_counter() - begin) * 1000)
    finally:
        await db.close()
        await consumer.stop()
        await producer.stop()
    return percentielen(tijden)


def percentielen(tijden: list[float]) -> dict[str, float]:
    honderdsten = statistics.quantiles(tijden, n=100)
    return {"p50_ms": round(honderdsten[49], 1), "p99_ms": round(honderdsten[98], 1)}


def main() -> None:
    vragen = argparse.ArgumentParser(description=__doc__)
    vragen.add_argument("--bewoners", type=int, default=300)
    wensen = vragen.parse_args()
    with tempfile.TemporaryDirectory() as map_, gestarte_keten(Path(map_)) as spel:
        bewoners = vul(spel, wensen.bewoners)
        uitslag = {
            "declaraties": meet_declaraties(spel, bewoners),
            "start_tot_306": meet_starts(spel, bewoners[:100]),
            "kale_hop": asyncio.run(meet_kaal(spel.urls["kafka"], spel.urls["postgres"], 300)),
        }
    print(json.dumps(uitslag, indent=2))


if __name__ == "__main__":
    main()
