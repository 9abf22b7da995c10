"""Regels over de persoon van een indicatie."""

from datetime import date

import pytest

from services.intake.domain.persoon import bsn_geldig, toets_geboortedatum, toets_periode

VANDAAG = date(2026, 2, 28)


@pytest.mark.parametrize("bsn", ["999900018", "999900031", "999900043", "999900092"])
def test_cs002_geldig_bsn(bsn: str) -> None:
    assert bsn_geldig(bsn)


@pytest.mark.parametrize("bsn", ["999900019", "000000000", "99990001", "9999000188", "99990001a", "٩٩٩٩٠٠٠١٨"])
def test_cs002_ongeldig_bsn(bsn: str) -> None:
    assert not bsn_geldig(bsn)


def test_tr002_hoogstens_120_jaar() -> None:
    assert toets_geboortedatum(date(1906, 2, 28), None, VANDAAG) == []
    assert [f.regel for f in toets_geboortedatum(date(1906, 2, 27), None, VANDAAG)] == ["TR002"]


def test_tr002_onbekende_datum_is_vrij() -> None:
    assert toets_geboortedatum(date(1900, 1, 1), "3", VANDAAG) == []


def test_tr134_geboren_in_de_toekomst() -> None:
    assert [f.regel for f in toets_geboortedatum(date(2026, 3, 1), None, VANDAAG)] == ["TR134"]


def test_cs003_einde_voor_begin() -> None:
    assert [f.regel for f in toets_periode(date(2026, 2, 2), date(2026, 2, 1), "/x")] == ["CS003"]
    assert toets_periode(date(2026, 2, 2), None, "/x") == []
