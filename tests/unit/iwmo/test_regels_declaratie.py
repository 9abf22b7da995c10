"""Level 2 of the 323 and the 325."""

from datetime import date

import pytest

from schemas.iwmo import codec, retour, rules
from tests.unit.iwmo.voorbeelden import declaratie, prestatie, regels, wmo323

CREDIT = prestatie(referentie_nummer="C1", vorig_referentie_nummer="OUD1", debet_credit="C")
EUROS = prestatie(eenheid="83", product_tarief_cent=None, geleverd_volume=58750)


def wmo325(**codes):
    origineel = wmo323(prestatie(), prestatie(referentie_nummer="R2", product_code="02B10"))
    return retour.antwoord_325(origineel, identificatie="G325", dagtekening=date(2026, 4, 20), **codes)


@pytest.mark.parametrize("raw", [wmo323(), wmo323(CREDIT), wmo323(CREDIT, prestatie()), wmo323(EUROS)])
def test_a_valid_323_has_no_fault(raw):
    assert regels(raw) == set()


def test_cs002_bsn():
    assert regels(wmo323(clienten=[{"bsn": "123456789", "prestaties": [prestatie()]}])) == {"CS002"}


def test_cs340_declaratieperiode_is_one_month():
    periode = {"begindatum": "2026-03-01", "einddatum": "2026-03-30"}
    assert regels(wmo323(declaratie_periode=periode)) == {"CS340"}


def test_cs100_periods_from_2021():
    periode = {"begindatum": "2020-12-01", "einddatum": "2020-12-31"}
    oud = prestatie(begindatum="2020-12-01", einddatum="2020-12-31")
    assert regels(wmo323(oud, declaratie_periode=periode, declaratie_dagtekening="2021-01-01")) == {"CS100"}


def test_tr134_declaratie_dagtekening():
    assert regels(wmo323(declaratie_dagtekening="2026-04-16")) == {"TR134"}


def test_tr137_einddatum_of_a_period():
    maand = {"begindatum": "2026-04-01", "einddatum": "2026-04-30"}
    assert regels(wmo323(declaratie_periode=maand)) == {"TR137"}
    assert regels(wmo323(prestatie(begindatum="2026-03-31", einddatum="2026-03-01"))) == {"TR137"}


def test_tr335_more_than_five_years_old():
    assert regels(wmo323(prestatie(begindatum="2021-04-01", einddatum="2021-04-09"))) == {"TR335"}
    assert regels(wmo323(prestatie(begindatum="2021-04-01", einddatum="2021-04-10"))) == set()


def test_cs337_productperiode_within_one_month():
    assert regels(wmo323(prestatie(begindatum="2026-02-28"))) == {"CS337"}


def test_cd060_vorig_referentie_nummer_exactly_with_credit():
    assert regels(wmo323(prestatie(vorig_referentie_nummer="X"))) == {"CD060"}
    assert regels(wmo323(CREDIT | {"vorig_referentie_nummer": None})) == {"CD060"}


def test_cd087_tarief_exactly_without_eenheid_83():
    assert regels(wmo323(prestatie(product_tarief_cent=None))) == {"CD087"}
    assert regels(wmo323(EUROS | {"product_tarief_cent": 1})) == {"CD087"}


def test_cs339_volume_is_amount_in_euros():
    assert regels(wmo323(EUROS | {"geleverd_volume": 1})) == {"CS339"}


def test_cs325_zero_is_debet():
    assert regels(wmo323(CREDIT | {"ingediend_cent": 0})) == {"CS325"}
    nul = wmo323(prestatie(ingediend_cent=0))
    na = "</iwmo:TotaalBedrag>\r\n      <iwmo:DebetCredit>"
    assert regels(nul, (na + "D", na + "C")) == {"CS325"}


