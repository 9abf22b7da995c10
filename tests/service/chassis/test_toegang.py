"""G17 in small: one row per access in its transaction, and a chain that shows what was altered or taken away."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator

import asyncpg
import pytest

from chassis.audit import Toegang, gebroken, log_toegang
from chassis.db import OVERAL, Pool, Tenant, open_pool, transaction
from chassis.settings import Settings

CLIENT = "C" * 26


@pytest.fixture
async def pool(settings: Settings) -> AsyncIterator[Pool]:
    pool = await open_pool(settings)
    yield pool
    await pool.close()


@pytest.fixture
async def eigenaar(dsn: str, postgres_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Who owns the tables, and may turn off their triggers."""
    connection = await asyncpg.connect(
        f"{postgres_dsn.rpartition('/')[0]}/{dsn.rpartition('/')[2]}", server_settings={"search_path": "proef"}
    )
    yield connection
    await connection.close()


def als(gemeente: str, namens: str) -> Tenant:
    """A provider sees no rows of a gemeente: it writes in its own name."""
    return Tenant(gemeente) if namens == gemeente else Tenant(aanbieders=(namens,))


async def kijk(pool: Pool, n: int, gemeente: str = "0664", namens: str = "0664") -> None:
    async with transaction(pool, als(gemeente, namens)) as tx:
        await log_toegang(tx, Toegang(gemeente, f"wie-{n}", namens, "ingezien", CLIENT), topic="proef.v1")


async def overal(pool: Pool, sql: str) -> list[asyncpg.Record]:
    async with transaction(pool, OVERAL) as tx:
        return await tx.fetch(sql)


async def stuk(pool: Pool, gemeente: str = "0664") -> list[tuple[str, int]]:
    async with transaction(pool, Tenant(gemeente)) as tx:
        return await gebroken(tx, gemeente)


async def test_g17_tweehonderd_toegangen_door_elkaar_staan_er_elk_een_keer(pool: Pool) -> None:
    seed = random.randrange(10**6)
    print("seed", seed)
    plekken = random.Random(seed).choices([("0664", "0664"), ("0664", "75750101"), ("0687", "0687")], k=200)
    afgebroken = set(random.Random(seed).sample(range(200), 60))

    async def een(n: int, gemeente: str, namens: str) -> None:
        if n not in afgebroken:
            await kijk(pool, n, gemeente, namens)
            return
        with pytest.raises(ZeroDivisionError):
            async with transaction(pool, als(gemeente, namens)) as tx:
                await log_toegang(tx, Toegang(gemeente, f"wie-{n}", namens, "ingezien", CLIENT), topic="proef.v1")
                _ = 1 / 0

    await asyncio.gather(*(een(n, *plek) for n, plek in enumerate(plekken)))
    wie = [rij["wie"] for rij in await overal(pool, "select wie from toegang")]
    assert sorted(wie) == sorted(f"wie-{n}" for n in range(200) if n not in afgebroken)
    assert await stuk(pool) == await stuk(pool, "0687") == []
    # Each chain counts without a gap, and each row went out as an event.
    ((zonder_gat,),) = await overal(
        pool,
        "select bool_and(n = hoogste) from (select count(*) n, max(volgnummer) hoogste from toegang"
        " group by gemeente, namens) x",
    )
    assert zonder_gat
    events = [json.loads(rij["bericht"]) for rij in await pool.fetch("select bericht from outbox")]
    assert len(events) == 140 and {event["type"] for event in events} == {"proef.toegang_vastgelegd"}


async def test_twee_gemeenten_wachten_niet_op_elkaar(pool: Pool) -> None:
    async with transaction(pool, Tenant("0664")) as tx:
        await log_toegang(tx, Toegang("0664", "jan", "0664", "ingezien", CLIENT))
        async with asyncio.timeout(5):
            await kijk(pool, 1, "0687", "0687")
            await kijk(pool, 2, "0664", "75750101")


@pytest.mark.parametrize("sql", ["update toegang set wie = 'x'", "delete from toegang", "truncate toegang",
                                 "update toegang_kop set volgnummer = 0", "delete from toegang_kop"])  # fmt: skip
async def test_de_service_kan_niets_veranderen_en_de_eigenaar_niet_zomaar(
    pool: Pool, eigenaar: asyncpg.Connection, sql: str
) -> None:
    await kijk(pool, 1)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await overal(pool, sql)
    if "kop" not in sql:
        with pytest.raises(asyncpg.RaiseError):
            await eigenaar.execute(sql)


@pytest.mark.parametrize(
    ("sql", "plekken"),
    [
        ("update toegang set wie = 'ander' where volgnummer = 3", [3]),
        ("update toegang set client_id = null where volgnummer = 1", [1]),
        ("update toegang set gebeurd_at = gebeurd_at - interval '1 microsecond' where volgnummer = 2", [2]),
        ("update toegang set onderwerp = handeling, handeling = coalesce(onderwerp, '') where volgnummer = 2", [2]),
        ("delete from toegang where volgnummer = 3", [4]),
        ("delete from toegang where volgnummer = 1", [2]),
        ("delete from toegang where volgnummer = 5", [5]),
        ("delete from toegang", [5]),
        ("update toegang set volgnummer = 9 where volgnummer = 5", [5, 9]),
    ],
)
async def test_g17_een_veranderde_of_weggehaalde_regel_valt_op(
    pool: Pool, eigenaar: asyncpg.Connection, sql: str, plekken: list[int]
) -> None:
    for n in range(5):
        await kijk(pool, n)
    await kijk(pool, 0, "0687", "0687")
    assert await stuk(pool) == []
    async with eigenaar.transaction():
        await eigenaar.execute("set local session_replication_role = replica")
        await eigenaar.execute(sql + (" and" if "where" in sql else " where") + " gemeente = '0664'")
    assert await stuk(pool) == [("0664", plek) for plek in plekken]
    assert await stuk(pool, "0687") == []


async def test_een_service_kiest_zelf_geen_nummer_of_schakel(pool: Pool) -> None:
    await kijk(pool, 1)
    await overal(
        pool, "insert into toegang values ('0664', 77, null, 'ik', '0664', 'ingezien', null, now(), '\\x00', '\\x00')"
    )
    assert [rij["volgnummer"] for rij in await overal(pool, "select volgnummer from toegang order by 1")] == [1, 2]
    assert await stuk(pool) == []
