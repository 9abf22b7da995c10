"""The weighing: fixed order, a reason at every rung, and a network that may never delay help."""

from __future__ import annotations

from typing import Any

import pytest

from services.intake.domain import afweging as weging

NEE = {"uitkomst": "niet_toereikend", "motivering": "-"}
JA = {"uitkomst": "toereikend", "motivering": "-"}


def regels(treden: dict[str, Any], netwerk: str | None = "aanwezig") -> list[str]:
    return [fout.pad for fout in weging.toets_treden(treden, netwerk)]


def test_alle_ontbrekende_treden_staan_er_in_een_keer_en_in_volgorde() -> None:
    paden = regels({"netwerk": {"uitkomst": "deels"}})
    assert paden == [
        "/treden/eigen_kracht/uitkomst", "/treden/eigen_kracht/motivering", "/treden/netwerk/motivering",
        "/treden/algemene_voorziening/uitkomst", "/treden/algemene_voorziening/motivering",
        "/treden/collectief/uitkomst", "/treden/collectief/motivering",
        "/treden/maatwerk/uitkomst", "/treden/maatwerk/motivering",
    ]  # fmt: skip


def test_na_een_trede_die_genoeg_is_wordt_niets_meer_gevraagd() -> None:
    treden = {"eigen_kracht": NEE, "netwerk": NEE, "algemene_voorziening": JA}
    assert regels(treden) == []
    vol = weging.vul_aan(treden, "aanwezig")
    assert list(vol) == list(weging.TREDEN)
    assert {vol[naam]["uitkomst"] for naam in ("collectief", "maatwerk")} == {"niet_bereikt"}
    assert regels(treden | {"maatwerk": JA}) == ["/treden/maatwerk"]


@pytest.mark.parametrize("netwerk", ["afwezig", "belastend"])
def test_zonder_steunend_netwerk_telt_die_trede_niet_en_wacht_niemand(netwerk: str) -> None:
    treden = {"algemene_voorziening": NEE, "collectief": NEE, "maatwerk": JA}
    assert regels(treden, netwerk) == []
    vol = weging.vul_aan(treden, netwerk)
    for naam in ("eigen_kracht", "netwerk"):
        assert vol[naam] == {"uitkomst": "niet_van_toepassing", "motivering": weging.GEEN_STEUN[netwerk]}
    # What was said of it anyway is put aside; that it would be enough is a contradiction.
    assert weging.vul_aan(treden | {"netwerk": NEE}, netwerk)["netwerk"]["uitkomst"] == "niet_van_toepassing"
    assert regels(treden | {"netwerk": NEE}, netwerk) == []
    assert regels(treden | {"netwerk": JA}, netwerk) == ["/treden/netwerk/uitkomst"]
    # With a network the same weighing is not complete.
    assert "/treden/netwerk/uitkomst" in regels(treden)


def test_wat_het_niet_kostte_is_het_verschil_met_het_goedkoopste_maatwerk() -> None:
    opties = [
        {"trede": "maatwerk", "kosten_cent": 900_000}, {"trede": "maatwerk", "kosten_cent": 700_000},
        {"trede": "algemene_voorziening", "kosten_cent": 50_000},
    ]  # fmt: skip
    treden = {"eigen_kracht": NEE, "netwerk": NEE, "algemene_voorziening": JA}
    assert weging.bespaard_cent({"treden": treden, "opties": opties}) == 650_000
    assert weging.bespaard_cent({"treden": treden, "opties": opties[2:]}) is None
    assert weging.bespaard_cent({"treden": {"maatwerk": JA}, "opties": opties}) is None


def test_een_overbelaste_mantelzorger_vraagt_om_een_antwoord() -> None:
    assert [f.regel for f in weging.toets_respijt({}, overbelast=True)] == ["RESPIJT"]
    assert weging.toets_respijt({"respijt": {"uitkomst": "geboden", "motivering": "-"}}, overbelast=True) == []
    assert weging.toets_respijt({}, overbelast=False) == []
