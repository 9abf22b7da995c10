"""The read model is rebuilt from the outboxes while the old one serves: equal tables, and people lose nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from chassis.db import Pool, Tenant, connection_options, init_connection, transaction
from chassis.envelope import parse
from chassis.outbox import NewEvent, add_many, uuid7
from services.backoffice.handlers import leesmodel, taken
from services.backoffice.store.herbouw import BRONNEN, NIEUW, TABELLEN
from tests.databases import als_rol, ruim_op, verse_database

GOES, THOLEN, A1 = "0664", "0716", "75750101"
C1, C2 = "HERBOUWCLIENTABCDEFGHIJKL2", "HERBOUWCLIENTABCDEFGHIJKL3"
WACHT_S = 60


@pytest.fixture
async def dsn(postgres_dsn: str) -> AsyncIterator[str]:
    """The operator's dsn of a database of its own, where each service has its outbox."""
    dsn = await verse_database(postgres_dsn, "backoffice")
    beheer = await asyncpg.connect(dsn)
    for dienst in BRONNEN:
        await beheer.execute(f"create schema {dienst}")
        for tabel in ("outbox", "klanten_slot"):
            await beheer.execute(f"create table {dienst}.{tabel} (like backoffice.{tabel} including all)")
    await beheer.close()
    yield dsn
    await ruim_op(postgres_dsn, dsn)


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[Pool]:
    """As the role of the service, with plans that outlive the switch."""
    pool = await asyncpg.create_pool(
        als_rol(dsn, "backoffice"), min_size=2, max_size=2, init=init_connection,
        server_settings=connection_options("backoffice", "test"),
    )  # fmt: skip
    yield pool
    await pool.close()


