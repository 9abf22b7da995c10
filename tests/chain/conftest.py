"""One running chain for all scenarios of this folder."""

import pytest

from lokaal.spel import gestarte_keten
from tests.chain.spel import CONTRACTEN, GOES
from tests.chain.verzamelaar import Verzamelaar


@pytest.fixture(scope="session")
def verzamelaar():
    """Where every process of the chain sends its spans."""
    with Verzamelaar() as verzamelaar:
        yield verzamelaar


@pytest.fixture(scope="session")
def keten(tijdelijke_map, verzamelaar):
    with gestarte_keten(tijdelijke_map / "keten", wacht_s=240, omgeving=verzamelaar.omgeving) as spel:
        spel.klok("2026-01-19T10:00:00+01:00")
        spel.zet_contracten(GOES, CONTRACTEN)
        yield spel
