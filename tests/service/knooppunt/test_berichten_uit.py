"""What knooppunt puts in a mailbox, on the events of others and on the clock."""

import json

import pytest

from chassis.errors import Retry, Wacht
from schemas.iwmo import codec
from services.knooppunt.handlers import oordelen, opdrachten, termijnen
from tests.service.knooppunt.spel import A1, A2, BSN, declaratie, opdracht, start, vastgelegd

pytestmark = pytest.mark.asyncio


async def test_een_opdracht_wordt_een_301_en_zijn_302_sluit_hem(knooppunt):
    await knooppunt.verwerk(opdrachten.client_vastgelegd, await vastgelegd())
    await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht())
    await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht())
    (post,) = await knooppunt.postbus(A1)
    assert post["soort"] == "WMO301" and post["op_bericht"] is None and len(post["identificatie"]) == 12
    xml = (await knooppunt.get(A1, f"/v1/postbus/{post['bericht_id']}")).content
    bericht = codec.parse(xml)
    assert bericht.header.identificatie == post["identificatie"]
    assert bericht.inhoud()["client"]["bsn"] == BSN

    antwoord = await knooppunt.lever_in(knooppunt.een_302(xml))
    assert antwoord.status_code == 202, antwoord.text
    (event,) = await knooppunt.events("knooppunt.bericht_ontvangen")
    assert event["data"]["opdracht_id"] == "opdracht-1" and event["data"]["inhoud"]["retourcodes"] == []
    assert BSN not in json.dumps(event)
    stand = (await knooppunt.get(A1, f"/v1/berichten/{post['bericht_id']}")).json()
    assert stand["status"] == "beantwoord" and stand["antwoord"] == antwoord.json()["bericht_id"]


async def test_zonder_client_wacht_een_opdracht_en_gaat_nooit_verloren(knooppunt):
    with pytest.raises(Wacht):
        await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht())
    with pytest.raises(Retry) as fout:
        await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht(wacht_voorbij=True))
    assert not isinstance(fout.value, Wacht)


async def test_een_301_over_een_ander_adres_wacht_op_het_blok_dat_daarna_kwam(knooppunt):
    oud, nieuw = await vastgelegd(), await vastgelegd()
    oud.volgnummer, nieuw.volgnummer = 1, 4
    bericht = opdracht()
    bericht.data["client_na"] = 3
    await knooppunt.verwerk(opdrachten.client_vastgelegd, oud)
    with pytest.raises(Wacht):
        await knooppunt.verwerk(opdrachten.bericht_opgesteld, bericht)
    await knooppunt.verwerk(opdrachten.client_vastgelegd, nieuw)
    await knooppunt.verwerk(opdrachten.bericht_opgesteld, bericht)
    assert len(await knooppunt.postbus(A1)) == 1


async def test_postbus_bevestiging_is_idempotent_en_een_ander_ziet_niets(knooppunt):
    await knooppunt.verwerk(opdrachten.client_vastgelegd, await vastgelegd())
    await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht())
    (post,) = await knooppunt.postbus(A1)
    pad = f"/v1/postbus/{post['bericht_id']}"
    assert await knooppunt.postbus(A2) == []
    assert (await knooppunt.get(A2, pad)).status_code == 404
    assert (await knooppunt.post(A2, pad + "/bevestiging")).status_code == 404
    for _ in range(2):
        assert (await knooppunt.post(A1, pad + "/bevestiging")).status_code == 204
    assert await knooppunt.postbus(A1) == []
    (oud,) = await knooppunt.postbus(A1, status="alle")
    assert oud["bevestigd_at"]


async def test_postbus_bladert_oudste_eerst(knooppunt):
    await knooppunt.verwerk(opdrachten.client_vastgelegd, await vastgelegd())
    for nummer in range(3):
        await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht(f"opdracht-{nummer}"))
    eerste = (await knooppunt.get(A1, "/v1/postbus?limit=2")).json()
    tweede = (await knooppunt.get(A1, f"/v1/postbus?limit=2&na={eerste['volgende']}")).json()
    ids = [post["bericht_id"] for post in eerste["berichten"] + tweede["berichten"]]
    assert len(ids) == len(set(ids)) == 3 and tweede["volgende"] is None


@pytest.mark.parametrize(
    ("codes", "status", "verwacht"),
    [({}, "beantwoord", []), ({"StartProduct[1]": ["9326"]}, "afgekeurd", ["0200"])],
    ids=["goedgekeurd", "9326"],
)
async def test_een_oordeel_over_een_305_wordt_precies_een_306(knooppunt, codes, status, verwacht):
    bericht_id = (await knooppunt.lever_in(start("S1"))).json()["bericht_id"]
    data = {
        "bericht_id": bericht_id,
        "soort": "WMO305",
        "header_codes": ["0200"] if codes else [],
        "codes": codes,
        "bevindingen": [],
    }
    for _ in range(2):
        await knooppunt.verwerk(oordelen.bericht_beoordeeld, knooppunt.event(data))
    retour = codec.parse(await knooppunt.antwoord_op(A1, bericht_id))
    assert retour.soort.code == "WMO306" and list(retour.header.retourcodes) == verwacht
    assert (await knooppunt.get(A1, f"/v1/berichten/{bericht_id}")).json()["status"] == status


