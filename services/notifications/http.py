"""HTTP of notifications: what was sent, send it again, and who gets it (http-api section 6)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from chassis.auth import Caller
from chassis.clock import clock
from chassis.db import transaction
from chassis.errors import Problem
from chassis.http import Database
from chassis.rechten import Wie

from . import store
from .contracts import Notificatie, Notificaties, Voorkeuren

router = APIRouter(prefix="/v1", tags=["notificaties"])

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


@router.get("/notificaties")
async def list_notificaties(
    db: Database,
    wie: Wie,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    na: Annotated[int | None, Query(ge=0, le=2**62)] = None,
) -> Notificaties:
    """The municipality's notifications, newest first."""
    async with transaction(db, wie.tenant) as tx:
        rijen = await store.list_notificaties(tx, _gemeente(wie), na=na, limit=limit + 1)
    meer = len(rijen) > limit
    rijen = rijen[:limit]
    return Notificaties(
        notificaties=[_antwoord(rij) for rij in rijen], volgende=str(rijen[-1]["volgnr"]) if meer else None
    )


@router.post("/notificaties/{notificatie_id}/opnieuw", status_code=202)
async def verzend_opnieuw(db: Database, wie: Wie, notificatie_id: Id) -> Notificatie:
    """Send it once more, with the same Message-ID. 404 for an id of another municipality (G15)."""
    async with transaction(db, wie.tenant) as tx:
        rij = await store.reset_poging(tx, _gemeente(wie), notificatie_id)
    if rij is None:
        raise Problem(404, "notificatie_onbekend", "Deze notificatie is er niet", "Controleer het kenmerk.")
    return _antwoord(rij)


@router.put("/voorkeuren")
async def save_voorkeuren(db: Database, wie: Wie, voorkeuren: Voorkeuren) -> Voorkeuren:
    """Who gets the e-mails of the calling municipality."""
    async with transaction(db, wie.tenant) as tx:
        await store.save_voorkeur(tx, _gemeente(wie), voorkeuren.email, clock.now())
    return voorkeuren


def _gemeente(wie: Caller) -> str:
    if wie.gemeente is None:
        raise Problem(403, "geen_gemeente", "Dit is alleen voor gemeenten", "Gebruik een token van een gemeente.")
    return wie.gemeente


def _antwoord(rij: Any) -> Notificatie:
    return Notificatie(
        notificatie_id=str(rij["notificatie_id"]),
        aanleiding=rij["aanleiding"],
        betreft=rij["betreft"],
        onderwerp=rij["onderwerp"],
        kanaal=rij["kanaal"],
        status=rij["status"],
        pogingen=rij["pogingen"],
        volgende_poging_at=rij["volgende_poging_at"] if rij["status"] == "wacht" else None,
        laatste_fout=rij["laatste_fout"],
        gemaakt_at=rij["gemaakt_at"],
        verzonden_at=rij["verzonden_at"],
    )
