"""knooppunt on a real Postgres: its schema, its routes over ASGI, and tokens of a real issuer."""

import datetime as dt
import json
import time
import uuid

import httpx
import pytest
import pytest_asyncio

from tests.conftest import ROL_WACHTWOORD
from tests.service.knooppunt.spel import Knooppunt


@pytest.fixture
def omgeving(monkeypatch, uitgever, tmp_path):
    """The environment of the process, with a test clock that stands at 2026-04-07."""
    klok = tmp_path / "klok.json"
    begin = dt.datetime(2026, 4, 7, 8, 0, tzinfo=dt.UTC)
    klok.write_text(json.dumps({"versie": 1, "offset_s": begin.timestamp() - time.time()}))
    for naam, waarde in {
        "OMGEVING": "lokaal",
        "ISSUER": uitgever[0],
        "KAFKA": "127.0.0.1:1",
        "KLOK_BESTAND": str(klok),
    }.items():
        monkeypatch.setenv(f"ZORGKETEN_{naam}", waarde)
    return klok


@pytest_asyncio.fixture
async def knooppunt(postgres_dsn, omgeving, kluis, monkeypatch, uitgever):
    """A knooppunt with an empty database of its own."""
    import asyncpg

    from chassis.migrate import migrate

    naam = f"knooppunt_{uuid.uuid4().hex[:12]}"
    beheer = await asyncpg.connect(postgres_dsn)
    await beheer.execute(f"create database {naam}")
    basis, _, _ = postgres_dsn.rpartition("/")
    await migrate(f"{basis}/{naam}", ["knooppunt"], "alle", ROL_WACHTWOORD)
    host = httpx.URL(postgres_dsn.replace("postgresql:", "http:"))
    monkeypatch.setenv("ZORGKETEN_DSN", f"postgresql://zk_knooppunt:{ROL_WACHTWOORD}@{host.host}:{host.port}/{naam}")
    async with Knooppunt.open(uitgever[1], omgeving) as spel:
        yield spel
    await beheer.execute(f"drop database {naam} with (force)")
    await beheer.close()
