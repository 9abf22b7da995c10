"""Requests made from each service's own OpenAPI document, good and bad ones, with valid tokens: 0 server errors."""

import os

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from lokaal.plek import SERVICES
from tests.corpus.rand import VEILIGE_KOPPEN
from tests.unit.iwmo.voorbeelden import AGB, GEMEENTE

VOORBEELDEN = int(os.environ.get("ZORGKETEN_SCHEMA_VOORBEELDEN", "10"))
ZAAD = int(os.environ.get("ZORGKETEN_ZAAD", "20260415"))
NIET_PROBEREN = {"Accept", "accept"}
"""A stream of events has no end."""


@pytest.mark.parametrize("dienst", SERVICES)
def test_een_verzoek_uit_de_openapi_geeft_nooit_een_serverfout(keten, dienst):
    print(f"ZORGKETEN_ZAAD={ZAAD} examples={VOORBEELDEN}")
    wie = AGB if dienst == "knooppunt" else GEMEENTE
    token = keten.token(agb=wie) if len(wie) == 8 else keten.token(gemeente=wie)
    with httpx.Client(base_url=keten.urls[dienst], timeout=30) as http:
        beschrijving = http.get("/openapi.json").json()
        schema = schemathesis.openapi.from_dict(beschrijving)
        operaties = [gevonden.ok() for gevonden in schema.get_all_operations()]
        assert operaties
        for operatie in operaties:
            probeer(http, operatie, {"Authorization": f"Bearer {token}"})
    assert "verzoek_mislukt" not in (keten.map / "log" / f"{dienst}.log").read_text()


def probeer(http, operatie, koppen):
    """Every status that comes is in the document, with the content type and the shape that it says."""
    gevallen = st.one_of(
        operatie.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operatie.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @seed(ZAAD)
    @settings(max_examples=VOORBEELDEN, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(geval=gevallen)
    def een(geval):
        for kop in NIET_PROBEREN & set(geval.headers or {}):
            del geval.headers[kop]
        # A mailbox may be asked to wait for half a minute.
        antwoord = geval.call(base_url=str(http.base_url), headers=koppen, timeout=40)
        wat = f"{operatie.method} {operatie.path}: {antwoord.status_code} {antwoord.text[:300]}"
        assert antwoord.status_code < 500, wat
        assert {kop.lower() for kop in antwoord.headers} >= VEILIGE_KOPPEN, wat
        geval.validate_response(
            antwoord,
            checks=[
                schemathesis.checks.not_a_server_error,
                schemathesis.specs.openapi.checks.status_code_conformance,
                schemathesis.specs.openapi.checks.content_type_conformance,
                schemathesis.specs.openapi.checks.response_schema_conformance,
            ],
        )

    een()
