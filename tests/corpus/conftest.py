"""A chain of its own, in which a slow client is cut off after 3 s instead of 30."""

import os

import pytest

from lokaal.spel import gestarte_keten
from tests.chain.spel import CONTRACTEN, GOES
from tests.corpus.rand import Rand

TRAAG_S = 3.0


@pytest.fixture(scope="session")
def keten(tijdelijke_map):
    os.environ["ZORGKETEN_TRAAG_S"] = str(TRAAG_S)
    try:
        with gestarte_keten(tijdelijke_map / "corpus", wacht_s=240) as spel:
            spel.klok("2026-04-15T10:00:00+02:00")
            spel.zet_contracten(GOES, CONTRACTEN)
            yield spel
    finally:
        del os.environ["ZORGKETEN_TRAAG_S"]


@pytest.fixture(scope="session")
def knooppunt(keten):
    rand = Rand(keten, "knooppunt")
    rand.warm_op()
    return rand


@pytest.fixture(scope="session")
def intake(keten):
    rand = Rand(keten, "intake")
    rand.warm_op()
    return rand
