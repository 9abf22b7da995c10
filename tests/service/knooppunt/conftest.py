"""knooppunt on a real Postgres: its schema, its routes over ASGI, and tokens of a real issuer."""

import datetime as dt
import json
import time

import pytest
import pytest_asyncio

from tests.databases import als_rol, ruim_op, verse_database
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
    dsn = await verse_database(postgres_dsn, "knooppunt")
    monkeypatch.setenv("ZORGKETEN_DSN", als_rol(dsn, "knooppunt"))
    async with Knooppunt.open(uitgever[1], omgeving) as spel:
        yield spel
    await ruim_op(postgres_dsn, dsn)
