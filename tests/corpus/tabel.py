"""python -m tests.corpus.tabel: hand in every file once to a chain of its own; print verdict, time and memory."""

import sys
import tempfile
from pathlib import Path

from lokaal.spel import gestarte_keten
from tests.chain.spel import CONTRACTEN, GOES
from tests.corpus.corpus import gevallen
from tests.corpus.rand import Rand, proef


def main() -> int:
    """Exit 1 when a file was not treated as `expected.toml` says."""
    fouten = 0
    with tempfile.TemporaryDirectory(prefix="zorgketen-") as map_, gestarte_keten(Path(map_), wacht_s=240) as keten:
        keten.klok("2026-04-15T10:00:00+02:00")
        keten.zet_contracten(GOES, CONTRACTEN)
        knooppunt, intake = Rand(keten, "knooppunt"), Rand(keten, "intake")
        print(f"{'file':<34} {'verdict':<28} {'ms':>6} {'MB':>5}")
        for rand, soort, vraag in ((knooppunt, "xml", knooppunt.lever_in), (intake, "json", intake.indiceer)):
            rand.warm_op()
            for geval in gevallen(soort):
                oordeel = f"{geval.status} {geval.regel or geval.code or geval.retourcode or ''}"
                try:
                    meting = proef(rand, geval, vraag)
                    print(f"{geval.naam:<34} {oordeel:<28} {meting.seconden * 1000:6.0f} {meting.mb:5.0f}")
                except AssertionError as fout:
                    fouten += 1
                    print(f"{geval.naam:<34} NOT {oordeel:<24} {str(fout)[:60]}")
    print(f"{fouten} not as expected")
    return 1 if fouten else 0


if __name__ == "__main__":
    sys.exit(main())
