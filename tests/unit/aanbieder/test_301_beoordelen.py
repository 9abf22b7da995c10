"""A provider judges a 301 and makes its 302 (S01-S16)."""

from datetime import date, timedelta

import pytest

from aanbieder import klok, oordeel, overzicht, staat
from schemas.iwmo import codec
from schemas.iwmo.bericht import NietLeesbaar
from tests.unit.aanbieder.conftest import een_301, een_product, lees


def test_s01_goedgekeurde_301_wordt_bewaard_en_krijgt_een_302_zonder_codes(st):
    uitslag = oordeel.ontvang(st, een_301())
    assert uitslag.goedgekeurd
    retour = codec.parse(uitslag.antwoord)
    assert retour.soort.code == "WMO302"
    assert (retour.header.afzender, retour.header.ontvanger) == ("0664", "75750101")
    assert retour.inhoud()["retourcodes"] == []
    (rij,) = overzicht.toewijzingen(st)
    assert rij["toewijzing_nummer"] == 610001
    assert rij["laatste_301"]["status"] == "goedgekeurd"


def test_dezelfde_bytes_geven_hetzelfde_antwoord(st):
    eerste = oordeel.ontvang(st, een_301())
    tweede = oordeel.ontvang(st, een_301())
    assert tweede.antwoord == eerste.antwoord and tweede.goedgekeurd
    assert st.db.execute("SELECT count(*) FROM berichten").fetchone()[0] == 2


@pytest.mark.parametrize(
    "anders",
    [{"omvang": None}, {"einddatum": None}, {"omvang": {"volume": 3, "eenheid": "14", "frequentie": "1"}}],
    ids=["s03_cd041", "s04_cd076", "s07_cs338"],
)
def test_niveau_2_geeft_0001_in_de_header_en_bewaart_niets(st, anders):
    uitslag = oordeel.ontvang(st, een_301(een_product(**anders)))
    assert not uitslag.goedgekeurd
    assert lees(uitslag.antwoord)["retourcodes"] == ["0001"]
    assert overzicht.toewijzingen(st) == []


def test_s10_tr135_dagtekening_in_de_toekomst_geeft_8848(st):
    uitslag = oordeel.ontvang(st, een_301(dagtekening=klok.vandaag() + timedelta(days=1)))
    assert lees(uitslag.antwoord)["retourcodes"] == ["8848"]


def test_tr056_identificatie_al_gebruikt_geeft_9056(st):
    oordeel.ontvang(st, een_301())
    uitslag = oordeel.ontvang(st, een_301(een_product(toewijzing_nummer=610002)))
    assert lees(uitslag.antwoord)["retourcodes"] == ["9056"]


def test_tr378_onbekende_gemeente_geeft_s300(st):
    uitslag = oordeel.ontvang(st, een_301(gemeente="9999"))
    assert lees(uitslag.antwoord)["retourcodes"] == ["S300"]


def test_tr332_nummer_van_een_ander_geeft_9332_op_het_product(st):
    oordeel.ontvang(st, een_301())
    uitslag = oordeel.ontvang(st, een_301(identificatie="GO26A0002", bsn="999900031"))
    retour = lees(uitslag.antwoord)
    assert retour["retourcodes"] == ["0200"]
    assert [p["retourcodes"] for p in retour["toegewezen_producten"]] == [["9332"]]


def test_tr379_onbekende_referentie_geeft_9379(st):
    uitslag = oordeel.ontvang(st, een_301(een_product(referentie_aanbieder="REF-7001")))
    assert [p["retourcodes"] for p in lees(uitslag.antwoord)["toegewezen_producten"]] == [["9379"]]


def test_iv013_hoogste_toewijzingsdatum_is_actueel_ongeacht_volgorde(st):
    nieuw = een_product(toewijzingsdatum="2026-06-15", einddatum="2026-12-31", reden_wijziging="04")
    oordeel.ontvang(st, een_301(nieuw, identificatie="B", dagtekening=date(2026, 6, 15)))
    oordeel.ontvang(st, een_301(identificatie="A"))
    (rij,) = overzicht.toewijzingen(st)
    assert rij["einddatum"] == "2026-12-31"


def test_s15_reden_13_verwijdert(st):
    oordeel.ontvang(st, een_301())
    weg = een_product(toewijzingsdatum="2026-01-20", einddatum="2026-02-02", reden_wijziging="13")
    assert oordeel.ontvang(st, een_301(weg, identificatie="B", dagtekening=date(2026, 1, 20))).goedgekeurd
    assert overzicht.toewijzingen(st)[0]["status"] == "verwijderd"


def test_s08_niet_volgens_xsd_geeft_geen_retour(st):
    with pytest.raises(NietLeesbaar):
        oordeel.ontvang(st, een_301().replace(b">0664<", b">664<"))
    assert st.db.execute("SELECT count(*) FROM berichten").fetchone()[0] == 0


def test_tr332_een_nummer_houdt_zijn_product_iv066(st):
    oordeel.ontvang(st, een_301())
    ander = een_product(product={"categorie": "02", "code": "02B01"}, toewijzingsdatum="2026-01-20")
    uitslag = oordeel.ontvang(st, een_301(ander, identificatie="B", dagtekening=date(2026, 1, 20)))
    assert [p["retourcodes"] for p in lees(uitslag.antwoord)["toegewezen_producten"]] == [["9332"]]


KORTER = een_product(einddatum="2026-03-31", reden_wijziging="05")


@pytest.mark.parametrize("volgorde", [(een_product(), KORTER), (KORTER, een_product())], ids=["na", "voor"])
def test_iv099_op080_bij_gelijk_moment_telt_de_wijziging_in_elke_volgorde(st, volgorde):
    for i, product in enumerate(volgorde):
        assert oordeel.ontvang(st, een_301(product, identificatie=f"B{i}")).goedgekeurd
    (rij,) = overzicht.toewijzingen(st)
    assert (rij["einddatum"], rij["status"]) == ("2026-03-31", "ingetrokken")


def test_op080_clientgegevens_komen_van_de_laatste_dagtekening(st):
    nieuw = een_301(identificatie="B", dagtekening=date(2026, 2, 20)).replace(b"Testduin", b"Nieuwland")
    oordeel.ontvang(st, nieuw)
    oordeel.ontvang(st, een_301())
    assert staat.client(st.db, "0664", "999900018")["naam"]["geslachtsnaam"]["achternaam"] == "Nieuwland"
