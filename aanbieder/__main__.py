"""Command line: `python -m aanbieder --staat DIR ...` (see `--help`).

Exit codes: 0 approved, 1 rejected with a retour or by the pre-check, 2 not per XSD or wrong use.
"""

import sqlite3
import sys
from collections.abc import Sequence

import httpx

from aanbieder.berichten import Onmogelijk
from aanbieder.knooppunt import Geweigerd
from aanbieder.opdrachten import AFGEKEURD, ONLEESBAAR, OPDRACHTEN
from aanbieder.opdrachtregel import lezer
from aanbieder.staat import Staat
from aanbieder.tonen import meld, meld_geweigerd, meld_onleesbaar
from schemas.iwmo.bericht import NietLeesbaar


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code. A fault is told in words, never with a stack trace or a value."""
    keuze = lezer().parse_args(argv)
    try:
        st = Staat(keuze.staat)
    except (OSError, sqlite3.Error):
        meld("de map van --staat is niet te openen: kies een map waarin je mag schrijven")
        return ONLEESBAAR
    try:
        return OPDRACHTEN[keuze.opdracht](st, keuze)
    except NietLeesbaar as fout:
        meld_onleesbaar(fout)
        return ONLEESBAAR
    except Onmogelijk as fout:
        meld(str(fout), *fout.bevindingen)
        return AFGEKEURD
    except Geweigerd as fout:
        meld_geweigerd(fout)
        return ONLEESBAAR if fout.status == 422 else AFGEKEURD
    except OSError as fout:
        meld(f"het bestand is niet te lezen: {fout.strerror}")
        return ONLEESBAAR
    except httpx.TransportError:
        meld("het knooppunt is niet bereikbaar; niets is verloren, geef de opdracht later opnieuw")
        return AFGEKEURD
    finally:
        st.sluit()


if __name__ == "__main__":
    sys.exit(main())
