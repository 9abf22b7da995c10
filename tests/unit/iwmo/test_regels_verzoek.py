"""Level 2 of the 315, the 317 and the 319, on messages made with the generic writer."""

from typing import Any

import pytest

from tests.unit.iwmo.voorbeelden import OMVANG, VERWIJZER, aanvraag, nieuw, regels, wmo315, wmo317, wmo319

ONGEWIJZIGD = [{"toewijzing_nummer": 1}]


@pytest.mark.parametrize(
    ("anders", "fouten"),
    [
        ({}, set()),
        ({"omvang": None}, {"CD041"}),
        ({"beschikking_nummer": 1}, {"CD043"}),
        ({"verwijzer": VERWIJZER | {"zorgverlener_code": "12345678"}}, {"CD066"}),
        ({"verwijzer": {"type": "02"}}, {"CD067"}),
        ({"verwijzer": {"type": "01", "zorgverlener_code": "12345678"}}, {"CD068"}),
        ({"product": None, "omvang": None, "budget_cent": 1}, {"CD075"}),
        ({"omvang": OMVANG | {"frequentie": "2"}}, {"CD076"}),
        ({"product": {"categorie": "02"}}, {"CD095"}),
        ({"omvang": OMVANG | {"eenheid": "14", "frequentie": "1"}}, {"CS343"}),
        ({"toewijzing_einddatum": "2026-04-30"}, {"CS003"}),
    ],
)
def test_315_cd041_cd043_cd066_to_cd068_cd075_cd076_cd095_cs003_cs343(anders: Any, fouten: set[str]) -> None:
    assert regels(wmo315(aanvraag(**anders))) == fouten


def test_tr383_tr386_tr101_of_the_315() -> None:
    assert regels(wmo315(aanvraag(), aanvraag(referentie_aanbieder="V2"))) == {"TR386"}
    ander = aanvraag(product={"categorie": "03", "code": "03A05"})
    assert regels(wmo315(aanvraag(), ander)) == {"TR383", "TR101"}


@pytest.mark.parametrize(
    ("verzoek", "fouten"),
    [
        ({"ongewijzigde_producten": ONGEWIJZIGD, "nieuwe_producten": [nieuw()]}, set()),
        ({"nieuwe_producten": [nieuw()]}, {"TR352"}),
        ({"ongewijzigde_producten": ONGEWIJZIGD}, {"TR353"}),
        ({"ongewijzigde_producten": ONGEWIJZIGD, "nieuwe_producten": [nieuw(), nieuw(einddatum="2026-06-01")]},
         {"TR101", "TR410"}),
        ({"ongewijzigde_producten": ONGEWIJZIGD, "nieuwe_producten": [nieuw(gewenste_ingangsdatum="2026-04-15")]},
         {"TR380"}),
        ({"ongewijzigde_producten": ONGEWIJZIGD, "nieuwe_producten": [nieuw(product={"categorie": "02"})]},
         {"CD096"}),
        ({"te_wijzigen_producten": [{"toewijzing_nummer": 1, "gewenste_ingangsdatum": "2026-05-01",
                                     "omvang": OMVANG, "budget_cent": 1, "einddatum": "2026-06-01"}]},
         {"CD077", "CD078"}),
    ],
)  # fmt: skip
def test_317_tr352_tr353_tr380_tr410_cd096_cd077_cd078(verzoek: Any, fouten: set[str]) -> None:
    assert regels(wmo317(**verzoek)) == fouten


def test_319_cd085_cd086() -> None:
    assert regels(wmo319(verzoek_antwoord="1", reden_afwijzing_verzoek="3")) == set()
    assert regels(wmo319(verzoek_antwoord="1")) == {"CD085"}
    assert regels(wmo319(verzoek_antwoord="2", reden_afwijzing_verzoek="3")) == {"CD086"}
