"""Level 2 of the 301: every rule once broken, with the valid message as its counterpart."""

import pytest

from schemas.iwmo import codec, rules
from tests.unit.iwmo.voorbeelden import regels, toegewezen, wmo301

GENERIEK = toegewezen(product=None, omvang=None, budget_cent=1000)
RELATIE = {"nummer": "1", "soort": "03", "naam": {"achternaam": "Duin", "naam_gebruik": "6"},
           "adres": {"huisnummer": 1, "postcode": "4461AB"}}  # fmt: skip


def twee(**tweede):
    return wmo301(toegewezen(), toegewezen(toewijzing_nummer=610002, ingangsdatum="2026-07-01") | tweede)


@pytest.mark.parametrize(
    "raw",
    [
        wmo301(),
        wmo301(GENERIEK),
        wmo301(toegewezen(product={"categorie": "02"}, omvang=None, budget_cent=1)),
        wmo301(toegewezen(einddatum="2026-02-02", reden_wijziging="13")),
        wmo301(communicatie={"vorm": "1", "taal": "Fries"}, relaties=[RELATIE]),
        wmo301(partnernaam="Zand", naamgebruik="3", contacten=[{"soort": "04", "telefoon": "0113123456"}]),
        wmo301(geboortedatum="1900-01-01", datum_gebruik="3"),
    ],
)
def test_a_valid_301_has_no_fault(raw):
    assert regels(raw) == set()


def test_cs002_bsn_fails_the_11_test():
    assert regels(wmo301(bsn="999900019")) == {"CS002"}


def test_tr002_birth_more_than_120_years_before_dagtekening():
    assert regels(wmo301(geboortedatum="1906-04-14")) == {"TR002"}
    assert regels(wmo301(geboortedatum="1906-04-15")) == set()


def test_tr134_birth_and_decision_not_after_dagtekening():
    assert regels(wmo301(geboortedatum="2026-04-16")) == {"TR134"}
    assert regels(wmo301(toegewezen(toewijzingsdatum="2026-04-16"))) == {"TR134"}


@pytest.mark.parametrize(("datum", "gebruik"), [("1950-05-17", "1"), ("1950-05-01", "2"), ("1950-01-01", "3")])
def test_cs139_datum_gebruik_disagrees_with_the_date(datum, gebruik):
    assert regels(wmo301(geboortedatum=datum, datum_gebruik=gebruik)) == {"CS139"}


def test_cs318_naam_gebruik_6_for_a_client():
    assert regels(wmo301(naamgebruik="6")) == {"CS318"}


def test_cs050_naam_gebruik_without_its_name():
    assert regels(wmo301(naamgebruik="2")) == {"CS050"}
    assert regels(wmo301(naamgebruik="5", partnernaam="Zand")) == {"CS050"}
    assert regels(wmo301(relaties=[{**RELATIE, "naam": {"achternaam": "Duin", "naam_gebruik": "3"}}])) == {"CS050"}


def test_cd007_taal_exactly_with_vorm_1():
    assert regels(wmo301(communicatie={"vorm": "1"})) == {"CD007"}
    assert regels(wmo301(communicatie={"vorm": "2", "taal": "Fries"})) == {"CD007"}


def test_tr061_no_contact_of_soort_01_02_or_03():
    assert regels(wmo301(), ("<Soort>01", "<Soort>04")) == {"TR061"}


def test_tr006_contact_without_telephone_and_address():
    assert regels(wmo301(contacten=[{"soort": "02", "email": "a@b.nl"}])) == {"TR006"}


def test_cd005_land_code_exactly_with_postcode():
    assert regels(wmo301(), ("<iwmo:LandCode>NL</iwmo:LandCode>", "")) == {"CD005"}


def test_cd034_postcode_missing_for_soort_01():
    weg = ("<iwmo:Postcode>4461AB</iwmo:Postcode>", ""), ("<iwmo:LandCode>NL</iwmo:LandCode>", "")
    assert regels(wmo301(), *weg) == {"CD034"}


def test_cd025_house_missing_in_nl():
    assert regels(wmo301(adres={"postcode": "4461AB"})) == {"CD025"}


def test_cs089_postcode_of_nl():
    assert regels(wmo301(), ("4461AB", "A461AB")) == {"CS089"}
    assert regels(wmo301(adres={"huisnummer": 1, "postcode": "9000", "land": "BE"})) == set()


def test_cd009_periode_only_with_soort_04():
    periode = {"begindatum": "2026-01-01"}
    contact = {"soort": "02", "telefoon": "0113123456", "periode": periode}
    assert regels(wmo301(contacten=[contact])) == {"CD009"}
    assert regels(wmo301(contacten=[contact | {"soort": "04"}])) == set()


