"""A database with the schema of notifications, and a real SMTP server."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from chassis.auth import Caller
from chassis.db import Pool, connection_options, init_connection
from chassis.http import create_api
from chassis.rechten import bewaak
from lokaal.post import serve_smtp
from lokaal.proces import free_port
from services.notifications.http import ROUTERS
from services.rechten import RECHTEN
from tests.databases import als_rol, verse_database

GOES = "0664"


@pytest.fixture(scope="session")
def database(postgres_dsn: str) -> str:
    """The superuser's dsn of a database with the tables: migrating for every test takes seconds."""
    return asyncio.run(verse_database(postgres_dsn, "notifications"))


@pytest.fixture
def notifications_dsn(database: str) -> str:
    """The database of this session, emptied, as the service's own role."""

    async def maak_leeg() -> None:
        beheer = await asyncpg.connect(database)
        tabellen = ("notificatie", "ontvanger", "webhook", "outbox", "klanten_slot")
        await beheer.execute("TRUNCATE " + ", ".join(f"notifications.{tabel}" for tabel in tabellen))
        await beheer.close()

    asyncio.run(maak_leeg())
    return als_rol(database, "notifications")


@pytest.fixture
def postvak(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """host:port of a mail server, and the folder where its mail arrives."""
    poort = free_port()
    server = serve_smtp(tmp_path / "post", poort)
    yield f"127.0.0.1:{poort}", tmp_path / "post"
    server.stop()


class _Uitgever:
    """A token is a gemeente or an AGB, with every role."""

    async def caller(self, token: str) -> Caller:
        gemeente, agb = (token, None) if len(token) == 4 else (None, token)
        return Caller("jan", gemeente, agb, frozenset({"consulent", "beheerder", "aanbieder"}), token)


@pytest.fixture
async def pool(notifications_dsn: str) -> AsyncIterator[Pool]:
    pool = await asyncpg.create_pool(
        notifications_dsn, min_size=1, max_size=4, init=init_connection,
        server_settings=connection_options("notifications", "proef"),
    )  # fmt: skip
    yield pool
    await pool.close()


@pytest.fixture
async def api(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """The front of notifications, for Goes unless another token is given."""
    monkeypatch.setenv("ZORGKETEN_OMGEVING", "lokaal")
    monkeypatch.setenv("ZORGKETEN_SLEUTEL_WEBHOOKS", base64.b64encode(b"w" * 32).decode())
    api = create_api("notifications", None)
    api.state.pool, api.state.issuer = pool, _Uitgever()
    api.state.rechten, api.state.koekje = RECHTEN["notifications"], None
    bewaak(api, *ROUTERS)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://test") as client:
        client.headers["Authorization"] = f"Bearer {GOES}"
        yield client
