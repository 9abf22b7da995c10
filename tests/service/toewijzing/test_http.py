"""HTTP van toewijzing en intake op een echte Postgres; alleen de uitgever van tokens is nagemaakt."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from chassis.auth import Caller
from chassis.db import Pool, Tenant, transaction
from chassis.errors import Problem
from chassis.http import create_api
from chassis.rechten import bewaak
from services.intake.http import indicatie as intake_http
from services.rechten import RECHTEN
from services.toewijzing import http as toewijzing_http
from tests.service.toewijzing.zaak import GOES, Zaak, begeleiding, van

Klok = Callable[[str], None]
CONTRACT = {
    "aanbieder": "75750101",
    "product_categorie": "02",
    "product_code": "02A05",
    "variant": "inspanning",
    "eenheid": "04",
    "tarief_cent": 5875,
    "geldig_vanaf": "2025-01-01",
}


class _Uitgever:
    """Een token is `gemeente:rol,rol`."""

    async def caller(self, token: str) -> Caller:
        gemeente, _, rollen = token.partition(":")
        if not gemeente.isdigit():
            raise Problem(401, "niet_aangemeld", "Niet aangemeld", "Meld u aan.")
        return Caller("jan", gemeente, None, frozenset(rollen.split(",")), token)


@asynccontextmanager
async def browser(service: str, pool: Pool, *routers: APIRouter) -> AsyncIterator[httpx.AsyncClient]:
    api: FastAPI = create_api(service, None)
    api.state.rechten, api.state.koekje = RECHTEN[service], None
    bewaak(api, *routers)
    api.state.pool = pool
    api.state.issuer = _Uitgever()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://test") as client:
        client.headers["Authorization"] = f"Bearer {GOES}:consulent,beheerder"
        yield client


@pytest.fixture
async def toewijzing(pool: Pool) -> AsyncIterator[httpx.AsyncClient]:
    async with browser("toewijzing", pool, *toewijzing_http.ROUTERS) as client:
        yield client


@pytest.fixture
async def intake(intake_pool: Pool) -> AsyncIterator[httpx.AsyncClient]:
    async with browser("intake", intake_pool, intake_http.router) as client:
        yield client


async def aantal_contracten(pool: Pool, gemeente: str) -> int:
    async with transaction(pool, Tenant(gemeente=gemeente)) as tx:
        return int(await tx.fetchval("SELECT count(*) FROM contract"))


async def test_contracten_vervangen(toewijzing: httpx.AsyncClient, pool: Pool, zet_klok: Klok) -> None:
    gemeente = {"Authorization": "Bearer 1695:beheerder"}
    for _ in range(2):
        antwoord = await toewijzing.put("/v1/contracten", json=[CONTRACT], headers=gemeente)
        assert antwoord.status_code == 200, antwoord.text
    assert await aantal_contracten(pool, "1695") == 1
    await toewijzing.put("/v1/contracten", json=[CONTRACT | {"tarief_cent": 6000}], headers=gemeente)
    rijen = (await toewijzing.get("/v1/contracten", headers=gemeente)).json()
    assert [r["tarief_cent"] for r in rijen] == [6000] and rijen[0]["minuten_toegestaan"] is True
    assert await aantal_contracten(pool, "1695") == 2
    gebeurd = await pool.fetchval("SELECT count(*) FROM outbox WHERE sleutel = '1695'")
    assert gebeurd == 2


@pytest.mark.parametrize(
    "fout", [{"aanbieder": "1"}, {"variant": "taak"}, {"geldig_tot": "2024-01-01"}, {"onbekend": 1}]
)
async def test_contract_dat_niet_klopt(toewijzing: httpx.AsyncClient, fout: dict[str, Any], zet_klok: Klok) -> None:
    assert (await toewijzing.put("/v1/contracten", json=[CONTRACT | fout])).status_code == 422


async def test_instellingen(toewijzing: httpx.AsyncClient, zet_klok: Klok) -> None:
    gemeente = {"Authorization": "Bearer 0703:beheerder"}
    standaard = (await toewijzing.get("/v1/instellingen", headers=gemeente)).json()
    assert all(standaard.values())
    anders = {"verzoek_om_wijziging_toegestaan": False, "iets_nieuws": 3}
    assert (await toewijzing.put("/v1/instellingen", json=anders, headers=gemeente)).status_code == 200
    vast = (await toewijzing.get("/v1/instellingen", headers=gemeente)).json()
    assert vast == standaard | anders


async def test_wie_mag_wat(toewijzing: httpx.AsyncClient, zet_klok: Klok) -> None:
    lijst = "/v1/toewijzingen"
    assert (await toewijzing.get(lijst, headers={"Authorization": "Bearer x"})).status_code == 401
    kijker = {"Authorization": f"Bearer {GOES}:financien"}
    assert (await toewijzing.get(lijst, headers=kijker)).status_code == 200
    assert (await toewijzing.put("/v1/contracten", json=[], headers=kijker)).status_code == 403


async def test_opdrachten_op_een_toewijzing(toewijzing: httpx.AsyncClient, pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    nummer = van(await zaak.indiceer(begeleiding()), "indicatie_toegewezen")[0]["toewijzing_nummers"][0]
    pad = f"/v1/toewijzingen/{nummer}"
    sleutel = {"Idempotency-Key": str(uuid4())}
    oprekken = {"einddatum": "2026-12-31", "reden_wijziging": "04"}
    eerste, tweede = [await toewijzing.post(f"{pad}/wijziging", json=oprekken, headers=sleutel) for _ in range(2)]
    assert eerste.status_code == tweede.status_code == 202 and eerste.json() == tweede.json()
    assert eerste.json()["versie"] == 2
    anders = await toewijzing.post(f"{pad}/wijziging", json=oprekken | {"volume": 1}, headers=sleutel)
    assert anders.status_code == 409
    volume = await toewijzing.post(f"{pad}/wijziging", json={"volume": 5, "reden_wijziging": "14"})
    assert volume.status_code == 422
    assert {b["regel"] for b in volume.json()["bevindingen"]} == {"OP257", "IV066"}
    vreemd = {"Authorization": "Bearer 0654:consulent"}
    assert (await toewijzing.post(f"{pad}/verwijdering", json={}, headers=vreemd)).status_code == 404
    intrekken = {"einddatum": "2026-05-31", "reden_wijziging": "07"}
    assert (await toewijzing.post(f"{pad}/intrekking", json=intrekken)).status_code == 202
    [rij] = (await toewijzing.get("/v1/toewijzingen", params={"client_id": zaak.client_id})).json()["toewijzingen"]
    assert (rij["status"], rij["einddatum"], rij["levering"]) == ("ingetrokken", "2026-05-31", "geen")
    assert (await toewijzing.post(f"{pad}/verwijdering", json={})).status_code == 202


async def test_lijst_in_paginas(toewijzing: httpx.AsyncClient, pool: Pool, zet_klok: Klok) -> None:
    zaak = Zaak(pool)
    await zaak.contracten()
    for maand in ("02", "03", "04"):
        await zaak.indiceer(begeleiding(ingangsdatum=f"2026-{maand}-02", einddatum=f"2026-{maand}-20"))
    gezien: list[int] = []
    na = "0"
    while na is not None:
        vraag = {"client_id": zaak.client_id, "limit": "2", "na": na, "status": "toekomstig"}
        pagina = (await toewijzing.get("/v1/toewijzingen", params=vraag)).json()
        gezien += [t["toewijzing_nummer"] for t in pagina["toewijzingen"]]
        na = pagina["volgende"]
    assert len(gezien) == len(set(gezien)) == 3


def een_indicatie(bsn: str = "999900031") -> dict[str, Any]:
    return {
        "client": {
            "bsn": bsn,
            "geboortedatum": "1950-05-17",
            "geslacht": "2",
            "naam": {"achternaam": "Testduin", "voorletters": "A"},
            "adres": {"straat": "Zeedijk", "huisnummer": 12, "postcode": "4461AB", "plaats": "Goes"},
            "contacten": [{"soort": "01"}],
        },
        "beschikking": {"nummer": "1", "ingangsdatum": "2026-01-01"},
        "producten": [begeleiding()],
    }


async def test_indicatie_over_http(intake: httpx.AsyncClient, zet_klok: Klok) -> None:
    antwoord = await intake.post("/v1/indicaties", json=een_indicatie())
    assert antwoord.status_code == 201, antwoord.text
    gemaakt = antwoord.json()
    stand = (await intake.get(f"/v1/indicaties/{gemaakt['indicatie_id']}")).json()
    assert (stand["status"], stand["toewijzing_nummers"], stand["bevindingen"]) == ("ontvangen", [], [])
    zoek = await intake.post("/v1/clienten/zoek", json={"bsn": "999900031"})
    assert zoek.json() == {"client_id": gemaakt["client_id"]}
    gezien = (await intake.get(f"/v1/clienten/{gemaakt['client_id']}")).json()
    assert gezien["bsn"] == "*****0031"
    assert (await intake.post("/v1/clienten/zoek", json={"bsn": "999900043"})).status_code == 404


async def test_cs002_over_http_zonder_waarde(intake: httpx.AsyncClient, zet_klok: Klok) -> None:
    antwoord = await intake.post("/v1/indicaties", json=een_indicatie("999900019"))
    assert antwoord.status_code == 422 and antwoord.json()["bevindingen"][0]["regel"] == "CS002"
    assert "999900019" not in antwoord.text


@pytest.mark.parametrize("volume", ["3", 3.5, -1, 1e400, 2**63, None])
async def test_volume_dat_geen_volume_is(intake: httpx.AsyncClient, volume: Any, zet_klok: Klok) -> None:
    body = een_indicatie()
    body["producten"] = [begeleiding(omvang={"volume": "@", "eenheid": "04", "frequentie": "2"})]
    ruw = json.dumps(body).replace('"@"', json.dumps(volume))
    antwoord = await intake.post("/v1/indicaties", content=ruw, headers={"Content-Type": "application/json"})
    assert 400 <= antwoord.status_code < 500
