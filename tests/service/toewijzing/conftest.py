"""Een echte Postgres met de schema's van toewijzing en intake, en een klok die de test zet."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from chassis.clock import clock
from chassis.db import Pool, connection_options, init_connection
from chassis.kluis import Kluis
from chassis.migrate import migrate
from tests.conftest import ROL_WACHTWOORD


@pytest.fixture(scope="session")
def schema_dsn(postgres_dsn: str) -> str:
    asyncio.run(migrate(postgres_dsn, ["toewijzing", "intake"], "alle", ROL_WACHTWOORD))
    return postgres_dsn


async def open_schema(dsn: str, service: str) -> Pool:
    """As the role of the service, so that row-level security holds as it does in production."""
    adres = dsn.rpartition("@")[2]
    return await asyncpg.create_pool(
        f"postgresql://zk_{service}:{ROL_WACHTWOORD}@{adres}",
        min_size=1,
        max_size=4,
        init=init_connection,
        server_settings=connection_options(service, "test"),
    )


@pytest.fixture
async def pool(schema_dsn: str) -> AsyncIterator[Pool]:
    pool = await open_schema(schema_dsn, "toewijzing")
    yield pool
    await pool.close()


@pytest.fixture
async def intake_pool(schema_dsn: str, kluis: Kluis) -> AsyncIterator[Pool]:
    pool = await open_schema(schema_dsn, "intake")
    yield pool
    await pool.close()


@pytest.fixture
def zet_klok(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    def zet(moment: str) -> None:
        bestand = tmp_path / f"klok-{uuid4()}.json"
        offset = (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()
        bestand.write_text(json.dumps({"versie": 1, "offset_s": offset}))
        clock.configure(str(bestand), omgeving="lokaal")

    zet("2026-01-19T10:00:00+01:00")
    yield zet
    clock.configure(None, omgeving="lokaal")
