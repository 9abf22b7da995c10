"""G15 over HTTP: two municipalities and three providers, every route that takes an id, every id of someone else."""

from __future__ import annotations

import re

import pytest

from services.rechten import RECHTEN
from tests.service.intake.een import STAPPEN
from tests.service.rechten.vulling import AANBIEDERS, GEMEENTEN, een_client

PARAMETER = re.compile(r"\{(\w+)\}")
GEEN_ID_VAN_IEMAND = {
    "PUT /v1/mandaten/{sub}": "names a vendor; it makes what was not there",
    "PUT /v1/webhooks/{webhook_id}": "a name that the caller chooses; the row is its own",
    "PUT /v1/blokkades/{agb}": "any provider may be shut out; it makes what was not there",
    "PUT /v1/routes/{agb}": "any provider may be named; the row is that of the caller's gemeente",
    "GET /v1/routes/{agb}": "any provider may be named; the row is that of the caller's gemeente",
    "PUT /v1/budgetten/{jaar}": "a year is of nobody; the rows are those of the caller's gemeente",
    "GET /v1/budgetten/{jaar}": "a year is of nobody; the rows are those of the caller's gemeente",
    "GET /v1/budgetten/{jaar}/toewijzingen": "a year is of nobody; the rows are those of the caller's gemeente",
    "GET /v1/budgetten/{jaar}/geschiedenis": "a year is of nobody; the rows are those of the caller's gemeente",
    "GET /v1/open-cijfers/{jaar}": "a year is of nobody; the rows are those of the caller's gemeente",
    "GET /v1/jaaropgaven/{jaar}": "a year is of nobody; the rows are those of the caller's gemeente",
    "GET /static/{naam}": "page assets, the same for all",
}
INHOUD = {
    "POST /v1/toewijzingen/{nummer}/wijziging": {"einddatum": "2026-02-20", "reden_wijziging": "04"},
    "POST /v1/toewijzingen/{nummer}/intrekking": {"einddatum": "2026-02-20", "reden_wijziging": "07"},
    "POST /v1/toewijzingen/{nummer}/verwijdering": {},
    "POST /v1/toewijzingen/{nummer}/herindicatie": {"ingangsdatum": "2026-02-20"},
    "POST /v1/toewijzingen/{nummer}/correctie": {"ingangsdatum": "2026-02-20"},
    "POST /v1/toewijzingen/{nummer}/herzending": {},
    "toewijzing POST /v1/clienten/{client_id}/gebeurtenissen": {"soort": "verhuizing", "datum": "2026-02-20"},
    "intake POST /v1/clienten/{client_id}/gebeurtenissen": {
        "soort": "adres",
        "adres": {"huisnummer": 3, "postcode": "4461AB"},
    },
    "POST /v1/verzoeken/{verzoek_id}/toekenning": {},
    "POST /v1/verzoeken/{verzoek_id}/onderzoek": {},
    "POST /v1/verzoeken/{verzoek_id}/afwijzing": {"reden": "4"},
    "POST /v1/signalen/{signaal_id}/melding": {"client": een_client("999990044")},
    "POST /v1/signalen/{signaal_id}/afsluiting": {"reden": "proef"},
    **{
        f"{methode} /v1/meldingen/{{melding_id}}/{pad}": body
        for (methode, _, pad), body in ((stap.partition(" "), body) for stap, body in STAPPEN.items())
    },
    "POST /v1/geparkeerd/{geparkeerd_id}/afsluiting": {"toelichting": "niet meer nodig"},
    "PUT /v1/werkvoorraad/{taak_id}/toedeling": {"behandelaar": "jan"},
    "POST /v1/werkvoorraad/{taak_id}/notities": {"tekst": "gebeld"},
    "POST /v1/werkvoorraad/{taak_id}/afhandeling": {"tekst": "klaar"},
}
"""A right body per command, so that an unknown id is the only thing that is wrong; the same path at two services
starts with its service."""
PER_VRAAG = {"GET /v1/prestaties": "toewijzing_nummer", "GET /v1/logboek": "client_id"}
"""Routes that take an id as a question."""

MET_ID = [
    (service, route)
    for service, tabel in RECHTEN.items()
    for route in tabel
    if (PARAMETER.search(route) or route in PER_VRAAG) and route not in GEEN_ID_VAN_IEMAND
]
TOONT_WAT_JE_VROEG = {"GET /logboek"}
"""A refused look stands in the log of the gemeente that tried, with the id that it asked for."""
LIJSTEN = [
    (service, route)
    for service, tabel in RECHTEN.items()
    for route, recht in tabel.items()
    if route.startswith("GET")
    and not PARAMETER.search(route)
    and not recht.openbaar
    and route not in {*PER_VRAAG, *TOONT_WAT_JE_VROEG}
]


def naam_van(service: str, route: str) -> str:
    """Under which name the filling keeps the ids of this route."""
    if route in PER_VRAAG:
        return PER_VRAAG[route]
    if "/postbus/" in route:
        return "postbus"
    [naam] = PARAMETER.findall(route)
    return naam


