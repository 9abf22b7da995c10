"""A database with the schema of notifications, and a real SMTP server."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from chassis.migrate import migrate
from lokaal.post import serve_smtp
from lokaal.proces import free_port
from tests.conftest import ROL_WACHTWOORD


@pytest.fixture
def notifications_dsn(postgres_dsn: str) -> str:
    """An empty database of this test, with the service's own role."""
    naam = f"t_{uuid.uuid4().hex}"

    async def maak() -> None:
        beheer = await asyncpg.connect(postgres_dsn)
        await beheer.execute(f"CREATE DATABASE {naam}")
        await beheer.close()
        await migrate(postgres_dsn.rsplit("/", 1)[0] + f"/{naam}", ["notifications"], "alle", ROL_WACHTWOORD)

    asyncio.run(maak())
    delen = urlsplit(postgres_dsn)
    return f"postgresql://zk_notifications:{ROL_WACHTWOORD}@{delen.hostname}:{delen.port}/{naam}"


@pytest.fixture
def postvak(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """host:port of a mail server, and the folder where its mail arrives."""
    poort = free_port()
    server = serve_smtp(tmp_path / "post", poort)
    yield f"127.0.0.1:{poort}", tmp_path / "post"
    server.stop()
