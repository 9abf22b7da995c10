"""Which district team takes a melding: the municipality's own rules first, then the postcode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.intake.domain.instellingen import Instellingen, Route, Team


@dataclass(frozen=True, slots=True)
class Vraag:
    """What routing looks at. `leeftijd` in whole years; None when it is not known."""

    postcode: str
    spoed: bool = False
    melder: str | None = None
    leeftijd: int | None = None


def kies_team(vraag: Vraag, instellingen: Instellingen, open_zaken: Mapping[str, int]) -> str:
    """The team for this question.

    The first rule that fits; else the team with the longest beginning of the postcode; of teams that share a beginning
    the one with most room left; else the team for everything.
    """
    for route in instellingen.routes:
        if _past(route, vraag):
            return route.team
    postcode = vraag.postcode.replace(" ", "").upper()
    lengtes = {team.team: _lengte(team, postcode) for team in instellingen.teams}
    langste = max(lengtes.values(), default=0)
    if langste == 0:
        return instellingen.standaard_team
    kandidaten = [team for team in instellingen.teams if lengtes[team.team] == langste]
    return min(kandidaten, key=lambda team: open_zaken.get(team.team, 0) / max(team.capaciteit, 1)).team


def _past(route: Route, vraag: Vraag) -> bool:
    return (
        (route.spoed is None or route.spoed == vraag.spoed)
        and (route.melder is None or route.melder == vraag.melder)
        and (route.vanaf_leeftijd is None or (vraag.leeftijd is not None and vraag.leeftijd >= route.vanaf_leeftijd))
    )


def _lengte(team: Team, postcode: str) -> int:
    """How many characters of the postcode this team names; 0 when it is not its area."""
    return max((len(begin) for begin in team.postcodes if postcode.startswith(begin.upper())), default=0)
