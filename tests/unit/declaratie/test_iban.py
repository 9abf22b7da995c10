"""ISO 13616: a wrong sign or two signs that changed places never pass."""

import random

import pytest

from services.declaratie.domain.betaling import iban_valid, naam_valid

GOED = "NL91ABNA0417164300"


@pytest.mark.parametrize("iban", [GOED, "BE68539007547034", "DE89370400440532013000", "GB82WEST12345698765432"])
def test_voorbeelden_uit_de_standaard(iban):
    assert iban_valid(iban)


def test_een_ander_cijfer_of_een_verwisseling_valt_op():
    zaad = random.randrange(10**6)
    toeval = random.Random(zaad)
    for _ in range(500):
        plek = toeval.randrange(2, len(GOED))
        anders = toeval.choice([c for c in "0123456789" if c != GOED[plek]])
        if GOED[plek].isdigit():
            assert not iban_valid(GOED[:plek] + anders + GOED[plek + 1 :]), f"seed {zaad}"
        een, twee = GOED[plek - 1 : plek + 1]
        if plek > 4 and een != twee:
            assert not iban_valid(GOED[: plek - 1] + twee + een + GOED[plek + 1 :]), f"seed {zaad}"


@pytest.mark.parametrize("iban", ["", "NL91", GOED.lower(), GOED + "0", GOED[:-1], "NL91 ABNA 0417 1643 00", "٠" * 18])
def test_wat_geen_iban_is(iban):
    assert not iban_valid(iban)


def test_namen_voor_de_bank():
    assert naam_valid("Zorg & Co") is False and naam_valid("Stichting Zorg (Goes), o.a.")
    assert not any(map(naam_valid, ("", "=1+1", "-x", "Zo\nrg", "é", "x" * 71)))
