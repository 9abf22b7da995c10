"""The terms of a case on the calendar: 7 days, 6 weeks and 2 weeks, moved to a working day over holidays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chassis.termijn import is_working_day
from services.intake.domain.instellingen import Termijnen
from services.intake.domain.levensloop import BESCHIKKING, STANDEN, zaak_van
from services.intake.domain.termijn import SOORTEN, laatste_dag, verwacht
from services.intake.domain.zaak import Zaak


@pytest.mark.parametrize(
    ("vanaf", "dagen", "uiterlijk"),
    [
        # Six weeks after a melding.
        ("2026-01-19", 42, "2026-03-02"),
        ("2026-01-24", 42, "2026-03-09"),  # Saturday: the Monday after
        ("2026-01-25", 42, "2026-03-09"),  # Sunday
        ("2026-02-20", 42, "2026-04-07"),  # Good Friday, then Easter up to and including Monday
        ("2026-02-23", 42, "2026-04-07"),  # Easter Monday
        ("2026-03-16", 42, "2026-04-28"),  # King's day
        ("2026-03-24", 42, "2026-05-06"),  # 5 May, every year
        ("2026-04-02", 42, "2026-05-15"),  # Ascension
        ("2026-04-13", 42, "2026-05-26"),  # Whit Monday
        ("2026-11-13", 42, "2026-12-28"),  # Christmas on a Friday, then a weekend
        ("2025-11-20", 42, "2026-01-02"),  # New Year
        ("2026-02-16", 42, "2026-03-30"),  # over the change to summer time
        # Two weeks after a request.
        ("2026-03-20", 14, "2026-04-07"),
        ("2026-04-13", 14, "2026-04-28"),
        ("2026-04-21", 14, "2026-05-06"),
        ("2026-12-11", 14, "2026-12-28"),
        ("2026-12-18", 14, "2027-01-04"),
        ("2026-10-12", 14, "2026-10-26"),  # over the end of summer time
        # Seven days for a personal plan.
        ("2026-01-19", 7, "2026-01-26"),
        ("2026-03-27", 7, "2026-04-07"),
        ("2026-04-20", 7, "2026-04-28"),
        ("2026-12-18", 7, "2026-12-28"),
        ("2026-12-25", 7, "2027-01-04"),
        ("2028-02-22", 7, "2028-02-29"),
    ],
)
def test_algemene_termijnenwet_artikel_1(vanaf: str, dagen: int, uiterlijk: str) -> None:
    assert laatste_dag(date.fromisoformat(vanaf), dagen, is_working_day) == date.fromisoformat(uiterlijk)


def standen(zaak: Zaak) -> dict[tuple[str, int], date | str]:
    return {(t.soort, t.nummer): t.stand for t in verwacht(zaak, Termijnen(), is_working_day)}


def test_elke_melding_heeft_een_termijn_voor_het_onderzoek_en_het_plan() -> None:
    zaak = zaak_van(STANDEN["ontvangen"])
    assert standen(zaak) == {
        ("onderzoek", 1): date(2026, 3, 2), ("plan", 1): date(2026, 1, 26),
        ("reactie", 1): "gehaald", ("outreach", 1): "gehaald", ("gesprek", 1): "gehaald",
    }  # fmt: skip


def test_spoed_heeft_een_dag_tot_er_een_voorziening_is() -> None:
    zaak = zaak_van(STANDEN["ontvangen, spoed"])
    assert standen(zaak)["spoed", 1] == date(2026, 1, 20)
    assert standen(replace(zaak, spoed_geregeld=True))["spoed", 1] == "gehaald"


def test_een_aanvraag_krijgt_een_besluit_in_twee_weken_en_daarna_zes_weken_voor_bezwaar() -> None:
    assert standen(zaak_van(STANDEN["aangevraagd"]))["besluit", 1] == date(2026, 2, 2)
    na = standen(zaak_van(STANDEN["besloten"]))
    assert (na["besluit", 1], na["bezwaar", 1], na["herziening", 1]) == ("gehaald", date(2026, 3, 2), date(2026, 7, 1))


def test_een_gegrond_bezwaar_opent_een_nieuwe_termijn_en_de_oude_blijft() -> None:
    loopt = [*STANDEN["besloten, bezwaar loopt"]]
    # Awb 7:10: six weeks after the end of the term to object (2 March).
    assert standen(zaak_van(loopt))["bezwaarbesluit", 1] == date(2026, 4, 13)
    na = standen(zaak_van([*loopt, ("bezwaarbesluit", {"uitkomst": "gegrond"})]))
    assert (na["besluit", 1], na["besluit", 2], na["bezwaarbesluit", 1]) == ("gehaald", date(2026, 2, 2), "gehaald")


def test_een_afgesloten_melding_verwacht_niets_meer_van_de_gemeente_dan_opnieuw_kijken() -> None:
    na = standen(zaak_van(STANDEN["afgesloten"]))
    assert {sleutel for sleutel, stand in na.items() if isinstance(stand, date)} == {("bezwaar", 1), ("herziening", 1)}
    ingetrokken = standen(zaak_van([*STANDEN["aangevraagd"], ("intrekking", {})]))
    assert ingetrokken["besluit", 1] == "vervallen"


def test_een_herziening_die_de_inwoner_intrekt_loopt_na_een_bezwaar_niet_weer() -> None:
    weg = [*STANDEN["besloten"], ("herziening", {}), ("intrekking", {}), ("bezwaar", {})]
    na = standen(zaak_van(weg))
    assert (na["besluit", 1], na["besluit", 2]) == ("gehaald", "vervallen")
    weer = standen(zaak_van([*weg, ("bezwaarbesluit", {"uitkomst": "gegrond"}), ("beschikking", BESCHIKKING)]))
    assert [weer["besluit", n] for n in (1, 2, 3)] == ["gehaald", "vervallen", "gehaald"]


def test_elke_soort_van_een_zaak_is_bekend() -> None:
    for stappen in STANDEN.values():
        assert {soort for soort, _ in standen(zaak_van(stappen))} <= set(SOORTEN)
