"""With 40,000 events already there, a page reads what it shows, by an index; whatever a person filters on.

The planner must come to it by itself: nothing is switched off here. Plans that were made once for any value count too.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from bench.kantoor import GOES, vragen, vul
from chassis.db import Pool, Tenant, connection_options, init_connection, transaction
from services.backoffice.store import gebeurtenis
from services.backoffice.store.gebeurtenis import Filter
from tests.databases import als_rol, ruim_op, verse_database

from ..plannen import Luistervink

ZAKEN, EVENTS = 4001, 40_000
KOSTEN_MAX = 1800
"""What a page of rows by an index costs; reading the whole table here costs 3,200."""


@pytest.fixture(scope="module")
def dsn(postgres_dsn: str) -> Iterator[str]:
    dsn = asyncio.run(verse_database(postgres_dsn, "backoffice"))
    asyncio.run(vul(dsn, ZAKEN, EVENTS))
    yield dsn
    asyncio.run(ruim_op(postgres_dsn, dsn))


@pytest.fixture(params=["auto", "force_generic_plan"])
async def vol(dsn: str, request: pytest.FixtureRequest) -> AsyncIterator[Pool]:
    pool = await asyncpg.create_pool(
        als_rol(dsn, "backoffice"), min_size=1, max_size=1, init=init_connection,
        server_settings=connection_options("backoffice", "test") | {"plan_cache_mode": request.param},
    )  # fmt: skip
    yield pool
    await pool.close()


async def test_geen_pagina_leest_een_groeiende_tabel_helemaal(vol: Pool) -> None:
    kans = random.Random(3)
    async with transaction(vol, Tenant(GOES)) as tx:
        vink = Luistervink(tx)
        for vraag in vragen(ZAKEN, EVENTS).values():
            await vraag(vink, kans)
        for keuze in (Filter(aanbieder="75750007"), Filter(status="afgekeurd"), Filter(soort="WMO323"),
                      Filter(type="knooppunt.bericht_ontvangen"), Filter(bericht_id="b7"), Filter(status="niets"),
                      Filter(aanbieder="75750007", soort="WMO301")):  # fmt: skip
            await gebeurtenis.list_gebeurtenissen(vink, GOES, keuze, voor=None, limit=51)
        await gebeurtenis.list_nieuwe(vink, GOES, Filter(), na=0, venster=dt.timedelta(seconds=15), limit=200)
    assert len(vink.plannen) >= 15
    assert not (fout := vink.volle_leeslagen({"gebeurtenis", "taak"})), fout
    assert not (fout := vink.duurder_dan(KOSTEN_MAX)), fout


async def test_een_vraag_zonder_index_valt_op(vol: Pool) -> None:
    async with transaction(vol, Tenant(GOES)) as tx:
        vink = Luistervink(tx)
        await vink.fetch("select * from gebeurtenis where samenvatting = $1", "x")
    assert vink.volle_leeslagen({"gebeurtenis"})
