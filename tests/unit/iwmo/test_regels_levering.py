"""Level 2 of the 305 and the 307."""

import pytest

from schemas.iwmo import codec, rules
from tests.unit.iwmo.voorbeelden import regels, start, stop, wmo305, wmo307


@pytest.mark.parametrize("raw", [wmo305(), wmo307(), wmo305(start(product=None, toewijzing_nummer=None))])
def test_a_valid_message_has_no_fault(raw):
    assert regels(raw) == set()


def test_cs002_tr002_cs139_of_the_client():
    assert regels(wmo305(bsn="123456789", geboortedatum="1900-01-02", datum_gebruik="1")) == {
        "CS002", "TR002", "CS139"
    }  # fmt: skip


@pytest.mark.parametrize("status", ["2", "9"])
def test_cs058_status(status):
    assert regels(wmo305(start(status_aanlevering=status))) == {"CS058"}
    assert regels(wmo307(stop(status_aanlevering=status))) == {"CS058"}


def test_tr134_start_and_stop_not_after_dagtekening():
    assert regels(wmo305(start(begindatum="2026-04-16"))) == {"TR134"}
    assert regels(wmo307(stop(einddatum="2026-04-16"))) == {"TR134"}


def test_tr018_stop_before_its_begin():
    assert regels(wmo307(stop(einddatum="2026-02-02"))) == {"TR018"}


def test_tr063_a_deletion_gets_no_content_check():
    assert regels(wmo305(start(begindatum="2026-04-16", status_aanlevering="3"))) == set()
    assert regels(wmo307(stop(einddatum="2026-02-02", status_aanlevering="3"))) == set()


def test_tr101_the_same_key_twice():
    assert regels(wmo305(start(), start(status_aanlevering="3"))) == {"TR101"}
    assert regels(wmo305(start(), start(begindatum="2026-02-04"))) == set()
    assert regels(wmo307(stop(), stop(reden_beeindiging="20"))) == set()
    assert regels(wmo307(stop(), stop())) == {"TR101"}


def test_cs058_says_the_codes_that_it_expects_with_their_labels():
    (fout,) = rules.check(codec.parse(wmo305(start(status_aanlevering="9"))))
    assert fout.verwacht == "1 (Eerste aanlevering) of 3 (Verwijderen aanlevering)."
