"""S20-S27: start and stop through 305/306 and 307/308."""

import pytest

from tests.chain.spel import Zaak, begeleiding, retourcodes


@pytest.fixture
def zaak(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten)
    zaak.ken_toe(begeleiding())
    keten.klok("2026-04-24T10:00:00+02:00")
    return zaak


def start_codes(retour):
    return [product["retourcodes"] for product in retour["start_producten"]]


def stop_codes(retour):
    return [product["retourcodes"] for product in retour["stop_producten"]]


def test_s20_start_wordt_goedgekeurd(zaak):
    assert retourcodes(zaak.start(zaak.nummers[0], "2026-02-04")) == []


def test_s21_tr326_tweede_start_zonder_stop_geeft_9326(zaak):
    zaak.start(zaak.nummers[0], "2026-02-04")
    retour = zaak.start(zaak.nummers[0], "2026-03-02")
    assert retourcodes(retour) == ["0200"] and retour["client"]["retourcodes"] == ["0200"]
    assert start_codes(retour) == [["9326"]]


def test_s23_tr063_verwijderen_van_onbekende_start_geeft_9063(zaak):
    retour = zaak.start(zaak.nummers[0], "2026-03-02", status="3")
    assert retourcodes(retour) == ["0200"] and retour["client"]["retourcodes"] == ["0200"]
    assert start_codes(retour) == [["9063"]]


def test_s24_definitieve_stop_na_tijdelijke_stop(zaak):
    zaak.start(zaak.nummers[0], "2026-02-04")
    assert retourcodes(zaak.stop(zaak.nummers[0], "2026-02-04", "2026-04-10", "20")) == []
    assert retourcodes(zaak.stop(zaak.nummers[0], "2026-02-04", "2026-04-10", "23")) == []
    assert zaak.keten.toewijzing("0664", zaak.nummers[0])["levering"] == "gestopt"


def test_s25_tr413_tweede_tijdelijke_stop_geeft_9413(zaak):
    zaak.start(zaak.nummers[0], "2026-02-04")
    zaak.stop(zaak.nummers[0], "2026-02-04", "2026-04-10", "20")
    assert stop_codes(zaak.stop(zaak.nummers[0], "2026-02-04", "2026-04-20", "20")) == [["9413"]]


def test_s27_tr415_stop_na_definitieve_stop_geeft_9415(zaak):
    zaak.start(zaak.nummers[0], "2026-02-04")
    zaak.stop(zaak.nummers[0], "2026-02-04", "2026-04-10", "19")
    assert stop_codes(zaak.stop(zaak.nummers[0], "2026-02-04", "2026-04-12", "02")) == [["9415"]]
