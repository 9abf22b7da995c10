"""A chain of its own for the fault runs: what is killed here disturbs no other test."""

import pytest

from lokaal.spel import gestarte_keten
from tests.chain.spel import CONTRACTEN, GOES


@pytest.fixture
def spel(tijdelijke_map, request):
    with gestarte_keten(tijdelijke_map / request.node.name, wacht_s=240) as spel:
        spel.klok("2026-01-19T10:00:00+01:00")
        spel.zet_contracten(GOES, CONTRACTEN)
        yield spel
