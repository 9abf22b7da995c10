"""The JSON of the work list: what there is to do, and who takes it up. Decisions go to the service that owns them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from chassis.auth import Caller
from chassis.clock import clock
from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Wie

from .. import geparkeerd, werkvoorraad
from ..buren import Buren
from ..handlers import taken
from ..koppen import VeiligeRoute
from ..store import taak

router = APIRouter(prefix="/v1/werkvoorraad", tags=["werkvoorraad"], route_class=VeiligeRoute)

Soort = Literal["afkeuring", "verzoek", "termijn", "signaal", "geparkeerd"]
Naam = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")
]
Tekst = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]+$")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ToedelingIn(_In):
    """Who takes it up (`sub` of a token), or null for nobody."""

    behandelaar: Naam | None


class TekstIn(_In):
    """A note, or why a signal is done. Without a BSN."""

    tekst: Tekst


class VervangingIn(_In):
    """Who stands in for whom, up to and including a day."""

    afwezig: Naam
    vervanger: Naam
    t_m: dt.date


def gemeente_van(wie: Caller) -> str:
    """The caller's gemeente; the table of rights lets nobody else in."""
    return wie.gemeente or ""


@router.get("")
async def get_werkvoorraad(
    request: Request,
    db: Database,
    wie: Wie,
    soort: Soort | None = None,
    aanbieder: Annotated[str | None, Query(max_length=8)] = None,
    behandelaar: Annotated[str | None, Query(max_length=100, description="Een naam, `mijn` of `niemand`")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    na: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    """What there is to do, the first due first."""
    rijen, volgende = await werkvoorraad.lees(
        db,
        wie,
        buren=Buren(request.app.state.settings),
        soort=soort,
        aanbieder=aanbieder,
        behandelaar=behandelaar,
        na=na,
        limit=limit,
    )
    return {"werkvoorraad": rijen, "volgende": volgende}


@router.get("/{taak_id}")
async def get_taak(db: Database, wie: Wie, taak_id: UUID) -> dict[str, Any]:
    """One task, and what people did with it."""
    async with transaction(db, wie.tenant) as tx:
        rij = await taak.load_taak(tx, gemeente_van(wie), clock.today(), taak_id)
        stappen = await taak.list_stappen(tx, gemeente_van(wie), taak_id)
    if rij is None:
        raise taken.onbekend()
    return werkvoorraad.toon(rij, clock.today()) | {"stappen": stappen}


@router.put("/{taak_id}/toedeling", status_code=204)
async def put_toedeling(request: Request, db: Database, wie: Wie, taak_id: UUID, body: ToedelingIn) -> Response:
    """Give a task, or a parked message, to somebody or to nobody."""
    async with transaction(db, wie.tenant) as tx:
        bekend = await taak.load_taak(tx, gemeente_van(wie), clock.today(), taak_id)
    if bekend is None:
        parkeerplaats, _ = await geparkeerd.lees(Buren(request.app.state.settings), wie.token, gemeente_van(wie))
        if str(taak_id) not in {rij["taak_id"] for rij in parkeerplaats}:
            raise taken.onbekend()
    async with transaction(db, wie.tenant) as tx:
        if bekend is not None:
            await taken.load_open(tx, gemeente_van(wie), taak_id)
        await taken.wijs_toe(tx, gemeente_van(wie), wie.sub, taak_id, body.behandelaar)
    return Response(status_code=204)


@router.post("/{taak_id}/notities", status_code=204)
async def post_notitie(db: Database, wie: Wie, taak_id: UUID, body: TekstIn) -> Response:
    """Add a note to a task."""
    async with transaction(db, wie.tenant) as tx:
        await taken.load_open(tx, gemeente_van(wie), taak_id)
        await taken.noteer(tx, gemeente_van(wie), wie.sub, taak_id, body.tekst)
    return Response(status_code=204)


@router.post("/{taak_id}/afhandeling", status_code=204)
async def post_afhandeling(db: Database, wie: Wie, taak_id: UUID, body: TekstIn) -> Response:
    """A person says why a signal or a refusal needs nothing more. 409 for a task that follows a fact."""
    async with transaction(db, wie.tenant) as tx:
        await taken.handel_af(tx, gemeente_van(wie), wie.sub, taak_id, body.tekst)
    return Response(status_code=204)


vervangingen = APIRouter(prefix="/v1/vervangingen", tags=["werkvoorraad"], route_class=VeiligeRoute)


@vervangingen.get("")
async def get_vervangingen(db: Database, wie: Wie) -> dict[str, Any]:
    """Who stands in for whom."""
    async with transaction(db, wie.tenant) as tx:
        return {"vervangingen": await taak.list_vervangingen(tx, gemeente_van(wie), clock.today()), "volgende": None}


@vervangingen.put("", status_code=204)
async def put_vervanging(db: Database, wie: Wie, body: VervangingIn) -> Response:
    """Let somebody stand in for an absent colleague; a day in the past ends it."""
    async with transaction(db, wie.tenant) as tx:
        await taken.vervang(tx, gemeente_van(wie), body.afwezig, body.vervanger, body.t_m)
    return Response(status_code=204)