class Keten:
    """The services that tell, and the back office that listens."""

    def __init__(self, dsn: str, pool: Pool) -> None:
        self.dsn, self.pool = dsn, pool

    async def meld(self, type_: str, data: dict[str, Any], *, client_id: str | None = C1, gemeente: str = GOES) -> str:
        """An event in the outbox of its service, and in the read model."""
        nieuw = NewEvent(type=type_, key=client_id or gemeente, gemeente=gemeente, aanbieder=A1, client_id=client_id,
                         data=data)  # fmt: skip
        dienst = await asyncpg.connect(self.dsn, server_settings={"search_path": type_.partition(".")[0]})
        try:
            async with dienst.transaction():
                (id_,) = await add_many(dienst, "topic", [nieuw])
            ruw = await dienst.fetchval("select bericht from outbox where event_id = $1", id_)
        finally:
            await dienst.close()
        event, _ = parse(ruw, None)
        assert event is not None
        async with transaction(self.pool, event.tenant) as tx:
            await leesmodel.leg_vast(tx, [event])
        return id_

    async def speel(self) -> None:
        """Tasks that are open, closed by a fact, closed by a person, and about the work of two services."""
        await self.meld("intake.melding_ontvangen", een_stap(1, "ontvangen"))
        await self.meld("toewijzing.indicatie_geweigerd", {"indicatie_id": "i1", "bevindingen": []})
        await self.meld("declaratie.gebruik_wijkt_af", een_signaal(100001))
        await self.meld("toewijzing.toewijzing_vastgelegd", een_toewijzing(100001))
        await self.meld("declaratie.gebruik_wijkt_af", een_signaal(100002))
        await self.meld("toewijzing.bericht_beoordeeld", {"bericht_id": "b1", "soort": "WMO305", "header_codes": [],
                                                         "codes": {"Client": ["8761"]}})  # fmt: skip
        await self.meld("knooppunt.termijn_verstreken", een_late_305("b1"))
        await self.meld("intake.melding_afgesloten", een_stap(3, "afgesloten"))
        await self.meld("toewijzing.verzoek_gewijzigd", een_verzoek("v1"), client_id=C2, gemeente=THOLEN)
        await self.sluit("dit is besproken", 100002)

    async def sluit(self, tekst: str, nummer: int) -> None:
        async with transaction(self.pool, Tenant(GOES)) as tx:
            id_ = await tx.fetchval("select taak_id from taak where $1 = any (nummers)", nummer)
            await taken.wijs_toe(tx, GOES, "jan", id_, "jan")
            await taken.handel_af(tx, GOES, "jan", id_, tekst)

    async def stand(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of the read model, and of what people did."""
        async with transaction(self.pool, Tenant(overal=True)) as tx:
            return {
                tabel: [tuple(rij.values()) for rij in await tx.fetch(f"select * from {tabel} order by 1, 2")]
                for tabel in (*TABELLEN, "toedeling", "taak_stap")
            }

    @asynccontextmanager
    async def tegen_de_wissel(self) -> AsyncIterator[None]:
        """Somebody who works: as long as this lasts nothing can be switched."""
        async with transaction(self.pool, Tenant(GOES)) as tx:
            await tx.execute("lock table gebeurtenis in row exclusive mode")
            yield

    async def tot_alles_verteld_is(self, aantal: int) -> None:
        """Wait until the rebuild has told so many events."""
        beheer = await asyncpg.connect(self.dsn)
        vraag = f"select count(*) from {NIEUW}.gebeurtenis"
        try:
            async with asyncio.timeout(WACHT_S):
                while True:
                    er = await beheer.fetchval("select to_regclass($1) is not null", f"{NIEUW}.bron")
                    if er and await beheer.fetchval(vraag) >= aantal:
                        return
                    await asyncio.sleep(0.02)
        finally:
            await beheer.close()


@pytest.fixture
def keten(dsn: str, pool: Pool) -> Keten:
    return Keten(dsn, pool)


async def herbouw(dsn: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.backoffice", "herbouw", env={**os.environ, "ZORGKETEN_DSN_BEHEER": dsn},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def uitkomst(proces: asyncio.subprocess.Process) -> str:
    uit, fout = await asyncio.wait_for(proces.communicate(), WACHT_S)
    assert proces.returncode == 0, fout.decode()
    return uit.decode().splitlines()[-1]


async def test_een_herbouw_terwijl_er_gewerkt_wordt_geeft_gelijke_tabellen(keten: Keten, dsn: str) -> None:
    await keten.speel()
    catalogus = await _catalogus(dsn)
    async with keten.tegen_de_wissel():
        proces = await herbouw(dsn)
        await keten.tot_alles_verteld_is(9)
        # What happens meanwhile, and what a person does meanwhile.
        await keten.meld("declaratie.gebruik_wijkt_af", een_signaal(100003))
        await keten.meld("toewijzing.verzoek_gewijzigd", een_verzoek("v1", "toegewezen"), client_id=C2, gemeente=THOLEN)
        await keten.sluit("ook klaar", 100003)
        voor = await keten.stand()
    assert (await uitkomst(proces)).startswith("11 gebeurtenissen opnieuw verteld, 0 oudere")
    assert await keten.stand() == voor
    assert [rij for rij in voor["taak"] if rij[-1] is None] and [rij for rij in voor["taak"] if rij[-1]]
    assert await _catalogus(dsn) == catalogus
    # It goes on with the next number, and the same event again changes nothing.
    await keten.meld("declaratie.gebruik_wijkt_af", een_signaal(100004))
    nummers = [rij[0] for rij in (await keten.stand())["gebeurtenis"]]
    assert len(nummers) == len(set(nummers)) == 12
    assert nummers[-1] > max(rij[0] for rij in voor["gebeurtenis"])


async def test_wat_geen_outbox_meer_heeft_blijft_zoals_het_was(keten: Keten, dsn: str) -> None:
    """Sent rows are kept 14 days; what came before is taken over, and what comes after it still counts for it."""
    await keten.speel()
    beheer = await asyncpg.connect(dsn)
    await beheer.execute("delete from toewijzing.outbox where type = 'toewijzing.indicatie_geweigerd'")
    await beheer.execute("delete from declaratie.outbox")
    await beheer.execute("delete from intake.outbox where type = 'intake.melding_ontvangen'")
    await beheer.close()
    voor = await keten.stand()
    assert (await uitkomst(await herbouw(dsn))).startswith("5 gebeurtenissen opnieuw verteld, 4 oudere")
    assert await keten.stand() == voor


async def test_een_leeg_leesmodel_komt_terug_uit_de_outboxen(keten: Keten, dsn: str) -> None:
    """Thrown away: sentences, tasks and figures come back; a number on the screen is a new one."""
    await keten.speel()
    voor = await keten.stand()
    beheer = await asyncpg.connect(dsn)
    await beheer.execute(f"truncate {', '.join(f'backoffice.{tabel}' for tabel in TABELLEN)}")
    await beheer.close()
    await uitkomst(await herbouw(dsn))
    na = await keten.stand()
    assert [na[tabel] for tabel in ("melding", "afkeuring")] == [voor[tabel] for tabel in ("melding", "afkeuring")]
    zonder_plek = [[(*rij[1:8], *rij[9:]) for rij in stand["gebeurtenis"]] for stand in (voor, na)]
    assert sorted(map(repr, zonder_plek[0])) == sorted(map(repr, zonder_plek[1]))
    assert [rij[:-1] for rij in na["taak"]] == [rij[:-1] for rij in voor["taak"]]


async def test_wat_geparkeerd_is_wordt_niet_verteld(keten: Keten, dsn: str) -> None:
    await keten.speel()
    voor = await keten.stand()
    beheer = await asyncpg.connect(dsn)
    await beheer.execute(
        """insert into toewijzing.outbox (event_id, topic, sleutel, type, bericht)
           select $1, topic, sleutel, type, convert_to(replace(convert_from(bericht, 'UTF8'), event_id, $1), 'UTF8')
           from toewijzing.outbox where type = 'toewijzing.toewijzing_vastgelegd'""",
        vreemd := uuid7(),
    )
    await beheer.execute(
        """insert into backoffice.geparkeerd (topic, partitie, positie, event_id, reden)
           values ('toewijzing.v1', 0, 0, $1, 'onbruikbaar')""",
        vreemd,
    )
    await beheer.close()
    await uitkomst(await herbouw(dsn))
    assert await keten.stand() == voor


async def test_kill_9_halverwege_laat_het_oude_staan_en_een_tweede_herbouw_komt_klaar(keten: Keten, dsn: str) -> None:
    await keten.speel()
    voor = await keten.stand()
    async with keten.tegen_de_wissel():
        proces = await herbouw(dsn)
        await keten.tot_alles_verteld_is(9)
        proces.send_signal(signal.SIGKILL)
        await proces.wait()
        assert await keten.stand() == voor
    await _tot_het_slot_vrij_is(dsn)
    assert (await uitkomst(await herbouw(dsn))).startswith("9 gebeurtenissen")
    assert await keten.stand() == voor


async def _tot_het_slot_vrij_is(dsn: str) -> None:
    """The server sees after a moment that a process of its is gone."""
    beheer = await asyncpg.connect(dsn)
    vraag = "select count(*) from pg_stat_activity where application_name = 'backoffice-herbouw'"
    try:
        async with asyncio.timeout(WACHT_S):
            # Nobody here can tell: another process of the server does.
            while await beheer.fetchval(vraag):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    finally:
        await beheer.close()


async def _catalogus(dsn: str) -> list[tuple[Any, ...]]:
    """Columns, indexes, constraints, policies and rights of the tables: a rebuild may change none of them."""
    beheer = await asyncpg.connect(dsn)
    try:
        rijen = await beheer.fetch(
            """with t as (select * from pg_class where relnamespace = 'backoffice'::regnamespace
                          and relname = any ($1::text[]))
               select relname, 'tabel', concat(relrowsecurity, relforcerowsecurity, relacl) from t
               union all select relname, attname, concat(format_type(atttypid, atttypmod), attnotnull, attidentity)
                   from t join pg_attribute on attrelid = t.oid where attnum > 0
               union all select tablename, indexname, indexdef from pg_indexes
                   where schemaname = 'backoffice' and tablename = any ($1)
               union all select t.relname, conname, pg_get_constraintdef(c.oid)
                   from t join pg_constraint c on conrelid = t.oid
               union all select tablename, policyname, qual from pg_policies
                   where schemaname = 'backoffice' and tablename = any ($1)
               union all select t.relname, tgname, pg_get_triggerdef(g.oid) from t join pg_trigger g on tgrelid = t.oid
               order by 1, 2, 3""",
            list(TABELLEN),
        )
        return [tuple(rij) for rij in rijen]
    finally:
        await beheer.close()


def een_stap(volgnummer: int, status: str) -> dict[str, Any]:
    return {"melding_id": "m1", "volgnummer": volgnummer, "team": "west", "status": status}


def een_signaal(nummer: int) -> dict[str, Any]:
    return {"toewijzing_nummer": nummer, "soort": "minder", "sinds": "2026-02-01", "t_m": "2026-04-01", "maanden": 3,
            "verplicht_cent": 100_000, "gerealiseerd_cent": 20_000}  # fmt: skip


def een_toewijzing(nummer: int) -> dict[str, Any]:
    return {"toewijzing_nummer": nummer, "status": "verzonden", "product": None, "ingangsdatum": "2026-02-02"}


def een_late_305(bericht_id: str) -> dict[str, Any]:
    return {"termijn_id": "t1", "soort": "WMO305", "wacht_op": "WMO306", "bericht_id": bericht_id, "partij": GOES,
            "uiterlijk": dt.date(2026, 3, 5).isoformat()}  # fmt: skip


def een_verzoek(verzoek_id: str, status: str = "ingediend") -> dict[str, Any]:
    return {"verzoek_id": verzoek_id, "soort": "vot", "status": status, "reageer_uiterlijk": "2026-03-05",
            "besluit_uiterlijk": "2026-04-05"}  # fmt: skip
