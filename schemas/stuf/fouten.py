"""Transport faults: one reason, and its code in either generation of the code lists (transport.md)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Lijst = Literal["2025", "2018"]


@dataclass(frozen=True, slots=True)
class Fout:
    """A row of `foutcodes.csv`: what is wrong, and what the sender calls it."""

    reden: str
    code_2025: str
    code_2018: str
    plek: str
    label: str

    def code(self, lijst: Lijst) -> str:
        """The code of this fault; the two lists use the same codes for other things."""
        return self.code_2025 if lijst == "2025" else self.code_2018


class StufFout(Exception):
    """An envelope or its content is refused; `reden` is a row of `foutcodes.csv`, never a value."""

    def __init__(self, reden: str, referentienummer: str | None = None) -> None:
        super().__init__(reden)
        self.fout = fouten()[reden]
        self.referentienummer = referentienummer


@cache
def fouten() -> dict[str, Fout]:
    """All faults by their reason."""
    with (Path(__file__).parent / "foutcodes.csv").open(encoding="utf-8", newline="") as bestand:
        return {rij["reden"]: Fout(**rij) for rij in csv.DictReader(bestand)}
