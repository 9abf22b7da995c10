"""Mandates that a provider gives its vendor, and blocks by a municipality or the operator."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from chassis.auth import Caller
from chassis.clock import clock
from chassis.db import OVERAL, Tenant, transaction
from chassis.errors import Problem
from chassis.http import Database
from chassis.log import log
from chassis.rechten import Wie
from services.knooppunt.handlers.toegang import geen_mandaat
from services.knooppunt.http.bladeren import instant
from services.knooppunt.http.deur import deur
from services.knooppunt.store import toegang

router = APIRouter(prefix="/v1", tags=["toegang"])

Sub = Annotated[str, Path(max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]*$")]
Agb = Annotated[str, Path(pattern=r"^[0-9]{8}$")]


class Mandaat(BaseModel):
    """From and up to and including which day a vendor may act; without days: from today, until withdrawn."""

    model_config = ConfigDict(extra="forbid")
    geldig_vanaf: date | None = None
    geldig_tot: date | None = None

    @model_validator(mode="after")
    def _samenhang(self) -> "Mandaat":
        if self.geldig_tot is not None and self.geldig_tot < (self.geldig_vanaf or self.geldig_tot):
            raise ValueError("geldig_tot ligt voor geldig_vanaf")
        return self


class Blokkade(BaseModel):
    """Why a provider is shut out; for the record of who set it, not for the provider."""

    model_config = ConfigDict(extra="forbid")
    reden: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f]+$")]


@router.get("/mandaten")
async def lijst_mandaten(wie: Wie, db: Database) -> dict[str, Any]:
    """The mandates that the calling provider gave."""
    agb = _eigen_agb(wie)
    async with deur(db, wie, agb) as (tx, _):
        return {"mandaten": await toegang.load_mandaten(tx, agb), "volgende": None}


@router.put("/mandaten/{sub}", status_code=204)
async def geef_mandaat(sub: Sub, body: Mandaat, wie: Wie, db: Database) -> Response:
    """Let a vendor (the `sub` of its token) act for the calling provider; holds from the next request."""
    agb = _eigen_agb(wie)
    async with deur(db, wie, agb) as (tx, _):
        vanaf = body.geldig_vanaf or clock.today()
        await toegang.save_mandaat(tx, agb, sub, vanaf, body.geldig_tot, wie.sub, clock.now())
    return Response(status_code=204)


@router.delete("/mandaten/{sub}", status_code=204)
async def trek_mandaat_in(sub: Sub, wie: Wie, db: Database) -> Response:
    """Withdraw a mandate; the vendor's next request no longer covers this provider."""
    agb = _eigen_agb(wie)
    async with deur(db, wie, agb) as (tx, _):
        if not await toegang.delete_mandaat(tx, agb, sub):
            raise _onbekend("Dit mandaat is er niet.")
    return Response(status_code=204)


@router.get("/bevoegdheid")
async def voor_wie(wie: Wie, db: Database) -> dict[str, Any]:
    """The providers that this token may act for now: its own, and those that gave its `sub` a mandate."""
    async with deur(db, wie) as (_, partij):
        return {"aanbieders": list(partij.aanbieders)}


@router.get("/blokkades")
async def lijst_blokkades(wie: Wie, db: Database) -> dict[str, Any]:
    """Whom the calling municipality (or the operator) shut out."""
    gemeente, tenant = _blokkeerder(wie)
    async with transaction(db, tenant) as tx:
        rijen = await toegang.load_blokkades(tx, gemeente)
    return {"blokkades": [{**rij, "gezet_at": instant(rij["gezet_at"])} for rij in rijen], "volgende": None}


@router.put("/blokkades/{agb}", status_code=204)
async def blokkeer(agb: Agb, body: Blokkade, wie: Wie, db: Database) -> Response:
    """Shut a provider out, from its next request: a municipality for its own messages, the operator for all."""
    gemeente, tenant = _blokkeerder(wie)
    async with transaction(db, tenant) as tx:
        await toegang.save_blokkade(tx, gemeente, agb, body.reden, wie.sub, clock.now())
    log.warning("aanbieder_geblokkeerd", gemeente=gemeente, aanbieder=agb)
    return Response(status_code=204)


@router.delete("/blokkades/{agb}", status_code=204)
async def hef_blokkade_op(agb: Agb, wie: Wie, db: Database) -> Response:
    """Let a provider in again; only who set a block can lift it."""
    gemeente, tenant = _blokkeerder(wie)
    async with transaction(db, tenant) as tx:
        if not await toegang.delete_blokkade(tx, gemeente, agb):
            raise _onbekend("Deze blokkade is er niet.")
    log.warning("blokkade_opgeheven", gemeente=gemeente, aanbieder=agb)
    return Response(status_code=204)


def _eigen_agb(wie: Caller) -> str:
    """Only a provider itself gives a mandate, never a vendor on its behalf."""
    if wie.agb is None:
        raise geen_mandaat()
    return wie.agb


def _blokkeerder(wie: Caller) -> tuple[str, Tenant]:
    return (toegang.OVERAL, OVERAL) if wie.gemeente is None else (wie.gemeente, wie.tenant)


def _onbekend(titel: str) -> Problem:
    return Problem(404, "niet_gevonden", titel, "Controleer het adres.")
