"""The manuals are true: their commands are run as they stand."""

import os
import re
import subprocess
import sys
from pathlib import Path

from lokaal.plek import ROOT
from services.declaratie.domain.uitleg import UITLEG

HANDLEIDINGEN = ROOT / "docs" / "handleiding"


def opdrachten(naam: str) -> str:
    """All blocks marked `sh`, in their order, as one script."""
    tekst = (HANDLEIDINGEN / naam).read_text("utf-8")
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", tekst, re.DOTALL | re.MULTILINE))


def voer_uit(keten, script: str, tmp_path: Path) -> str:
    omgeving = {naam: waarde for naam, waarde in os.environ.items() if not naam.startswith("ZORGKETEN_")}
    omgeving |= {
        "ZORGKETEN_LOKAAL_MAP": str(keten.map),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TMPDIR": str(tmp_path),
    }
    klaar = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=ROOT, env=omgeving, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    assert klaar.returncode == 0, f"{klaar.stdout[-3000:]}\n{klaar.stderr[-3000:]}"
    return klaar.stdout


def test_de_opdrachten_van_aansluiten_werken_zoals_ze_er_staan(keten, tmp_path):
    script = opdrachten("aansluiten.md")
    assert script.count("lever_in ") > 4 and "aanbieder declareer" in script, "the blocks were found"
    voer_uit(keten, script, tmp_path)
    toewijzingen = keten.vraag("GET", "toewijzing", "/v1/toewijzingen", "0716").json()["toewijzingen"]
    stand = {t["aanbieder"]: (t["levering"], t["laatste_301"]["status"]) for t in toewijzingen}
    assert stand == dict.fromkeys(("75750101", "75750202"), ("gestart", "goedgekeurd"))
    declaraties = keten.vraag("GET", "declaratie", "/v1/declaraties", "0716").json()["declaraties"]
    assert len(declaraties) == 2


def test_de_opdrachten_van_declareren_werken_zoals_ze_er_staan(keten, tmp_path):
    script = opdrachten("declareren.md")
    assert script.count("aanbieder declareer") == 2 and "betaalbestanden" in script, "the blocks were found"
    assert '"declaratie_nummer"' in voer_uit(keten, script, tmp_path)
    declaraties = keten.vraag("GET", "declaratie", "/v1/declaraties", "0678").json()["declaraties"]
    assert [d["toegekend_cent"] for d in declaraties] == [70500, 0]


def test_de_opdrachten_van_melding_werken_zoals_ze_er_staan(keten, tmp_path):
    script = opdrachten("melding.md")
    assert "onderzoek/afronding" in script and script.count("vraag P") > 10, "the blocks were found"
    voer_uit(keten, script, tmp_path)
    [toewijzing] = keten.vraag("GET", "toewijzing", "/v1/toewijzingen", "1676").json()["toewijzingen"]
    assert (toewijzing["aanbieder"], toewijzing["product"]["code"]) == ("75750403", "02A05")


def test_elke_retourcode_van_een_declaratie_staat_in_declareren_met_wat_te_doen():
    tekst = (HANDLEIDINGEN / "declareren.md").read_text("utf-8")
    for code, uitleg in UITLEG.items():
        assert f"| {code} | {uitleg.regel} | {uitleg.melding} | {uitleg.volgende_stap} |" in tekst, code
