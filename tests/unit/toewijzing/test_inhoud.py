"""Inhoudsregels van een product, voordat er een 301 vertrekt."""

from datetime import date

import pytest

from services.toewijzing.domain.inhoud import (
    contract_voor,
    toets_indicatie,
    toets_oprekken,
    toets_overlap,
    toets_product,
)
from services.toewijzing.domain.toewijzing import Omvang, Product
from tests.unit.toewijzing.een import een_contract, een_versie, een_vraag

VANDAAG = date(2026, 2, 20)


def regels(vraag: object) -> list[str]:
    return [f.regel for f in toets_product(vraag)]  # type: ignore[arg-type]


def test_geldig_product_heeft_geen_fouten() -> None:
    assert regels(een_vraag()) == []


def test_cd041_code_zonder_omvang() -> None:
    assert "CD041" in regels(een_vraag(omvang=None, budget_cent=100))


def test_cd075_budget_zonder_einddatum() -> None:
    assert regels(een_vraag(product=Product("02"), omvang=None, budget_cent=300000, einddatum=None)) == ["CD075"]


def test_cd076_per_week_zonder_einddatum() -> None:
    assert regels(een_vraag(einddatum=None)) == ["CD076"]


def test_cd077_cd078_omvang_en_budget() -> None:
    assert regels(een_vraag(budget_cent=100)) == ["CD077", "CD078"]


def test_cd079_zonder_product_en_budget() -> None:
    assert regels(een_vraag(product=None, omvang=None)) == ["CD079"]


def test_cd080_omvang_zonder_code() -> None:
    assert regels(een_vraag(product=Product("02"))) == ["CD080"]
    oud = een_vraag(product=Product("02"), ingangsdatum=date(2020, 1, 1), einddatum=date(2020, 12, 31))
    assert regels(oud) == []


def test_cs003_einde_voor_begin() -> None:
    assert regels(een_vraag(einddatum=date(2026, 2, 1))) == ["CS003"]


@pytest.mark.parametrize("eenheid", ["14", "16", "83", "84"])
def test_cs338_eenheid_niet_per_dag(eenheid: str) -> None:
    assert regels(een_vraag(omvang=Omvang(1, eenheid, "1"))) == ["CS338"]


def test_s329_code_buiten_categorie() -> None:
    assert regels(een_vraag(product=Product("07", "02A05"))) == ["S329"]


def test_tr302_overlap_zelfde_code() -> None:
    vraag = een_vraag(ingangsdatum=date(2026, 7, 1), einddatum=date(2026, 12, 31))
    assert [f.regel for f in toets_overlap(vraag, [een_versie()])] == ["TR302"]
    ander = een_vraag(product=Product("02", "02B10"))
    assert toets_overlap(ander, [een_versie()]) == []


def test_tr302_verwijderd_telt_niet() -> None:
    weg = een_versie(einddatum=date(2026, 2, 2), reden_wijziging="13")
    assert toets_overlap(een_vraag(), [weg]) == []


def test_tr302_categorie_11_tot_14_is_vrij() -> None:
    hulpmiddel = Product("12", "12X00")
    assert toets_overlap(een_vraag(product=hulpmiddel), [een_versie(product=hulpmiddel)]) == []


def test_tr302_generiek_overlapt_met_niets() -> None:
    generiek = een_vraag(product=None, omvang=None, budget_cent=1)
    assert toets_overlap(generiek, [een_versie()]) != []


def test_op380_aansluitende_verlenging_moet_op_hetzelfde_nummer() -> None:
    vraag = een_vraag(ingangsdatum=date(2026, 8, 1), einddatum=date(2026, 12, 31))
    assert [f.regel for f in toets_oprekken(vraag, [een_versie()], VANDAAG)] == ["OP380"]
    assert toets_oprekken(vraag, [een_versie()], date(2026, 8, 1)) == [], "de oude is al afgelopen"


def test_op380_niet_bij_andere_omvang_of_totaal() -> None:
    later = {"ingangsdatum": date(2026, 8, 1), "einddatum": date(2026, 12, 31)}
    assert toets_oprekken(een_vraag(omvang=Omvang(4, "04", "2"), **later), [een_versie()], VANDAAG) == []
    totaal = Omvang(40, "04", "6")
    assert toets_oprekken(een_vraag(omvang=totaal, **later), [een_versie(omvang=totaal)], VANDAAG) == []


def test_contract_op_de_ingangsdatum() -> None:
    assert contract_voor(een_vraag(), [een_contract()]) is not None
    assert contract_voor(een_vraag(), [een_contract(geldig_tot=date(2026, 1, 31))]) is None
    assert contract_voor(een_vraag(), [een_contract(aanbieder="75750202")]) is None


def test_contract_aspecifiek_en_generiek() -> None:
    assert contract_voor(een_vraag(product=Product("02")), [een_contract()]) is not None
    assert contract_voor(een_vraag(product=Product("07")), [een_contract()]) is None
    assert contract_voor(een_vraag(product=None), [een_contract()]) is not None


def test_indicatie_meldt_alle_fouten_tegelijk() -> None:
    vragen = [een_vraag(omvang=None, pad="/producten/0"), een_vraag(aanbieder="75750202", pad="/producten/1")]
    fouten = toets_indicatie(vragen, [], [een_contract()], VANDAAG)
    assert [(f.regel, f.pad) for f in fouten] == [
        ("CD041", "/producten/0/omvang"),
        ("CONTRACT", "/producten/1/aanbieder"),
    ]


def test_tr302_binnen_een_indicatie() -> None:
    fouten = toets_indicatie([een_vraag(), een_vraag()], [], [een_contract()], VANDAAG)
    assert [f.regel for f in fouten] == ["TR302"]
