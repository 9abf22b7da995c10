"""A provider with an empty state, and 301s as a municipality makes them."""

from datetime import date

import pytest

from aanbieder import staat
from schemas.iwmo import codec, schrijf

GOES, A1, BSN = "0664", "75750101", "999900018"
CLIENT = {
    "bsn": BSN,
    "geboortedatum": "1950-05-17",
    "geslacht": "2",
    "naam": {"achternaam": "Testduin", "voorletters": "A"},
    "adres": {"straat": "Zeedijk", "huisnummer": 12, "postcode": "4461AB", "plaats": "Goes"},
}


@pytest.fixture(autouse=True)
def echte_klok(monkeypatch, tmp_path):
    monkeypatch.setenv("ZORGKETEN_LOKAAL_MAP", str(tmp_path / "geen"))


@pytest.fixture
def st(tmp_path):
    st = staat.Staat(tmp_path / "staat")
    yield st
    st.sluit()


def een_product(**anders):
    return {
        "toewijzing_nummer": 610001,
        "referentie_aanbieder": None,
        "product": {"categorie": "02", "code": "02A05"},
        "toewijzingsdatum": "2026-01-19",
        "toewijzingstijd": "10:00:00",
        "ingangsdatum": "2026-02-02",
        "einddatum": "2026-07-31",
        "reden_wijziging": None,
        "omvang": {"volume": 3, "eenheid": "04", "frequentie": "2"},
        "budget_cent": None,
        "commentaar": None,
    } | anders


def een_301(*producten, identificatie="GO26A0001", dagtekening=date(2026, 1, 19), gemeente=GOES, bsn=BSN):
    return schrijf.toewijzing_301(
        afzender=gemeente,
        ontvanger=A1,
        identificatie=identificatie,
        dagtekening=dagtekening,
        client=CLIENT | {"bsn": bsn},
        toegewezen_producten=list(producten) or [een_product()],
    )


def lees(xml):
    return codec.parse(xml).inhoud()
