"""S50-S75: a 323 is matched line by line and answered with a 325."""

import itertools

import pytest

from tests.chain.spel import (
    ANDERE,
    Zaak,
    begeleiding,
    dagbesteding,
    een_bsn,
    een_prestatie,
    maak_declaratie,
    nummer,
    retourcodes,
)

_aanbieders = itertools.cycle(ANDERE)


@pytest.fixture
def agb():
    return next(_aanbieders)


@pytest.fixture
def declareer(keten, agb):
    """Hand in the 323 of this scenario's provider; give the content of its 325."""
    return lambda clienten, maand="2026-02": keten.wissel(agb, maak_declaratie(keten, clienten, maand, agb))


@pytest.fixture
def zaak(keten, agb):
    return toegewezen(keten, agb, begeleiding())


def toegewezen(keten, agb, product):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, agb)
    zaak.ken_toe(product)
    keten.klok("2026-04-07T10:00:00+02:00")
    return zaak


def bedragen(antwoord):
    deel = antwoord["declaratie_antwoord"]
    return deel["retourcodes"], deel["totaal_ingediend_cent"], deel["totaal_toegekend_cent"]


def regelcodes(antwoord):
    return {
        regel["referentie_nummer"]: regel["retourcodes"]
        for client in antwoord["declaratie_antwoord"]["clienten"]
        for regel in client["prestaties"]
    }


def test_s50_s51_declaratie_wordt_toegekend_ook_zonder_start_op364(declareer, zaak):
    antwoord = declareer({zaak.bsn: [een_prestatie(zaak.nummers[0], nummer("R"), 12)]})
    assert retourcodes(antwoord) == ["0200"]
    assert bedragen(antwoord) == (["8001"], 70500, 70500)
    assert not antwoord["declaratie_antwoord"]["clienten"]


MAART = {"begindatum": "2026-03-01", "einddatum": "2026-03-31"}


def test_s52_s53_tr321_te_veel_volume_geeft_9321_en_mag_daarna_opnieuw(keten, agb, declareer, zaak):
    ander = toegewezen(keten, agb, dagbesteding())
    te_veel, goed = nummer("R"), nummer("R")
    dagdelen = een_prestatie(
        ander.nummers[0], goed, 18, product_categorie="07", product_code="07A12", eenheid="16",
        product_tarief_cent=4250, begindatum="2026-03-02", einddatum="2026-03-31",
    )  # fmt: skip
    uren = een_prestatie(zaak.nummers[0], te_veel, 19, **MAART)
    antwoord = declareer({zaak.bsn: [uren], ander.bsn: [dagdelen]}, "2026-03")
    assert retourcodes(antwoord) == ["0200"]
    assert bedragen(antwoord) == (["0200"], 188125, 76500)
    assert regelcodes(antwoord) == {te_veel: ["9321"]}
    assert [client["bsn"] for client in antwoord["declaratie_antwoord"]["clienten"]] == [zaak.bsn]

    opnieuw = declareer({zaak.bsn: [een_prestatie(zaak.nummers[0], nummer("R"), 18, **MAART)]}, "2026-03")
    assert bedragen(opnieuw) == (["8001"], 105750, 105750)

    onbekend = een_prestatie(
        zaak.nummers[0], nummer("R"), 19, vorig_referentie_nummer=te_veel, debet_credit="C", **MAART
    )
    s59 = declareer({zaak.bsn: [onbekend]}, "2026-03")
    assert regelcodes(s59) == {onbekend["referentie_nummer"]: ["8017"]}, "S59: a refused debet cannot be credited"


def test_s55_tr418_verkeerd_tarief_geeft_0611(declareer, zaak):
    regel = een_prestatie(zaak.nummers[0], nummer("R"), 10, product_tarief_cent=5900)
    assert regelcodes(declareer({zaak.bsn: [regel]})) == {regel["referentie_nummer"]: ["0611"]}