def test_tr358_total():
    assert regels(wmo323(), ("<iwmo:TotaalBedrag>58750", "<iwmo:TotaalBedrag>58751")) == {"TR358"}
    na = "</iwmo:TotaalBedrag>\r\n      <iwmo:DebetCredit>"
    assert regels(wmo323(), (na + "D", na + "C")) == {"TR358"}


def test_tr315_vorig_referentie_nummer_once():
    assert regels(wmo323(CREDIT, CREDIT | {"referentie_nummer": "C2"})) == {"TR315"}


def test_tr316_credit_on_a_debet_in_the_message():
    assert regels(wmo323(prestatie(), CREDIT | {"vorig_referentie_nummer": "R1"})) == {"TR316"}


def test_tr416_one_debet_per_line():
    assert regels(wmo323(prestatie(), prestatie(referentie_nummer="R2"))) == {"TR416"}


def test_tr101_keys():
    twee = prestatie(product_code="02B10")
    assert regels(wmo323(prestatie(), twee)) == {"TR101"}
    client = {"bsn": "999900018", "prestaties": [prestatie()]}
    ander = {"bsn": "999900018", "prestaties": [prestatie(referentie_nummer="R2", product_code="02B10")]}
    assert regels(wmo323(clienten=[client, ander])) == {"TR101"}


@pytest.mark.parametrize(
    "codes",
    [{}, {"prestatie_codes": {(0, 1): ["9338"]}}, {"client_codes": {0: ["8187"]}}, {"declaratie_codes": ["9333"]},
     {"header_codes": ["0001"]}],
)  # fmt: skip
def test_a_valid_325_has_no_fault(codes):
    assert regels(wmo325(**codes)) == set()


def test_tr342_totals_of_a_325():
    assert regels(wmo325(toegekend_cent=1)) == {"TR342"}
    assert regels(wmo325(declaratie_codes=["9333"], toegekend_cent=1)) == {"TR342"}


def test_tr342_only_rejected_lines():
    assert regels(wmo325(prestatie_codes={(0, 1): ["9338"]}), ("9338", "0200")) == {"TR342"}


def test_cs002_cs325_cd060_tr137_of_a_325():
    raw = wmo325(prestatie_codes={(0, 1): ["9338"]})
    assert regels(raw, ("999900018", "123456789")) == {"CS002"}
    assert regels(raw, ("<iwmo:Einddatum>2026-03-31", "<iwmo:Einddatum>2026-04-30")) == {"TR137"}
    met_vorig = ("<iwmo:ReferentieNummer>R2</iwmo:ReferentieNummer>",
                 "<iwmo:ReferentieNummer>R2</iwmo:ReferentieNummer>"
                 "<iwmo:VorigReferentieNummer>R0</iwmo:VorigReferentieNummer>")  # fmt: skip
    assert regels(raw, met_vorig) == {"CD060"}
    nul = wmo325(declaratie_codes=["9333"])
    assert regels(nul, ("<iwmo:DebetCredit>D</iwmo:DebetCredit>\r\n    </TotaalToegekendBedrag>",
                        "<iwmo:DebetCredit>C</iwmo:DebetCredit></TotaalToegekendBedrag>")) == {"CS325"}  # fmt: skip


def test_every_fault_at_once_with_path_and_line():
    raw = wmo323(prestatie(), prestatie(referentie_nummer="R2", product_tarief_cent=None))
    gevonden = {b.regel: b for b in rules.check(codec.parse(raw))}
    assert set(gevonden) == {"CD087", "TR416"}
    pad = "/Bericht/Declaratie/Clienten/Client[1]/Prestaties/Prestatie[2]"
    assert gevonden["TR416"].pad == pad
    regel = raw.split(b"\r\n")[(gevonden["TR416"].regelnummer or 0) - 1]
    assert regel.strip() == b"<Prestatie>"
    assert gevonden["TR416"].retourcode == "0001"
    assert declaratie()["declaratie_nummer"] not in gevonden["TR416"].melding
