"""TR346, TR418, IV079: amounts beside exact fractions, rounded once at the end."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.declaratie.domain.bedragen import amount, expected_amount, expected_rate, round_half_up
from services.declaratie.domain.waarden import Contract, Prestatie

UURTARIEF = Contract("02", "02A05", "04", 5875, True, date(2025, 1, 1))
REGEL = Prestatie(0, "R", 1, "02", "02A05", date(2026, 2, 2), date(2026, 2, 28), 1, "04", 5875, 5875)
TARIEVEN, VOLUMES = st.integers(0, 10**6), st.integers(0, 10**6)


def half_up(breuk: Fraction) -> int:
    """Count up from the whole part: one more when the rest is a half or more."""
    heel = breuk.numerator // breuk.denominator
    return heel + (1 if breuk - heel >= Fraction(1, 2) else 0)


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_afronden_is_half_naar_boven(teller, noemer):
    assert round_half_up(teller, noemer) == half_up(Fraction(teller, noemer))


@given(TARIEVEN, VOLUMES)
def test_tr346_iv079_minuten_op_een_uurtarief(tarief, minuten):
    contract = replace(UURTARIEF, tarief_cent=tarief)
    regel = replace(REGEL, eenheid="01", volume=minuten, tarief_cent=expected_rate(contract, "01"))
    per_minuut = Fraction(tarief, 60)
    assert regel.tarief_cent == half_up(per_minuut)
    assert expected_amount(regel, contract) == half_up(per_minuut * minuten) == amount(minuten, "01", contract)


@given(TARIEVEN, VOLUMES, st.sampled_from(["04", "14", "16", "82", "84"]))
def test_tr346_volume_maal_tarief(tarief, volume, eenheid):
    contract = replace(UURTARIEF, eenheid=eenheid, tarief_cent=tarief)
    regel = replace(REGEL, eenheid=eenheid, volume=volume, tarief_cent=tarief)
    assert expected_amount(regel, contract) == sum([tarief] * (volume % 100)) + tarief * (volume - volume % 100)
    assert amount(volume, eenheid, contract) == tarief * volume


@given(VOLUMES)
def test_tr346_bij_euros_is_het_volume_het_bedrag(centen):
    regel = replace(REGEL, eenheid="83", volume=centen, tarief_cent=None)
    assert expected_amount(regel, None) == centen == amount(centen, "83", None)


def test_6_4_het_uitgewerkte_voorbeeld_van_vier_bezoeken():
    assert amount(380, "01", UURTARIEF) == 37208 and expected_rate(UURTARIEF, "01") == 98
    assert amount(6, "04", UURTARIEF) == 35250
