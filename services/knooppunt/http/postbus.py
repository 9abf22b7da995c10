"""The mailbox of a provider."""

from typing import Any, Literal

from fastapi import APIRouter, Response

from chassis.clock import clock
from chassis.http import Database
from chassis.rechten import Wie
from services.knooppunt.domain import Partij
from services.knooppunt.handlers.toegang import eis_open
from services.knooppunt.http.bladeren import Limit, bladzijde, cursor, instant, is_uuid, niet_gevonden
from services.knooppunt.http.deur import Agb, deur
from services.knooppunt.store import berichten, inzien

router = APIRouter(prefix="/v1/postbus", tags=["postbus"])


@router.get("")
async def lijst(
    wie: Wie,
    db: Database,
    status: Literal["nieuw", "alle"] = "nieuw",
    limit: Limit = 50,
    na: str | None = None,
    agb: Agb = None,
) -> dict[str, Any]:
    """What lies in the mailbox, oldest first; `nieuw` is what has no receipt yet."""
    async with deur(db, wie, agb) as (tx, partij):
        rijen = await inzien.postbus(
            tx,
            partij.aanbieders,
            zonder=partij.geblokkeerd,
            alleen_nieuw=status == "nieuw",
            na=cursor(na),
            limit=limit + 1,
        )
    return bladzijde(rijen, limit, _toon, partij.geblokkeerd_door())


@router.get("/{bericht_id}")
async def haal_op(bericht_id: str, wie: Wie, db: Database) -> Response:
    """The XML, byte for byte."""
    async with deur(db, wie) as (tx, partij):
        _eis_eigen(partij, is_uuid(bericht_id) and await inzien.haal_op(tx, partij.aanbieders, bericht_id, clock.now()))
        raw = await berichten.inhoud(tx, bericht_id)
    return Response(raw, media_type="application/xml")


@router.post("/{bericht_id}/bevestiging", status_code=204)
async def bevestig(bericht_id: str, wie: Wie, db: Database) -> Response:
    """The receipt: the message is no longer new; again changes nothing."""
    async with deur(db, wie) as (tx, partij):
        _eis_eigen(
            partij, is_uuid(bericht_id) and await inzien.bevestig(tx, partij.aanbieders, bericht_id, clock.now())
        )
    return Response(status_code=204)


def _eis_eigen(partij: Partij, paar: tuple[str, str] | bool | None) -> None:
    """404 when it is in no mailbox of this party, 403 when its gemeente shut the party out; both roll back."""
    if not isinstance(paar, tuple):
        raise niet_gevonden()
    eis_open(partij, *paar)


def _toon(rij: dict[str, Any]) -> dict[str, Any]:
    return {
        "bericht_id": rij["bericht_id"],
        "soort": rij["soort"],
        "identificatie": rij["identificatie"],
        "afzender": rij["gemeente"],
        "ontvanger": rij["aanbieder"],
        "op_bericht": rij["op_bericht"],
        "gemaakt_at": instant(rij["gemaakt_at"]),
        "opgehaald_at": instant(rij["opgehaald_at"]),
        "bevestigd_at": instant(rij["bevestigd_at"]),
    }
