"""The figures of the read model with a real Postgres: the same in any order, 0, 1 or 10,000 rows, each for its owner."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from chassis.db import Pool, Tenant, connection_options, init_connection, transaction
from chassis.kafka import Event
from services.backoffice.handlers import leesmodel
from services.backoffice.store import grip
from tests.databases import als_rol, verse_database

GOES, THOLEN, A1, A2 = "0664", "0716", "75750101", "75750202"
VANDAAG = dt.date(2026, 6, 1)
CLIENT = "GRIPCLIENTABCDEFGHIJKLMN23"


@pytest.fixture(scope="module")
def dsn(postgres_dsn: str) -> str:
    return als_rol(asyncio.run(verse_database(postgres_dsn, "backoffice")), "backoffice")


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[Pool]:
    """As the role of the service, without figures."""
    pool = await asyncpg.create_pool(
        dsn, min_size=1, max_size=3, init=init_connection, server_settings=connection_options("backoffice", "test")
    )
    async with transaction(pool, Tenant(overal=True)) as tx:
        await tx.execute("DELETE FROM melding")
        await tx.execute("DELETE FROM afkeuring")
    yield pool
    await pool.close()


def een_stap(melding_id: str, type_: str, volgnummer: int, dag: int, gemeente: str = GOES, **anders: Any) -> Event:
    data = {"melding_id": melding_id, "volgnummer": volgnummer, "team": "west", "status": "in_onderzoek"} | anders
    op = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC) + dt.timedelta(days=dag)
    return Event(event_id=str(uuid4()), type=f"intake.{type_}", gemeente=gemeente, client_id=CLIENT, gebeurd_at=op, data=data)  # fmt: skip


async def lever(pool: Pool, *events: Event) -> None:
    for event in events:
        async with transaction(pool, event.tenant) as tx:
            await leesmodel.leg_vast(tx, [event])


async def teams(pool: Pool, gemeente: str = GOES) -> list[dict[str, Any]]:
    async with transaction(pool, Tenant(gemeente)) as tx:
        return await grip.list_teams(tx, gemeente, 2026, VANDAAG)


async def test_op080_een_melding_telt_gelijk_in_elke_volgorde_en_dubbel(pool: Pool) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    stappen = [
        een_stap("m1", "melding_ontvangen", 1, 0, status="ontvangen"),
        een_stap("m1", "melding_overgedragen", 2, 1, team="oost"),
        een_stap("m1", "onderzoek_afgerond", 3, 50, team="oost", status="onderzocht"),
        een_stap("m1", "melding_afgesloten", 4, 60, team="oost", status="afgesloten",
                 uitkomst="opgelost_zonder_toewijzing", bespaard_cent=850_000),
    ]  # fmt: skip
    door_elkaar = [*stappen, *stappen]
    random.Random(seed).shuffle(door_elkaar)
    await lever(pool, *door_elkaar)
    assert await teams(pool) == [
        {"team": "oost", "meldingen": 1, "open": 0, "zonder": 1, "laat": 1, "bespaard_cent": 850_000,
         "onderzoek_dagen": 50.0, "besluit_dagen": None}
    ]  # fmt: skip


async def test_elk_cijfer_is_het_aantal_meldingen_achter_zijn_link(pool: Pool) -> None:
    assert await teams(pool) == []
    await lever(
        pool,
        een_stap("open", "melding_ontvangen", 1, 140, status="ontvangen"),
        een_stap("laat", "melding_ontvangen", 1, 0, status="ontvangen"),
        een_stap("besloten", "melding_ontvangen", 1, 0, status="ontvangen"),
        een_stap("besloten", "onderzoek_afgerond", 2, 42, status="onderzocht"),
        een_stap("besloten", "beschikking_vastgesteld", 3, 50, status="besloten"),
        een_stap("ander", "melding_ontvangen", 1, 0, gemeente=THOLEN, status="ontvangen"),
    )
    [team] = await teams(pool)
    verwacht = {"alle": ["besloten", "laat", "open"], "open": ["laat", "open"], "zonder": [], "laat": ["laat"]}
    for wat, ids in verwacht.items():
        async with transaction(pool, Tenant(GOES)) as tx:
            rijen = await grip.list_meldingen(tx, GOES, 2026, wat=wat, team="west", na=None, limit=10, vandaag=VANDAAG)
        assert [rij["melding_id"] for rij in rijen] == ids, wat
        assert len(ids) == team["meldingen" if wat == "alle" else wat], wat
    assert (team["onderzoek_dagen"], team["besluit_dagen"]) == (42.0, 50.0)


async def test_tienduizend_meldingen_zijn_bladzijden_elk_een_keer(pool: Pool) -> None:
    async with transaction(pool, Tenant(GOES)) as tx:
        await tx.execute(
            """INSERT INTO melding (gemeente, melding_id, client_id, team, status, volgnummer, ontvangen_op)
               SELECT $1, 'm' || n, $2, 'team ' || n % 7, 'ontvangen', 1, date '2026-01-01' + n % 300
               FROM generate_series(1, 10000) n""",
            GOES,
            CLIENT,
        )
        gezien: list[str] = []
        na = None
        while True:
            rijen = await grip.list_meldingen(tx, GOES, 2026, wat="alle", team=None, na=na, limit=500, vandaag=VANDAAG)
            if not rijen:
                break
            gezien += [rij["melding_id"] for rij in rijen]
            na = (rijen[-1]["ontvangen_op"], rijen[-1]["melding_id"])
        plan = await tx.fetch(
            """EXPLAIN SELECT melding_id FROM melding
               WHERE gemeente = '0664' AND ontvangen_op BETWEEN '2026-01-01' AND '2026-12-31'
                 AND (ontvangen_op, melding_id) > ('2026-06-01', 'm5') ORDER BY ontvangen_op, melding_id LIMIT 51"""
        )
    assert len(gezien) == len(set(gezien)) == 10_000
    assert sum(team["meldingen"] for team in await teams(pool)) == 10_000
    assert "melding_jaar" in " ".join(rij[0] for rij in plan), "a page must not read the year"


async def test_g15_een_aanbieder_ziet_alleen_waarom_de_eigen_berichten_zijn_afgekeurd(pool: Pool) -> None:
    def afkeuring(agb: str, gemeente: str, codes: list[str]) -> Event:
        data = {"bericht_id": "b", "soort": "WMO305", "codes": {"StartProduct": codes}}
        return Event(event_id=str(uuid4()), type="toewijzing.bericht_beoordeeld", gemeente=gemeente, aanbieder=agb,
                     client_id=CLIENT, gebeurd_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC), data=data)  # fmt: skip

    twee = afkeuring(A1, GOES, ["9326"])
    await lever(pool, twee, twee, afkeuring(A1, THOLEN, ["9326", "9338"]), afkeuring(A2, GOES, ["9019"]),
                afkeuring(A1, GOES, ["0200"]))  # fmt: skip
    sinds = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    async with transaction(pool, Tenant(aanbieders=(A1,))) as tx:
        redenen = await grip.list_redenen(tx, (A1,), sinds, 10)
        assert [(rij["code"], rij["aantal"]) for rij in redenen] == [("9326", 2), ("9338", 1)]
        assert await grip.list_redenen(tx, (A2,), sinds, 10) == [], (
            "row-level security: another provider's are not there"
        )
        assert await tx.fetchval("SELECT count(*) FROM gebeurtenis") == 0, "nor is the event flow of a gemeente"
    async with transaction(pool, Tenant(aanbieders=(A1, A2))) as tx:
        assert len(await grip.list_redenen(tx, (A1, A2), sinds, 10)) == 3, "a vendor with both mandates"
