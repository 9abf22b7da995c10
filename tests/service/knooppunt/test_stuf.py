"""POST /stuf: an envelope is received once, and a fault says what is wrong without a value."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chassis.db import OVERAL, transaction
from schemas.iwmo import codec
from schemas.stuf.envelop import Envelop, lees, nieuw_referentienummer, schrijf
from services.knooppunt.handlers import opdrachten, termijnen
from services.knooppunt.store import routes
from tests.service.knooppunt.spel import A1, A2, BSN, GOES, opdracht, start, vastgelegd

MOMENT = datetime(2026, 4, 7, 8, 0, tzinfo=UTC)


def di01(bestand, **anders):
    return Envelop(
        berichtcode="Di01", zender=A1, ontvanger=GOES, referentienummer=nieuw_referentienummer(),
        functie="WMO305", bestand=bestand,
    ) if not anders else replace(di01(bestand), **anders)  # fmt: skip


async def stuur(knooppunt, envelop, agb=A1):
    body = "<StUF:body><StUF:code>StUF055</StUF:code></StUF:body>" if envelop.berichtcode == "Fo01" else ""
    antwoord = await knooppunt.lever_in(schrijf(envelop, MOMENT, body), agb=agb, soort="text/xml", pad="/stuf")
    return antwoord, lees(antwoord.content)


async def test_di01_geeft_een_bv03_en_dezelfde_bytes_dezelfde_bv03(knooppunt):
    envelop = di01(start("ST1"))
    eerste, bv03 = await stuur(knooppunt, envelop)
    assert eerste.status_code == 200, eerste.text
    assert (bv03.berichtcode, bv03.cross_refnummer, bv03.ontvanger) == ("Bv03", envelop.referentienummer, A1)
    tweede, _ = await stuur(knooppunt, envelop)
    assert tweede.content == eerste.content
    [event] = await knooppunt.events("knooppunt.bericht_ontvangen")
    assert event["data"]["soort"] == "WMO305"


async def test_ander_bericht_onder_hetzelfde_referentienummer_is_ib016(knooppunt):
    envelop = di01(start("ST1"))
    await stuur(knooppunt, envelop)
    antwoord, fo03 = await stuur(knooppunt, replace(envelop, bestand=start("ST2")))
    assert (antwoord.status_code, fo03.berichtcode, fo03.code) == (500, "Fo03", "IB016")


async def test_payload_buiten_de_xsd_is_fo01_stuf055_en_er_volgt_geen_retour(knooppunt):
    kapot = start("ST1").replace(b"<StatusAanlevering>1<", b"<StatusAanlevering>7<")
    antwoord, fo01 = await stuur(knooppunt, di01(kapot))
    assert (antwoord.status_code, fo01.berichtcode, fo01.code) == (500, "Fo01", "StUF055")
    assert BSN not in antwoord.text and await knooppunt.aantal("bericht") == 0
    assert await knooppunt.postbus(A1) == []


@pytest.mark.parametrize(
    ("anders", "agb", "code"),
    [
        ({"functie": "WMO307"}, A1, "IB006"),
        ({"berichtcode": "Du01", "cross_refnummer": nieuw_referentienummer()}, A1, "IB006"),
        ({"ontvanger": "0654"}, A1, "IB007"),
        ({"zender": A2}, A1, "IB007"),
        ({"zender": A2}, A2, "IB007"),
    ],
    ids=["functie", "du01", "ontvanger", "zender", "header"],
)
async def test_envelop_en_inhoud_moeten_kloppen(knooppunt, anders, agb, code):
    antwoord, fout = await stuur(knooppunt, di01(start("ST1"), **anders), agb)
    assert (antwoord.status_code, fout.code) == (500, code)
    assert await knooppunt.aantal("bericht") == await knooppunt.aantal("envelop") == 0


async def test_wat_geen_soap_is_krijgt_ib001_en_te_groot_ib003(knooppunt):
    for inhoud, code in ((b"geen xml", "IB001"), (b" " * (26 * 1024 * 1024), "IB003")):
        antwoord = await knooppunt.lever_in(inhoud, soort="text/xml", pad="/stuf")
        assert (antwoord.status_code, lees(antwoord.content).code) == (500, code)


async def een_301_over_stuf(knooppunt):
    """A 301 that waits for a route that leads nowhere: its row in the mailbox, and its referentienummer."""
    async with transaction(knooppunt.pool, OVERAL) as tx:
        await routes.set_route(tx, GOES, A1, "stuf", "http://127.0.0.1:9/x", None, MOMENT)
    await knooppunt.verwerk(opdrachten.client_vastgelegd, await vastgelegd())
    await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht())
    [post] = await knooppunt.postbus(A1)
    async with transaction(knooppunt.pool, OVERAL) as tx:
        return post, await tx.fetchval("select referentienummer from envelop where richting = 'uit'")


async def stappen(knooppunt, post):
    """The states of its transport, in order of time."""
    stand = (await knooppunt.get(A1, f"/v1/berichten/{post['bericht_id']}")).json()
    return [stap["stap"] for stap in stand["tijdlijn"] if stap["stap"].isupper()]


async def test_over_een_route_staat_een_301_klaar_en_een_du01_beantwoordt_haar(knooppunt):
    post, uit = await een_301_over_stuf(knooppunt)
    xml = (await knooppunt.get(A1, f"/v1/postbus/{post['bericht_id']}")).content
    terug = knooppunt.een_302(xml)
    assert codec.parse(terug).soort.code == "WMO302"
    du01 = di01(terug, berichtcode="Du01", functie="WMO302", cross_refnummer=uit)
    vreemd, fout = await stuur(knooppunt, replace(du01, cross_refnummer=nieuw_referentienummer()))
    assert (vreemd.status_code, fout.code) == (500, "IB021")
    goed, bv03 = await stuur(knooppunt, du01)
    assert (goed.status_code, bv03.berichtcode) == (200, "Bv03"), goed.text
    assert await stappen(knooppunt, post) == ["SENT", "ANSWERED"]


async def test_een_fo01_van_de_overkant_is_faulted_en_het_bericht_blijft_in_de_postbus(knooppunt):
    post, uit = await een_301_over_stuf(knooppunt)
    fo01 = di01(b"", berichtcode="Fo01", functie="", cross_refnummer=uit)
    vreemd, fout = await stuur(knooppunt, replace(fo01, cross_refnummer=nieuw_referentienummer()))
    assert (vreemd.status_code, fout.code) == (500, "IB021")
    goed, bv03 = await stuur(knooppunt, fo01)
    assert (goed.status_code, bv03.berichtcode) == (200, "Bv03"), goed.text
    assert await stappen(knooppunt, post) == ["SENT", "FAULTED"]
    gestrand = (await knooppunt.get(None, "/v1/bezorgingen", GOES)).json()["bezorgingen"]
    assert [(rij["bericht_id"], rij["soort"], rij["aanbieder"]) for rij in gestrand] == [
        (post["bericht_id"], "WMO301", A1)
    ]
    assert (await knooppunt.get(None, "/v1/bezorgingen", "0716")).json()["bezorgingen"] == [], "of another gemeente"
    assert [rij["bericht_id"] for rij in await knooppunt.postbus(A1)] == [post["bericht_id"]]


async def test_op090_zonder_du01_na_drie_werkdagen_is_overdue_en_daarna_toch_answered(knooppunt):
    post, uit = await een_301_over_stuf(knooppunt)

    async def kijk_op(moment):
        knooppunt.zet_klok(moment)
        await knooppunt.verwerk(lambda tx, _: termijnen.verstreken_termijnen(tx), None)
        return await stappen(knooppunt, post)

    assert await kijk_op("2026-04-10T23:59:00+02:00") == ["SENT"], "7 April and three working days"
    assert await kijk_op("2026-04-11T00:01:00+02:00") == ["SENT", "OVERDUE"]
    xml = (await knooppunt.get(A1, f"/v1/postbus/{post['bericht_id']}")).content
    du01 = di01(knooppunt.een_302(xml), berichtcode="Du01", functie="WMO302", cross_refnummer=uit)
    goed, _ = await stuur(knooppunt, du01)
    assert goed.status_code == 200, goed.text
    assert await stappen(knooppunt, post) == ["SENT", "OVERDUE", "ANSWERED"]
