"""What happens to a message that a provider hands in."""

import asyncio
import json

import pytest

from schemas.iwmo import codec
from tests.service.knooppunt.spel import A1, A2, BSN, GOES, declaratie, start

pytestmark = pytest.mark.asyncio


async def test_305_geeft_202_na_commit_en_een_event_zonder_bsn(knooppunt):
    antwoord = await knooppunt.lever_in(start("S1"))
    assert antwoord.status_code == 202, antwoord.text
    bewijs = antwoord.json()
    assert bewijs["soort"] == "WMO305" and bewijs["identificatie"] == "S1"
    assert bewijs["antwoord_uiterlijk"] == "2026-04-10", "three working days (OP090)"
    assert antwoord.headers["location"] == f"/v1/berichten/{bewijs['bericht_id']}"

    (event,) = await knooppunt.events("knooppunt.bericht_ontvangen")
    assert event["data"]["bericht_id"] == bewijs["bericht_id"]
    assert event["data"]["inhoud"]["start_producten"][0]["toewijzing_nummer"] == 999999999
    assert len(event["client_id"]) == 26
    assert BSN not in json.dumps(event)
    stand = (await knooppunt.get(A1, antwoord.headers["location"])).json()
    assert stand["status"] == "in_behandeling" and stand["antwoord"] is None


async def test_dezelfde_bytes_geven_het_eerste_antwoord_ook_twintig_keer_tegelijk(knooppunt):
    xml = start("S1")
    antwoorden = await asyncio.gather(*(knooppunt.lever_in(xml) for _ in range(20)))
    assert sorted(a.status_code for a in antwoorden) == [200] * 19 + [202]
    assert len({a.json()["bericht_id"] for a in antwoorden}) == 1
    assert len(await knooppunt.events("knooppunt.bericht_ontvangen")) == 1


async def test_tr056_andere_bytes_met_een_gebruikte_identificatie_geven_9056_in_de_retour(knooppunt):
    await knooppunt.lever_in(start("S1"))
    tweede = await knooppunt.lever_in(start("S1", begindatum="2026-02-05"))
    assert tweede.status_code == 202
    retour = await knooppunt.antwoord_op(A1, tweede.json()["bericht_id"])
    assert list(codec.parse(retour).header.retourcodes) == ["9056"]
    stand = (await knooppunt.get(A1, tweede.headers["location"])).json()
    assert stand["status"] == "afgekeurd" and stand["antwoord"] and stand["bevindingen"]
    (event,) = await knooppunt.events("knooppunt.bericht_geweigerd")
    assert event["data"]["retourcodes"] == ["9056"]


async def test_tr135_dagtekening_in_de_toekomst_geeft_8848_en_op286_maakt_de_identificatie_vrij(knooppunt):
    geweigerd = await knooppunt.lever_in(start("S1", dagtekening="2026-04-09"))
    retour = await knooppunt.antwoord_op(A1, geweigerd.json()["bericht_id"])
    assert list(codec.parse(retour).header.retourcodes) == ["8848"]
    await knooppunt.lever_in(start("S1"))
    assert len(await knooppunt.events("knooppunt.bericht_ontvangen")) == 1


async def test_cs002_fout_in_de_inhoud_geeft_meteen_een_retour_met_0001(knooppunt):
    antwoord = await knooppunt.lever_in(start("S1").replace(BSN.encode(), b"999920003"))
    assert antwoord.status_code == 202
    retour = codec.parse(await knooppunt.antwoord_op(A1, antwoord.json()["bericht_id"]))
    assert retour.soort.code == "WMO306" and list(retour.header.retourcodes) == ["0001"]
    stand = (await knooppunt.get(A1, antwoord.headers["location"])).json()
    assert stand["status"] == "afgekeurd" and stand["bevindingen"][0]["regel"] == "CS002"


async def test_323_met_een_fout_in_de_inhoud_geeft_een_325_zonder_antwoorddeel(knooppunt):
    antwoord = await knooppunt.lever_in(declaratie("D1").replace(BSN.encode(), b"999920003"))
    retour = codec.parse(await knooppunt.antwoord_op(A1, antwoord.json()["bericht_id"])).inhoud()
    assert retour == {"retourcodes": ["0001"], "declaratie_antwoord": None}


