"""Migrations go forward only, and a service's role reaches its own schema alone."""

from __future__ import annotations

import asyncpg
import pytest

from chassis.migrate import MigrationError, migrate
from tests.conftest import ROL_WACHTWOORD

from .conftest import SERVICE


async def _beheer(postgres_dsn: str, dsn: str) -> str:
    return postgres_dsn.rpartition("/")[0] + "/" + dsn.rpartition("/")[2]


async def test_nog_een_keer_doet_niets(postgres_dsn: str, dsn: str) -> None:
    assert await migrate(await _beheer(postgres_dsn, dsn), [SERVICE], "alle", ROL_WACHTWOORD) == {SERVICE: 0}


async def test_een_veranderde_migratie_wordt_geweigerd(postgres_dsn: str, dsn: str) -> None:
    beheer = await _beheer(postgres_dsn, dsn)
    verbinding = await asyncpg.connect(beheer)
    await verbinding.execute(f"update {SERVICE}.zorgketen_migraties set afdruk = 'anders'")
    await verbinding.close()
    with pytest.raises(MigrationError):
        await migrate(beheer, [SERVICE], "alle", ROL_WACHTWOORD)


async def test_een_rol_komt_niet_in_een_ander_schema(postgres_dsn: str, dsn: str) -> None:
    await migrate(await _beheer(postgres_dsn, dsn), ["ander"], "alle", ROL_WACHTWOORD)
    verbinding = await asyncpg.connect(dsn)
    for sql in ("select * from ander.inbox", "create table nieuw (x int)", "truncate inbox",
                f"update {SERVICE}.zorgketen_migraties set afdruk = ''"):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await verbinding.execute(sql)
    await verbinding.close()
