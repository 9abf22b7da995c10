"""Betaalgegevens door twee personen, een bestand dat elk totaal een keer betaalt, en wie daarvan wat ziet."""

import asyncio
import csv
import io
from pathlib import Path

import asyncpg
import pytest
from lxml import etree

import schemas
from chassis.clock import clock
from chassis.db import transaction

from .conftest import A1, GOES, VAN_GOES
from .test_declaratie_beoordelen import CLIENT, R1, credit, een_prestatie

pytestmark = pytest.mark.asyncio
XSD = etree.XMLSchema(etree.parse(str(Path(schemas.__file__).parent / "pain" / "pain.001.001.09.xsd")))
NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
VAN_DE_GEMEENTE, VAN_A1, ANDERE = "NL91ABNA0417164300", "NL02ABNA0123456789", "BE68539007547034"
GEGEVENS = {
    "gemeente": {"iban": VAN_DE_GEMEENTE, "naam": "Gemeente Goes"},
    "aanbieders": [{"aanbieder": A1, "iban": VAN_A1, "naam": "Zorg aan Zee"}],
}
VANDAAG = {"t_m": clock.today().isoformat()}
AANBIEDER = {"agb": A1, "rollen": ["aanbieder"]}


async def leg_vast(http, als):
    for wie in ("anna", "bert"):
        antwoord = await http.put("/v1/betaalgegevens", json=GEGEVENS, headers=als(wie))
        assert antwoord.status_code == 200, antwoord.text
    return {(r["houder"], r["status"]): r["iban"] for r in antwoord.json()["rekeningen"]}


async def betaal(http, als, status=201, **kop):
    antwoord = await http.post("/v1/betaalbestanden", json=VANDAAG, headers=als() | kop)
    assert antwoord.status_code == status, antwoord.text
    return antwoord.json()


async def bestand(http, als, bestand_id):
    antwoord = await http.get(f"/v1/betaalbestanden/{bestand_id}", headers=als())
    assert antwoord.headers["content-type"] == "application/xml"
    document = etree.fromstring(antwoord.content)
    XSD.assertValid(document)
    return document


async def test_een_rekening_geldt_pas_na_een_tweede_persoon(gemeente_http):
    http, als = gemeente_http

    async def put(wie, gegevens=GEGEVENS):
        antwoord = await http.put("/v1/betaalgegevens", json=gegevens, headers=als(wie))
        return {(r["houder"], r["status"]): r["iban"] for r in antwoord.json()["rekeningen"]}

    wacht = {(GOES, "wacht"): VAN_DE_GEMEENTE, (A1, "wacht"): VAN_A1}
    assert await put("anna") == wacht
    assert await put("anna") == wacht, "the same person twice is one person"
    geldt = {(GOES, "geldt"): VAN_DE_GEMEENTE, (A1, "geldt"): VAN_A1}
    assert await put("bert") == geldt
    assert await put("bert") == geldt
    anders = {"aanbieders": [{"aanbieder": A1, "iban": ANDERE, "naam": "Zorg aan Zee"}]}
    assert await put("bert", anders) == geldt | {(A1, "wacht"): ANDERE}
    assert await put("anna", anders) == {(GOES, "geldt"): VAN_DE_GEMEENTE, (A1, "geldt"): ANDERE}


async def test_dezelfde_persoon_kan_het_ook_in_de_database_niet(spel):
    with pytest.raises(asyncpg.CheckViolationError):
        async with transaction(spel.pool, VAN_GOES) as tx:
            await tx.execute(
                "insert into rekening (gemeente, houder, iban, naam, voorgesteld_door, voorgesteld_at, bevestigd_door, "
                "bevestigd_at) values ('0664', '0664', 'x', 'x', 'anna', now(), 'anna', now())"
            )


@pytest.mark.parametrize("iban", ["NL92ABNA0417164300", "NL91ABNA041716430", "x"])
async def test_een_foute_iban_wordt_geweigerd_zonder_hem_te_noemen(gemeente_http, iban):
    http, als = gemeente_http
    fout = {"gemeente": {"iban": iban, "naam": "Gemeente Goes"}}
    antwoord = await http.put("/v1/betaalgegevens", json=fout, headers=als())
    assert antwoord.status_code == 422 and f'"{iban}"' not in antwoord.text
    assert antwoord.json()["bevindingen"][0]["pad"] == "#/gemeente/iban"


