"""Two copies of a service: one port, one group, one relay; when one dies the other goes on (G1, G2)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment

from beheer.topics import PARTITIONS
from lokaal.spel import gestarte_keten, wacht_tot
from tests.chain.spel import CONTRACTEN, GOES
from tests.faults.belasting import Totalen, antwoorden, berichten, bewoners, dien_in, totalen

KOPIEEN = {"declaratie-1", "declaratie-2"}
GROEP = "declaratie.knooppunt-declaraties.v1"
BEWONERS = 60
WACHT_S = 120.0


@pytest.fixture
def dubbel(tijdelijke_map):
    with gestarte_keten(tijdelijke_map / "kopieen", wacht_s=240, kopieen={"declaratie": 2}) as spel:
        spel.klok("2026-01-19T10:00:00+01:00")
        spel.zet_contracten(GOES, CONTRACTEN)
        yield spel


def processen(spel) -> dict[str, int]:
    return json.loads((spel.map / "processen.json").read_text())


def leider(spel) -> str | None:
    """Which copy is the relay of the schema now: the holder of its lock."""

    async def vraag() -> str | None:
        db = await asyncpg.connect(spel.urls["postgres"])
        try:
            naam = await db.fetchval(
                """select application_name from pg_locks join pg_stat_activity using (pid)
                   where locktype = 'advisory' and granted and application_name like 'declaratie-_-relay'"""
            )
        finally:
            await db.close()
        return naam.removesuffix("-relay") if naam else None

    return asyncio.run(vraag())


def verdeling(spel) -> dict[str, int]:
    """How many partitions of the claims each copy reads, by the name that it is known by for good."""

    async def vraag() -> dict[str, int]:
        admin = AIOKafkaAdminClient(bootstrap_servers=spel.urls["kafka"])
        await admin.start()
        try:
            (antwoord,) = await admin.describe_consumer_groups([GROEP])
        finally:
            await admin.close()
        (groep,) = antwoord.groups
        leden = {}
        for _, client_id, _, _, toewijzing in groep[5]:
            topics = ConsumerProtocolMemberAssignment.decode(toewijzing).assignment if toewijzing else []
            leden[client_id.split("-knooppunt")[0]] = sum(len(partities) for _, partities in topics)
        return leden

    return asyncio.run(vraag())


def test_g01_g02_van_twee_kopieen_neemt_de_een_het_werk_van_de_gedode_over(dubbel):
    spel = dubbel
    assert set(processen(spel)) >= KOPIEEN and "declaratie" not in processen(spel)

    # Each request is a connection of its own, and the kernel picks a copy per connection.
    gezien: set[str] = set()

    def allebei():
        gezien.add(httpx.get(f"{spel.urls['declaratie']}/healthz").json()["instantie"])
        return True if gezien == KOPIEEN else None

    wacht_tot(allebei, "beide kopieen antwoorden op de ene poort")

    def gedeeld():
        leden = verdeling(spel)
        return leden if set(leden) == KOPIEEN and min(leden.values()) > 0 else None

    assert sum(wacht_tot(gedeeld, "beide kopieen lezen").values()) == PARTITIONS

    mensen = bewoners(spel, BEWONERS)
    spel.klok("2026-04-07T10:00:00+02:00")
    xmls = berichten(spel, mensen)
    eerste = wacht_tot(lambda: leider(spel), "een kopie is de relay")
    oud = processen(spel)[eerste]
    with ThreadPoolExecutor(1) as pool:
        ingediend = pool.submit(dien_in, spel, xmls, WACHT_S)
        wacht_tot(
            lambda: True if len(spel.postbus("75750101", "alle")) > BEWONERS else None, "de keten is bezig", WACHT_S
        )
        os.kill(oud, signal.SIGKILL)
        tweede = wacht_tot(lambda: naam if (naam := leider(spel)) else None, "een andere relay")
        ids = ingediend.result(WACHT_S)
    assert len(set(ids)) == len(xmls)
    assert totalen(antwoorden(spel, set(ids), WACHT_S)) == Totalen.van(BEWONERS)
    print(f"relay: {eerste} was killed, then {tweede}")

    nieuw = wacht_tot(lambda: pid if (pid := processen(spel).get(eerste)) not in (None, oud) else None, "een nieuw pid")
    assert nieuw != oud
    assert sum(wacht_tot(gedeeld, "beide kopieen lezen weer").values()) == PARTITIONS