async def declaratiedeel_beoordeeld(tx, event):
    await oordelen.declaratiedelen_beoordeeld(tx, [event])


def deel(bericht_id, nummer, codes):
    regels = [{"regel": 0, "toewijzing_nummer": 1, "ingediend_cent": 70500, "retourcodes": codes}]
    return {"bericht_id": bericht_id, "deel": nummer, "client_codes": [], "prestaties": regels}


def geheel(bericht_id, toegekend_cent, delen=2, **anders):
    return {"bericht_id": bericht_id, "toegekend_cent": toegekend_cent, "delen": delen} | anders


@pytest.mark.parametrize("geheel_eerst", [True, False])
async def test_325_komt_er_een_keer_als_alle_delen_binnen_zijn_in_elke_volgorde(knooppunt, geheel_eerst):
    bericht_id = (await knooppunt.lever_in(declaratie("D1"))).json()["bericht_id"]
    stappen = [
        (declaratiedeel_beoordeeld, deel(bericht_id, 1, ["9321"])),
        (declaratiedeel_beoordeeld, deel(bericht_id, 0, [])),
    ]
    stappen.insert(0 if geheel_eerst else 2, (oordelen.declaratie_afgehandeld, geheel(bericht_id, 70500)))
    for handler, data in stappen[:2]:
        await knooppunt.verwerk(handler, knooppunt.event(data))
    assert await knooppunt.postbus(A1) == []
    for handler, data in stappen[2:] + stappen:
        await knooppunt.verwerk(handler, knooppunt.event(data))
    antwoord = codec.parse(await knooppunt.antwoord_op(A1, bericht_id)).inhoud()
    deel_325 = antwoord["declaratie_antwoord"]
    assert antwoord["retourcodes"] == ["0200"] and deel_325["retourcodes"] == ["0200"]
    assert (deel_325["totaal_ingediend_cent"], deel_325["totaal_toegekend_cent"]) == (141000, 70500)
    (client,) = deel_325["clienten"]
    assert [regel["retourcodes"] for regel in client["prestaties"]] == [["9321"]]


async def test_325_8001_als_niets_is_geweigerd_en_9333_als_de_declaratie_is_geweigerd(knooppunt):
    goed = (await knooppunt.lever_in(declaratie("D1"))).json()["bericht_id"]
    for nummer in (0, 1):
        data = deel(goed, nummer, [])
        await knooppunt.verwerk(declaratiedeel_beoordeeld, knooppunt.event(data))
    await knooppunt.verwerk(oordelen.declaratie_afgehandeld, knooppunt.event(geheel(goed, 141000)))
    antwoord = codec.parse(await knooppunt.antwoord_op(A1, goed)).inhoud()["declaratie_antwoord"]
    assert antwoord["retourcodes"] == ["8001"] and not antwoord["clienten"]

    fout = (await knooppunt.lever_in(declaratie("D2"))).json()["bericht_id"]
    data = geheel(fout, 0, delen=0, declaratie_codes=["9333"])
    await knooppunt.verwerk(oordelen.declaratie_afgehandeld, knooppunt.event(data))
    antwoord = codec.parse(await knooppunt.antwoord_op(A1, fout)).inhoud()["declaratie_antwoord"]
    assert antwoord["retourcodes"] == ["9333"] and antwoord["totaal_toegekend_cent"] == 0
    assert (await knooppunt.get(A1, f"/v1/berichten/{fout}")).json()["status"] == "afgekeurd"


async def test_op090_een_bericht_zonder_antwoord_is_te_laat_na_drie_werkdagen(knooppunt):
    await knooppunt.verwerk(opdrachten.client_vastgelegd, await vastgelegd())
    await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht())
    await knooppunt.lever_in(start("S1"))
    knooppunt.zet_klok("2026-04-10T21:00:00+00:00")
    await knooppunt.verwerk(lambda tx, _: termijnen.verstreken_termijnen(tx), None)
    assert await knooppunt.events("knooppunt.termijn_verstreken") == []
    knooppunt.zet_klok("2026-04-10T22:30:00+00:00")
    for _ in range(2):
        await knooppunt.verwerk(lambda tx, _: termijnen.verstreken_termijnen(tx), None)
    events = await knooppunt.events("knooppunt.termijn_verstreken")
    # What we owe is told here; that the provider owes a 302 is a term of toewijzing.
    assert [(e["data"]["soort"], e["data"]["wacht_op"], e["data"]["partij"]) for e in events] == [
        ("WMO305", "WMO306", "0664")
    ]
    for rij in (await knooppunt.get(A1, "/v1/berichten")).json()["berichten"]:
        een = (await knooppunt.get(A1, f"/v1/berichten/{rij['bericht_id']}")).json()
        assert [stap["stap"] for stap in een["tijdlijn"]].count("termijn_verstreken") == 1, rij["soort"]