async def test_een_goedgekeurde_declaratie_wordt_een_keer_betaald(spel, gemeente_http):
    http, als = gemeente_http
    await leg_vast(http, als)
    await betaal(http, als, 422)
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}, nummer="DN2602A"))
    eerste = await betaal(http, als)
    assert eerste["totaal_cent"] == 70500
    (betaling,) = eerste["betalingen"]
    assert (betaling["aanbieder"], betaling["iban"], betaling["bedrag_cent"]) == (A1, VAN_A1, 70500)
    assert [d["declaratie_nummer"] for d in betaling["declaraties"]] == ["DN2602A"]

    document = await bestand(http, als, eerste["betaalbestand_id"])
    (regel,) = document.findall(".//p:CdtTrfTxInf", NS)
    assert regel.findtext("p:Amt/p:InstdAmt", namespaces=NS) == "705.00"
    assert regel.findtext("p:PmtId/p:EndToEndId", namespaces=NS) == betaling["betaling_id"]
    assert document.findtext(".//p:DbtrAcct/p:Id/p:IBAN", namespaces=NS) == VAN_DE_GEMEENTE
    assert "DN2602A" in regel.findtext("p:RmtInf/p:Ustrd", namespaces=NS)

    nog_eens = await betaal(http, als, 200)
    assert nog_eens == eerste, "asked again: the same file"
    assert await spel.waarde("select count(*) from betaling") == 1


async def test_twintig_keer_tegelijk_gevraagd_is_een_keer_betaald(spel, gemeente_http):
    http, als = gemeente_http
    await leg_vast(http, als)
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}))
    antwoorden = await asyncio.gather(
        *(http.post("/v1/betaalbestanden", json=VANDAAG, headers=als(f"persoon-{n}")) for n in range(20))
    )
    assert sorted(a.status_code for a in antwoorden) == [200] * 19 + [201]
    assert len({a.json()["betaalbestand_id"] for a in antwoorden}) == 1
    assert await spel.waarde("select sum(bedrag_cent) from betaling") == 70500


async def test_dezelfde_sleutel_geeft_hetzelfde_antwoord_ook_als_er_iets_bij_kwam(spel, gemeente_http):
    http, als = gemeente_http
    await leg_vast(http, als)
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}))
    sleutel = {"Idempotency-Key": "k-1"}
    eerste = await betaal(http, als, **sleutel)
    await spel.lever(
        *spel.declaratie(
            2, {CLIENT: [een_prestatie("R-2", 1, begindatum="2026-03-01", einddatum="2026-03-31")]}, "2026-03"
        )
    )
    assert await betaal(http, als, **sleutel) == eerste
    assert (await betaal(http, als))["totaal_cent"] == 5875
    ander = await http.post("/v1/betaalbestanden", json={"t_m": "2026-01-01"}, headers=als() | sleutel)
    assert ander.status_code == 409


async def test_een_creditsaldo_gaat_mee_naar_de_volgende_betaling(spel, gemeente_http):
    http, als = gemeente_http
    await leg_vast(http, als)
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}))
    await betaal(http, als)
    # S58: 12 hours credited, 11 claimed: 5875 to be given back.
    await spel.lever(*spel.declaratie(2, {CLIENT: [credit(R1, "R-20"), een_prestatie("R-21", 11)]}))
    morgen = {"t_m": "2099-12-31"}
    antwoord = await http.post("/v1/betaalbestanden", json=morgen, headers=als())
    assert (antwoord.status_code, antwoord.json()["code"]) == (422, "niets_te_betalen")
    maart = een_prestatie("R-22", 10, begindatum="2026-03-01", einddatum="2026-03-31")
    await spel.lever(*spel.declaratie(3, {CLIENT: [maart]}, "2026-03"))
    tweede = await betaal(http, als)
    assert tweede["totaal_cent"] == 58750 - 5875
    assert [d["toegekend_cent"] for d in tweede["betalingen"][0]["declaraties"]] == [-5875, 58750]
    assert await spel.waarde("select sum(bedrag_cent) from betaling") == 70500 - 5875 + 58750
    await bestand(http, als, tweede["betaalbestand_id"])


@pytest.mark.parametrize("t_m", ["9999-12-31", "0001-01-01", "morgen", 20260407])
async def test_een_onmogelijke_dag_wordt_geweigerd(gemeente_http, t_m):
    http, als = gemeente_http
    antwoord = await http.post("/v1/betaalbestanden", json={"t_m": t_m}, headers=als())
    assert antwoord.status_code == 422 and antwoord.json()["bevindingen"][0]["pad"] == "#/t_m"


async def test_zonder_rekening_blijft_het_open(spel, gemeente_http):
    http, als = gemeente_http
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}))
    assert (await betaal(http, als, 422))["code"] == "niets_te_betalen"
    await leg_vast(http, als)
    assert (await betaal(http, als))["totaal_cent"] == 70500


