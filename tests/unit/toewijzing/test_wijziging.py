"""Wijzigen, intrekken, verwijderen en herindiceren."""

from datetime import date
from typing import Any

import pytest

from services.toewijzing.domain.toewijzing import Omvang
from services.toewijzing.domain.wijziging import (
    Wijziging,
    beeindig_voor_herindicatie,
    corrigeer,
    trek_in,
    verwijder,
    wijzig,
)
from tests.unit.toewijzing.een import een_versie, een_vraag

VANDAAG = date(2026, 6, 15)
TOTAAL = Omvang(40, "04", "6")


def wijziging(reden: str = "04", **velden: Any) -> Wijziging:
    return Wijziging(frozenset(velden), reden, **velden)


def test_op380_oprekken_houdt_het_nummer() -> None:
    nieuw, fouten = wijzig(een_versie(), wijziging(einddatum=date(2026, 12, 31)), VANDAAG)
    assert fouten == []
    assert (nieuw.einddatum, nieuw.reden_wijziging, nieuw.ingetrokken) == (date(2026, 12, 31), "04", False)


def test_op380_afgelopen_toewijzing_rekt_niet_op() -> None:
    _, fouten = wijzig(een_versie(), wijziging(einddatum=date(2026, 12, 31)), date(2026, 8, 1))
    assert [f.regel for f in fouten] == ["OP380"]


def test_op257_iv066_volume_alleen_als_totaal() -> None:
    _, fouten = wijzig(een_versie(), wijziging("14", volume=5), VANDAAG)
    assert {f.regel for f in fouten} == {"OP257", "IV066"}
    nieuw, fouten = wijzig(een_versie(omvang=TOTAAL), wijziging("14", volume=50), VANDAAG)
    assert fouten == [] and nieuw.omvang == Omvang(50, "04", "6")


def test_op033x1_budget_alleen_waar_een_budget_is() -> None:
    _, fouten = wijzig(een_versie(), wijziging("14", budget_cent=1), VANDAAG)
    assert "OP033x1" in {f.regel for f in fouten}


def test_op033x1_niets_gewijzigd() -> None:
    _, fouten = wijzig(een_versie(), wijziging("14"), VANDAAG)
    assert [f.regel for f in fouten] == ["OP033x1"]


@pytest.mark.parametrize(("reden", "regel"), [("01", "CS336"), ("13", "CS335"), ("99", "WMO002")])
def test_reden_die_niet_mag(reden: str, regel: str) -> None:
    _, fouten = trek_in(een_versie(), date(2026, 6, 30), reden)
    assert [f.regel for f in fouten] == [regel]


def test_cd076_einddatum_weglaten_bij_per_week() -> None:
    _, fouten = wijzig(een_versie(), wijziging("04", einddatum=None), VANDAAG)
    assert "CD076" in {f.regel for f in fouten}


def test_op258_intrekking_eindigt_eerder() -> None:
    nieuw, fouten = trek_in(een_versie(), date(2026, 6, 30), "07")
    assert fouten == [] and nieuw.ingetrokken and nieuw.einddatum == date(2026, 6, 30)
    _, fouten = trek_in(een_versie(), date(2026, 8, 1), "07")
    assert [f.regel for f in fouten] == ["OP258"]


def test_cs003_intrekking_voor_de_ingangsdatum() -> None:
    _, fouten = trek_in(een_versie(), date(2026, 2, 1), "07")
    assert [f.regel for f in fouten] == ["CS003"]


def test_cs335_verwijderen_eindigt_op_de_ingangsdatum() -> None:
    nieuw, fouten = verwijder(een_versie(), 0)
    assert fouten == [] and nieuw.verwijderd


def test_tr385_op362_verwijderen_met_goedgekeurde_prestaties() -> None:
    _, fouten = verwijder(een_versie(), 1)
    assert [f.regel for f in fouten] == ["TR385"]


def test_op033x1_verwijderd_is_eindtoestand() -> None:
    weg, _ = verwijder(een_versie(), 0)
    _, fouten = verwijder(weg, 0)
    assert [f.regel for f in fouten] == ["OP033x1"]


def test_op257_herindicatie_beeindigt_de_oude_de_dag_ervoor() -> None:
    vraag = een_vraag(ingangsdatum=date(2026, 5, 4), omvang=Omvang(5, "04", "2"))
    oud, fouten = beeindig_voor_herindicatie(een_versie(), vraag)
    assert fouten == []
    assert (oud.einddatum, oud.reden_wijziging) == (date(2026, 5, 3), "05")


def test_op380_herindicatie_zonder_verschil() -> None:
    _, fouten = beeindig_voor_herindicatie(een_versie(), een_vraag(ingangsdatum=date(2026, 5, 4)))
    assert [f.regel for f in fouten] == ["OP380"]


def test_op380_gelijke_zorg_als_totaal_mag_een_nieuw_nummer() -> None:
    vraag = een_vraag(omvang=TOTAAL, ingangsdatum=date(2026, 5, 4))
    _, fouten = beeindig_voor_herindicatie(een_versie(omvang=TOTAAL), vraag)
    assert fouten == []


def test_cs335_correctie_van_een_fout_product_verwijdert_het_nummer() -> None:
    weg, fouten = corrigeer(een_versie(), een_vraag(omvang=Omvang(5, "04", "2")), 0)
    assert fouten == [] and weg.verwijderd


@pytest.mark.parametrize(
    ("anders", "prestaties", "regel"),
    [
        ({"omvang": Omvang(5, "04", "2")}, 1, "TR385"),
        ({}, 0, "OP033x1"),
        ({"einddatum": date(2026, 6, 30)}, 0, "OP257"),
    ],
    ids=["prestaties", "niets", "alleen-einddatum"],
)
def test_tr385_op033x1_op257_correctie_die_niet_mag(anders: dict[str, Any], prestaties: int, regel: str) -> None:
    _, fouten = corrigeer(een_versie(), een_vraag(**anders), prestaties)
    assert [f.regel for f in fouten] == [regel]
