"""Level 2 of the answers: how RetourCodes go together (processes.md 8), in the six retours and in the 325."""

from datetime import date
from typing import Any

import pytest

from schemas.iwmo import codec, retour, rules
from schemas.iwmo.structuur import RETOUREN
from tests.unit.iwmo import vol

alle_retouren = pytest.mark.parametrize("code", RETOUREN.values())
KOP = {"identificatie": "R1", "dagtekening": date(2026, 4, 17)}


def regels(code: str, **anders: Any) -> set[str]:
    return {b.regel for b in rules.check(codec.parse(vol.bericht(code, vol.inhoud(code) | anders)))}


def leeg(code: str) -> dict[str, Any]:
    return {naam: [] if isinstance(waarde, list) else None for naam, waarde in vol.inhoud(code).items()}


@alle_retouren
def test_iv028_approved_is_a_header_without_codes_alone(code: str) -> None:
    assert regels(code, **leeg(code)) == set()
    assert regels(code, retourcodes=[]) == {"IV028"}


@alle_retouren
def test_iv028_refused_in_the_header_is_the_header_alone(code: str) -> None:
    assert regels(code, **leeg(code) | {"retourcodes": ["0001"]}) == set()
    assert regels(code, retourcodes=["9056"]) == {"IV028"}


@alle_retouren
def test_iv028_0200_in_the_header_says_that_content_follows(code: str) -> None:
    assert regels(code) == set()
    assert regels(code, **leeg(code) | {"retourcodes": ["0200"]}) == {"IV028"}
    assert regels(code, **leeg(code) | {"retourcodes": ["0233"]}) == {"IV028"}
    assert regels(code, **leeg(code) | {"retourcodes": ["0200", "9056"]}) == {"IV028"}


@alle_retouren
@pytest.mark.parametrize("codes", [["0001"], ["8001"], ["0200", "9019"], ["0233", "9019"], ["0200", "0233"]])
def test_iv032_codes_that_cannot_stand_in_a_class(code: str, codes: list[str]) -> None:
    inhoud = vol.inhoud(code)
    klasse = inhoud.get("client") or inhoud["antwoord"]
    klasse["retourcodes"] = codes
    gevonden = {b.regel for b in rules.check(codec.parse(vol.bericht(code, inhoud)))}
    assert "IV032" in gevonden and gevonden <= {"IV032", "OP065"}


@alle_retouren
def test_op065_content_comes_back_only_when_a_class_is_refused(code: str) -> None:
    inhoud = vol.inhoud(code)
    klasse = inhoud.get("client") or inhoud["antwoord"]
    klasse["retourcodes"] = ["0200"]
    (fout,) = rules.check(codec.parse(vol.bericht(code, inhoud)))
    assert (fout.regel, fout.niveau, fout.retourcode) == ("OP065", 2, None)


def test_iv032_names_the_class() -> None:
    inhoud = vol.inhoud("WMO302")
    inhoud["client"]["relaties"][0]["contact"]["retourcodes"] = ["0200", "9332"]
    (fout,) = rules.check(codec.parse(vol.bericht("WMO302", inhoud)))
    assert (fout.regel, fout.pad) == ("IV032", "/Bericht/Client/Relaties/Relatie[1]/Contact/RetourCodes")


@pytest.mark.parametrize("heen", RETOUREN)
def test_our_own_retours_keep_iv028_iv032_and_op065(heen: str) -> None:
    klasse = "Antwoord" if heen == "WMO319" else "Client"
    for codes in ({}, {"header_codes": ["9056"]}, {"codes": {klasse: ["0233"], **_een_fout(heen)}}):
        assert rules.check(codec.parse(retour.retour(vol.bericht(heen), **KOP, **codes))) == []


def _een_fout(heen: str) -> dict[str, list[str]]:
    plek = {"WMO301": "ToegewezenProduct[1]", "WMO305": "StartProduct[1]", "WMO307": "StopProduct[1]",
            "WMO315": "AangevraagdProduct[2]", "WMO317": "Verzoek", "WMO319": "Antwoord"}  # fmt: skip
    return {plek[heen]: ["9349"]}


def regels_325(**anders: Any) -> set[str]:
    inhoud = vol.inhoud("WMO325")
    inhoud["declaratie_antwoord"] |= anders
    return {b.regel for b in rules.check(codec.parse(vol.bericht("WMO325", inhoud)))}


def client(codes: list[str], *per_prestatie: list[str]) -> dict[str, Any]:
    (een,) = vol.inhoud("WMO325")["declaratie_antwoord"]["clienten"]
    prestaties = [p | {"retourcodes": c} for p, c in zip(een["prestaties"], per_prestatie, strict=True)]
    return een | {"retourcodes": codes, "prestaties": prestaties}


def test_iv087_the_header_of_a_325_says_whether_an_answer_follows() -> None:
    assert regels("WMO325") == set() == regels("WMO325", retourcodes=["0001"], declaratie_antwoord=None)
    assert regels("WMO325", retourcodes=["0001"]) == {"IV087"}
    assert regels("WMO325", declaratie_antwoord=None) == {"IV087"}


def test_iv087_8001_without_clients_and_0200_with_clients() -> None:
    assert regels_325(retourcodes=["8001"], clienten=[]) == set()
    assert regels_325(retourcodes=["0200"], clienten=[]) == {"IV087"}
    assert regels_325(retourcodes=["8001"]) == {"IV087"}


def test_iv087_a_refused_client_brings_its_prestaties_with_0233() -> None:
    assert regels_325(clienten=[client(["8187"], ["0233"], ["0233"])]) == set()
    assert regels_325(clienten=[client(["8187"], ["0233"], ["9338"])]) == {"IV087"}
    assert regels_325(clienten=[client(["0200"], ["0233"], ["9338"])]) == {"IV087"}
    assert regels_325(clienten=[client(["0200"], ["9338", "0200"], ["9338"])]) == {"IV087"}
