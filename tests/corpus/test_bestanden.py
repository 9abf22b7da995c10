"""Every file of the corpus, one at a time: its verdict, its cost, and no trace but a refusal."""

import dataclasses

import pytest

from tests.corpus.corpus import gevallen
from tests.corpus.rand import proef


@pytest.mark.parametrize("geval", gevallen("xml"), ids=str)
def test_bericht(knooppunt, geval):
    proef(knooppunt, geval, knooppunt.lever_in)


@pytest.mark.parametrize("geval", [g for g in gevallen("xml") if not g.gegenereerd], ids=str)
def test_controle_zegt_hetzelfde_en_doet_niets(knooppunt, geval):
    """POST /v1/controle: 200 with what the message would be told; only what is too big is refused."""
    if geval.status == 413:
        proef(knooppunt, geval, lambda raw: knooppunt.lever_in(raw, "/v1/controle"))
        return
    voor = knooppunt.effecten()
    controle = dataclasses.replace(geval, status=200, code=None, retourcode=None)
    meting = proef(knooppunt, controle, lambda raw: knooppunt.lever_in(raw, "/v1/controle"))
    oordeel = meting.antwoord.json()
    codes = {bevinding.get("retourcode") for bevinding in oordeel["bevindingen"]}
    assert geval.regel is None or geval.regel in {b["regel"] for b in oordeel["bevindingen"]}
    assert geval.retourcode is None or geval.retourcode in codes
    assert oordeel["geldig"] == (not oordeel["bevindingen"])
    assert knooppunt.effecten() == voor


@pytest.mark.parametrize("geval", gevallen("json"), ids=str)
def test_indicatie(intake, geval):
    proef(intake, geval, intake.indiceer)
