"""The mailbox of a provider."""

from typing import Any, Literal

from fastapi import APIRouter, Response

from chassis.clock import clock
from chassis.db import transaction
from chassis.http import Database
from services.knooppunt.http.berichten import Aanbieder
from services.knooppunt.http.bladeren import Limit, bladzijde, cursor, instant, is_uuid, niet_gevonden
from services.knooppunt.store import berichten, inzien

router = APIRouter(prefix="/v1/postbus", tags=["postbus"])


@router.get("")
async def lijst(
    wie: Aanbieder,
    db: Database,
    status: Literal["nieuw", "alle"] = "nieuw",
    limit: Limit = 50,
    na: str | None = None,
) -> dict[str, Any]:
    """What lies in the mailbox, oldest first; `nieuw` is what has no receipt yet."""
    async with transaction(db) as tx:
        rijen = await inzien.postbus(tx, wie.agb or "", alleen_nieuw=status == "nieuw", na=cursor(na), limit=limit + 1)
    return bladzijde(rijen, limit, _toon)


@router.get("/{bericht_id}")
async def haal_op(bericht_id: str, wie: Aanbieder, db: Database) -> Response:
    """The XML, byte for byte."""
    async with transaction(db) as tx:
        if not is_uuid(bericht_id) or not await inzien.haal_op(tx, wie.agb or "", bericht_id, clock.now()):
            raise niet_gevonden()
        raw = await berichten.inhoud(tx, bericht_id)
    return Response(raw, media_type="application/xml")


@router.post("/{bericht_id}/bevestiging", status_code=204)
async def bevestig(bericht_id: str, wie: Aanbieder, db: Database) -> Response:
    """The receipt: the message is no longer new; again changes nothing."""
    async with transaction(db) as tx:
        if not is_uuid(bericht_id) or not await inzien.bevestig(tx, wie.agb or "", bericht_id, clock.now()):
            raise niet_gevonden()
    return Response(status_code=204)


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