def test_s56_tr346_verkeerd_bedrag_geeft_9346(declareer, zaak):
    regel = een_prestatie(zaak.nummers[0], nummer("R"), 10, ingediend_cent=58000)
    assert regelcodes(declareer({zaak.bsn: [regel]})) == {regel["referentie_nummer"]: ["9346"]}


def test_s58_s60_credit_en_nieuw_debet_in_een_bericht_en_tweede_credit_geeft_9390(declareer, zaak):
    eerste = een_prestatie(zaak.nummers[0], nummer("R"), 12)
    declareer({zaak.bsn: [eerste]})
    credit = eerste | {
        "referentie_nummer": nummer("R"),
        "vorig_referentie_nummer": eerste["referentie_nummer"],
        "debet_credit": "C",
    }
    opnieuw = een_prestatie(zaak.nummers[0], nummer("R"), 11)
    assert bedragen(declareer({zaak.bsn: [credit, opnieuw]})) == (["8001"], -5875, -5875)

    nog_eens = credit | {"referentie_nummer": nummer("R")}
    antwoord = declareer({zaak.bsn: [nog_eens]})
    assert regelcodes(antwoord) == {nog_eens["referentie_nummer"]: ["9390"]}


def test_s68_tr369_budget_van_een_aspecifieke_toewijzing(keten, agb, declareer):
    product = begeleiding(
        product={"categorie": "02"}, omvang=None, budget_cent=300000, ingangsdatum="2026-01-01", einddatum="2026-06-30"
    )
    zaak = toegewezen(keten, agb, product)
    januari = {"begindatum": "2026-01-01", "einddatum": "2026-01-31"}
    februari = {"begindatum": "2026-02-01", "einddatum": "2026-02-28"}
    dertig = een_prestatie(zaak.nummers[0], nummer("R"), 30, **januari)
    assert bedragen(declareer({zaak.bsn: [dertig]}, "2026-01")) == (["8001"], 176250, 176250)
    te_veel = een_prestatie(zaak.nummers[0], nummer("R"), 22, **februari)
    assert regelcodes(declareer({zaak.bsn: [te_veel]})) == {te_veel["referentie_nummer"]: ["9369"]}
    past = een_prestatie(zaak.nummers[0], nummer("R"), 21, **februari)
    assert bedragen(declareer({zaak.bsn: [past]})) == (["8001"], 123375, 123375)


def test_s72_tr387_productperiode_begint_op_de_eerste_van_de_maand(declareer, zaak):
    regel = een_prestatie(zaak.nummers[0], nummer("R"), 4, begindatum="2026-03-06", einddatum="2026-03-31")
    assert regelcodes(declareer({zaak.bsn: [regel]}, "2026-03")) == {regel["referentie_nummer"]: ["9387"]}


def test_s74_tr304_nummers_van_een_andere_client_geven_8187_en_0233(declareer, zaak):
    regels = [een_prestatie(zaak.nummers[0], nummer("R"), 4), een_prestatie(zaak.nummers[0], nummer("R"), 5, **MAART)]
    vreemd = een_bsn()
    antwoord = declareer({vreemd: regels}, "2026-03")
    (client,) = antwoord["declaratie_antwoord"]["clienten"]
    assert client["retourcodes"] == ["8187"]
    assert regelcodes(antwoord) == {regel["referentie_nummer"]: ["0233"] for regel in regels}

    onbekend = een_prestatie(999_999_998, nummer("R"), 4)
    opnieuw = regels[0] | {"referentie_nummer": nummer("R")}
    antwoord = declareer({vreemd: [opnieuw, onbekend]}, "2026-03")
    (client,) = antwoord["declaratie_antwoord"]["clienten"]
    assert client["retourcodes"] == ["0200"]
    assert regelcodes(antwoord) == {r["referentie_nummer"]: ["9338"] for r in (opnieuw, onbekend)}
