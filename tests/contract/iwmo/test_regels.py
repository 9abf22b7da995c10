"""docs/regels.md says of every rule where it is judged and tested, or why not; and that is still so."""

import csv
import re
from pathlib import Path

import pytest

from schemas.iwmo import regels
from schemas.iwmo.regels import Regel
from schemas.iwmo.rules.teksten import TEKSTEN

FEITEN = Path(__file__).parents[4] / "shared" / "iwmo"
IN_EEN_BERICHT = [regel for regel in regels.regels() if regel.niveau in ("1", "2")]


def test_the_file_is_not_stale() -> None:
    assert regels.DOCUMENT.read_text("utf-8") == regels.document(), "run python -m schemas.iwmo.regels"


@pytest.mark.skipif(not FEITEN.is_dir(), reason="the list of rules is not next to the checkout")
def test_all_230_rules_of_wmo_are_there_with_their_facts() -> None:
    with (FEITEN / "rules.csv").open(encoding="utf-8") as bestand:
        feiten = {rij["code"]: rij for rij in csv.DictReader(bestand)}
    eigen = {regel.code: regel for regel in regels.regels()}
    van_wmo = {code for code, rij in feiten.items() if rij["source"] == "wmo"}
    assert len(van_wmo) == 230 and van_wmo <= eigen.keys() <= feiten.keys()
    for code, regel in eigen.items():
        rij = feiten[code]
        niveau = rij["controleniveau"][:1] if rij["controleniveau"][:1].isdigit() else ""
        assert (regel.bron, regel.niveau, regel.retourcode) == (rij["source"], niveau, rij["retourcode"])
        assert (regel.soort, regel.berichten) == (rij["kind"], rij["messages"])


def test_the_rules_of_ijw_that_the_chain_follows_are_there() -> None:
    eigen = {regel.code for regel in regels.regels()}
    assert regels.in_code().keys() - eigen == {"RS256"}, "that one is a signature; any other needs a row in regels.csv"


@pytest.mark.parametrize("regel", IN_EEN_BERICHT, ids=lambda regel: regel.code)
def test_a_rule_within_one_message_is_in_the_code_and_in_a_test(regel: Regel) -> None:
    assert regels.in_code().get(regel.code) and regels.in_tests().get(regel.code)
    assert regel.niveau == "1" or regel.code in TEKSTEN


def test_a_rule_that_is_judged_has_a_test_and_any_other_has_a_reason() -> None:
    code, tests = regels.in_code(), regels.in_tests()
    tekst = regels.DOCUMENT.read_text("utf-8")
    for regel in regels.regels():
        (rij,) = [r for r in tekst.splitlines() if r.startswith(f"| {regel.code} |")]
        if regel.code not in code:
            assert regel.reden in rij if regel.reden else regels.NIET_GEBOUWD in rij
        for pad in (*code.get(regel.code, ()), *tests.get(regel.code, ())):
            assert (regels.WORTEL / pad).is_file() and f"../{pad}" in rij


def test_the_texts_are_of_known_rules() -> None:
    assert TEKSTEN.keys() - {regel.code for regel in regels.regels()} == {"MEER"}


def test_the_texts_are_short_sentences_that_say_what_to_do() -> None:
    for regel, (melding, verwacht, stap) in TEKSTEN.items():
        for tekst in (melding, verwacht, stap):
            assert tekst.endswith("."), regel
            # A label is the standard's own and stands between brackets: it is read past, not read through.
            zonder_labels = re.sub(r" \([^()]*\)", "", tekst)
            assert all(len(zin.split()) <= 18 for zin in re.split(r"[.:] ", zonder_labels)), regel
        assert melding != verwacht and stap.split()[0].istitle(), regel
