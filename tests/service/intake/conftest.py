"""intake on a real Postgres with a real vault; only the issuer of tokens is a stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.auth import Caller
from chassis.db import OVERAL, Pool, Tenant, transaction
from chassis.http import create_api
from chassis.kluis import Kluis
from chassis.migrate import migrate
from chassis.rechten import bewaak
from services.intake.handlers.wekker import meld_termijnen
from services.intake.http import ROUTERS
from services.rechten import RECHTEN
from tests.conftest import ROL_WACHTWOORD
from tests.service.intake.een import een_afweging, een_melding, een_onderzoek
from tests.service.toewijzing.conftest import open_schema
from tests.service.toewijzing.conftest import zet_klok as zet_klok

GOES = "0664"
_bsns = (f"9999{n:05d}" for n in range(40_000, 50_000))


def een_bsn() -> str:
    """A test BSN that no other test of this file set uses (11-proef)."""
    gewichten = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return next(b for b in _bsns if sum(g * int(c) for g, c in zip(gewichten, b, strict=True)) % 11 == 0)


class _Uitgever:
    """A token is `gemeente:sub:team:rollen`; a team of - is none, and a party of 8 digits is a provider."""

    async def caller(self, token: str) -> Caller:
        gemeente, sub, team, rollen = token.split(":")
        if len(gemeente) == 8:
            return Caller(sub, None, gemeente, frozenset({"aanbieder"}), token)
        return Caller(sub, gemeente, None, frozenset(rollen.split(",")), token, team=None if team == "-" else team)


@dataclass
class Loket:
    """The front of intake for one gemeente, and what it told to others."""

    http: httpx.AsyncClient
    pool: Pool
    gemeente: str = GOES
    meldingen: list[str] = field(default_factory=list)

    async def vraag(
        self, methode: str, pad: str, body: Any = None, *, wie: str = "anna", team: str = "-",
        rollen: str = "consulent,beheerder", gemeente: str | None = None, **koppen: str,
    ) -> httpx.Response:  # fmt: skip
        kop = {"Authorization": f"Bearer {gemeente or self.gemeente}:{wie}:{team}:{rollen}"} | koppen
        return await self.http.request(methode, f"/v1/{pad}", json=body, headers=kop)

    async def meld(self, bsn: str | None = None, **anders: Any) -> str:
        antwoord = await self.vraag("POST", "meldingen", een_melding(bsn or een_bsn(), **anders))
        assert antwoord.status_code == 201, antwoord.text
        melding_id: str = antwoord.json()["melding_id"]
        return melding_id

    async def stap(self, melding_id: str, wat: str, body: Any, *, status: int = 200, **verder: Any) -> dict[str, Any]:
        """`wat`: METHOD path, as in een.STAPPEN."""
        methode, _, pad = wat.partition(" ")
        antwoord = await self.vraag(methode, f"meldingen/{melding_id}/{pad}", body, **verder)
        assert antwoord.status_code == status, antwoord.text
        gegeven: dict[str, Any] = antwoord.json()
        return gegeven

    async def tot_aanvraag(self, melding_id: str, **onderzoek: Any) -> None:
        await self.stap(melding_id, "PUT plan", {"plan": "geen"})
        await self.stap(melding_id, "PUT onderzoek", een_onderzoek(**onderzoek))
        await self.stap(melding_id, "POST onderzoek/afronding", {})
        await self.stap(melding_id, "PUT afweging", een_afweging())
        await self.stap(melding_id, "POST aanvraag", {})

    async def toon(self, melding_id: str, **verder: Any) -> dict[str, Any]:
        antwoord = await self.vraag("GET", f"meldingen/{melding_id}", **verder)
        assert antwoord.status_code == 200, antwoord.text
        gegeven: dict[str, Any] = antwoord.json()
        return gegeven

    async def klok_loopt(self) -> None:
        """The clock of intake looks until there is nothing left to tell."""
        for _ in range(3):
            async with transaction(self.pool, OVERAL) as tx:
                await meld_termijnen(tx)

    async def gebeurtenissen(self, keten: str) -> list[tuple[str, bytes]]:
        """(type, bytes) of what was told of a case or signal, in order."""
        async with transaction(self.pool, Tenant(self.gemeente)) as tx:
            rijen = await tx.fetch(
                "SELECT type, bericht FROM outbox WHERE position($1 IN convert_from(bericht, 'UTF8')) > 0 ORDER BY id",
                keten,
            )
        return [(rij["type"].removeprefix("intake."), rij["bericht"]) for rij in rijen]


@pytest.fixture(scope="session")
def intake_dsn(postgres_dsn: str) -> str:
    asyncio.run(migrate(postgres_dsn, ["intake"], "alle", ROL_WACHTWOORD))
    return postgres_dsn


@pytest.fixture
async def loket(intake_dsn: str, kluis: Kluis, zet_klok: Any) -> AsyncIterator[Loket]:
    pool = await open_schema(intake_dsn, "intake")
    api = create_api("intake", None)
    api.state.rechten, api.state.koekje = RECHTEN["intake"], None
    bewaak(api, *ROUTERS)
    api.state.pool, api.state.issuer = pool, _Uitgever()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://test") as http:
        yield Loket(http, pool)
    await pool.close()


@pytest.fixture
def sleutel() -> str:
    return str(uuid4())
