"""The manual for a vendor's first hour is true: its commands are run as they stand."""

import os
import re
import subprocess
import sys
from pathlib import Path

from lokaal.plek import ROOT

HANDLEIDING = ROOT / "docs" / "handleiding" / "aansluiten.md"


def opdrachten() -> str:
    """All blocks marked `sh`, in their order, as one script."""
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", HANDLEIDING.read_text("utf-8"), re.DOTALL | re.MULTILINE))


def test_de_opdrachten_van_aansluiten_werken_zoals_ze_er_staan(keten, tmp_path):
    script = opdrachten()
    assert script.count("lever_in ") > 4 and "aanbieder declareer" in script, "the blocks were found"
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
    toewijzingen = keten.vraag("GET", "toewijzing", "/v1/toewijzingen", "0716").json()["toewijzingen"]
    stand = {t["aanbieder"]: (t["levering"], t["laatste_301"]["status"]) for t in toewijzingen}
    assert stand == dict.fromkeys(("75750101", "75750202"), ("gestart", "goedgekeurd"))
    declaraties = keten.vraag("GET", "declaratie", "/v1/declaraties", "0716").json()["declaraties"]
    assert len(declaraties) == 2
