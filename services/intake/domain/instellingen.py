"""What a municipality decides for itself: terms, life domains, teams, routing, letters. Data with a date, no code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from schemas.iwmo.codes import GEMEENTEN
from services.intake.domain.fout import Fout

LEEFGEBIEDEN = {
    "wonen": "Wonen",
    "gezondheid": "Gezondheid",
    "geld": "Geld",
    "daginvulling": "Daginvulling",
    "sociaal_netwerk": "Sociaal netwerk",
    "gezin": "Gezin",
    "veiligheid": "Veiligheid",
    "zingeving": "Zingeving",
    "vervoer": "Vervoer en mobiliteit",
}
"""The life domains of a municipality that has not chosen its own."""


@dataclass(frozen=True, slots=True)
class Termijnen:
    """Terms in calendar days. The law sets the worst that a resident may get; a municipality may do better."""

    plan: int = 7
    onderzoek: int = 42
    besluit: int = 14
    spoed: int = 1
    bezwaar: int = 42
    bezwaarbesluit: int = 42
    reactie: int = 7
    outreach: int = 2
    signaal: int = 5
    ervaring: int = 14
    gesprek: int = 14
    evaluatie: int = 14


HOOGSTENS = {"onderzoek": "Wmo 2.3.2 lid 1", "besluit": "Wmo 2.3.5 lid 2"}
MINSTENS = {"plan": "Wmo 2.3.2 lid 2", "bezwaar": "Awb 6:7"}


@dataclass(frozen=True, slots=True)
class Team:
    """A district team. `postcodes` are beginnings: "44" or "4461" or "4461AB". `capaciteit`: cases at a time."""

    team: str
    naam: str
    postcodes: tuple[str, ...] = ()
    capaciteit: int = 50


@dataclass(frozen=True, slots=True)
class Route:
    """Goes before the postcode: who meets all that is named goes to this team."""

    team: str
    spoed: bool | None = None
    melder: str | None = None
    vanaf_leeftijd: int | None = None


@dataclass(frozen=True, slots=True)
class Sjabloon:
    """The words of a letter, in paragraphs. `$naam` and the like are filled in (domain.brief)."""

    onderwerp: str
    alineas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instellingen:
    """What holds for one municipality on one day; `versie` 0 is what holds without any setting."""

    standaard_team: str
    gemeente_naam: str
    versie: int = 0
    termijnen: Termijnen = Termijnen()
    leefgebieden: Mapping[str, str] = field(default_factory=lambda: LEEFGEBIEDEN)
    teams: Sequence[Team] = ()
    routes: Sequence[Route] = ()
    sjablonen: Mapping[str, Sjabloon] = field(default_factory=dict)


def instellingen_uit(gemeente: str, versie: int, waarden: Mapping[str, Any]) -> Instellingen:
    """The settings as they were stored; what a municipality did not set has its default."""
    sjablonen = waarden.get("sjablonen") or {}
    return Instellingen(
        standaard_team=waarden.get("standaard_team") or f"wijkteam-{gemeente}",
        gemeente_naam=waarden.get("gemeente_naam") or f"gemeente {GEMEENTEN.get(gemeente, gemeente)}",
        versie=versie,
        termijnen=Termijnen(**(waarden.get("termijnen") or {})),
        leefgebieden=waarden.get("leefgebieden") or LEEFGEBIEDEN,
        teams=[Team(**{**t, "postcodes": tuple(t.get("postcodes") or ())}) for t in waarden.get("teams") or []],
        routes=[Route(**route) for route in waarden.get("routes") or []],
        sjablonen={soort: Sjabloon(s["onderwerp"], tuple(s["alineas"])) for soort, s in sjablonen.items()},
    )


def toets_instellingen(nieuw: Instellingen) -> list[Fout]:
    """No term worse than the law, and no team that is not there."""
    fouten = []
    wet = Termijnen()
    for veld in fields(Termijnen):
        dagen, grens = getattr(nieuw.termijnen, veld.name), getattr(wet, veld.name)
        te_lang, te_kort = veld.name in HOOGSTENS and dagen > grens, veld.name in MINSTENS and dagen < grens
        if te_lang or te_kort:
            fouten.append(
                Fout(
                    HOOGSTENS.get(veld.name) or MINSTENS[veld.name],
                    f"/termijnen/{veld.name}",
                    f"Deze termijn is {'langer' if te_lang else 'korter'} dan de wet toestaat.",
                    f"Kies {'hoogstens' if te_lang else 'minstens'} {grens} dagen.",
                )
            )
    bekend = {team.team for team in nieuw.teams}
    for n, route in enumerate(nieuw.routes):
        if route.team not in bekend:
            fouten.append(
                Fout("TEAM", f"/routes/{n}/team", "Dit team staat niet in de lijst.", "Voeg het team toe bij `teams`.")
            )
    if bekend and nieuw.standaard_team not in bekend:
        fouten.append(Fout("TEAM", "/standaard_team", "Dit team staat niet in de lijst.", "Kies een team uit `teams`."))
    return fouten
