"""Bevindingen: welke regel van de standaard, wat er mis is, wat te doen en met welke eerdere regel het botst."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import BaseModel

from chassis.errors import Problem
from services.declaratie.domain.uitleg import UITLEG, Boekregel


class EerdereRegel(BaseModel):
    """De regel waar het om gaat."""

    declaratie_id: str
    referentie_nummer: str


class Bevinding(BaseModel):
    """Waarom een regel, een inwoner of een declaratie is afgekeurd."""

    regel: str
    niveau: int
    retourcode: str
    melding: str
    volgende_stap: str
    eerder: EerdereRegel | None = None


def eerdere(regel: Boekregel) -> EerdereRegel:
    """Een regel, zo kort dat zij te vinden is."""
    return EerdereRegel(declaratie_id=regel.declaratie_id, referentie_nummer=regel.referentie_nummer)


def bevindingen(codes: Iterable[str], eerder: Mapping[str, EerdereRegel] | None = None) -> list[Bevinding]:
    """Elke retourcode met haar uitleg."""
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
    """Er is niets, of niet voor deze gemeente."""
    return Problem(404, "niet_gevonden", "Dit is niet gevonden.", "Controleer het nummer.")
