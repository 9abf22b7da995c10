"""An event is on every open screen within a second, and 200 screens on which nothing happens ask one question."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from chassis.db import Pool, Tenant, connection_options, init_connection, nothing_to_reset, transaction
from chassis.kafka import Event
from services.backoffice import stroom
from services.backoffice.handlers import leesmodel
from services.backoffice.store.gebeurtenis import Filter
from tests.databases import als_rol, ruim_op, verse_database

GOES, THOLEN = "0664", "0716"
SCHERMEN = 200
VENSTER = dt.timedelta(seconds=2)
WACHT_S = 30


class Vragen(Counter[str]):
    """What was asked of Postgres, by the first words of the statement."""

    def zie(self, vraag: Any) -> None:
        self[" ".join(vraag.query.split()[:2]).lower()] += 1


@pytest.fixture
async def vragen() -> Vragen:
    return Vragen()


@pytest.fixture
async def pool(postgres_dsn: str, vragen: Vragen) -> AsyncIterator[Pool]:
    dsn = await verse_database(postgres_dsn, "backoffice")

    async def begin(verbinding: Any) -> None:
        await init_connection(verbinding)
        verbinding.add_query_logger(vragen.zie)

    pool = await asyncpg.create_pool(
        als_rol(dsn, "backoffice"), min_size=3, max_size=3, init=begin, reset=nothing_to_reset,
        server_settings=connection_options("backoffice", "test"),
    )  # fmt: skip
    yield pool
    await pool.close()
    await ruim_op(postgres_dsn, dsn)


async def meld(pool: Pool, gemeente: str, type_: str = "toewijzing.instellingen_vastgelegd") -> str:
    event = Event(event_id=str(uuid4()), type=type_, gemeente=gemeente, gebeurd_at=dt.datetime.now(dt.UTC),
                  data={"contracten": []})  # fmt: skip
    async with transaction(pool, Tenant(gemeente)) as tx:
        await leesmodel.leg_vast(tx, [event])
    return event.event_id


class Scherm:
    """A person who looks; `gezien` are the event_ids in the order in which they came."""

    def __init__(self, uitkijk: stroom.Uitkijk, pool: Pool, gemeente: str, keuze: Filter, sinds: int | None = None):
        wie: Any = SimpleNamespace(gemeente=gemeente, tenant=Tenant(gemeente))
        self.gezien: list[str] = []
        self._stroom = stroom.volg(uitkijk, pool, wie, keuze, sinds)
        self.taak = asyncio.create_task(self._kijk())

    async def _kijk(self) -> None:
        async with aclosing(self._stroom) as berichten:
            async for bericht in berichten:
                if bericht["event"] == "gebeurtenis":
                    self.gezien.append(json.loads(bericht["data"])["event_id"])


async def tot(klaar: Any) -> None:
    async with asyncio.timeout(WACHT_S):
        # What is waited for happens in Postgres and in many tasks; there is no one event.
        while not klaar():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_200_schermen_stellen_samen_een_vraag_en_zien_alles_van_hun_gemeente(pool: Pool, vragen: Vragen) -> None:
    uitkijk = stroom.Uitkijk(VENSTER)
    goes = [Scherm(uitkijk, pool, GOES, Filter()) for _ in range(SCHERMEN)]
    alleen_contracten = Scherm(uitkijk, pool, GOES, Filter(type="toewijzing.contracten_vastgelegd"))
    tholen = Scherm(uitkijk, pool, THOLEN, Filter())
    eerste = await meld(pool, GOES)
    await tot(lambda: all(scherm.gezien == [eerste] for scherm in goes))
    # Long after the last event: the window in which a late row may still become visible is over.
    await tot(lambda: vragen["select last_value"] > VENSTER.total_seconds() / stroom.RONDE_S + 8)
    voor = Vragen(vragen)
    await tot(lambda: vragen["select last_value"] >= voor["select last_value"] + 4)
    erbij = vragen - voor
    assert set(erbij) == {"select last_value"}, erbij
    # And it wakes up again, for whom it is about.
    tweede = await meld(pool, GOES, "toewijzing.contracten_vastgelegd")
    derde = await meld(pool, THOLEN)
    await tot(lambda: all(scherm.gezien == [eerste, tweede] for scherm in goes) and tholen.gezien == [derde])
    assert alleen_contracten.gezien == [tweede]
    for scherm in (*goes, alleen_contracten, tholen):
        scherm.taak.cancel()
    await asyncio.gather(*(s.taak for s in (*goes, alleen_contracten, tholen)), return_exceptions=True)
    # Nobody looks: the watcher ends by itself.
    await tot(lambda: uitkijk._wachter.done())
    assert not uitkijk._schermen and not uitkijk._gezien


async def test_wie_even_weg_was_krijgt_wat_er_gemist_is_een_keer(pool: Pool) -> None:
    uitkijk = stroom.Uitkijk(VENSTER)
    voor, gemist = await meld(pool, GOES), await meld(pool, GOES)
    async with transaction(pool, Tenant(GOES)) as tx:
        sinds = await tx.fetchval("select volgnr from gebeurtenis where event_id = $1", voor)
    scherm = Scherm(uitkijk, pool, GOES, Filter(), sinds)
    await tot(lambda: scherm.gezien == [gemist])
    later = await meld(pool, GOES)
    await tot(lambda: len(scherm.gezien) > 1)
    scherm.taak.cancel()
    assert scherm.gezien[0] == gemist and scherm.gezien.count(gemist) == scherm.gezien.count(later) == 1
