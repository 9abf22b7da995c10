"""The JSON of what is parked in all services. Letting go is a command of the service that parked it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request

from chassis.http import Database
from chassis.rechten import Wie

from .. import geparkeerd, werkvoorraad
from ..buren import Buren
from ..koppen import VeiligeRoute

router = APIRouter(prefix="/v1/parkeerplaats", tags=["parkeerplaats"], route_class=VeiligeRoute)


@router.get("")
async def get_parkeerplaats(
    request: Request,
    db: Database,
    wie: Wie,
    stand: Literal["open", "opgelost"] = "open",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    na: Annotated[str | None, Query(max_length=100, description="Het `id` van de laatste rij")] = None,
) -> dict[str, Any]:
    """Events that could not be handled, oldest first: why, since when, and how many of the client are behind each.

    `niet_bereikt` names the services that did not answer: theirs are not in the list.
    """
    buren = Buren(request.app.state.settings)
    rijen, weg = await geparkeerd.lees(buren, wie.token, wie.gemeente or "", stand=stand)
    plek = next((n + 1 for n, rij in enumerate(rijen) if rij["id"] == na), 0)
    volgende = rijen[plek + limit - 1]["id"] if len(rijen) > plek + limit else None
    getoond = await werkvoorraad.met_behandelaars(db, wie, rijen[plek : plek + limit])
    return {"parkeerplaats": getoond, "volgende": volgende, "niet_bereikt": weg}
