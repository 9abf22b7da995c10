import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.clock import Clock


def test_volgt_het_bestand(tmp_path: Path) -> None:
    bestand = tmp_path / "klok.json"
    klok = Clock()
    klok.configure(str(bestand), omgeving="lokaal")
    assert abs(klok.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert klok.versie == 0
    bestand.write_text(json.dumps({"versie": 3, "offset_s": -86400.0}))
    assert klok.versie == 3
    assert abs(klok.now() + timedelta(days=1) - datetime.now(UTC)) < timedelta(seconds=5)
    bestand.write_text("{half")
    assert klok.versie == 3


def test_productie_weigert_een_testklok(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        Clock().configure(str(tmp_path / "klok.json"), omgeving="productie")


def test_vandaag_is_een_dag_in_amsterdam(tmp_path: Path) -> None:
    bestand = tmp_path / "klok.json"
    doel = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    bestand.write_text(json.dumps({"versie": 1, "offset_s": (doel - datetime.now(UTC)).total_seconds()}))
    klok = Clock()
    klok.configure(str(bestand), omgeving="lokaal")
    assert klok.today().isoformat() == "2026-07-02"
