"""Every command of toewijzing with one Idempotency-Key: 20 times at once and once more later is one effect."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.db import GEEN, Pool, transaction
from services.rechten import RECHTEN
from services.toewijzing.http import ROUTERS
from tests.service.toewijzing.test_http import CONTRACT, browser
from tests.service.toewijzing.zaak import Zaak, begeleiding, dagbesteding, van

Klok = Callable[[str], None]
TEGELIJK = 20
OP_NUMMER: dict[str, dict[str, Any]] = {
    "wijziging": {"einddatum": "2026-12-31", "reden_wijziging": "04"},
    "intrekking": {"einddatum": "2026-05-31", "reden_wijziging": "07"},
    "verwijdering": {},
    "herindicatie": {"ingangsdatum": "2026-05-04", "omvang": {"volume": 5, "eenheid": "04", "frequentie": "2"}},
    "correctie": {"product": {"categorie": "07", "code": "07A12"}, "omvang": dagbesteding()["omvang"]},
    "herzending": {},
}
OP_VERZOEK: dict[str, dict[str, Any]] = {"toekenning": {}, "onderzoek": {}, "afwijzing": {"reden": "2"}}
LIJSTEN: dict[str, Any] = {"contracten": [CONTRACT], "instellingen": {"verzoek_om_toewijzing_toegestaan": False}}


@pytest.fixture
async def http(pool: Pool) -> AsyncIterator[httpx.AsyncClient]:
    async with browser("toewijzing", pool, *ROUTERS) as client:
        yield client


@pytest.fixture
async def zaak(pool: Pool, zet_klok: Klok) -> Zaak:
    zaak = Zaak(pool)
    await zaak.contracten()
    await zaak.indiceer(begeleiding())
    return zaak


def test_elke_opdracht_staat_in_deze_tabellen() -> None:
    opdrachten = {f"POST /v1/toewijzingen/{{nummer}}/{naam}" for naam in OP_NUMMER}
    opdrachten |= {f"POST /v1/verzoeken/{{verzoek_id}}/{naam}" for naam in OP_VERZOEK}
    opdrachten |= {f"PUT /v1/{naam}" for naam in LIJSTEN} | {"POST /v1/clienten/{client_id}/gebeurtenissen"}
    opdrachten.add("POST /v1/contracten/wijzigingen")
    # What is parked has tests of its own, the same for every service (tests/service/chassis/test_parkeerplaats.py).
    bestaat = {route for route in RECHTEN["toewijzing"] if not route.startswith("GET") and "/geparkeerd/" not in route}
    assert opdrachten == bestaat - {"POST /v1/controle/oordeel"}, "a judgement has no effect, a command has"


async def eenmaal(http: httpx.AsyncClient, zaak: Zaak, pad: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Send a command 20 times at once and once more; the events that it led to."""
    voor = len(await zaak.gebeurtenissen())
    sleutel = {"Idempotency-Key": str(uuid4())}

    async def doe() -> httpx.Response:
        return await http.post(pad, json=body, headers=sleutel)

    antwoorden = [*await asyncio.gather(*(doe() for _ in range(TEGELIJK))), await doe()]
    assert {a.status_code for a in antwoorden} == {202}, antwoorden[0].text
    assert all(a.json() == antwoorden[0].json() for a in antwoorden)
    return (await zaak.gebeurtenissen())[voor:]


@pytest.mark.parametrize("soort", OP_NUMMER)
async def test_opdracht_op_een_toewijzing_werkt_eenmaal(http: httpx.AsyncClient, zaak: Zaak, soort: str) -> None:
    [rij] = await zaak.toewijzingen()
    pad = f"/v1/toewijzingen/{rij['toewijzing_nummer']}/{soort}"
    gebeurd = await eenmaal(http, zaak, pad, OP_NUMMER[soort])
    assert len(van(gebeurd, "bericht_opgesteld")) == 1
    nieuwe_versies = {"herzending": 0, "herindicatie": 2, "correctie": 2}.get(soort, 1)
    assert len(van(gebeurd, "toewijzing_vastgelegd")) == nieuwe_versies


@pytest.mark.parametrize("soort", OP_VERZOEK)
async def test_besluit_op_een_verzoek_werkt_eenmaal(http: httpx.AsyncClient, zaak: Zaak, soort: str) -> None:
    aanvraag = {
        "referentie_aanbieder": str(uuid4())[:20],
        "product": {"categorie": "07", "code": "07A12"},
        "toewijzing_ingangsdatum": "2026-03-16",
        "toewijzing_einddatum": "2026-08-31",
        "omvang": {"volume": 4, "eenheid": "16", "frequentie": "2"},
    }
    gebeurd = await zaak.ontvang("WMO315", {"aangevraagde_producten": [aanvraag]})
    pad = f"/v1/verzoeken/{van(gebeurd, 'verzoek_gewijzigd')[0]['verzoek_id']}/{soort}"
    gebeurd = await eenmaal(http, zaak, pad, OP_VERZOEK[soort])
    assert len(van(gebeurd, "bericht_opgesteld")) == len(van(gebeurd, "verzoek_gewijzigd")) == 1


async def test_gebeurtenis_werkt_eenmaal(http: httpx.AsyncClient, zaak: Zaak) -> None:
    verhuizing = {"soort": "verhuizing", "datum": "2026-06-01"}
    gebeurd = await eenmaal(http, zaak, f"/v1/clienten/{zaak.client_id}/gebeurtenissen", verhuizing)
    assert len(van(gebeurd, "bericht_opgesteld")) == len(van(gebeurd, "toewijzing_vastgelegd")) == 1


async def test_contractwijziging_werkt_eenmaal(http: httpx.AsyncClient, zet_klok: Klok) -> None:
    kop = {"Authorization": "Bearer 0703:beheerder"}
    await http.put("/v1/contracten", json=[CONTRACT], headers=kop)
    indexatie = {"soort": "indexatie", "per": "2027-01-01", "promille": 100}
    sleutel = kop | {"Idempotency-Key": str(uuid4())}
    antwoorden = await asyncio.gather(
        *(http.post("/v1/contracten/wijzigingen", json=indexatie, headers=sleutel) for _ in range(TEGELIJK))
    )
    assert {a.status_code for a in antwoorden} == {202}
    rijen = (await http.get("/v1/contracten", headers=kop)).json()
    assert [r["tarief_cent"] for r in rijen] == [5875, 6463], "indexed once"


@pytest.mark.parametrize("naam", LIJSTEN)
async def test_een_lijst_vastleggen_werkt_eenmaal(
    http: httpx.AsyncClient, pool: Pool, zet_klok: Klok, naam: str
) -> None:
    gemeente = "0716"
    kop = {"Authorization": f"Bearer {gemeente}:beheerder"}

    async def aantal() -> int:
        async with transaction(pool, GEEN) as tx:
            return int(await tx.fetchval("SELECT count(*) FROM outbox WHERE sleutel = $1", gemeente))

    voor = await aantal()
    antwoorden = await asyncio.gather(
        *(http.put(f"/v1/{naam}", json=LIJSTEN[naam], headers=kop) for _ in range(TEGELIJK))
    )
    assert {a.status_code for a in antwoorden} == {200}
    assert await aantal() == voor + 1
