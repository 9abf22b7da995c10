"""What every test may ask for: a real Postgres and a real Kafka, one of each per session."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lokaal.kafka import start_kafka
from lokaal.postgres import start_postgres
from lokaal.proces import free_port


@pytest.fixture(scope="session")
def tijdelijke_map() -> Iterator[Path]:
    """A folder of this session; not pytest's own, which no other user may enter (Postgres runs as one)."""
    map_ = Path(tempfile.mkdtemp(prefix="zorgketen-"))
    yield map_
    shutil.rmtree(map_, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_dsn(tijdelijke_map: Path) -> Iterator[str]:
    """The superuser's dsn of a server of this session. Tests make their own databases or schemas in it."""
    server = start_postgres(tijdelijke_map / "postgres", free_port())
    yield server.dsn
    server.stop()


@pytest.fixture(scope="session")
def kafka_bootstrap(tijdelijke_map: Path) -> Iterator[str]:
    """host:port of a broker of this session. Tests make their own topics in it."""
    broker = start_kafka(tijdelijke_map / "kafka", free_port(), free_port())
    yield broker.bootstrap
    broker.stop()
