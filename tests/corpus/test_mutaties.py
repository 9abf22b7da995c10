"""Mutants of all 14 messages: read, or refused with findings; never anything else, never a value."""

import os

import pytest

from schemas.iwmo import codec, retour, rules
from schemas.iwmo.bericht import NietLeesbaar
from tests.corpus.mutaties import VERBODEN, berichten, mutanten

AANTAL = int(os.environ.get("ZORGKETEN_MUTANTEN", "20000"))
OVER_HTTP = AANTAL // 80
ZAAD = int(os.environ.get("ZORGKETEN_ZAAD", "20260415"))


@pytest.mark.parametrize("code", berichten())
def test_elk_bericht_is_goed_voor_het_een_mutant_wordt(code):
    bericht = codec.parse(berichten()[code])
    assert bericht.soort.code == code
    assert rules.check(bericht) == []


def toets(raw):
    """Whether a mutant was read; AssertionError when a finding is empty or repeats the file."""
    try:
        bericht = codec.parse(raw)
    except NietLeesbaar as fout:
        assert fout.status in (413, 415, 422) and fout.bevindingen
        gelezen, bevindingen = False, fout.bevindingen
    else:
        bericht.inhoud()
        gelezen, bevindingen = True, rules.check(bericht)
        if bevindingen and bericht.soort.retour and bericht.soort.code not in ("WMO323", "WMO325"):
            codec.parse(retour.retour(bericht, identificatie="R", dagtekening=bericht.header.dagtekening,
                                      header_codes=["0001"]))  # fmt: skip
    for bevinding in bevindingen:
        teksten = (bevinding.regel, bevinding.pad, bevinding.melding, bevinding.verwacht, bevinding.volgende_stap)
        assert all(teksten)
        assert not any(waarde in tekst for tekst in teksten for waarde in VERBODEN), bevinding
    return gelezen


def test_mutanten_worden_gelezen_of_geweigerd_met_bevindingen():
    print(f"ZORGKETEN_ZAAD={ZAAD} mutants={AANTAL}")
    gelezen = 0
    for nummer, (code, raw) in enumerate(mutanten(ZAAD, AANTAL)):
        try:
            gelezen += toets(raw)
        except Exception as fout:
            raise AssertionError(f"mutant {nummer} of {code} with ZORGKETEN_ZAAD={ZAAD}:\n{raw[:6000]!r}") from fout
    assert 0.1 * AANTAL < gelezen < 0.8 * AANTAL, "mutants that are all refused, or all fine, try nothing"


def test_mutanten_over_http(knooppunt):
    print(f"ZORGKETEN_ZAAD={ZAAD} mutants={OVER_HTTP}")
    vanaf = knooppunt.log_lengte()

    def alle():
        for nummer, (_, raw) in enumerate(mutanten(ZAAD + 1, OVER_HTTP)):
            antwoord = knooppunt.lever_in(raw, ("/v1/berichten", "/v1/controle")[nummer % 2])
            assert antwoord.status_code in (200, 202, 403, 413, 415, 422), (nummer, antwoord.text)
            # the retour of a pre-check is a message and holds the sender's own values
            tekst = antwoord.text if not antwoord.is_success else repr(antwoord.json().get("bevindingen"))
            assert not any(waarde in tekst for waarde in VERBODEN), (nummer, tekst)

    assert knooppunt.meet(alle).mb < 64
    assert not any(waarde in knooppunt.log_vanaf(vanaf) for waarde in VERBODEN)
    assert '"level": "error"' not in knooppunt.log_vanaf(vanaf)
    knooppunt.gaat_door()
