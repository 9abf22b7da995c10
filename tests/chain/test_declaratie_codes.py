"""processes.md 6.2: each code that a prestatie can get, through HTTP and XML, with nothing else wrong in the line."""

import pytest

from tests.chain.spel import VAN_BESTAND, Zaak, begeleiding, een_prestatie, maak_declaratie, nummer

AGB = VAN_BESTAND["codes"]
JANUARI, FEBRUARI = ("2026-01-01", "2026-01-31"), ("2026-02-02", "2026-02-28")
MAART, APRIL, JULI = ("2026-03-01", "2026-03-31"), ("2026-04-01", "2026-04-30"), ("2026-07-01", "2026-07-31")


@pytest.fixture(scope="module")
def zaak(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, AGB)
    # 40 hours in all over a period that ends in the middle of June.
    zaak.ken_toe(begeleiding(einddatum="2026-06-15", omvang={"volume": 40, "eenheid": "04", "frequentie": "6"}))
    keten.klok("2026-08-03T10:00:00+02:00")
    return zaak


@pytest.fixture
def codes(zaak):
    """Hand in one line; give its codes."""

    def declareer(periode, volume=1, maand="2026-07", **anders):
        begin, eind = periode
        regel = een_prestatie(zaak.nummers[0], nummer("R"), volume, begindatum=begin, einddatum=eind) | anders
        antwoord = zaak.keten.wissel(AGB, maak_declaratie(zaak.keten, {zaak.bsn: [regel]}, maand, AGB))
        return [
            code
            for client in antwoord["declaratie_antwoord"]["clienten"]
            for prestatie in client["prestaties"]
            for code in prestatie["retourcodes"]
        ]

    return declareer


def test_tr319_9319_een_periode_na_die_van_de_declaratie(codes):
    # The first of this provider, because a DeclaratiePeriode never goes back (IV090).
    assert codes(APRIL, maand="2026-03") == ["9319"]


def test_tr339_9339_tr340_9340_tr381_s329_een_ander_product(codes):
    dagbesteding = {"product_code": "07A12", "eenheid": "04", "product_tarief_cent": 4250, "ingediend_cent": 4250}
    assert codes(MAART, product_categorie="07", **dagbesteding) == ["9339", "9340"]
    assert codes(MAART, product_categorie="02", **dagbesteding)[:2] == ["9340", "S329"]


def test_tr307_9307_tr308_9308_buiten_de_toewijzing(codes):
    assert codes(JANUARI) == ["9307"]
    assert codes(JULI) == ["9308"]


def test_tr387_9387_tr388_9388_niet_de_hele_maand(codes):
    assert codes(("2026-03-02", MAART[1])) == ["9387"]
    assert codes((MAART[0], "2026-03-30")) == ["9388"]
    assert codes(("2026-02-01", FEBRUARI[1]))[0] == "9307"


def test_tr341_9341_een_andere_eenheid(codes):
    assert codes(MAART, eenheid="14") == ["9341"]


def test_tr314_8021_tr389_9389_tr322_9322_wat_al_is_toegekend(codes):
    eerste = {"referentie_nummer": nummer("R")}
    assert codes(MAART, 30, **eerste) == []
    assert codes(APRIL, 1, **eerste) == ["8021"]
    assert codes(MAART, 1) == ["9389"]
    assert codes(APRIL, 11) == ["9322"]
    assert codes(APRIL, 10) == []


def test_6_4_minuten_worden_met_het_hele_uurtarief_gerekend(codes):
    minuten = {"eenheid": "01", "product_tarief_cent": 98}
    assert codes(("2026-05-01", "2026-05-31"), 380, **minuten, ingediend_cent=37240)[0] == "9346"
