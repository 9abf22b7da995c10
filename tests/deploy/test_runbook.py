"""The runbook can be followed: every command in it exists, and so does every file and setting it names."""

from __future__ import annotations

import re
import shlex

import pytest

from beheer.__main__ import maak_parser
from tests.deploy.code import instellingen
from tests.deploy.manifesten import ROOT

TEKST = (ROOT / "docs" / "runbook.md").read_text()
_PLAT = re.sub(r"\n\s+", " ", TEKST)
OPDRACHTEN = sorted({o.strip() for o in re.findall(r"python -m beheer ([^`\n#]+)", _PLAT) if "--help" not in o})


@pytest.mark.parametrize("opdracht", OPDRACHTEN)
def test_elk_commando_in_het_runbook_bestaat(opdracht: str) -> None:
    maak_parser().parse_args(shlex.split(opdracht))


def test_er_staan_commandos_in_en_een_fout_commando_valt_op() -> None:
    woorden = {opdracht.split()[0] for opdracht in OPDRACHTEN}
    [alle] = [actie.choices for actie in maak_parser()._actions if actie.dest == "commando"]
    assert woorden == set(alle or ()), "every command has its place in the runbook"
    with pytest.raises(SystemExit):
        maak_parser().parse_args(shlex.split("republish --niets"))


def test_bestanden_en_instellingen_in_het_runbook_bestaan() -> None:
    for pad in re.findall(r"(?:deploy|docs)/[\w./-]+[\w]", TEKST):
        assert (ROOT / pad).exists(), pad
    bekend = {een.naam for een in instellingen()} | {"ZORGKETEN_TOKEN"}
    assert set(re.findall(r"ZORGKETEN_[A-Z_]+[A-Z]", TEKST)) <= bekend


def test_elk_alarm_zegt_wat_men_merkt_hoe_het_na_te_gaan_wat_te_doen_en_hoe_terug() -> None:
    alarmen = TEKST.partition("## Alarmen")[2].partition("## Handelingen")[0]
    for sectie in alarmen.split("\n### ")[1:]:
        for deel in ("**Wat merkt men?**", "**Nagaan.**", "**Doen.**", "**Ongedaan maken.**"):
            assert sectie.count(deel) == 1, (sectie.partition("\n")[0], deel)


def test_de_handelingen_die_een_beheerder_nodig_heeft_staan_erin() -> None:
    handelingen = set(re.findall(r"^### (.+)$", TEKST.partition("## Handelingen")[2], re.M))
    assert handelingen >= {
        "Postgres terugzetten", "Na verlies van de broker", "Geparkeerde gebeurtenissen", "Sleutels vernieuwen",
        "Een sleutel is weg of gelekt", "Een gemeente toevoegen of weghalen", "Een aanbieder blokkeren", "Onderhoud",
        "Uitrollen", "Terug na een migratie na de uitrol",
    }  # fmt: skip
