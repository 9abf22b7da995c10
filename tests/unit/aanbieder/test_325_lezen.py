"""A 325 tells which lines were awarded; an approved line protects its toewijzing (TR385)."""

from datetime import date

import pytest

from aanbieder import declareren, klok, oordeel, overzicht, staat
from schemas.iwmo import retour
from tests.unit.aanbieder.conftest import A1, GOES, een_301, een_product, lees


def een_regel(referentie, **anders):
    return {
        "toewijzing_nummer": 610001,
        "referentie_nummer": referentie,
        "vorig_referentie_nummer": None,
        "product_categorie": "02",
        "product_code": "02A05",
        "begindatum": "2026-02-02",
        "einddatum": "2026-02-28",
        "geleverd_volume": 12,
        "eenheid": "04",
        "product_tarief_cent": 5875,
        "ingediend_cent": 70500,
        "debet_credit": "D",
    } | anders


@pytest.fixture
def gedeclareerd(st):
    oordeel.ontvang(st, een_301())
    return st, declareren.declaratie(st, A1, GOES, [een_regel("R-1")], "2026-02", identificatie="DN2602A")


def antwoord(st, klaar, **codes):
    xml = retour.antwoord_325(klaar.xml, identificatie="GO26D1", dagtekening=klok.vandaag(), **codes)
    return oordeel.ontvang(st, xml)


VERWIJDERD = een_product(toewijzingsdatum="2026-04-01", einddatum="2026-02-02", reden_wijziging="13")


def test_s14_tr385_verwijderen_na_toekenning_geeft_9385(gedeclareerd):
    st, klaar = gedeclareerd
    assert antwoord(st, klaar).goedgekeurd
    uitslag = oordeel.ontvang(st, een_301(VERWIJDERD, identificatie="B", dagtekening=date(2026, 4, 1)))
    assert lees(uitslag.antwoord)["toegewezen_producten"][0]["retourcodes"] == ["9385"]
    assert overzicht.toewijzingen(st)[0]["status"] != "verwijderd"


def test_afgekeurde_regel_staat_verwijderen_niet_in_de_weg(gedeclareerd):
    st, klaar = gedeclareerd
    uitslag = antwoord(st, klaar, prestatie_codes={(0, 0): ["9321"]})
    assert uitslag.goedgekeurd, "a 325 with refused lines is itself in order"
    assert oordeel.ontvang(st, een_301(VERWIJDERD, identificatie="B", dagtekening=date(2026, 4, 1))).goedgekeurd


def test_tr337_antwoord_op_een_onbekende_declaratie_valt_op(gedeclareerd, tmp_path):
    _, klaar = gedeclareerd
    ander = staat.Staat(tmp_path / "ander")
    assert not antwoord(ander, klaar).goedgekeurd
    ander.sluit()


def test_dezelfde_declaratie_nog_eens_geeft_dezelfde_bytes(gedeclareerd):
    st, klaar = gedeclareerd
    weer = declareren.declaratie(st, A1, GOES, [een_regel("R-9")], "2026-02", identificatie="DN2602A")
    assert weer.xml == klaar.xml
