"""Weken, zondagen en de voorbeelden van TR321, TR322 en IV076-IV078."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.declaratie.domain.perioden import last_day, max_period, max_total, next_month, sundays, weeks
from services.declaratie.domain.waarden import Omvang, Toewijzing


def d(tekst):
    return date.fromisoformat(tekst)


def een_toewijzing(begin, eind, volume, frequentie="2", eenheid="04", categorie="02", variant="inspanning"):
    return Toewijzing(
        1, "c", "75750101", d(begin), d(eind) if eind else None, categorie, None,
        Omvang(volume, eenheid, frequentie), variant=variant,
    )  # fmt: skip


def per_maand(t):
    begin, uit = t.ingangsdatum, []
    while begin <= t.einddatum:
        uit.append(max_period(t, begin, min(last_day(begin), t.einddatum)))
        begin = next_month(begin)
    return uit


VOORBEELDEN = [
    (een_toewijzing("2026-03-02", "2026-05-31", 4), [20, 20, 20], 52),
    (een_toewijzing("2026-01-14", "2026-04-17", 3), [9, 15, 18, 9], 42),
    (een_toewijzing("2026-12-07", "2027-01-24", 5), [20, 20], 35),
    (
        een_toewijzing("2026-02-09", "2026-04-29", 25000, eenheid="83", variant="output"),
        [50000, 125000, 125000],
        300000,
    ),
    (een_toewijzing("2026-02-01", "2026-04-30", 2, categorie="01"), [12, 12, 12], 28),
    (een_toewijzing("2026-02-02", "2026-07-31", 3), [12, 18, 15, 15, 15, 15], 78),
]


@pytest.mark.parametrize(("toewijzing", "maanden", "totaal"), VOORBEELDEN)
def test_tr321_tr322_uitgewerkte_voorbeelden(toewijzing, maanden, totaal):
    assert per_maand(toewijzing) == maanden
    assert max_total(toewijzing, toewijzing.einddatum) == totaal


def test_iv078_maand_geldt_ook_voor_een_gebroken_maand():
    t = een_toewijzing("2026-01-15", "2026-03-31", 28, "4", "14")
    assert per_maand(t) == [28, 28, 28]
    assert max_total(t, t.einddatum) == 84


def test_tr322_zonder_einddatum_telt_tot_het_eind_van_de_productperiode():
    t = een_toewijzing("2026-01-15", None, 28, "4", "14")
    assert max_total(t, d("2026-02-28")) == 56


def test_tr321_dag_en_totaal():
    assert max_period(een_toewijzing("2026-02-02", "2026-02-28", 2, "1"), d("2026-02-02"), d("2026-02-28")) == 54
    totaal = een_toewijzing("2026-02-02", "2026-03-31", 40, "6")
    assert per_maand(totaal) == [None, None]
    assert max_total(totaal, totaal.einddatum) == 40


def test_iv077_output_zonder_zondag_geeft_een_keer_volume():
    t = een_toewijzing("2026-03-02", "2026-03-05", 7, eenheid="82", variant="output")
    assert per_maand(t) == [7]
    over_de_maand = een_toewijzing("2026-03-31", "2026-04-03", 7, eenheid="82", variant="output")
    assert per_maand(over_de_maand) == [0, 7]


def test_volle_maanden_raken_vier_vijf_of_zes_weken():
    assert weeks(d("2027-02-01"), d("2027-02-28")) == 4
    for maand in ("2026-03-01", "2026-08-01", "2026-11-01"):
        assert weeks(d(maand), last_day(d(maand))) == 6


datums = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(datums, st.integers(0, 900))
def test_weken_en_zondagen_kloppen_met_tellen_per_dag(begin, lengte):
    dagen = [date.fromordinal(begin.toordinal() + n) for n in range(lengte + 1)]
    assert weeks(begin, dagen[-1]) == len({x.isocalendar()[:2] for x in dagen})
    assert sundays(begin, dagen[-1]) == sum(x.weekday() == 6 for x in dagen)


@given(datums, st.integers(0, 400), st.integers(1, 9))
def test_iv077_output_per_maand_is_samen_het_totaal(begin, lengte, volume):
    eind = date.fromordinal(begin.toordinal() + lengte)
    t = een_toewijzing(begin.isoformat(), eind.isoformat(), volume, eenheid="82", variant="output")
    assert sum(per_maand(t)) == max_total(t, eind) == weeks(begin, eind) * volume
