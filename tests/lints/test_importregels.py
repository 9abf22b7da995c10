"""Who may import what (pyproject.toml, import-linter): each contract fails on a planted violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAKKETTEN = ("aanbieder", "beheer", "chassis", "lokaal", "schemas", "services")

OVERTREDINGEN = {
    "services-apart": ("services/intake/planted.py", "import services.toewijzing.domain"),
    "chassis-onder": ("chassis/planted.py", "import schemas.iwmo.codes"),
    "schemas-alleen": ("schemas/iwmo/planted.py", "import chassis.bsn"),
    "aanbieder-buiten": ("aanbieder/planted.py", "import services.intake.domain"),
    "services-zonder-lokaal": ("services/intake/planted.py", "import lokaal.token"),
    "beheer-op-chassis": ("beheer/planted.py", "import services.intake.store"),
    "lagen": ("services/intake/domain/persoon.py", "import services.intake.store"),
    "main-bedraadt": ("services/intake/planted.py", "import services.intake.__main__"),
    "domein-puur": ("services/intake/domain/persoon.py", "import pydantic"),
    "handlers-zonder-drivers": ("services/intake/handlers/indicatie.py", "import asyncpg"),
    "xml-aan-de-rand": ("services/intake/planted.py", "import schemas.iwmo.codec"),
}


def contracten() -> dict[str, str]:
    instellingen = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {c["id"]: c["name"] for c in instellingen["tool"]["importlinter"]["contracts"]}


@pytest.fixture
def kopie(tmp_path: Path) -> Path:
    """The Python of this checkout, to spoil."""
    for pakket in PAKKETTEN:
        shutil.copytree(
            ROOT / pakket,
            tmp_path / pakket,
            ignore=lambda map_, namen: [n for n in namen if _overbodig(map_, n)],
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _overbodig(map_: str, naam: str) -> bool:
    pad = Path(map_) / naam
    return naam == "__pycache__" or (pad.is_file() and pad.suffix != ".py")


def lint(map_: Path, *keuze: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", *keuze],
        cwd=map_,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_elk_contract_heeft_een_geplante_overtreding() -> None:
    assert set(contracten()) == set(OVERTREDINGEN)


@pytest.mark.parametrize("contract", OVERTREDINGEN)
def test_geplante_overtreding_wordt_gezien(kopie: Path, contract: str) -> None:
    bestand, regel = OVERTREDINGEN[contract]
    pad = kopie / bestand
    pad.write_text((pad.read_text() if pad.exists() else "") + f"\n{regel}\n")
    uitkomst = lint(kopie, "--contract", contract)
    assert uitkomst.returncode != 0
    tekst = " ".join(uitkomst.stdout.split())
    assert f"{contracten()[contract]} BROKEN" in tekst
    assert regel.removeprefix("import ") in tekst


def test_de_code_zelf_houdt_zich_eraan() -> None:
    uitkomst = lint(ROOT)
    assert uitkomst.returncode == 0, uitkomst.stdout
