"""A filled-in form as a command: amounts and percentages as a Dutch person writes them, and nothing guessed."""

from __future__ import annotations

import pytest

from services.backoffice import beheer, grafiek

LEEG = dict.fromkeys(("soort", "aanbieder", "categorie", "code", "dag", "procent", "variant", "eenheid", "tarief"), "")


@pytest.mark.parametrize(
    ("tekst", "cent"),
    [
        ("0", 0),
        ("58,75", 5875),
        ("1250", 125_000),
        ("1.250.000,5", 125_000_050),
        ("€ 10,00", 1000),
        ("12.5", 1250),
        ("1.250", 125_000),
    ],
)
def test_bedrag(tekst: str, cent: int) -> None:
    assert beheer.cent(tekst) == cent
    assert beheer.cent(beheer.bedrag(cent)) == cent


@pytest.mark.parametrize("tekst", ["", "x", "-1", "1,234", "NaN", "Infinity", "1e999", "1,2,3", "999999999999999"])
def test_geen_bedrag_wordt_niet_geraden(tekst: str) -> None:
    with pytest.raises(beheer.Onjuist):
        beheer.cent(tekst)


def test_een_wijziging_van_contracten() -> None:
    velden = LEEG | {"soort": "indexatie", "categorie": "02", "procent": "3,5", "dag": "2027-01-01"}
    assert beheer.contractwijziging(velden) == {
        "soort": "indexatie", "product_categorie": "02", "per": "2027-01-01", "promille": 35
    }  # fmt: skip
    for fout in ({"procent": "3,55"}, {"procent": "0"}, {"procent": "101"}, {"dag": "1-1-2027"}, {"soort": "wis"}):
        with pytest.raises(beheer.Onjuist):
            beheer.contractwijziging(velden | fout)
    with pytest.raises(beheer.Onjuist):
        beheer.contractwijziging(LEEG | {"soort": "beeindiging", "dag": "2027-01-01"})
    nieuw = LEEG | {"soort": "toevoeging", "aanbieder": "75750101", "categorie": "02", "code": "02a05",
                    "dag": "2027-01-01", "variant": "inspanning", "eenheid": "04", "tarief": "58,75"}  # fmt: skip
    assert beheer.contractwijziging(nieuw)["contracten"] == [
        {"aanbieder": "75750101", "product_categorie": "02", "product_code": "02A05", "variant": "inspanning",
         "eenheid": "04", "tarief_cent": 5875, "geldig_vanaf": "2027-01-01"}
    ]  # fmt: skip


def test_een_grafiek_past_altijd_in_haar_vlak() -> None:
    assert grafiek.staven([]) == []
    for maanden in ([("jan", 0, 0)], [("jan", -5, 3), ("feb", 10**13, 1)]):
        for staaf in grafiek.staven(maanden):
            assert staaf.licht_y >= 0 and staaf.licht_y + staaf.licht_hoogte <= grafiek.HOOGTE
            assert staaf.donker_hoogte >= 0 and staaf.licht_x + staaf.licht_breedte <= grafiek.BREEDTE
    budget = {"verplicht_cent": 0, "gerealiseerd_cent": -1, "prognose_cent": 0, "plafond_cent": None}
    balk = grafiek.balk(budget | {"prognose_laag_cent": None, "prognose_hoog_cent": None})
    assert balk.besteed == balk.prognose == 0 and balk.plafond is None
