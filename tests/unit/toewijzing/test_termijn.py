"""Terms, their last day and the instant at which they are late: a table that was made with a paper calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from chassis.termijn import day_begins_at, day_ends_at
from services.toewijzing.domain.termijn import SOORTEN, Stand, heeft_vervolg, verwacht, verwacht_bij_verzoek
from services.toewijzing.domain.toewijzing import Product
from services.toewijzing.handlers.termijn import looptijd
from tests.unit.toewijzing.een import een_versie

WINTER, ZOMER = "T23:00:00+00:00", "T22:00:00+00:00"
"""Midnight in Amsterdam, at the end of a day in winter time and in summer time."""

TABEL = [
    # Easter 2026: Good Friday 3 April, Easter Monday 6 April
    ("antwoord_301", "2026-03-31", "2026-04-07", ZOMER),
    ("antwoord_301", "2026-04-01", "2026-04-08", ZOMER),
    ("antwoord_301", "2026-04-02", "2026-04-09", ZOMER),
    ("antwoord_301", "2026-04-03", "2026-04-09", ZOMER),
    ("antwoord_301", "2026-04-06", "2026-04-09", ZOMER),
    ("start", "2026-03-30", "2026-04-08", ZOMER),
    ("start", "2026-04-04", "2026-04-13", ZOMER),
    # Easter 2025: 18 and 21 April; 27 April is a Sunday, so King's day is Saturday the 26th
    ("antwoord_301", "2025-04-16", "2025-04-23", ZOMER),
    ("antwoord_301", "2025-04-24", "2025-04-29", ZOMER),
    ("antwoord_301", "2025-04-25", "2025-04-30", ZOMER),
    ("start", "2025-04-18", "2025-04-28", ZOMER),
    ("antwoord_301", "2025-04-30", "2025-05-06", ZOMER),
    # King's day on a Monday (2026), a Tuesday (2027), a Saturday (2024) and again a Sunday (2031)
    ("antwoord_301", "2026-04-23", "2026-04-29", ZOMER),
    ("antwoord_301", "2026-04-24", "2026-04-30", ZOMER),
    ("start", "2026-04-27", "2026-05-04", ZOMER),
    ("start", "2026-04-28", "2026-05-06", ZOMER),
    ("antwoord_301", "2027-04-23", "2027-04-29", ZOMER),
    ("start", "2027-04-26", "2027-05-04", ZOMER),
    ("antwoord_301", "2024-04-25", "2024-04-30", ZOMER),
    ("antwoord_301", "2031-04-24", "2031-04-29", ZOMER),
    # 5 May, every year; in 2027 Ascension is the day after it, in 2024 it is a Sunday
    ("antwoord_301", "2026-05-04", "2026-05-08", ZOMER),
    ("antwoord_319", "2026-04-30", "2026-05-06", ZOMER),
    ("antwoord_301", "2024-05-03", "2024-05-08", ZOMER),
    ("antwoord_301", "2027-05-03", "2027-05-10", ZOMER),
    ("start", "2027-04-29", "2027-05-10", ZOMER),
    # Ascension: 14 May 2026, 29 May 2025, 9 May 2024
    ("antwoord_301", "2026-05-12", "2026-05-18", ZOMER),
    ("antwoord_301", "2026-05-13", "2026-05-19", ZOMER),
    ("start", "2026-05-08", "2026-05-18", ZOMER),
    ("reactie_verzoek", "2026-05-13", "2026-05-21", ZOMER),
    ("antwoord_301", "2025-05-27", "2025-06-02", ZOMER),
    ("antwoord_301", "2024-05-08", "2024-05-14", ZOMER),
    # Whit Monday: 25 May 2026, 9 June 2025, 17 May 2027, 20 May 2024
    ("antwoord_301", "2026-05-21", "2026-05-27", ZOMER),
    ("antwoord_301", "2026-05-22", "2026-05-28", ZOMER),
    ("start", "2026-05-25", "2026-06-01", ZOMER),
    ("start", "2025-06-05", "2025-06-13", ZOMER),
    ("antwoord_301", "2027-05-14", "2027-05-20", ZOMER),
    ("antwoord_301", "2024-05-17", "2024-05-23", ZOMER),
    # Christmas and New Year; in 2027 both Christmas days and New Year are in a weekend
    ("antwoord_301", "2026-12-23", "2026-12-29", WINTER),
    ("antwoord_301", "2026-12-24", "2026-12-30", WINTER),
    ("start", "2026-12-24", "2027-01-04", WINTER),
    ("antwoord_301", "2026-12-29", "2027-01-04", WINTER),
    ("reactie_verzoek", "2026-12-30", "2027-01-07", WINTER),
    ("stop", "2026-12-31", "2027-01-08", WINTER),
    ("antwoord_301", "2025-12-23", "2025-12-30", WINTER),
    ("antwoord_301", "2025-12-24", "2025-12-31", WINTER),
    ("antwoord_301", "2025-12-31", "2026-01-06", WINTER),
    ("start", "2025-12-29", "2026-01-06", WINTER),
    ("start", "2027-12-23", "2027-12-30", WINTER),
    ("antwoord_301", "2027-12-30", "2028-01-04", WINTER),
    ("antwoord_301", "2024-12-23", "2024-12-30", WINTER),
    ("antwoord_301", "2024-12-30", "2025-01-03", WINTER),
    # 29 February
    ("antwoord_301", "2028-02-28", "2028-03-02", WINTER),
    # Summer time begins on 29 March 2026, on Easter 28 March 2027 and on Easter 31 March 2024
    ("antwoord_301", "2026-03-24", "2026-03-27", WINTER),
    ("antwoord_301", "2026-03-26", "2026-03-31", ZOMER),
    ("antwoord_301", "2027-03-24", "2027-03-31", ZOMER),
    ("antwoord_301", "2024-03-27", "2024-04-03", ZOMER),
    # Summer time ends on 25 October 2026
    ("antwoord_301", "2026-10-20", "2026-10-23", ZOMER),
    ("antwoord_301", "2026-10-22", "2026-10-27", WINTER),
    # 8 weeks in the calendar: also over a change of the clock, a year end, 29 February, and up to a holiday
    ("besluit_verzoek", "2026-01-31", "2026-03-28", WINTER),
    ("besluit_verzoek", "2026-02-01", "2026-03-29", ZOMER),
    ("besluit_verzoek", "2026-08-29", "2026-10-24", ZOMER),
    ("besluit_verzoek", "2026-08-30", "2026-10-25", WINTER),
    ("besluit_verzoek", "2026-11-10", "2027-01-05", WINTER),
    ("besluit_verzoek", "2028-01-05", "2028-03-01", WINTER),
    ("besluit_verzoek", "2026-02-06", "2026-04-03", ZOMER),
    # The end of a toewijzing
    ("stop", "2026-07-31", "2026-08-07", ZOMER),
    ("vervolg", "2026-07-31", "2026-07-31", ZOMER),
]
"""Kind, the day that the term runs from, its last day, and when that day ends (UTC)."""

NADERT = [
    ("antwoord_301", "2026-04-01", "2026-04-06T22:00:00+00:00"),
    ("antwoord_301", "2026-03-31", "2026-04-01T22:00:00+00:00"),
    ("antwoord_301", "2026-03-25", "2026-03-26T23:00:00+00:00"),
    ("antwoord_301", "2026-10-22", "2026-10-25T23:00:00+00:00"),
    ("antwoord_301", "2026-12-29", "2026-12-30T23:00:00+00:00"),
    ("besluit_verzoek", "2026-02-01", "2026-03-22T23:00:00+00:00"),
    ("besluit_verzoek", "2026-02-06", "2026-03-26T23:00:00+00:00"),
    ("vervolg", "2026-07-31", "2026-06-04T22:00:00+00:00"),
    ("vervolg", "2026-12-15", "2026-10-19T22:00:00+00:00"),
]
"""Kind, the day that the term runs from, and the instant from which it nears."""

VANDAAG = date(2026, 3, 2)
STAND = Stand(
    een_versie(ingangsdatum=date(2026, 2, 2), einddatum=date(2026, 7, 31)),
    ontvangen=date(2026, 1, 19),
    einde_bekend=date(2026, 1, 19),
    levering="geen",
    heeft_vervolg=False,
)


def test_de_tabel_is_groot_genoeg() -> None:
    assert len({(soort, vanaf) for soort, vanaf, _, _ in TABEL}) == len(TABEL) >= 60


@pytest.mark.parametrize(("soort", "vanaf", "uiterlijk", "uur"), TABEL)
def test_uiterste_dag_en_het_moment_erna(soort: str, vanaf: str, uiterlijk: str, uur: str) -> None:
    duur = looptijd(soort, date.fromisoformat(vanaf))
    assert duur.uiterlijk.isoformat() == uiterlijk
    assert day_ends_at(duur.uiterlijk) == datetime.fromisoformat(uiterlijk + uur)


@pytest.mark.parametrize(("soort", "vanaf", "moment"), NADERT)
def test_een_termijn_nadert(soort: str, vanaf: str, moment: str) -> None:
    assert day_begins_at(looptijd(soort, date.fromisoformat(vanaf)).nadert) == datetime.fromisoformat(moment)


def test_op271_de_start_telt_vanaf_de_ingangsdatum() -> None:
    assert verwacht(STAND, VANDAAG)["start"] == date(2026, 2, 2)


def test_op271_na_een_301_die_terugkijkt_telt_de_ontvangst() -> None:
    assert verwacht(replace(STAND, ontvangen=date(2026, 2, 20)), VANDAAG)["start"] == date(2026, 2, 20)


def test_op271_zonder_verzonden_301_is_er_niets_om_op_te_wachten() -> None:
    assert "start" not in verwacht(replace(STAND, ontvangen=None), VANDAAG)


@pytest.mark.parametrize("levering", ["gestart", "tijdelijk_gestopt"])
def test_op272_wie_begon_moet_na_het_einde_stoppen(levering: str) -> None:
    termijnen = verwacht(replace(STAND, levering=levering), VANDAAG)
    assert (termijnen["start"], termijnen["stop"]) == ("gehaald", date(2026, 7, 31))


def test_op272_een_einde_in_het_verleden_telt_vanaf_het_bericht() -> None:
    stand = replace(STAND, levering="gestart", einde_bekend=date(2026, 8, 20))
    assert verwacht(stand, date(2026, 8, 20))["stop"] == date(2026, 8, 20)


def test_op288_na_een_definitieve_stop_is_er_niets_meer_te_doen() -> None:
    assert verwacht(replace(STAND, levering="gestopt"), VANDAAG) == {
        "start": "gehaald",
        "stop": "gehaald",
        "vervolg": "vervallen",
    }


def test_een_open_einde_heeft_geen_stop_en_geen_vervolg() -> None:
    open_einde = replace(STAND, versie=een_versie(einddatum=None), levering="gestart")
    assert verwacht(open_einde, VANDAAG) == {"start": "gehaald", "stop": "vervallen", "vervolg": "vervallen"}


def test_op286_een_afgekeurde_of_verwijderde_toewijzing_heeft_geen_termijnen() -> None:
    begin = date(2026, 2, 2)
    verwijderd = een_versie(ingangsdatum=begin, einddatum=begin, reden_wijziging="13")
    for versie in (None, verwijderd):
        assert set(verwacht(replace(STAND, versie=versie), VANDAAG).values()) == {"vervallen"}


def test_een_ingetrokken_toewijzing_hoeft_niet_te_beginnen_en_eindigt_met_opzet() -> None:
    ingetrokken = een_versie(einddatum=date(2026, 4, 30), ingetrokken=True)
    assert set(verwacht(replace(STAND, versie=ingetrokken), VANDAAG).values()) == {"vervallen"}


def test_taakgericht_kent_geen_start_en_stop() -> None:
    taak = een_versie(variant="taak", einddatum=date(2026, 7, 31))
    assert verwacht(replace(STAND, versie=taak), VANDAAG) == {"vervolg": date(2026, 7, 31)}


def test_het_einde_is_een_signaal_tot_er_een_vervolg_is_of_het_voorbij_is() -> None:
    assert verwacht(STAND, VANDAAG)["vervolg"] == date(2026, 7, 31)
    assert verwacht(replace(STAND, heeft_vervolg=True), VANDAAG)["vervolg"] == "gehaald"
    assert verwacht(STAND, date(2026, 8, 1))["vervolg"] == "vervallen"


def test_een_vervolg_is_dezelfde_hulp_die_langer_duurt() -> None:
    een = een_versie(nummer=1, product=Product("02", "02A05"), einddatum=date(2026, 7, 31))
    assert heeft_vervolg(een, [een, replace(een, nummer=2, einddatum=date(2026, 12, 31))])
    assert heeft_vervolg(een, [replace(een, nummer=2, aanbieder="75750202", einddatum=None)])
    assert heeft_vervolg(een, [replace(een, nummer=2, product=Product("02"), einddatum=None)])
    assert not heeft_vervolg(een, [een, replace(een, nummer=2)])
    assert not heeft_vervolg(een, [replace(een, nummer=2, product=Product("02", "02A03"), einddatum=None)])
    assert not heeft_vervolg(een, [replace(een, nummer=2, product=None, einddatum=None)])
    begin = date(2026, 8, 1)
    verwijderd = replace(een, nummer=2, ingangsdatum=begin, einddatum=begin, reden_wijziging="13")
    assert not heeft_vervolg(een, [verwijderd])


def test_op274_op346_een_verzoek_heeft_een_reactie_en_een_besluit() -> None:
    dagen = date(2026, 3, 9), date(2026, 4, 27)
    assert verwacht_bij_verzoek("ingediend", *dagen) == {"reactie_verzoek": dagen[0], "besluit_verzoek": dagen[1]}
    assert verwacht_bij_verzoek("in_onderzoek", *dagen) == {"reactie_verzoek": "gehaald", "besluit_verzoek": dagen[1]}
    for status in ("toegewezen", "afgewezen"):
        assert set(verwacht_bij_verzoek(status, *dagen).values()) == {"gehaald"}
    assert set(verwacht_bij_verzoek("vervallen", *dagen).values()) == {"vervallen"}


def test_het_document_noemt_elke_termijn_met_wie_en_hoe_lang() -> None:
    regels = (Path(__file__).parents[3] / "docs/termijnen.md").read_text().splitlines()
    tabel = {
        cellen[1].strip("` "): cellen for regel in regels if regel.startswith("| `") for cellen in [regel.split("|")]
    }
    for naam, soort in SOORTEN.items():
        cellen = tabel[naam]
        duur = "tot en met de einddatum" if naam == "vervolg" else f"{soort.dagen} dagen"
        nadert = f"{soort.nadert_dagen} dagen ervoor"
        if soort.werkdagen is not None:
            duur = f"{soort.werkdagen} werkdagen"
        if soort.nadert_werkdagen is not None:
            nadert = f"{soort.nadert_werkdagen} {'werkdag' if soort.nadert_werkdagen == 1 else 'werkdagen'} ervoor"
        assert [cellen[plek].strip() for plek in (2, 4, 6)] == [soort.wie, duur, nadert]
