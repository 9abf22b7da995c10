"""Algemene termijnenwet art. 3."""

from datetime import date

import pytest

from chassis.termijn import add_working_days, is_working_day


@pytest.mark.parametrize("jaar", range(2024, 2032))
def test_5_mei_is_elk_jaar_een_feestdag(jaar: int) -> None:
    assert not is_working_day(date(jaar, 5, 5))


@pytest.mark.parametrize(
    "dag",
    [
        date(2026, 1, 1),
        date(2026, 4, 3),  # Goede Vrijdag
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2027, 3, 26),
        date(2025, 4, 26),  # 27 april 2025 is een zondag
    ],
)
def test_feestdagen(dag: date) -> None:
    assert not is_working_day(dag)


def test_gewone_dagen() -> None:
    assert is_working_day(date(2026, 4, 2))
    assert is_working_day(date(2026, 12, 24))
    assert not is_working_day(date(2026, 4, 4))


def test_tellen_begint_de_dag_erna() -> None:
    assert add_working_days(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert add_working_days(date(2026, 3, 6), 5) == date(2026, 3, 13)
    assert add_working_days(date(2026, 3, 7), 0) == date(2026, 3, 7)