async def test_wat_betaald_is_verandert_niet_en_een_betaling_is_haar_som(spel, gemeente_http):
    http, als = gemeente_http
    await leg_vast(http, als)
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}))
    eerste = await betaal(http, als)
    for opdracht in (
        "update betaling set bedrag_cent = 1",
        "delete from betaalde_declaratie",
        "update betaalbestand set xml = ''",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await spel.waarde(opdracht)
    with pytest.raises(asyncpg.CheckViolationError):
        async with transaction(spel.pool, VAN_GOES) as tx:
            await tx.execute(
                """insert into betaling (betaling_id, betaalbestand_id, gemeente, aanbieder, iban, naam, uitvoerdatum, bedrag_cent)
                   values ('los', $1, '0664', '75750202', 'x', 'x', '2026-01-01', 5)""",
                eerste["betaalbestand_id"],
            )


async def test_de_aanbieder_ziet_welke_betaling_welke_325_dekt_en_een_ander_niet(spel, gemeente_http):
    http, als = gemeente_http
    await leg_vast(http, als)
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}, nummer="DN1"))
    verzonden = {"bericht_id": "b325", "soort": "WMO325", "op_bericht": "bericht-1"}
    await spel.lever(spel.gebeurtenis("knooppunt.bericht_verzonden", verzonden))
    gemaakt = await betaal(http, als)
    gezien = (await http.get("/v1/betalingen", headers=als("a1", **AANBIEDER))).json()
    (betaling,) = gezien["betalingen"]
    assert betaling["betaling_id"] == gemaakt["betalingen"][0]["betaling_id"] and gezien["volgende"] is None
    (declaratie,) = betaling["declaraties"]
    assert (declaratie["antwoord"], declaratie["declaratie_nummer"], declaratie["periode"]) == (
        "b325",
        "DN1",
        "2026-02",
    )
    ander = als("a2", agb="75750202", rollen=["aanbieder"])
    assert (await http.get("/v1/betalingen", headers=ander)).json() == {"betalingen": [], "volgende": None}
    leverancier = als("l", agb_lijst=[A1], rollen=["aanbieder"])
    zonder_knooppunt = await http.get("/v1/betalingen", headers=leverancier)
    assert (zonder_knooppunt.status_code, zonder_knooppunt.json()["code"]) == (503, "mandaat_onbekend")
    pad = f"/v1/betaalbestanden/{gemaakt['betaalbestand_id']}"
    assert (await http.get(pad, headers=als("t", gemeente="0716", rollen=["financien"]))).status_code == 404
    assert (await http.get(pad, headers=als("a1", **AANBIEDER))).status_code == 403


async def test_csv_voor_het_financieel_systeem_en_de_jaaropgave(spel, gemeente_http):
    http, als = gemeente_http
    await leg_vast(http, als)
    await spel.lever(spel.contracten(), spel.toewijzing(), *spel.declaratie(1, {CLIENT: [R1]}, nummer="=1+1"))
    gemaakt = await betaal(http, als)
    await spel.lever(*spel.declaratie(2, {CLIENT: [credit(R1, "R-20"), een_prestatie("R-21", 11)]}))
    antwoord = await http.get(
        f"/v1/betaalbestanden/{gemaakt['betaalbestand_id']}", headers=als() | {"Accept": "text/csv"}
    )
    assert antwoord.headers["content-type"] == "text/csv; charset=utf-8"
    (rij,) = csv.DictReader(io.StringIO(antwoord.text), delimiter=";")
    assert (rij["aanbieder"], rij["iban"], rij["toegekend_cent"]) == (A1, VAN_A1, "70500")
    assert rij["declaratie_nummer"] == "'=1+1", "never a formula"

    opgave = (await http.get("/v1/jaaropgaven/2026", headers=als())).json()
    (een,) = opgave["opgaven"]
    assert (een["netto_cent"], een["betaald_cent"], een["openstaand_cent"]) == (64625, 70500, -5875)
    (product,) = een["producten"]
    assert (product["toegekend_cent"], product["gecrediteerd_cent"], product["clienten"]) == (135125, 70500, 1)
    tekst = await http.get(f"/v1/jaaropgaven/2026?aanbieder={A1}", headers=als() | {"Accept": "text/csv"})
    (rij,) = csv.DictReader(io.StringIO(tekst.text), delimiter=";")
    assert (rij["jaar"], rij["product_code"], rij["netto_cent"]) == ("2026", "02A05", "64625")
    assert (await http.get("/v1/jaaropgaven/2025", headers=als())).json()["opgaven"] == []
