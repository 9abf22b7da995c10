"""What a case adds up to, and what a municipality sets for itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.intake.domain import brief, levensloop, onderzoek
from services.intake.domain.instellingen import (
    Instellingen,
    Route,
    Sjabloon,
    Team,
    instellingen_uit,
    toets_instellingen,
)
from services.intake.domain.levensloop import GEMELD, INSTELLINGEN, ONDERZOEK, STANDEN, zaak_van
from services.intake.domain.route import Vraag, kies_team
from services.intake.domain.zaak import Zaak


def test_een_onvolledig_onderzoek_noemt_elk_leefgebied_in_een_keer() -> None:
    leefgebieden = {**ONDERZOEK["leefgebieden"], "geld": {"situatie": "-"}, "gezin": {}}
    fouten = onderzoek.ontbreekt({**ONDERZOEK, "leefgebieden": leefgebieden}, INSTELLINGEN)
    assert [f.pad for f in fouten] == [
        "/leefgebieden/geld/wens", "/leefgebieden/geld/resultaat", "/leefgebieden/gezin/situatie",
        "/leefgebieden/gezin/wens", "/leefgebieden/gezin/resultaat",
    ]  # fmt: skip
    assert onderzoek.ontbreekt(ONDERZOEK, INSTELLINGEN) == []
    assert len(onderzoek.ontbreekt({}, INSTELLINGEN)) == 4 + 9 * 3


def test_een_omgeving_waarover_niets_bekend_is_houdt_niets_op() -> None:
    zonder = {veld: waarde for veld, waarde in ONDERZOEK.items() if veld != "netwerk"}
    assert onderzoek.ontbreekt(zonder, INSTELLINGEN) == []
    mantelzorger = {**zonder, "personen": [{"mantelzorger": True}]}
    assert [f.pad for f in onderzoek.ontbreekt(mantelzorger, INSTELLINGEN)] == ["/personen/0/belasting"]


@pytest.mark.parametrize(("dagen", "mag"), [(0, False), (7, False), (8, True)])
def test_wmo_2_3_2_lid_2_de_inwoner_heeft_zeven_dagen_voor_een_plan(dagen: int, mag: bool) -> None:
    vandaag = GEMELD + timedelta(days=dagen)
    zaak = zaak_van(STANDEN["ontvangen"])
    assert (onderzoek.toets_begin(zaak, {}, INSTELLINGEN, vandaag) == []) == mag
    geen_plan = zaak_van([*STANDEN["ontvangen"], ("plan", {"plan": "geen"})])
    for zonder_wachten in (geen_plan, zaak_van(STANDEN["ontvangen, spoed"])):
        assert onderzoek.toets_begin(zonder_wachten, {}, INSTELLINGEN, vandaag) == []


def test_wat_een_tweede_gesprek_toevoegt_laat_het_eerste_staan() -> None:
    eerste = {"leefgebieden": {"wonen": {"situatie": "a", "wens": None}}, "gesprek": {"datum": "2026-01-28"}}
    tweede = {"leefgebieden": {"wonen": {"situatie": None, "wens": "b"}}, "gesprek": {"verslag": "c"}}
    zaak = zaak_van([*STANDEN["ontvangen"], ("onderzoek", eerste), ("onderzoek", tweede)])
    assert zaak.onderzoek == {
        "leefgebieden": {"wonen": {"situatie": "a", "wens": "b"}}, "gesprek": {"datum": "2026-01-28", "verslag": "c"},
    }  # fmt: skip


def test_een_kwetsbare_inwoner_is_niet_weg_voor_er_iemand_langs_ging() -> None:
    basis = [("melding", {"team": "west", "kwetsbaar": True}), ("contact", {"gelukt": False})]
    dicht = ("afsluiting", {"uitkomst": "geen_contact"})
    assert levensloop.speel(zaak_van(basis), *dicht) == "OUTREACH"
    assert levensloop.speel(zaak_van([*basis, ("outreach", {})]), *dicht) == "-> afgesloten"
    zaak = zaak_van([*basis, ("outreach", {}), ("contact", {"gelukt": True})])
    assert (zaak.reactie_sinds, zaak.outreach_sinds) == (None, None)


def test_wie_zelf_akkoord_gaf_is_geen_tweede_persoon() -> None:
    basis = [*STANDEN["besloten"], ("risico", {})]
    zaak = zaak_van([*basis, ("risicoakkoord", {})])
    assert zaak.akkoord_door == "anna"
    for door, verwacht in (("anna", ["RISICO"]), ("bert", [])):
        omgeving = levensloop.Omgeving(INSTELLINGEN, GEMELD, door, lambda _: True)
        fouten = levensloop.toets(zaak, "afsluiting", {"uitkomst": "besluit_uitgevoerd"}, omgeving)
        assert [f.regel for f in fouten] == verwacht
    nog_een = zaak_van([*basis, ("risicoakkoord", {}), ("risico", {})])
    assert nog_een.akkoord_door is None, "a risk that was seen later was not agreed on"


TEAMS = (
    Team("noord", "Noord", ("44", "4461A"), 10),
    Team("zuid", "Zuid", ("4461",), 10),
    Team("oost", "Oost", ("4461",), 20),
)


@pytest.mark.parametrize(
    ("vraag", "druk", "team"),
    [
        (Vraag("4461 AB"), {}, "noord"),
        (Vraag("4461BX"), {}, "zuid"),
        (Vraag("4461BX"), {"zuid": 5, "oost": 8}, "oost"),
        (Vraag("4462XX"), {}, "noord"),
        (Vraag("1011AA"), {}, "centraal"),
        (Vraag("4461AB", spoed=True), {}, "spoedteam"),
        (Vraag("4461BX", melder="huisarts", leeftijd=80), {}, "ouderen"),
        (Vraag("4461BX", melder="huisarts", leeftijd=79), {}, "zuid"),
        (Vraag("4461BX", melder="huisarts"), {}, "zuid"),
    ],
)
def test_een_melding_gaat_naar_een_team_door_eigen_regels_en_postcode(
    vraag: Vraag, druk: dict[str, int], team: str
) -> None:
    routes = (Route("spoedteam", spoed=True), Route("ouderen", melder="huisarts", vanaf_leeftijd=80))
    assert kies_team(vraag, Instellingen("centraal", "Goes", teams=TEAMS, routes=routes), druk) == team


def test_geen_termijn_is_slechter_dan_de_wet_en_geen_team_ontbreekt() -> None:
    waarden = {
        "termijnen": {"onderzoek": 43, "besluit": 15, "plan": 6, "bezwaar": 41, "reactie": 3},
        "teams": [{"team": "west", "naam": "West"}], "routes": [{"team": "weg"}], "standaard_team": "ook-weg",
    }  # fmt: skip
    fouten = toets_instellingen(instellingen_uit("0664", 1, waarden))
    assert [(f.regel, f.pad) for f in fouten] == [
        ("Wmo 2.3.2 lid 2", "/termijnen/plan"), ("Wmo 2.3.2 lid 1", "/termijnen/onderzoek"),
        ("Wmo 2.3.5 lid 2", "/termijnen/besluit"), ("Awb 6:7", "/termijnen/bezwaar"),
        ("TEAM", "/routes/0/team"), ("TEAM", "/standaard_team"),
    ]  # fmt: skip
    assert toets_instellingen(instellingen_uit("0664", 0, {})) == []
    assert instellingen_uit("0664", 0, {}).gemeente_naam == "gemeente Goes"


def test_een_brief_vult_in_ontsnapt_en_weigert_wat_er_niet_is() -> None:
    velden = dict.fromkeys(brief.VELDEN, "x") | {
        "motivering": "",
        "naam": "A. <b>Testduin</b>",
        "bezwaar_tot": brief.in_woorden(date(2026, 3, 2)),
    }
    product = {"product": {"categorie": "02"}, "omvang": {"volume": 1, "eenheid": "16", "frequentie": "2"},
               "ingangsdatum": "2026-02-09", "einddatum": "2026-07-31", "doel": "een vast ritme"}  # fmt: skip
    html = brief.schrijf(Sjabloon("Besluit", ("Hallo $naam.", "$motivering")), velden, [product], "")
    assert "Hallo A. &lt;b&gt;Testduin&lt;/b&gt;." in html and "<b>" not in html
    assert (
        "Begeleiding: 1 dagdeel per week, vanaf 9 februari 2026 tot en met 31 juli 2026. Het doel: een vast ritme"
        in html
    )
    assert "2 maart 2026" in html and "<p></p>" not in html
    fout = Sjabloon("$bsn", ("$ los", "goed $naam"))
    assert [f.pad for f in brief.toets_sjabloon("toekenning", fout)] == [
        "/sjablonen/toekenning/onderwerp", "/sjablonen/toekenning/alineas/0",
    ]  # fmt: skip
    for soort, sjabloon in brief.STANDAARD.items():
        assert brief.toets_sjabloon(soort, sjabloon) == []


def test_een_zaak_zonder_stappen_is_leeg() -> None:
    assert zaak_van([]) == Zaak()
