"""What the life of a person does to all toewijzingen at once: a death, or a move to another municipality."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from services.toewijzing.domain.toewijzing import Fout, Versie
from services.toewijzing.domain.wijziging import trek_in, verwijder

Soort = Literal["overlijden", "verhuizing"]
REDEN: dict[Soort, str] = {"overlijden": "02", "verhuizing": "07"}
"""WMO002."""


@dataclass(frozen=True, slots=True)
class Gevolg:
    """What becomes of one number: its next content, and what forbids it."""

    nieuw: Versie
    fouten: tuple[Fout, ...]

    @property
    def vervalt(self) -> bool:
        """A number that had not begun by then is deleted; the others end."""
        return self.nieuw.verwijderd


def laatste_dag(soort: Soort, datum: date) -> date:
    """The last day of care: that of the death, or the one before the registration in the new municipality."""
    return datum if soort == "overlijden" else datum - timedelta(days=1)


def gevolgen(versies: Iterable[Versie], soort: Soort, datum: date, met_prestaties: Collection[int]) -> list[Gevolg]:
    """OP258, CS335, TR385: every number that goes on after the last day ends on it, or never was."""
    einde = laatste_dag(soort, datum)
    uit = []
    for versie in versies:
        if versie.verwijderd or (versie.einddatum is not None and versie.einddatum <= einde):
            continue
        if versie.ingangsdatum <= einde:
            nieuw, fouten = trek_in(versie, einde, REDEN[soort])
        else:
            nieuw, fouten = verwijder(versie, int(versie.nummer in met_prestaties))
        uit.append(Gevolg(nieuw, tuple(fouten)))
    return uit


def toets_datum(soort: Soort, datum: date, vandaag: date) -> list[Fout]:
    """TR134: nobody is known to die tomorrow; a move may be planned."""
    if soort == "verhuizing" or datum <= vandaag:
        return []
    return [Fout("TR134", "De datum van overlijden ligt in de toekomst.", "Controleer de datum.", "/datum")]
