"""From an approved 323 to a payment that its provider can find back, and a budget that warns, over HTTP and XML."""

import httpx
import pytest

from lokaal.spel import wacht_tot
from tests.chain.spel import GOES, VAN_BESTAND, Zaak, een_prestatie, maak_declaratie, nummer

AGB = VAN_BESTAND["geld"]
NIJ = {"aanbieder": AGB, "product": {"categorie": "07", "code": "07A12"}, "ingangsdatum": "2026-03-02",
       "einddatum": "2026-05-31", "omvang": {"volume": 4, "eenheid": "16", "frequentie": "2"}}  # fmt: skip


@pytest.fixture(scope="module")
def zaak(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, AGB)
    zaak.ken_toe(NIJ)
    keten.klok("2026-04-07T10:00:00+02:00")
    return zaak


def declareer(zaak, volume):
    regel = een_prestatie(
        zaak.nummers[0], nummer("R"), volume, product_categorie="07", product_code="07A12", eenheid="16",
        product_tarief_cent=4250, begindatum="2026-03-02", einddatum="2026-03-31",
    )  # fmt: skip
    return zaak.keten.post_xml(AGB, maak_declaratie(zaak.keten, {zaak.bsn: [regel]}, "2026-03", AGB)).json()[
        "bericht_id"
    ]


def als(keten, sub, methode, pad, **verder):
    token = keten._lokaal("token", "--gemeente", GOES, "--sub", sub).strip()
    antwoord = httpx.request(
        methode, keten.urls["declaratie"] + pad, headers={"Authorization": f"Bearer {token}"}, timeout=30, **verder
    )
    assert antwoord.is_success, antwoord.text
    return antwoord


def test_een_325_wordt_betaald_en_de_aanbieder_vindt_haar_terug(keten, zaak):
    bericht_id = declareer(zaak, 18)
    antwoord_325 = keten.wacht_op_antwoord(AGB, bericht_id)
    rekeningen = {
        "gemeente": {"iban": "NL91ABNA0417164300", "naam": "Gemeente Goes"},
        "aanbieders": [{"aanbieder": AGB, "iban": "NL02ABNA0123456789", "naam": "Zorg aan Zee"}],
    }
    for persoon in ("anna", "bert"):
        als(keten, persoon, "PUT", "/v1/betaalgegevens", json=rekeningen)

    def beoordeeld():
        rij = keten.vraag("GET", "declaratie", f"/v1/declaraties/{bericht_id}", GOES)
        return (rij.is_success and rij.json()["antwoord"] == antwoord_325) or None

    wacht_tot(beoordeeld, "declaratie weet van haar 325")
    bestand = als(keten, "anna", "POST", "/v1/betaalbestanden", json={"t_m": "2026-04-07"}).json()
    (betaling,) = [b for b in bestand["betalingen"] if b["aanbieder"] == AGB]
    assert betaling["bedrag_cent"] == 18 * 4250 and bestand["uitvoerdatum"] == "2026-04-08"
    xml = als(keten, "anna", "GET", f"/v1/betaalbestanden/{bestand['betaalbestand_id']}")
    assert b"pain.001.001.09" in xml.content and b'<InstdAmt Ccy="EUR">765.00</InstdAmt>' in xml.content

    (gezien,) = keten.vraag("GET", "declaratie", "/v1/betalingen", AGB).json()["betalingen"]
    assert gezien["betaling_id"] == betaling["betaling_id"]
    assert [d["antwoord"] for d in gezien["declaraties"]] == [antwoord_325]


def test_een_leverancier_ziet_betalingen_en_termijnen_van_een_aanbieder_zolang_die_hem_machtigt(keten, zaak):
    token = keten._lokaal("token", "--agb-lijst", f"{AGB},75750202", "--sub", "ecd-geld").strip()

    def lijst(dienst, wat):
        koppen = {"Authorization": f"Bearer {token}"}
        return httpx.get(f"{keten.urls[dienst]}/v1/{wat}", headers=koppen, timeout=30)

    lijsten = [("declaratie", "betalingen"), ("declaratie", "termijnen"), ("toewijzing", "termijnen")]
    for dienst, wat in lijsten:
        geweigerd = lijst(dienst, wat)
        assert (geweigerd.status_code, geweigerd.json()["code"]) == (403, "geen_mandaat"), dienst
    assert keten.vraag("PUT", "knooppunt", "/v1/mandaten/ecd-geld", AGB, json={}).status_code == 204
    for dienst, wat in lijsten:
        gezien = {een["aanbieder"] for een in lijst(dienst, wat).json()[wat]}
        assert gezien == {AGB}, "of the other one in the token there is no mandate"
    assert keten.vraag("DELETE", "knooppunt", "/v1/mandaten/ecd-geld", AGB).status_code == 204
    assert {lijst(dienst, wat).status_code for dienst, wat in lijsten} == {403}


def test_een_budget_waarschuwt_een_keer_per_drempel(keten, zaak):
    stand = keten.vraag("GET", "declaratie", "/v1/budgetten/2026", GOES).json()
    (categorie,) = [b for b in stand["budgetten"] if b["product_categorie"] == "07"]
    assert categorie["verplicht_cent"] >= 13 * 4 * 4250
    plafond = categorie["prognose_cent"] * 100 // 85
    body = {"budgetten": [{"product_categorie": "07", "plafond_cent": plafond}]}
    assert keten.vraag("PUT", "declaratie", "/v1/budgetten/2026", GOES, json=body).is_success

    def meldingen():
        rijen = keten.vraag("GET", "notifications", "/v1/notificaties?limit=500", GOES).json()["notificaties"]
        return [
            r["onderwerp"] for r in rijen if r["aanleiding"] == "budget_bereikt" and r["status"] == "verzonden"
        ] or None

    assert wacht_tot(meldingen, "de melding is gemaild", 60) == ["Budget 2026 voor categorie 07 komt op 80 procent"]
