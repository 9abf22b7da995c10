"""The inbox is cut into months and stays unique over all of them (G2)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from chassis import inbox
from chassis.db import GEEN, Pool, open_pool, transaction
from chassis.outbox import uuid7
from chassis.settings import Settings

from .conftest import SERVICE

MIGRATIES = Path(inbox.__file__).parent / "migrations"


def v7(moment: datetime) -> str:
    """A UUIDv7 of another moment."""
    echt = uuid7()
    hexa = f"{round(moment.timestamp() * 1000):012x}"
    return f"{hexa[:8]}-{hexa[8:]}{echt[13:]}"


def maand(n: int) -> datetime:
    """The first instant of this month, or of the n-th after it."""
    nu = datetime.now(UTC)
    jaar, index = divmod(nu.year * 12 + nu.month - 1 + n, 12)
    return datetime(jaar, index + 1, 1, tzinfo=UTC)


async def staat_in(pool: Pool, event_id: str) -> str:
    naam: str = await pool.fetchval("select tableoid::regclass::text from inbox where event_id = $1", event_id)
    return naam


async def test_g02_elk_event_is_een_keer_nieuw_in_welke_maand_het_ook_hoort(settings: Settings) -> None:
    pool = await open_pool(settings)
    begin, volgend = maand(0), maand(1)
    waar = {
        uuid7(): f"inbox_{begin:%Y_%m}",
        v7(begin): f"inbox_{begin:%Y_%m}",
        v7(volgend - timedelta(milliseconds=1)): f"inbox_{begin:%Y_%m}",
        v7(volgend): f"inbox_{volgend:%Y_%m}",
        v7(maand(3)): f"inbox_{maand(3):%Y_%m}",
        v7(maand(4)): "inbox_overig",
        v7(begin - timedelta(days=400)): "inbox_overig",
        "geen-uuid": "inbox_overig",
        str(uuid.UUID(int=2**128 - 1)): "inbox_overig",
    }
    async with transaction(pool, GEEN) as tx:
        assert await inbox.admit(tx, "t", [], list(waar), []) == (set(waar), set())
    async with transaction(pool, GEEN) as tx:
        assert (await inbox.admit(tx, "t", [], list(waar), []))[0] == set()
    assert {event_id: await staat_in(pool, event_id) for event_id in waar} == waar
    await pool.close()


async def test_de_taak_maakt_de_komende_maanden_met_de_rol_van_de_service(
    settings: Settings, postgres_dsn: str
) -> None:
    pool = await open_pool(settings)
    beheer = await asyncpg.connect(postgres_dsn.rpartition("/")[0] + "/" + settings.dsn.rpartition("/")[2])
    weg, vol = f"inbox_{maand(2):%Y_%m}", f"inbox_{maand(3):%Y_%m}"
    await beheer.execute(f"drop table {SERVICE}.{weg}; drop table {SERVICE}.{vol}")
    vroeg = v7(maand(3))
    async with transaction(pool, GEEN) as tx:
        await inbox.admit(tx, "t", [], [vroeg], [])
    for _ in range(2):
        async with transaction(pool, GEEN) as tx:
            await inbox.prepare_months(tx)
    assert await beheer.fetchval("select to_regclass($1)", f"{SERVICE}.{weg}") is not None
    assert await beheer.fetchval("select to_regclass($1)", f"{SERVICE}.{vol}") is None, "its first event came before it"
    async with transaction(pool, GEEN) as tx:
        assert (await inbox.admit(tx, "t", [], [vroeg], []))[0] == set()
    await beheer.close()
    await pool.close()


async def test_wat_voor_de_migratie_gezien_was_blijft_gezien(postgres_dsn: str) -> None:
    beheer = await asyncpg.connect(postgres_dsn)
    schema = f"oud_{uuid.uuid4().hex[:12]}"
    await beheer.execute(f"create schema {schema}; set search_path = {schema}")
    await beheer.execute((MIGRATIES / "0001_pre_begin.sql").read_text())
    oud = [uuid7(), str(uuid.uuid4()), "geen-uuid"]
    await beheer.execute("insert into inbox (event_id, topic) select unnest($1::text[]), 't'", oud)
    async with beheer.transaction():
        await beheer.execute(f"set local search_path = {schema}")
        await beheer.execute((MIGRATIES / "0005_pre_inbox_per_maand.sql").read_text())
    await beheer.execute(f"set search_path = {schema}")
    await beheer.execute((MIGRATIES / "0006_pre_opnemen.sql").read_text())
    nieuw = v7(maand(1))
    async with beheer.transaction():
        assert (await inbox.admit(beheer, "t", [], [*oud, nieuw], []))[0] == {nieuw}
    await beheer.execute(f"drop schema {schema} cascade")
    await beheer.close()
