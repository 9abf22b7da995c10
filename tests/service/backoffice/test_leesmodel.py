"""The read model keeps only safe fields, and refuses data that breaks its contract."""

from __future__ import annotations

import json

import pytest

from services.backoffice.domain.onderwerpen import ONDERWERPEN, VERTELLERS, vertel
from services.backoffice.domain.taal import STATUSSEN
from services.intake.domain.termijn import SOORTEN
from services.intake.domain.zaak import STAPPEN


def test_g18_verzegelde_gegevens_en_opmerkingen_blijven_buiten_het_leesmodel() -> None:
    product = {"product": {"categorie": "02", "code": "02A05"}, "commentaar": "GEHEIM"}
    for type_, data in (
        ("intake.client_vastgelegd", {"verzegeld": "GEHEIM"}),
        ("intake.indicatie_vastgesteld", {"beschikking": {"nummer": "42"}, "producten": [product]}),
    ):
        assert "GEHEIM" not in json.dumps(vars(vertel(type_, data)))


def test_0200_is_geen_afkeuring() -> None:
    data = {"bericht_id": "b", "soort": "WMO305", "header_codes": [], "codes": {"Client": ["0200"]}}
    regel = vertel("toewijzing.bericht_beoordeeld", data)
    assert (regel.status, regel.codes) == ("goed", [])


def test_elk_onderwerp_wordt_gelezen() -> None:
    assert len(ONDERWERPEN) == 6 and len(VERTELLERS) >= 18


def test_data_buiten_het_contract_wordt_niet_geraden() -> None:
    with pytest.raises(KeyError):
        vertel("declaratie.declaratie_afgehandeld", {})


def test_een_termijn_zegt_wie_aan_zet_is_en_tot_wanneer() -> None:
    data = {"termijn_id": "t", "soort": "antwoord_301", "wie": "aanbieder", "partij": "75750101",
            "uiterlijk": "2026-04-08", "toewijzing_nummer": None, "bericht_id": "b", "verzoek_id": None}  # fmt: skip
    regel = vertel("toewijzing.termijn_nadert", data)
    assert regel.samenvatting == (
        "Er is tijd tot en met 8 april 2026 voor het antwoord van de aanbieder op de toewijzing."
    )
    assert (regel.aan_zet, regel.uiterlijk, regel.bericht_id) == ("75750101", "2026-04-08", "b")
    voorbij = vertel("toewijzing.termijn_verstreken", data)
    assert voorbij.samenvatting == "De termijn is voorbij voor het antwoord van de aanbieder op de toewijzing."


def test_op090x4_een_325_die_uitblijft_is_te_lezen() -> None:
    data = {"termijn_id": "t", "soort": "antwoord_declaratie", "wie": "gemeente", "partij": "0664",
            "uiterlijk": "2026-04-29", "bericht_id": "b323"}  # fmt: skip
    regel = vertel("declaratie.termijn_verstreken", data)
    assert regel.samenvatting == "De termijn is voorbij voor het antwoord van de gemeente op de declaratie."
    assert (regel.aan_zet, regel.bericht_id, regel.uiterlijk) == ("0664", "b323", "2026-04-29")


def test_een_einde_dat_nadert_vraagt_om_een_mens() -> None:
    data = {"termijn_id": "t", "soort": "vervolg", "wie": "gemeente", "partij": "0664", "uiterlijk": "2026-07-31",
            "toewijzing_nummer": 100001, "bericht_id": None, "verzoek_id": None}  # fmt: skip
    regel = vertel("toewijzing.einde_nadert", data)
    assert regel.samenvatting == (
        "De toewijzing eindigt op 31 juli 2026, zonder vervolg. Kijk of er nog hulp nodig is."
    )
    assert (regel.aan_zet, regel.velden, regel.status) == ("0664", {"Toewijzing": "100001"}, "signaal")


def test_een_budget_en_een_betaling_zijn_te_lezen() -> None:
    budget = {"jaar": 2026, "product_categorie": "02", "procent": 95, "plafond_cent": 100000, "verplicht_cent": 120000,
              "gerealiseerd_cent": 40000, "prognose_cent": 95500}  # fmt: skip
    regel = vertel("declaratie.budget_bereikt", budget)
    assert regel.samenvatting == ("Het budget van categorie 02 in 2026 komt op 95%. Verwacht: € 955,00 van € 1.000,00.")
    assert (regel.aan_zet, regel.status) == ("gemeente", "signaal")
    declaraties = [{"bericht_id": "b", "declaratie_nummer": "DN2602A", "toegekend_cent": 70500}]
    betaling = {"betaling_id": "x1", "betaalbestand_id": "f", "bedrag_cent": 70500, "uitvoerdatum": "2026-04-08",
                "declaraties": declaraties}  # fmt: skip
    regel = vertel("declaratie.betaling_opgedragen", betaling)
    assert regel.samenvatting == "De gemeente betaalt € 705,00 aan de aanbieder op 8 april 2026."
    assert regel.velden == {"Declaraties": "DN2602A", "Kenmerk": "x1"}


def test_een_signaal_wacht_niet_op_een_antwoord() -> None:
    data = {"toewijzing_nummer": 100001, "soort": "minder", "sinds": "2026-02-01", "t_m": "2026-04-01", "maanden": 3,
            "verplicht_cent": 100000, "gerealiseerd_cent": 20000}  # fmt: skip
    regel = vertel("declaratie.gebruik_wijkt_af", data)
    assert "veel minder gebruikt" in regel.samenvatting
    assert STATUSSEN[regel.status] == "Vraagt aandacht"


def test_elke_stap_van_een_melding_heeft_een_zin_en_elke_termijn_een_dag() -> None:
    data = {"melding_id": "m", "volgnummer": 2, "stap": "s", "status": "in_onderzoek", "team": "west", "spoed": False,
            "open_risico": False, "bespaard_cent": 85_000}  # fmt: skip
    for stap in STAPPEN.values():
        regel = vertel(f"intake.{stap.event}", data)
        assert regel.samenvatting.endswith(".") and regel.velden["Stand"] == "in onderzoek"
    for soort in SOORTEN:
        termijn = {"soort": soort, "wie": SOORTEN[soort].wie, "team": "west", "uiterlijk": "2026-03-02"}
        regel = vertel("intake.termijn_nadert", termijn)
        assert (
            regel.samenvatting.startswith("Er is tijd tot en met 2 maart 2026 om ") and regel.uiterlijk == "2026-03-02"
        )
        assert (regel.aan_zet is None) == (SOORTEN[soort].wie == "inwoner")
