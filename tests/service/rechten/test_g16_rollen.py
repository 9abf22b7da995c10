"""G16: every route x every role and kind, generated from the routers, answers as the table says."""

from __future__ import annotations

import subprocess
import sys

import pytest
from fastapi import APIRouter, FastAPI

from chassis.rechten import Recht, RechtOntbreekt, bewaak, eis_rechten, routes
from services.rechten import RECHTEN, ROLLEN_GEMEENTE
from tests.service.rechten.conftest import SERVICES
from tests.service.rechten.vulling import AANBIEDERS, GEMEENTEN

ROLLEN = sorted(ROLLEN_GEMEENTE | {"aanbieder", "keten"})
SOORTEN = {"gemeente": GEMEENTEN[0], "aanbieder": AANBIEDERS[0], "keten": None}
VULLING = {
    "{bericht_id}": "00000000-0000-7000-8000-000000000000", "{agb}": "75750909", "{sub}": "niemand", "{naam}": "x.css",
    "{indicatie_id}": "geen", "{client_id}": "A" * 26, "{nummer}": "1", "{declaratie_id}": "geen", "{verzoek_id}": "geen",
    "{jaar}": "2026", "{betaalbestand_id}": "geen", "{melding_id}": "geen", "{signaal_id}": "geen",
    "{geparkeerd_id}": "999999", "{taak_id}": "00000000-0000-4000-8000-000000000000", "{webhook_id}": "geen",
    "{batch_id}": "00000000-0000-4000-8000-000000000000",
    "{notificatie_id}": "00000000-0000-4000-8000-000000000000",
}  # fmt: skip


def test_g16_de_tabel_noemt_precies_de_routes(huis):
    assert set(RECHTEN) == set(SERVICES)
    for service, api in huis.apps.items():
        eis_rechten(api)
        assert set(routes(api)) == set(RECHTEN[service])


def _pad(route: str) -> tuple[str, str]:
    methode, _, pad = route.partition(" ")
    for naam, waarde in VULLING.items():
        pad = pad.replace(naam, waarde)
    assert "{" not in pad, f"fill in {pad}"
    return methode, pad


@pytest.mark.parametrize("service", SERVICES)
async def test_g16_elke_route_voor_elke_rol(huis, http, service):
    for route in routes(huis.apps[service]):
        recht: Recht = RECHTEN[service][route]
        methode, pad = _pad(route)
        zonder = await http[service].request(methode, pad)
        fout = await http[service].request(methode, pad, headers={"Authorization": "Bearer x.y.z"})
        if recht.openbaar:
            assert zonder.status_code not in (401,), route
            continue
        for antwoord in (zonder, fout):
            _geweigerd(recht, antwoord, 401, route)
        for soort, partij in SOORTEN.items():
            _geweigerd(recht, await http[service].request(methode, pad, headers=huis.token(partij)), 403, route)
            for rol in ROLLEN:
                # A form of our own page, so that the guard of the pages against CSRF is not what answers.
                kop = huis.token(partij, rol) | {"Sec-Fetch-Site": "same-origin"}
                antwoord = await http[service].request(methode, pad, headers=kop)
                if rol in getattr(recht, soort):
                    assert antwoord.status_code not in (401, 403, 500), f"{route} {soort} {rol}: {antwoord.text}"
                    assert not _naar_aanmelden(antwoord), f"{route} {soort} {rol}"
                else:
                    _geweigerd(recht, antwoord, 403, f"{route} {soort} {rol}")


def _naar_aanmelden(antwoord) -> bool:
    return antwoord.status_code == 303 and antwoord.headers["location"] == "/"


def _geweigerd(recht: Recht, antwoord, status: int, wat: str) -> None:
    assert _naar_aanmelden(antwoord) if recht.pagina else antwoord.status_code == status, (
        f"{wat}: {antwoord.status_code}"
    )


async def test_g16_een_wijkteam_zonder_team_is_niemand(huis, http):
    for claims, verwacht in (({"team": "west"}, 404), ({}, 403), ({"team": ""}, 403), ({"team": 7}, 403)):
        kop = {"Authorization": f"Bearer {huis.teken(gemeente=GEMEENTEN[0], rollen=['wijkteam'], **claims)}"}
        assert (await http["intake"].get(f"/v1/clienten/{'A' * 26}", headers=kop)).status_code == verwacht, claims


@pytest.mark.parametrize(
    "claims",
    [
        {"gemeente": "0664", "agb": "75750101"}, {"gemeente": "0664", "agb_lijst": ["75750101"]},
        {"agb_lijst": ["7575010"]}, {"agb_lijst": "75750101"}, {"agb_lijst": [75750101]}, {"agb": ""}, {"gemeente": ""},
        {"gemeente": "066٤"}, {"agb": ["75750101"]}, {"agb_lijst": ["75750101"] * 501},
    ],
)  # fmt: skip
async def test_g16_een_token_dat_zichzelf_tegenspreekt(huis, http, claims):
    kop = {"Authorization": f"Bearer {huis.teken(rollen=['aanbieder', 'consulent'], **claims)}"}
    assert (await http["knooppunt"].get("/v1/berichten", headers=kop)).status_code == 401


def _router(pad: str) -> APIRouter:
    router = APIRouter()
    router.add_api_route(pad, lambda: None, methods=["GET"])
    return router


def test_g16_een_route_buiten_de_tabel_wordt_niet_bediend():
    api = FastAPI(docs_url=None, redoc_url=None)
    api.state.rechten = {"GET /een": Recht(openbaar=True)}
    with pytest.raises(RechtOntbreekt, match="GET /twee"):
        bewaak(api, _router("/twee"))
    bewaak(api, _router("/een"))
    eis_rechten(api)
    api.add_api_route("/drie", lambda: None, methods=["GET"])
    with pytest.raises(RechtOntbreekt, match="GET /drie"):
        eis_rechten(api)


def test_g16_een_regel_zonder_route_valt_op():
    api = FastAPI(docs_url=None, redoc_url=None)
    api.state.rechten = {"GET /een": Recht(openbaar=True), "GET /weg": Recht()}
    bewaak(api, _router("/een"))
    with pytest.raises(RechtOntbreekt, match="GET /weg"):
        eis_rechten(api)


@pytest.mark.parametrize("service", ["intake", "knooppunt"])
def test_g16_een_service_met_een_route_te_veel_start_niet(huis, service):
    """The process itself, with one line of the table taken away."""
    programma = (
        "import runpy, services.rechten as r;"
        f"tabel = r.RECHTEN['{service}']; weg = next(iter(tabel)); del tabel[weg];"
        f"runpy.run_module('services.{service}', run_name='__main__')"
    )
    klaar = subprocess.run([sys.executable, "-c", programma], capture_output=True, text=True, timeout=60, check=False)
    assert klaar.returncode != 0 and "RechtOntbreekt: geen recht voor" in klaar.stderr
