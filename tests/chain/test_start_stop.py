"""S20-S33: start and stop through 305/306 and 307/308."""

import pytest

from schemas.iwmo import schrijf
from tests.chain.spel import GOES, Zaak, begeleiding, geweigerd_om, nummer, retourcodes


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


def test_s28_tr415_correctie_van_een_stop_in_een_bericht(zaak):
    zaak.start(zaak.nummers[0], "2026-02-04")
    zaak.stop(zaak.nummers[0], "2026-02-04", "2026-04-10", "22")
    weg, goed = stopregel(zaak, "22", "3"), stopregel(zaak, "19", "1")
    assert retourcodes(zaak.keten.wissel(zaak.agb, een_307(zaak, [goed, weg]))) == []
    assert stop_codes(zaak.stop(zaak.nummers[0], "2026-02-04", "2026-04-10", "22", status="3")) == [["9063"]], (
        "only the stop with reden 19 is left"
    )


def test_s30_tr071_start_met_een_stop_is_niet_te_verwijderen(zaak):
    zaak.start(zaak.nummers[0], "2026-02-04")
    zaak.stop(zaak.nummers[0], "2026-02-04", "2026-04-10", "19")
    assert start_codes(zaak.start(zaak.nummers[0], "2026-02-04", status="3")) == [["9071"]]


def test_s32_cs058_status_2_wordt_op_inhoud_afgekeurd(zaak):
    zaak.start(zaak.nummers[0], "2026-02-04")
    assert geweigerd_om(zaak.keten, zaak.agb, een_307(zaak, [stopregel(zaak, "19", "2")])) == {"CS058"}
    assert zaak.keten.toewijzing(GOES, zaak.nummers[0])["levering"] == "gestart", "it counts as not sent"


def test_s33_iv096_start_zonder_toewijzingsnummer_bij_taakgericht_werk(zaak):
    taak = {"product": {"categorie": "09", "code": None}, "begindatum": "2026-03-02", "toewijzing_ingangsdatum": None}
    assert retourcodes(zaak.start(None, **taak)) == []
    assert zaak.keten.toewijzing(GOES, zaak.nummers[0])["levering"] == "geen", "not linked to a toewijzing"


def stopregel(zaak, reden, status):
    return {
        "toewijzing_nummer": zaak.nummers[0],
        "product": {"categorie": "02", "code": "02A05"},
        "toewijzing_ingangsdatum": "2026-02-02",
        "begindatum": "2026-02-04",
        "reden_beeindiging": reden,
        "einddatum": "2026-04-10",
        "status_aanlevering": status,
    }


def een_307(zaak, regels):
    return schrijf.stop_307(
        afzender=zaak.agb, ontvanger=GOES, identificatie=nummer("T"), dagtekening=zaak.keten.vandaag(),
        client=zaak.client, stop_producten=regels,
    )  # fmt: skip
