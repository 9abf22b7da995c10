"""What intake reads of others about help that runs, and the answers that residents gave."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class LeveringGewijzigd(BaseModel):
    """toewijzing.levering_gewijzigd"""

    toewijzing_nummer: int
    levering: Literal["geen", "gestart", "tijdelijk_gestopt", "gestopt"]


class TermijnVerstreken(BaseModel):
    """toewijzing.termijn_verstreken"""

    soort: str
    toewijzing_nummer: int | None = None


class GebruikWijktAf(BaseModel):
    """declaratie.gebruik_wijkt_af: `soort` is minder or meer."""

    toewijzing_nummer: int
    soort: str
