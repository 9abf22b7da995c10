"""All services on one real Postgres, each under its own role, with the same things for every party."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import importlib
import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from chassis import kluis as kluizen
from chassis.db import Pool, connection_options, init_connection
from chassis.migrate import migrate
from services.backoffice import buren
from tests.conftest import ROL_WACHTWOORD
from tests.service.rechten import vulling

SERVICES = ("backoffice", "declaratie", "intake", "knooppunt", "notifications", "toewijzing")
TEAM = {"team": "west"}
BUREN = {service: f"http://{service}.invalid" for service in SERVICES}


@dataclass(frozen=True)
class Huis:
    """Where everything is: the superuser's dsn, the applications, how to sign a token, and who owns what."""

    beheer: str
    kluis_dsn: str
    apps: dict[str, FastAPI]
    teken: Callable[..., str]
    bezit: dict[vulling.Partij, vulling.Bezit]

    def dsn(self, service: str) -> str:
        return f"postgresql://zk_{service}:{ROL_WACHTWOORD}@{self.beheer.rpartition('@')[2]}"

    async def pool(self, service: str) -> Pool:
        return await asyncpg.create_pool(
            self.dsn(service), min_size=0, max_size=4, init=init_connection,
            server_settings=connection_options(service, "proef"),
        )  # fmt: skip

    def token(self, partij: vulling.Partij | None, *rollen: str) -> dict[str, str]:
        claims = {} if partij is None else {"gemeente" if len(partij) == 4 else "agb": partij}
        # Another role is another person: some things take two.
        sub = "-".join(rollen) or "proef"
        return {"Authorization": f"Bearer {self.teken(sub=sub, rollen=list(rollen), **claims, **TEAM)}"}


_apps: dict[str, FastAPI] = {}


def _naar_de_buren(**opties: Any) -> httpx.AsyncClient:
    """The wire between the back office and its neighbours: it ends at the application of the other service."""
    wegen = {BUREN[service]: httpx.ASGITransport(app=api) for service, api in _apps.items()}
    return httpx.AsyncClient(mounts=wegen, **opties)


def _laad_apps() -> dict[str, FastAPI]:
    apps = {}
    for service in SERVICES:
        main = importlib.import_module(f"services.{service}.__main__")
        apps[service] = (main.bouw() if hasattr(main, "bouw") else main.app).api
    _apps.update(apps)
    staat = apps["backoffice"].state
    staat.settings = dataclasses.replace(staat.settings, urls=BUREN)
    return apps


@pytest.fixture(scope="session")
def huis(postgres_dsn: str, kluis_dsn: str, uitgever: Any) -> Iterator[Huis]:
    naam = f"rechten_{uuid.uuid4().hex[:12]}"
    beheer = f"{postgres_dsn.rpartition('/')[0]}/{naam}"
    url, teken = uitgever
    omgeving = {
        "OMGEVING": "lokaal", "ISSUER": url, "KAFKA": "127.0.0.1:1", "DSN": "-",
        "URL_BACKOFFICE": "http://127.0.0.1:1", "URL_INTAKE": "http://127.0.0.1:1",
        "SLEUTEL_KLUIS": f"1:{base64.b64encode(b'k' * 32).decode()}",
        **{f"SLEUTEL_{n}": base64.b64encode(n.encode().ljust(32)).decode() for n in ("PSEUDONIEM", "GEGEVENS", "WEBHOOKS")},
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        for sleutel, waarde in omgeving.items():
            patch.setenv(f"ZORGKETEN_{sleutel}", waarde)
        patch.setattr(buren, "AsyncClient", _naar_de_buren)
        bezit: dict[vulling.Partij, vulling.Bezit] = {}
        huis = Huis(beheer, kluis_dsn, _laad_apps(), teken, bezit)

        async def begin() -> None:
            verbinding = await asyncpg.connect(postgres_dsn)
            await verbinding.execute(f"create database {naam}")
            await verbinding.close()
            await migrate(beheer, SERVICES, "alle", ROL_WACHTWOORD)
            async with open_huis(huis) as (pools, http):
                bezit.update(await vulling.vul(pools, http, huis.token))

        asyncio.run(begin())
        yield huis
    assert not os.environ.get("ZORGKETEN_URL_INTAKE")


class open_huis:
    """Pools and clients of every service, in the loop of now."""

    def __init__(self, huis: Huis) -> None:
        self._huis, self._op_het_eind = huis, AsyncExitStack()

    async def __aenter__(self) -> tuple[dict[str, Pool], dict[str, httpx.AsyncClient]]:
        await kluizen.kluis.open(self._huis.kluis_dsn, "proef")
        self._op_het_eind.push_async_callback(kluizen.kluis.close)
        pools, clients = {}, {}
        for service, api in self._huis.apps.items():
            pools[service] = api.state.pool = await self._huis.pool(service)
            self._op_het_eind.push_async_callback(pools[service].close)
            clients[service] = await self._op_het_eind.enter_async_context(
                httpx.AsyncClient(
                    transport=httpx.ASGITransport(app=api, raise_app_exceptions=False), base_url=f"http://{service}"
                )
            )
        return pools, clients

    async def __aexit__(self, *_: object) -> None:
        await self._op_het_eind.aclose()


@pytest.fixture
async def pools_en_http(huis: Huis) -> AsyncIterator[tuple[dict[str, Pool], dict[str, httpx.AsyncClient]]]:
    async with open_huis(huis) as alles:
        yield alles


@pytest.fixture
def http(pools_en_http: Any) -> dict[str, httpx.AsyncClient]:
    return pools_en_http[1]


@pytest.fixture
def pools(pools_en_http: Any) -> dict[str, Pool]:
    return pools_en_http[0]
