"""A database for each test: a copy of one that was migrated once, which costs a tenth of migrating again."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

import asyncpg

from chassis.migrate import migrate
from tests.conftest import ROL_WACHTWOORD

_gemigreerd: dict[tuple[str, str], str] = {}


async def verse_database(postgres_dsn: str, service: str) -> str:
    """The superuser's dsn of a new database with the tables of this service, after all phases of migration."""
    beheer = await asyncpg.connect(postgres_dsn)
    try:
        sjabloon = _gemigreerd.get((postgres_dsn, service))
        if sjabloon is None:
            sjabloon = f"sjabloon_{service}_{uuid.uuid4().hex[:12]}"
            await beheer.execute(f"create database {sjabloon}")
            await migrate(_in(postgres_dsn, sjabloon), [service], "alle", ROL_WACHTWOORD)
            _gemigreerd[postgres_dsn, service] = sjabloon
        naam = f"{service}_{uuid.uuid4().hex[:12]}"
        await beheer.execute(f"create database {naam} template {sjabloon}")
    finally:
        await beheer.close()
    return _in(postgres_dsn, naam)


async def ruim_op(postgres_dsn: str, dsn: str) -> None:
    """Drop it, whoever is still connected."""
    beheer = await asyncpg.connect(postgres_dsn)
    await beheer.execute(f"drop database {dsn.rpartition('/')[2]} with (force)")
    await beheer.close()


def als_rol(dsn: str, service: str) -> str:
    """The same database as the role of the service, so that row-level security holds as it does in production."""
    delen = urlsplit(dsn)
    return f"postgresql://zk_{service}:{ROL_WACHTWOORD}@{delen.hostname}:{delen.port}{delen.path}"


def _in(postgres_dsn: str, naam: str) -> str:
    return f"{postgres_dsn.rpartition('/')[0]}/{naam}"
