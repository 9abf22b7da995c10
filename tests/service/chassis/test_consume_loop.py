"""G6 and the traps of the consume loop: each record is done, parked, waiting or retried."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import timedelta

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis.db import Tx
from chassis.errors import BadData, Retry, Wacht
from chassis.kafka import Event
from chassis.settings import Settings

from .conftest import een_event, lezer, stuur, tot


async def _vastgelegd(settings: Settings, topic: str) -> int | None:
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka, group_id=f"{settings.service}.{topic}",
                                enable_auto_commit=False)  # fmt: skip
    await consumer.start()
    try:
        return await consumer.committed(TopicPartition(topic, 0))
    finally:
        await consumer.stop()


async def test_troep_wordt_geparkeerd_en_al_het_andere_gaat_door(settings: Settings, topic: str) -> None:
    gezien: list[str] = []

    async def handler(tx: Tx, event: Event) -> None:
        gezien.append(event.event_id)

    goed = [een_event("B" * 26) for _ in range(3)]
    troep = [
        None,
        b"",
        b"\xff\x00",
        b"{",
        b"[]",
        json.dumps({**een_event(), "event_id": None}).encode(),
        b"x" * 900_000,
    ]
    await stuur(settings.kafka, topic, goed[0])
    await stuur(settings.kafka, topic, *troep, headers=[("type", b"proef.gedaan")], sleutel=b"geen-client")
    await stuur(settings.kafka, topic, goed[1], b"kapot", headers=[("type", b"\xff\xfe"), ("event_id", b"\xc3")])
    await stuur(settings.kafka, topic, goed[2], headers=[(f"h{i}", b"x") for i in range(1000)])
    async with lezer(settings, topic, handler) as pool:

        async def klaar() -> bool:
            return len(gezien) == 3 and await pool.fetchval("select count(*) from geparkeerd") == len(troep) + 1

        await tot(klaar)
        assert gezien == [event["event_id"] for event in goed]
        rij = await pool.fetchrow("select * from geparkeerd where positie = 3")
        assert bytes(rij["ruw"]) == b"\xff\x00" and rij["reden"] == "geen_json"

        async def bij() -> bool:
            return await _vastgelegd(settings, topic) == len(troep) + 4

        await tot(bij)


async def test_achter_een_geparkeerd_event_wacht_alleen_die_client(settings: Settings, topic: str) -> None:
    gezien: list[str] = []

    async def handler(tx: Tx, event: Event) -> None:
        if event.data.get("slecht"):
            raise BadData
        gezien.append(str(event.client_id))

    await stuur(
        settings.kafka,
        topic,
        een_event("A" * 26, data={"slecht": 1}),
        een_event("A" * 26),
        een_event("B" * 26),
    )
    async with lezer(settings, topic, handler) as pool:

        async def klaar() -> bool:
            return bool(gezien) and await pool.fetchval("select count(*) from geparkeerd") == 2

        await tot(klaar)
        assert gezien == ["B" * 26]
        redenen = await pool.fetch("select reden from geparkeerd order by positie")
        assert [rij["reden"] for rij in redenen] == ["onbruikbaar", "achter_geparkeerd"]


async def test_hetzelfde_event_werkt_een_keer(settings: Settings, topic: str) -> None:
    event, slot = een_event(), een_event()

    async def handler(tx: Tx, event: Event) -> None:
        await tx.execute("insert into klanten_slot (klant, volgnummer) values ('teller:' || $1, 1)"
                         " on conflict (klant) do update set volgnummer = klanten_slot.volgnummer + 1",
                         event.event_id)  # fmt: skip

    await stuur(settings.kafka, topic, event, event, event, slot)
    async with lezer(settings, topic, handler) as pool:

        async def klaar() -> bool:
            return await pool.fetchval("select count(*) from inbox") == 2

        await tot(klaar)
        teller = await pool.fetchval(
            "select volgnummer from klanten_slot where klant = $1", f"teller:{event['event_id']}"
        )
        assert teller == 1


async def test_g11_wie_ordelijk_stopt_geeft_zijn_partities_meteen_door(settings: Settings, topic: str) -> None:
    """A rolled-out pod has another name: what the old one held may not wait for the session to run out (30 s)."""
    gezien: list[str] = []

    async def handler(tx: Tx, event: Event) -> None:
        gezien.append(event.event_id)

    async def klaar() -> bool:
        return len(gezien) == 1

    async with lezer(settings, topic, handler):
        await stuur(settings.kafka, topic, een_event())
        await tot(klaar)
    assert await _vastgelegd(settings, topic) == 1, "what is done is committed at the end"
    events = [een_event() for _ in range(3)]
    async with lezer(replace(settings, instantie="proef-2"), topic, handler):
        for partitie, event in enumerate(events):
            await stuur(settings.kafka, topic, event, partitie=partitie)

        async def overgenomen() -> bool:
            return {event["event_id"] for event in events} <= set(gezien)

        await tot(overgenomen, 15)
    assert len(gezien) == 4


async def test_retry_doet_hetzelfde_bericht_opnieuw_in_volgorde(settings: Settings, topic: str) -> None:
    gezien: list[int] = []
    pogingen = 0

    async def handler(tx: Tx, event: Event) -> None:
        nonlocal pogingen
        if event.data["nr"] == 1 and (pogingen := pogingen + 1) < 4:
            raise Retry
        await tx.execute("insert into klanten_slot (klant) values ($1)", f"nr{event.data['nr']}")
        gezien.append(event.data["nr"])

    await stuur(settings.kafka, topic, *[een_event(data={"nr": nr}) for nr in range(4)])
    async with lezer(settings, topic, handler) as pool:

        async def klaar() -> bool:
            return await pool.fetchval("select count(*) from inbox") == 4

        await tot(klaar)
        assert gezien[-3:] == [1, 2, 3]


async def test_g15_elke_handler_ziet_de_rijen_van_zijn_eigen_gemeente(settings: Settings, topic: str) -> None:
    """Events of two municipalities in one batch, one of which comes back from the waiting queue."""
    gezien: dict[int, list[str]] = {}
    gewacht = False

    async def handler(tx: Tx, event: Event) -> None:
        nonlocal gewacht
        if event.data["nr"] == 3 and not gewacht:
            gewacht = True
            raise Wacht
        await tx.execute("insert into herhaalsleutel (gemeente, sleutel, afdruk) values ($1, $2, '')",
                         event.gemeente, f"nr{event.data['nr']}")  # fmt: skip
        rijen = await tx.fetch("select distinct gemeente from herhaalsleutel")
        gezien[event.data["nr"]] = [rij["gemeente"] for rij in rijen]

    gemeenten = ["0664", "0716", "0716", "0664", "0716"]
    await stuur(settings.kafka, topic, *[een_event(gemeente=g, data={"nr": nr}) for nr, g in enumerate(gemeenten)])
    async with lezer(settings, topic, handler) as pool:

        async def klaar() -> bool:
            return len(gezien) == 5 and await pool.fetchval("select count(*) from wachtrij") == 0

        await tot(klaar)
        assert gezien == {nr: [gemeente] for nr, gemeente in enumerate(gemeenten)}
        assert await pool.fetchval("select count(*) from herhaalsleutel") == 0


async def test_wacht_houdt_alleen_dat_event_op_en_de_voorganger_mag_erna_komen(settings: Settings, topic: str) -> None:
    """G5: what waits is not in the way of what it waits for, which may stand behind it on the same topic."""
    gezien: list[str] = []

    async def handler(tx: Tx, event: Event) -> None:
        naam = event.data["naam"]
        if naam == "A1" and "A2" not in gezien:
            assert not event.wacht_voorbij
            raise Wacht
        gezien.append(naam)

    a, b = "A" * 26, "B" * 26
    await stuur(settings.kafka, topic, een_event(a, data={"naam": "A1"}), een_event(a, data={"naam": "A2"}),
                een_event(b, data={"naam": "B1"}))  # fmt: skip
    async with lezer(settings, topic, handler) as pool:

        async def alles_is_gedaan() -> bool:
            return len(gezien) == 3 and await pool.fetchval("select count(*) from wachtrij") == 0

        await tot(alles_is_gedaan)
        assert [naam for naam in gezien if naam.startswith("A")] == ["A2", "A1"]


async def test_wacht_is_na_zijn_tijd_voorbij(settings: Settings, topic: str) -> None:
    gezien: list[bool] = []

    async def handler(tx: Tx, event: Event) -> None:
        if not event.wacht_voorbij:
            raise Wacht
        gezien.append(event.wacht_voorbij)

    await stuur(settings.kafka, topic, een_event())
    async with lezer(settings, topic, handler, wait=timedelta(seconds=1)) as pool:

        async def leeg() -> bool:
            return bool(gezien) and await pool.fetchval("select count(*) from wachtrij") == 0

        await tot(leeg)
        assert gezien == [True]


async def test_wat_niet_op_te_slaan_is_wordt_geparkeerd(settings: Settings, topic: str) -> None:
    async def handler(tx: Tx, event: Event) -> None:
        await tx.execute("insert into klanten_slot (klant) values ($1)", event.data["tekst"])

    await stuur(
        settings.kafka,
        topic,
        een_event(data={"tekst": "a\x00b"}),
        een_event("B" * 26, data={"tekst": "goed"}),
    )
    async with lezer(settings, topic, handler) as pool:

        async def klaar() -> bool:
            return bool(await pool.fetchval("select 1 from klanten_slot where klant = 'goed'"))

        await tot(klaar)
        assert await pool.fetchval("select count(*) from geparkeerd") == 1


PROCES = """
import asyncio, sys
from chassis.db import open_pool
from chassis.kafka import Subscription, consume
from chassis.settings import Settings
async def main():
    settings = Settings("proef", "proef-1", "lokaal", 0, sys.argv[1], sys.argv[2], "http://x", None, "")
    pool = await open_pool(settings)
    async def handler(tx, event):
        if sys.argv[4] == "fout" and event.data["nr"] == 2:
            raise KeyError("999990018")
        await tx.execute("insert into klanten_slot (klant) values ($1)", f"nr{event.data['nr']}")
        if event.data["nr"] == 4:
            asyncio.get_running_loop().call_later(0.2, dit.cancel)
    dit = asyncio.current_task()
    await consume(pool, settings, Subscription(sys.argv[3], {"proef.gedaan": handler}, 1))
try:
    asyncio.run(main())
except asyncio.CancelledError:
    pass
"""


@pytest.mark.parametrize("sync", [True])
def test_een_onbekende_fout_stopt_het_proces_en_slaat_niets_over(settings: Settings, topic: str, sync: bool) -> None:
    asyncio.run(stuur(settings.kafka, topic, *[een_event(data={"nr": nr}) for nr in range(5)]))

    def draai(hoe: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(PROCES), settings.dsn, settings.kafka, topic, hoe],
            capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": os.getcwd()},
        )  # fmt: skip

    for _ in range(2):
        mis = draai("fout")
        assert mis.returncode == 1
        assert "999990018" not in mis.stdout + mis.stderr
        assert "KeyError" in mis.stdout
    draai("goed")

    async def nummers() -> list[str]:
        import asyncpg

        verbinding = await asyncpg.connect(settings.dsn)
        rijen = await verbinding.fetch("select klant from klanten_slot where klant like 'nr%' order by 1")
        await verbinding.close()
        return [rij["klant"] for rij in rijen]

    assert asyncio.run(nummers()) == [f"nr{nr}" for nr in range(5)]
