"""The JSON of a case and of the event flow (http-api section 6)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import Response
from sse_starlette import EventSourceResponse

from chassis.auth import Caller
from chassis.db import transaction
from chassis.errors import Problem
from chassis.http import Database
from chassis.rechten import Wie

from .. import presentatie, stroom
from ..koppen import VeiligeRoute
from ..store import gebeurtenis

ZAAK_REGELS_MAX = 2000

router = APIRouter(prefix="/v1", tags=["backoffice"], route_class=VeiligeRoute)

ClientId = Annotated[str, Path(pattern=r"^[A-Za-z2-7]{26}$")]


def filter_uit(
    type_: Annotated[str, Query(alias="type", max_length=80)] = "",
    soort: Annotated[str, Query(max_length=10)] = "",
    aanbieder: Annotated[str, Query(max_length=8)] = "",
    bericht_id: Annotated[str, Query(max_length=64)] = "",
    status: Annotated[str, Query(max_length=10)] = "",
) -> gebeurtenis.Filter:
    """The filter of a query string; an empty field (as a form sends it) filters nothing."""
    return gebeurtenis.Filter(
        type=type_ or None,
        soort=soort or None,
        aanbieder=aanbieder or None,
        bericht_id=bericht_id or None,
        status=status or None,
    )


Keuze = Annotated[gebeurtenis.Filter, Depends(filter_uit)]


async def load_zaak(db: Any, wie: Caller, client_id: str) -> list[Any]:
    """The rows of a case; Problem 404 when there are none for this municipality (G15)."""
    async with transaction(db, wie.tenant) as tx:
        rijen = await gebeurtenis.list_zaak(tx, wie.gemeente or "", client_id, ZAAK_REGELS_MAX)
    if not rijen:
        raise Problem(404, "zaak_onbekend", "Deze zaak is er niet", "Controleer het kenmerk van de zaak.")
    return list(rijen)


@router.get("/zaken/{client_id}")
async def read_zaak(db: Database, wie: Wie, client_id: ClientId) -> dict[str, Any]:
    """A client's chain across the services, oldest first, and who must act."""
    rijen = await load_zaak(db, wie, client_id)
    return {
        "client_id": client_id,
        "aan_zet": presentatie.openstaand(rijen),
        "gebeurtenissen": [presentatie.regel(rij) for rij in rijen],
    }


@router.get("/stroom", response_model=None)
async def read_stroom(
    request: Request,
    db: Database,
    wie: Wie,
    keuze: Keuze,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    na: Annotated[int | None, Query(ge=0, le=2**62)] = None,
    accept: Annotated[str, Header(max_length=1000)] = "",
    last_event_id: Annotated[int | None, Header(ge=0, le=2**62)] = None,
) -> Response | dict[str, Any]:
    """The event flow: live when `Accept` asks for text/event-stream, else a list, newest first."""
    gemeente = wie.gemeente or ""
    if "text/event-stream" in accept:
        return EventSourceResponse(stroom.volg(request.app.state.uitkijk, db, wie, keuze, last_event_id))
    async with transaction(db, wie.tenant) as tx:
        rijen = await gebeurtenis.list_gebeurtenissen(tx, gemeente, keuze, voor=na, limit=limit + 1)
    meer, rijen = len(rijen) > limit, rijen[:limit]
    return {
        "gebeurtenissen": [presentatie.regel(rij) for rij in rijen],
        "volgende": str(rijen[-1]["volgnr"]) if meer else None,
    }
