"""Shows outcomes on the terminal: results on stdout, what is wrong on stderr."""

import json
import sys
from collections.abc import Sequence
from typing import Any

from aanbieder.berichten import regel_van
from aanbieder.knooppunt import Geweigerd
from schemas.iwmo.bericht import NietLeesbaar


def toon(rijen: Sequence[dict[str, Any]], als_json: bool, kolommen: Sequence[str] | None = None) -> None:
    """A list as JSON, or as a table of these columns (None = all)."""
    if als_json:
        print(json.dumps(rijen, ensure_ascii=False, indent=2))
        return
    if not rijen:
        print("niets")
        return
    kop = list(kolommen or rijen[0])
    cellen = [[_cel(rij[kolom]) for kolom in kop] for rij in rijen]
    breedte = [max(len(r[i]) for r in [kop, *cellen]) for i in range(len(kop))]
    for regel in [kop, *cellen]:
        print("  ".join(w.ljust(b) for w, b in zip(regel, breedte, strict=True)).rstrip())


def _cel(waarde: object) -> str:
    if isinstance(waarde, dict):
        return "/".join(str(w) for w in waarde.values() if w is not None)
    if isinstance(waarde, list):
        return ",".join(str(w) for w in waarde)
    return "" if waarde is None else str(waarde)


def meld(*teksten: str) -> None:
    """Lines on stderr."""
    for tekst in teksten:
        print(tekst, file=sys.stderr)


def meld_onleesbaar(fout: NietLeesbaar) -> None:
    """Level 1: every fault, and that nothing follows."""
    meld("het bericht voldoet niet aan het schema; er volgt geen retourbericht", *map(regel_van, fout.bevindingen))


def meld_geweigerd(fout: Geweigerd) -> None:
    """What the knooppunt refused, with its findings and the next step."""
    meld(str(fout))
    for b in fout.probleem.get("bevindingen") or []:
        meld(f"{b.get('regel', '')}: {b.get('melding', '')} Verwacht: {b.get('verwacht', '')} ({b.get('pad', '')})")
    if fout.probleem.get("volgende_stap"):
        meld(str(fout.probleem["volgende_stap"]))
