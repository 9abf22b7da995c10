"""The mailbox of a provider. What lies in it stays until the provider confirms it, and is kept after that."""

import asyncio
import hashlib
import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from chassis.auth import Caller
from chassis.clock import clock
from chassis.db import Pool
from chassis.http import Database
from chassis.rechten import Wie
from services.knooppunt.domain import Partij
from services.knooppunt.handlers import tonen
from services.knooppunt.handlers.toegang import eis_open
from services.knooppunt.handlers.wekker import Wachtplaats, wacht
from services.knooppunt.http.bladeren import Limit, bladzijde, cursor, instant, is_uuid, niet_gevonden
from services.knooppunt.http.deur import Agb, deur
from services.knooppunt.http.grenzen import begrens
from services.knooppunt.store import inzien

router = APIRouter(prefix="/v1/postbus", tags=["postbus"], dependencies=[Depends(begrens)])

WACHT_MAX_S = 30
KIJK_OPNIEUW_S = 2.0
"""Another copy of this service may have put something in: nobody wakes us for that."""


@router.get("")
async def lijst(
    request: Request,
    wie: Wie,
    db: Database,
    status: Literal["nieuw", "alle"] = "nieuw",
    limit: Limit = 50,
    na: str | None = None,
    agb: Agb = None,
    wacht_s: Annotated[int, Query(alias="wacht", ge=0, le=WACHT_MAX_S)] = 0,
) -> Response:
    """What lies in the mailbox, oldest first; `nieuw` is what has no receipt yet.

    `wacht`: an empty page waits that many seconds for the first message. With `If-None-Match` a page that is
    still the same is a 304, and waits for a change.
    """
    plaats = cursor(na)
    bekend = request.headers.get("if-none-match")
    klok = asyncio.get_running_loop().time
    tot = klok() + wacht_s
    with Wachtplaats(wie.tenant.aanbieders) as wekker:
        while True:
            pagina = await _pagina(db, wie, agb, status == "nieuw", plaats, limit)
            etag = _etag(json.dumps(pagina, sort_keys=True).encode())
            iets = etag != bekend if bekend else bool(pagina["berichten"])
            over_s = tot - klok()
            if iets or over_s <= 0 or await request.is_disconnected():
                break
            await wacht(min(over_s, KIJK_OPNIEUW_S), wekker)
    if etag == bekend:
        return Response(status_code=304, headers={"ETag": etag})
    return JSONResponse(pagina, headers={"ETag": etag})


@router.get("/{bericht_id}")
async def haal_op(bericht_id: str, request: Request, wie: Wie, db: Database) -> Response:
    """The XML, byte for byte; its ETag never changes."""
    async with deur(db, wie) as (tx, partij):
        _eis_eigen(partij, is_uuid(bericht_id) and await inzien.haal_op(tx, partij.aanbieders, bericht_id, clock.now()))
        rij = await inzien.een(tx, "aanbieder", partij.aanbieders, bericht_id)
        raw = await tonen.toon(tx, wie, rij or {}, "bericht_opgehaald")
    etag = _etag(raw)
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    return Response(raw, media_type="application/xml", headers={"ETag": etag})


@router.post("/{bericht_id}/bevestiging", status_code=204)
async def bevestig(bericht_id: str, wie: Wie, db: Database) -> Response:
    """The receipt: the message is no longer new; again changes nothing."""
    async with deur(db, wie) as (tx, partij):
        _eis_eigen(
            partij, is_uuid(bericht_id) and await inzien.bevestig(tx, partij.aanbieders, bericht_id, clock.now())
        )
    return Response(status_code=204)


async def _pagina(
    db: Pool, wie: Caller, agb: str | None, alleen_nieuw: bool, na: int | None, limit: int
) -> dict[str, Any]:
    """A page, through the door at every look; the connection goes back before anybody waits."""
    async with deur(db, wie, agb) as (tx, partij):
        rijen = await inzien.postbus(
            tx, partij.aanbieders, zonder=partij.geblokkeerd, alleen_nieuw=alleen_nieuw, na=na, limit=limit + 1
        )
    return bladzijde(rijen, limit, _toon, partij.geblokkeerd_door())


def _eis_eigen(partij: Partij, paar: tuple[str, str] | bool | None) -> None:
    """404 when it is in no mailbox of this party, 403 when its gemeente shut the party out; both roll back."""
    if not isinstance(paar, tuple):
        raise niet_gevonden()
    eis_open(partij, *paar)


def _etag(inhoud: bytes) -> str:
    return f'"{hashlib.sha256(inhoud).hexdigest()[:32]}"'


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
