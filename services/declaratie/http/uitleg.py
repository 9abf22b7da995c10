"""Findings: which rule of the standard, what is wrong, what to do, and which earlier line it meets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import BaseModel

from chassis.errors import Problem
from services.declaratie.domain.uitleg import UITLEG, Boekregel


class EerdereRegel(BaseModel):
    """The line that it is about."""

    declaratie_id: str
    referentie_nummer: str


class Bevinding(BaseModel):
    """Why a line, a resident or a declaratie was refused."""

    regel: str
    niveau: int
    retourcode: str
    melding: str
    volgende_stap: str
    eerder: EerdereRegel | None = None


def eerdere(regel: Boekregel) -> EerdereRegel:
    """A line, so short that it can be found."""
    return EerdereRegel(declaratie_id=regel.declaratie_id, referentie_nummer=regel.referentie_nummer)


def bevindingen(codes: Iterable[str], eerder: Mapping[str, EerdereRegel] | None = None) -> list[Bevinding]:
    """Each retourcode with its reason."""
    return [
        Bevinding(
            regel=UITLEG[code].regel,
            niveau=UITLEG[code].niveau,
            retourcode=code,
            melding=UITLEG[code].melding,
            volgende_stap=UITLEG[code].volgende_stap,
            eerder=(eerder or {}).get(code),
        )
        for code in codes
    ]


def niet_gevonden() -> Problem:
    """There is nothing, or not for this gemeente."""
    return Problem(404, "niet_gevonden", "Dit is niet gevonden.", "Controleer het nummer.")