def test_cs003_end_before_begin():
    assert regels(wmo301(toegewezen(einddatum="2026-02-01"))) == {"CS003"}
    periode = {"begindatum": "2026-01-02", "einddatum": "2026-01-01"}
    assert regels(wmo301(contacten=[{"soort": "04", "telefoon": "0113123456", "periode": periode}])) == {"CS003"}


def test_cd041_code_without_omvang():
    assert regels(wmo301(toegewezen(omvang=None))) == {"CD041"}


def test_cd075_budget_without_einddatum():
    assert regels(wmo301(GENERIEK | {"einddatum": None})) == {"CD075"}


def test_cd076_week_without_einddatum():
    assert regels(wmo301(toegewezen(einddatum=None))) == {"CD076"}


def test_cd077_cd078_budget_and_omvang_together():
    assert regels(wmo301(toegewezen(budget_cent=1))) == {"CD077", "CD078"}


def test_cd079_no_product_and_no_budget():
    assert regels(wmo301(toegewezen(product=None, omvang=None))) == {"CD079"}


def test_cd080_omvang_without_code():
    oud = toegewezen(product={"categorie": "02"}, ingangsdatum="2020-01-01", einddatum="2020-12-31")
    assert regels(wmo301(toegewezen(product={"categorie": "02"}))) == {"CD080"}
    assert regels(wmo301(oud)) == set()


def test_cs335_reden_13_with_another_einddatum():
    assert regels(wmo301(toegewezen(reden_wijziging="13", einddatum="2026-02-03"))) == {"CS335"}


def test_cs336_reden_01():
    assert regels(wmo301(toegewezen(reden_wijziging="01"))) == {"CS336"}


PARTNER = "Naam echtgenoot of geregistreerd partner"
NAAM_GEBRUIK = (
    f"1 (Eigen naam), 2 ({PARTNER} of alternatieve naam), 3 ({PARTNER} gevolgd door eigen naam)"
    f" of 4 (Eigen naam gevolgd door {PARTNER[0].lower()}{PARTNER[1:]})."
)


@pytest.mark.parametrize(
    ("raw", "verwacht"),
    [
        (
            wmo301(naamgebruik="5"),
            f"Met partnernaam: {NAAM_GEBRUIK} Zonder partnernaam: 1 (Eigen naam) of 6 (Niet-natuurlijk persoon).",
        ),
        (wmo301(naamgebruik="6"), NAAM_GEBRUIK),
        (
            wmo301(toegewezen(reden_wijziging="01")),
            "Geen reden, of een uit codelijst WMO002, zoals 14 (Administratieve correctie).",
        ),
    ],
    ids=["cs050", "cs318", "cs336"],
)
def test_what_is_expected_has_labels_and_not_the_code_that_came(raw, verwacht):
    (fout,) = rules.check(codec.parse(raw))
    assert fout.verwacht == verwacht


@pytest.mark.parametrize("eenheid", ["14", "16", "83", "84"])
def test_cs338_unit_with_a_day_frequency(eenheid):
    assert regels(wmo301(toegewezen(omvang={"volume": 1, "eenheid": eenheid, "frequentie": "1"}))) == {"CS338"}
    assert regels(wmo301(toegewezen(omvang={"volume": 1, "eenheid": eenheid, "frequentie": "4"}))) == set()


def test_tr101_the_same_number_twice():
    tweede = toegewezen(ingangsdatum="2026-08-01", einddatum="2026-09-01")
    assert regels(wmo301(toegewezen(), tweede)) == {"TR101"}
    contact = {"soort": "02", "telefoon": "0113123456"}
    assert regels(wmo301(contacten=[contact, contact])) == {"TR101"}


@pytest.mark.parametrize(
    ("tweede", "fout"),
    [
        ({}, True),
        ({"ingangsdatum": "2026-08-01", "einddatum": "2026-09-01"}, False),
        ({"product": {"categorie": "02", "code": "02B10"}}, False),
        ({"product": {"categorie": "02"}, "omvang": None, "budget_cent": 1}, True),
        ({"product": None, "omvang": None, "budget_cent": 1}, True),
        ({"einddatum": "2026-07-01", "reden_wijziging": "13"}, False),
        ({"product": {"categorie": "12", "code": "12X00"}}, False),
    ],
)
def test_tr302_the_same_product_twice_at_one_time(tweede, fout):
    assert regels(twee(**tweede)) == ({"TR302"} if fout else set())


def test_tr302_aids_may_overlap():
    hulp = toegewezen(product={"categorie": "12", "code": "12X00"})
    assert regels(wmo301(hulp, hulp | {"toewijzing_nummer": 2}, GENERIEK | {"toewijzing_nummer": 3})) == set()
