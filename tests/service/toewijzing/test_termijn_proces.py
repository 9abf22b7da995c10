"""Exactly once with real processes and Kafka: two copies, a backlog, a jump of a year, and kill -9 in the middle."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaConsumer

from beheer.topics import create_topics
from chassis.migrate import migrate
from lokaal.proces import free_port
from tests.conftest import ROL_WACHTWOORD

ACHTERSTAND = 5_000
WACHT_S = 120.0


class Dienst:
    """Copies of toewijzing on one port, with a database and a clock of their own."""

    def __init__(self, postgres_dsn: str, kafka: str, issuer: str, map_: Path) -> None:
        self.naam = f"proces_{uuid4().hex[:12]}"
        self.beheer = f"{postgres_dsn.rpartition('/')[0]}/{self.naam}"
        self.map, self.poort, self.processen = map_, free_port(), list[subprocess.Popen[bytes]]()
        self.env = {
            **os.environ,
            "ZORGKETEN_OMGEVING": "lokaal",
            "ZORGKETEN_POORT": str(self.poort),
            "ZORGKETEN_DSN": f"postgresql://zk_toewijzing:{ROL_WACHTWOORD}@{postgres_dsn.rpartition('@')[2].rpartition('/')[0]}/{self.naam}",
            "ZORGKETEN_KAFKA": kafka,
            "ZORGKETEN_ISSUER": issuer,
            "ZORGKETEN_KLOK_BESTAND": str(map_ / "klok.json"),
        }
        self.klok("2026-01-05T10:00:00+01:00", 1)

    def klok(self, moment: str, versie: int) -> None:
        offset = (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()
        nieuw = self.map / "klok.nieuw"
        nieuw.write_text(json.dumps({"versie": versie, "offset_s": offset}))
        nieuw.replace(self.map / "klok.json")

    def start(self) -> subprocess.Popen[bytes]:
        with (self.map / "uit.log").open("ab") as uit:
            proces = subprocess.Popen(
                [sys.executable, "-m", "services.toewijzing"], env=self.env, stdout=uit, stderr=uit
            )
        self.processen.append(proces)
        return proces

    def stop(self) -> None:
        for proces in self.processen:
            proces.terminate()
        for proces in self.processen:
            proces.wait(20)

    def gereed(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.poort}/readyz").status_code == 200
        except httpx.HTTPError:
            return False

    async def tot(self, vraag: str, minstens: int) -> int:
        """Ask the database until the answer is at least this."""
        verbinding = await asyncpg.connect(self.beheer)
        einde = time.monotonic() + WACHT_S
        try:
            while (aantal := await verbinding.fetchval(vraag)) < minstens:
                assert time.monotonic() < einde, (aantal, (self.map / "uit.log").read_text()[-2000:])
                await asyncio.sleep(0.02)
            return int(aantal)
        finally:
            await verbinding.close()


@pytest.fixture
def dienst(postgres_dsn: str, kafka_bootstrap: str, uitgever: tuple[str, object], tmp_path: Path) -> Iterator[Dienst]:
    dienst = Dienst(postgres_dsn, kafka_bootstrap, uitgever[0], tmp_path)

    async def maak() -> None:
        beheer = await asyncpg.connect(postgres_dsn)
        await beheer.execute(f"create database {dienst.naam}")
        await beheer.close()
        await migrate(dienst.beheer, ["toewijzing"], "alle", ROL_WACHTWOORD)
        vol = await asyncpg.connect(dienst.beheer, server_settings={"search_path": "toewijzing"})
        await vol.execute("select set_config('zorgketen.overal', 'ja', false)")
        await vol.execute(
            """INSERT INTO termijn (gemeente, aanbieder, client_id, soort, onderwerp, wie, uiterlijk, nadert_at, verloopt_at)
               SELECT '0664', '75750101', $2 || lpad(i::text, 18, 'A'), 'antwoord_301', i::text, 'aanbieder', dag,
                      dag::timestamptz, dag + 1
               FROM (SELECT i, '2026-01-20'::date + i % 40 AS dag FROM generate_series(1, $1) i) s""",
            ACHTERSTAND,
            uuid4().hex[:8].upper(),
        )
        await vol.close()

    create_topics(kafka_bootstrap)
    asyncio.run(maak())
    yield dienst
    dienst.stop()


async def op_kafka(bootstrap: str, termijnen: set[str], hoeveel: int) -> Counter[tuple[str, str]]:
    """How many different events there are per (type, termijn_id) of these terms; a repeat on Kafka is no event."""
    consumer = AIOKafkaConsumer("toewijzing.v1", bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    gezien: dict[str, tuple[str, str]] = {}
    einde = time.monotonic() + WACHT_S
    try:
        await consumer.seek_to_beginning()
        while len(gezien) < hoeveel:
            assert time.monotonic() < einde, len(gezien)
            for records in (await consumer.getmany(timeout_ms=500)).values():
                events = [json.loads(record.value) for record in records]
                gezien |= {
                    e["event_id"]: (e["type"], e["data"]["termijn_id"])
                    for e in events
                    if e["data"].get("termijn_id") in termijnen
                }
        return Counter(gezien.values())
    finally:
        await consumer.stop()


def test_g02_een_jaar_verder_twee_kopieen_en_kill_9_geven_elke_melding_een_keer(
    dienst: Dienst, kafka_bootstrap: str
) -> None:
    eerste, _ = dienst.start(), dienst.start()
    einde = time.monotonic() + WACHT_S
    while not dienst.gereed():
        assert time.monotonic() < einde, (dienst.map / "uit.log").read_text()[-2000:]
    gemeld = "select count(*) from toewijzing.outbox"
    assert asyncio.run(dienst.tot(gemeld, 0)) == 0, "nothing is due yet"

    dienst.klok("2027-01-05T10:00:00+01:00", 2)
    halverwege = asyncio.run(dienst.tot(gemeld, ACHTERSTAND // 2))
    assert halverwege < 2 * ACHTERSTAND, "killed in the middle"
    os.kill(eerste.pid, signal.SIGKILL)
    eerste.wait(10)
    dienst.start()
    assert asyncio.run(dienst.tot(gemeld, 2 * ACHTERSTAND)) == 2 * ACHTERSTAND
    # What the clock may do once more it would do in the next runs, of both copies: wait until both had some.
    dienst.klok("2027-06-05T10:00:00+02:00", 3)
    asyncio.run(dienst.tot("select count(*) from toewijzing.outbox where verzonden_at is not null", 2 * ACHTERSTAND))

    async def ids() -> set[str]:
        verbinding = await asyncpg.connect(dienst.beheer)
        rijen = await verbinding.fetch(
            "select termijn_id::text as id from toewijzing.termijn where status = 'verstreken'"
        )
        await verbinding.close()
        return {rij["id"] for rij in rijen}

    termijnen = asyncio.run(ids())
    assert len(termijnen) == ACHTERSTAND
    aantallen = asyncio.run(op_kafka(kafka_bootstrap, termijnen, 2 * ACHTERSTAND))
    assert set(aantallen.values()) == {1}
    assert len(aantallen) == 2 * ACHTERSTAND
    assert asyncio.run(dienst.tot(gemeld, 0)) == 2 * ACHTERSTAND
    assert '"taak_mislukt"' not in (dienst.map / "uit.log").read_text()
