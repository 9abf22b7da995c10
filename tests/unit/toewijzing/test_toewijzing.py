"""Versies, status en de inhoud van een 301."""

from datetime import UTC, date, datetime, time
from itertools import permutations
from zoneinfo import ZoneInfo

from services.toewijzing.domain.toewijzing import (
    Versie,
    actuele_versie,
    besluitmoment,
    inhoud_301,
    te_zenden_versie,
    toets_besluitmoment,
    toewijzing_status,
)
from tests.unit.toewijzing.een import een_versie

VANDAAG = date(2026, 6, 15)


def nummers(versies: list[Versie], verzonden: set[tuple[int, int]]) -> list[tuple[int, bool]]:
    per_nummer: dict[int, list[Versie]] = {}
    for v in versies:
        per_nummer.setdefault(v.nummer, []).append(v)
    return [(r.versie.nummer, r.gewijzigd) for r in inhoud_301(per_nummer, frozenset(verzonden), VANDAAG)]


def test_op087_geldig_en_ongewijzigd_gaat_mee() -> None:
    assert nummers([een_versie()], {(610001, 1)}) == [(610001, False)]


def test_op087_verlopen_en_ongewijzigd_blijft_weg() -> None:
    assert nummers([een_versie(einddatum=date(2026, 6, 14))], {(610001, 1)}) == []
    assert nummers([een_versie(einddatum=date(2026, 6, 15))], {(610001, 1)}) == [(610001, False)]


def test_op087_gewijzigd_gaat_mee_ook_als_hij_al_afliep() -> None:
    oud = een_versie()
    ingetrokken = een_versie(versie=2, einddatum=date(2026, 5, 31), reden_wijziging="07")
    assert nummers([oud, ingetrokken], {(610001, 1)}) == [(610001, True)]


def test_op087_afgekeurde_wijziging_gaat_opnieuw_mee() -> None:
    assert nummers([een_versie(status="afgekeurd")], set()) == [(610001, True)]


def test_op087_versie_die_zelf_fout_was_gaat_niet_opnieuw_mee() -> None:
    goed = een_versie(status="goedgekeurd")
    fout = een_versie(versie=2, status="afgekeurd", eigen_fout=True)
    assert te_zenden_versie([goed, fout]) == goed
    assert nummers([goed, fout], {(610001, 1)}) == [(610001, False)]


def test_op087_verwijderd_wordt_een_keer_gemeld() -> None:
    weg = een_versie(versie=2, einddatum=date(2026, 2, 2), reden_wijziging="13")
    assert nummers([een_versie(), weg], {(610001, 1)}) == [(610001, True)]
    assert nummers([een_versie(), weg], {(610001, 1), (610001, 2)}) == []


def test_iv013_hoogste_niet_afgekeurde_versie_in_elke_volgorde() -> None:
    versies = [een_versie(versie=1), een_versie(versie=2), een_versie(versie=3, status="afgekeurd")]
    for volgorde in permutations(versies):
        actueel = actuele_versie(volgorde)
        assert actueel is not None and actueel.versie == 2
    assert actuele_versie([versies[2]]) is None


def test_iv013_latere_versie_minstens_een_seconde_later() -> None:
    vorige = een_versie(toewijzingsdatum=date(2026, 10, 25), toewijzingstijd=time(2, 59, 59))
    wintertijd = datetime(2026, 10, 25, 1, 10, tzinfo=UTC).astimezone(ZoneInfo("Europe/Amsterdam"))
    assert wintertijd.time() == time(2, 10)
    assert besluitmoment(wintertijd, vorige) == (date(2026, 10, 25), time(3, 0))
    assert besluitmoment(wintertijd, None) == (date(2026, 10, 25), time(2, 10))


def test_iv013_besluit_voor_het_vorige_besluit() -> None:
    nu = datetime(2026, 6, 15, tzinfo=UTC)
    eerder = datetime(2026, 1, 18, tzinfo=UTC)
    assert [f.regel for f in toets_besluitmoment(eerder, nu, een_versie())] == ["IV013"]
    assert [f.regel for f in toets_besluitmoment(datetime(2026, 6, 16, tzinfo=UTC), nu, None)] == ["TR134"]


def test_status_naar_de_datum_van_vandaag() -> None:
    versie = een_versie()
    assert toewijzing_status(versie, date(2026, 2, 1)) == "toekomstig"
    assert toewijzing_status(versie, date(2026, 2, 2)) == "actief"
    assert toewijzing_status(versie, date(2026, 7, 31)) == "actief"
    assert toewijzing_status(versie, date(2026, 8, 1)) == "verlopen"
    assert toewijzing_status(een_versie(ingetrokken=True), VANDAAG) == "ingetrokken"
    weg = een_versie(einddatum=date(2026, 2, 2), reden_wijziging="13")
    assert toewijzing_status(weg, VANDAAG) == "verwijderd"