def mogen(service: str, route: str) -> list[tuple[str, str]]:
    """Parties that may take this route, with a role for it."""
    recht = RECHTEN[service][route]
    paren = [(g, sorted(recht.gemeente)[0]) for g in GEMEENTEN if recht.gemeente]
    return paren + [(a, sorted(recht.aanbieder)[0]) for a in AANBIEDERS if recht.aanbieder]


async def vraag(huis, http, service, route, wie, rol, waarde):
    methode, _, pad = route.partition(" ")
    params = {PER_VRAAG[route]: waarde} if route in PER_VRAAG else {}
    kop = huis.token(wie, rol)
    if RECHTEN[service][route].pagina:
        kop |= {"Cookie": f"zorgketen_token={kop.pop('Authorization').removeprefix('Bearer ')}"}
        kop |= {"Sec-Fetch-Site": "same-origin"}
    return await http[service].request(
        methode,
        PARAMETER.sub(waarde, pad),
        params=params,
        headers=kop,
        json=INHOUD.get(f"{service} {route}", INHOUD.get(route)),
    )


@pytest.mark.parametrize(("service", "route"), MET_ID, ids=[route for _, route in MET_ID])
async def test_g15_een_id_van_een_ander_is_er_niet(huis, http, service, route):
    naam = naam_van(service, route)
    if route == "DELETE /v1/blokkades/{agb}":
        # What one municipality shut out, another cannot let in.
        een, ander = GEMEENTEN
        kop = huis.token(een, "beheerder")
        pad = "/v1/blokkades/75750909"
        assert (await http[service].put(pad, headers=kop, json={"reden": "proef"})).status_code == 204
        assert (await vraag(huis, http, service, route, ander, "beheerder", "75750909")).status_code == 404
        assert (await vraag(huis, http, service, route, een, "beheerder", "75750909")).status_code == 204
        return
    alle = set().union(*(bezit.get(naam, set()) for bezit in huis.bezit.values()))
    geprobeerd = 0
    for wie, rol in mogen(service, route):
        for vreemd in sorted(alle - huis.bezit[wie].get(naam, set())):
            antwoord = await vraag(huis, http, service, route, wie, rol, vreemd)
            assert antwoord.status_code == 404, f"{wie}: {antwoord.status_code}"
            geprobeerd += 1
    assert geprobeerd, "no id of someone else was tried"
    # The control: for its owner the same question has an answer.
    for wie, rol in mogen(service, route):
        if eigen := sorted(huis.bezit[wie].get(naam, set())):
            antwoord = await vraag(huis, http, service, route, wie, rol, eigen[-1])
            # 409: a step that does not fit where its case stands now. 303: a form that was done.
            gedaan = antwoord.status_code == 303 and antwoord.headers["location"] != "/"
            assert antwoord.is_success or gedaan or antwoord.status_code in (409, 422), (
                f"{wie}: {antwoord.status_code} {antwoord.text}"
            )


@pytest.mark.parametrize(("service", "route"), LIJSTEN, ids=[route for _, route in LIJSTEN])
async def test_g15_een_lijst_toont_niets_van_een_ander(huis, http, service, route):
    eigen_gezien = 0
    for wie, rol in mogen(service, route):
        antwoord = await vraag(huis, http, service, route, wie, rol, "")
        assert antwoord.status_code == 200, f"{wie}: {antwoord.status_code} {antwoord.text}"
        zelfde_soort = [p for p in huis.bezit if len(p) == len(wie)]
        vreemd = set().union(*(_lange(huis.bezit[p]) for p in zelfde_soort if p != wie)) - _lange(huis.bezit[wie])
        assert not [waarde for waarde in vreemd if waarde in antwoord.text], wie
        eigen_gezien += sum(waarde in antwoord.text for waarde in _lange(huis.bezit[wie]))
    zonder_ids = {
        "GET /v1/betaalgegevens",
        "GET /v1/contracten",
        "GET /v1/instellingen",
        "GET /v1/sociale-kaart",
        # Its numbers are alike everywhere: tests/service/intake/test_nazorg.py tells who sees which.
        "GET /v1/ervaringen",
        "GET /v1/teams",
        "GET /v1/bevoegdheid",
        "GET /v1/blokkades",
        "GET /v1/vervangingen",
        "GET /v1/voorkeuren",
        "GET /v1/parkeerplaats",
        "GET /parkeerplaats",
        "GET /zaken",
        "GET /v1/bezorgingen",
        "GET /v1/contracten/geschiedenis",
        "GET /v1/instellingen/geschiedenis",
        "GET /grip",
        "GET /grip/toewijzingen",
        "GET /grip/budgetten.csv",
        "GET /grip/open-cijfers.csv",
        "GET /grip/grafiek.svg",
        "GET /beheer",
        "GET /beheer/producten",
        "GET /beheer/budgetten",
        "GET /beheer/instellingen",
        "GET /aanbieder/controle",
    }
    assert eigen_gezien or route in zonder_ids, "nothing of its own was seen either"


def _lange(bezit) -> set[str]:
    """Ids that cannot stand in a text by chance."""
    return {waarde for waarden in bezit.values() for waarde in waarden if len(waarde) > 10}