async def test_323_geeft_een_kop_en_per_client_een_deel_en_tien_werkdagen(knooppunt):
    antwoord = await knooppunt.lever_in(declaratie("D1"))
    assert antwoord.status_code == 202, antwoord.text
    assert antwoord.json()["antwoord_uiterlijk"] == "2026-04-21", "ten working days (OP090x4)"
    (kop,) = await knooppunt.events("knooppunt.declaratie_ontvangen")
    delen = await knooppunt.events("knooppunt.declaratiedeel_ontvangen")
    assert kop["data"]["delen"] == len(delen) == 2
    assert kop["data"]["totaal_ingediend_cent"] == 2 * 70500
    assert sorted(deel["data"]["deel"] for deel in delen) == [0, 1]
    regel = delen[0]["data"]["prestaties"][0]
    assert regel["regel"] == 0 and regel["ingediend_cent"] == 70500 and regel["debet_credit"] == "D"
    assert regel["product_categorie"] == "02" and regel["product_code"] == "02A05" and regel["eenheid"] == "04"
    assert regel["begindatum"] == "2026-02-02" and regel["geleverd_volume"] == 12


async def test_niet_volgens_xsd_geeft_422_met_alle_bevindingen_en_niets_is_ontvangen(knooppunt):
    fout = start("S1").replace(b"StatusAanlevering>1<", b"StatusAanlevering>7<")
    antwoord = await knooppunt.lever_in(fout)
    assert antwoord.status_code == 422
    assert antwoord.headers["content-type"].startswith("application/problem+json")
    assert antwoord.json()["bevindingen"][0]["niveau"] == 1
    assert (await knooppunt.get(A1, "/v1/berichten")).json()["berichten"] == []


async def test_andere_afzender_403_gemeente_403_zonder_token_401(knooppunt):
    assert (await knooppunt.lever_in(start("S1"), agb=A2)).status_code == 403
    assert (await knooppunt.lever_in(start("S1"), gemeente=GOES)).status_code == 403
    assert (await knooppunt.http.post("/v1/berichten", content=start("S1"))).status_code == 401


async def test_301_van_een_aanbieder_422_en_302_op_een_onbekend_bericht_422(knooppunt):
    xml_301 = knooppunt.een_301("T1")
    assert (await knooppunt.lever_in(xml_301)).status_code == 422
    assert (await knooppunt.lever_in(knooppunt.een_302(xml_301))).status_code == 422
    assert (await knooppunt.lever_in(knooppunt.een_302(xml_301), agb=A2)).status_code == 403


@pytest.mark.parametrize(
    ("inhoud", "soort", "status"),
    [
        (b"{}", "application/json", 415),
        (b"geen xml", "application/xml", 415),
        (b" " * (25 * 1024 * 1024 + 1), "application/xml", 413),
    ],
    ids=["json", "geen-xml", "op179-25-mb"],
)
async def test_geen_bericht_geeft_een_probleemdocument(knooppunt, inhoud, soort, status):
    antwoord = await knooppunt.lever_in(inhoud, soort=soort)
    assert antwoord.status_code == status, antwoord.text
    assert antwoord.headers["content-type"].startswith("application/problem+json")
    assert antwoord.json()["volgende_stap"]


async def test_op179_een_stroom_zonder_lengte_stopt_bij_25_mb(knooppunt):
    gelezen = 0

    async def stroom():
        nonlocal gelezen
        while gelezen < 100 * 1024 * 1024:
            gelezen += 1024 * 1024
            yield b" " * 1024 * 1024

    assert (await knooppunt.lever_in(stroom())).status_code == 413
    assert gelezen <= (25 + 64 + 1) * 1024 * 1024, "it is heard out for another 64 MB, so that the answer arrives"


async def test_een_bericht_van_een_ander_is_404(knooppunt):
    plaats = (await knooppunt.lever_in(start("S1"))).headers["location"]
    assert (await knooppunt.get(A2, plaats)).status_code == 404
    assert (await knooppunt.get(A1, "/v1/berichten/geen-id")).status_code == 404
    assert (await knooppunt.get(None, plaats + "/xml", gemeente="0687")).status_code == 404
    assert (await knooppunt.get(A1, plaats + "/xml")).status_code == 403
    inzage = await knooppunt.get(None, plaats + "/xml", gemeente=GOES)
    assert inzage.content == start("S1")
    assert await knooppunt.aantal("toegang") == 1


async def test_controle_heeft_geen_gevolgen_en_toont_de_retour(knooppunt):
    goed = (await knooppunt.lever_in(start("S1"), pad="/v1/controle")).json()
    assert goed.pop("toelichting"), "levels 3 and 4 have no owner here, and that is said"
    assert goed == {"geldig": True, "soort": "WMO305", "bevindingen": [], "retour": None}
    fout = (await knooppunt.lever_in(start("S1", dagtekening="2026-04-09"), pad="/v1/controle")).json()
    assert not fout["geldig"] and fout["bevindingen"][0]["retourcode"] == "8848"
    assert list(codec.parse(fout["retour"].encode()).header.retourcodes) == ["8848"]
    assert await knooppunt.aantal("bericht") == 0
