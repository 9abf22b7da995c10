"""Charts as numbers: where each bar of a picture goes. The templates draw them as SVG, without a line of script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BREEDTE, HOOGTE, ONDER = 640, 200, 24
LENGTE = 240
"""Of a lying bar."""


@dataclass(frozen=True)
class Staaf:
    """A month: a wide pale bar, and in front of it a narrow dark one. Positions in the units of the picture."""

    naam: str
    midden: float
    licht_x: float
    licht_breedte: float
    licht_y: float
    licht_hoogte: float
    donker_x: float
    donker_breedte: float
    donker_y: float
    donker_hoogte: float


def staven(maanden: Sequence[tuple[str, int, int]]) -> list[Staaf]:
    """Per month (name, pale, dark); amounts below nothing are drawn as nothing."""
    hoogste = max((max(licht, donker) for _, licht, donker in maanden), default=0) or 1
    stap = BREEDTE / max(len(maanden), 1)
    ruimte = HOOGTE - ONDER

    def maat(cent: int) -> float:
        return round(max(cent, 0) / hoogste * (ruimte - 8), 1)

    return [
        Staaf(
            naam=naam,
            midden=round((n + 0.5) * stap, 1),
            licht_x=round(n * stap + stap * 0.14, 1),
            licht_breedte=round(stap * 0.72, 1),
            licht_y=round(ruimte - maat(licht), 1),
            licht_hoogte=maat(licht),
            donker_x=round(n * stap + stap * 0.3, 1),
            donker_breedte=round(stap * 0.4, 1),
            donker_y=round(ruimte - maat(donker), 1),
            donker_hoogte=maat(donker),
        )
        for n, (naam, licht, donker) in enumerate(maanden)
    ]


@dataclass(frozen=True)
class Balk:
    """A budget as a lying bar: spent, committed, where the forecast ends, its band, and the ceiling (None: none)."""

    besteed: float
    verplicht: float
    prognose: float
    laag: float
    hoog: float
    plafond: float | None


def balk(budget: Mapping[str, Any]) -> Balk:
    """The bar of one category, on its own scale."""
    prognose = budget["prognose_cent"]
    laag = budget["prognose_laag_cent"] if budget["prognose_laag_cent"] is not None else prognose
    hoog = budget["prognose_hoog_cent"] if budget["prognose_hoog_cent"] is not None else prognose
    plafond = budget["plafond_cent"]
    hoogste = max(budget["verplicht_cent"], budget["gerealiseerd_cent"], hoog, plafond or 0) or 1

    def maat(cent: int) -> float:
        return round(max(cent, 0) / hoogste * LENGTE, 1)

    return Balk(
        besteed=maat(budget["gerealiseerd_cent"]),
        verplicht=maat(budget["verplicht_cent"]),
        prognose=maat(prognose),
        laag=maat(laag),
        hoog=maat(hoog),
        plafond=None if plafond is None else maat(plafond),
    )
