"""The read model keeps only safe fields, and refuses data that breaks its contract."""

from __future__ import annotations

import json

import pytest

from services.backoffice.domain.regel import ONDERWERPEN, VERTELLERS, vertel


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
