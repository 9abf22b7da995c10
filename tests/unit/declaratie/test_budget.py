"""What a toewijzing may cost per month, and the forecast of a year."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.declaratie.domain.budget import Bestedingen, passed, verplicht_per_maand
from services.declaratie.domain.perioden import max_total
from services.declaratie.domain.waarden import Contract, Omvang, Toewijzing

VANDAAG = date(2026, 3, 10)
UREN = Toewijzing(
    610001, "C", "75750101", date(2026, 2, 2), date(2026, 7, 31), "02", "02A05", Omvang(3, "04", "2")
)  # fmt: skip
TARIEF = [Contract("02", "02A05", "04", 5875, True, date(2025, 1, 1))]


def verplicht(toewijzing, contracten=TARIEF):
    return dict(verplicht_per_maand(toewijzing, contracten, VANDAAG))


def test_tr322_de_maanden_tellen_op_tot_het_totaal_van_610001():
    maanden = verplicht(UREN)
    assert sum(maanden.values()) == 78 * 5875
    assert min(maanden) == date(2026, 2, 1) and max(maanden) == date(2026, 7, 1)


def test_tr369_een_budget_is_de_verplichting_ook_zonder_tarief():
    aspecifiek = replace(UREN, code=None, omvang=None, budget_cent=300000)
    assert sum(verplicht(aspecifiek, []).values()) == 300000
    assert verplicht(replace(aspecifiek, budget_cent=None)) == {}


def test_verwijderd_of_zonder_tarief_is_geen_verplichting():
    assert verplicht(replace(UREN, reden_wijziging="13")) == {}
    assert verplicht(UREN, []) == {}


def test_euros_en_minuten():
    euros = replace(UREN, omvang=Omvang(25000, "83", "2"), variant="output")
    assert sum(verplicht(euros, []).values()) == max_total(euros, VANDAAG)
    minuten = replace(UREN, omvang=Omvang(95, "01", "6"))
    assert sum(verplicht(minuten).values()) == 9302, "round(5875 x 95 / 60), not 95 x 98"


def test_zonder_einddatum_heeft_elke_maand_haar_eigen_grens():
    etmalen = replace(UREN, omvang=Omvang(28, "04", "4"), einddatum=None)
    maanden = verplicht(etmalen)
    assert set(maanden.values()) == {28 * 5875} and max(maanden) == date(2031, 12, 1)
    ineens = replace(UREN, omvang=Omvang(40, "04", "6"), einddatum=None)
    assert verplicht(ineens) == {date(2026, 2, 1): 40 * 5875}


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(0, 800), st.integers(0, 10**9))
def test_geen_cent_gaat_verloren_bij_het_verdelen(begin, lengte, budget):
    t = replace(
        UREN, omvang=None, code=None, budget_cent=budget, ingangsdatum=begin, einddatum=begin + timedelta(days=lengte)
    )
    assert sum(verplicht(t, []).values()) == budget
    per_dag = budget / (lengte + 1)
    for maand, cent in verplicht(t, []).items():
        in_maand = sum((begin + timedelta(days=n)).replace(day=1) == maand for n in range(lengte + 1))
        assert abs(cent - per_dag * in_maand) <= 1


def test_prognose_is_besteed_plus_wat_open_staat_in_dezelfde_mate():
    stand = Bestedingen(1000, 400, 500, 400, 500)
    assert stand.prognose_cent == 400 + 400, "80 % of what was claimed was used"
    assert Bestedingen(1000, 0, 0, 0, 1000).prognose_cent == 1000
    assert Bestedingen(0, 70, 0, 0, 0).prognose_cent == 70


def test_drempels():
    assert list(passed(1000, 799)) == []
    assert list(passed(1000, 800)) == [80]
    assert list(passed(1000, 950)) == [80, 95]
    assert list(passed(1000, 1200)) == [80, 95, 100]
    assert list(passed(0, 0)) == [] and list(passed(0, 1)) == [80, 95, 100]
