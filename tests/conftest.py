"""What every test may ask for: a real Postgres and a real Kafka, one of each per session.

They come from PyPI and Maven Central; with `ZORGKETEN_TEST_OPSLAG=containers` from the public images instead
(`make test-containers`), which needs a container engine.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from chassis.clock import clock
from lokaal.kafka import start_kafka
from lokaal.postgres import start_postgres
from lokaal.proces import free_port
from tests.containers import opslag

# A property is right or wrong, never late: the machine may be busy. A failure prints how to see it again.
settings.register_profile("huis", deadline=None, print_blob=True)
settings.load_profile("huis")


class PerKeten(LoadScopeScheduling):
    """Processes share the tests by file; the tests of one running chain stay together, and the longest go first."""

    def _split_scope(self, nodeid: str) -> str:
        bestand = nodeid.partition("::")[0]
        map_ = bestand.rpartition("/")[0]
        return map_ if map_ in ("tests/chain", "tests/corpus") else bestand


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> PerKeten:
    # In the order of the alphabet: tests/chain takes longest and must not be the last one that runs.
    config.option.loadscopereorder = False
    return PerKeten(config, log)


@pytest.fixture(scope="module", autouse=True)
def echte_klok() -> None:
    """A process has one clock: what the tests of another file set it to, is not the time here."""
    clock.configure(None, omgeving="lokaal")


@pytest.fixture(scope="session")
def tijdelijke_map() -> Iterator[Path]:
    """A folder of this session; not pytest's own, which no other user may enter (Postgres runs as one)."""
    map_ = Path(tempfile.mkdtemp(prefix="zorgketen-"))
    yield map_
    shutil.rmtree(map_, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_dsn(tijdelijke_map: Path) -> Iterator[str]:
    """The superuser's dsn of a server of this session. Tests make their own databases or schemas in it."""
    with opslag.postgres() if _containers() else _postgres(tijdelijke_map / "postgres") as dsn:
        yield dsn


ROL_WACHTWOORD = "proef"
"""Of every service's role. Roles belong to the whole server: a test with another one shuts out those after it."""


@pytest.fixture(scope="session")
def kafka_bootstrap(tijdelijke_map: Path) -> Iterator[str]:
    """host:port of a broker of this session. Tests make their own topics in it."""
    with opslag.kafka() if _containers() else _kafka(tijdelijke_map / "kafka") as bootstrap:
        yield bootstrap


def _containers() -> bool:
    return os.environ.get("ZORGKETEN_TEST_OPSLAG") == "containers"


@contextmanager
def _postgres(map_: Path) -> Iterator[str]:
    server = start_postgres(map_, free_port())
    try:
        asyncio.run(_wait_for_no_disk(server.dsn))
        yield server.dsn
    finally:
        server.stop()


async def _wait_for_no_disk(dsn: str) -> None:
    """The machine does not lose its power during these tests; a killed server or process loses nothing by this."""
    beheer = await asyncpg.connect(dsn)
    for instelling in ("fsync", "full_page_writes", "synchronous_commit"):
        await beheer.execute(f"alter system set {instelling} = off")
    await beheer.execute("select pg_reload_conf()")
    await beheer.close()


@contextmanager
def _kafka(map_: Path) -> Iterator[str]:
    broker = start_kafka(map_, free_port(), free_port())
    try:
        yield broker.bootstrap
    finally:
        broker.stop()
