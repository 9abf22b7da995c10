"""Handing in messages, and what became of them."""

from typing import Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from chassis.auth import Caller
from chassis.db import Pool, transaction
from chassis.http import Database
from chassis.rechten import Wie
from services.knooppunt.domain import Partij
from services.knooppunt.handlers import ontvangst, tonen
from services.knooppunt.handlers.lezen import vingerafdruk
from services.knooppunt.handlers.toegang import eis_open
from services.knooppunt.http.bladeren import Limit, bladzijde, cursor, instant, is_uuid, niet_gevonden
from services.knooppunt.http.deur import Agb, deur, inzage
from services.knooppunt.http.grenzen import begrens
from services.knooppunt.http.lichaam import XML_LICHAAM, lichaam, ontleed
from services.knooppunt.store import inzien, routes

router = APIRouter(prefix="/v1/berichten", tags=["berichten"], dependencies=[Depends(begrens)])

KLEIN_BYTES = 64 * 1024
"""Up to here parsing a message costs less than asking first whether it came before."""

Status = Literal["ontvangen", "gecontroleerd", "in_behandeling", "beantwoord", "afgekeurd"]


@router.post("", status_code=202, openapi_extra=XML_LICHAAM, responses={200: {"description": "Al ontvangen"}})
async def stuur_in(request: Request, wie: Wie, db: Database) -> JSONResponse:
    """Hand in a message: 202 after commit, 200 with the first answer for the same bytes."""
    async with lichaam(request) as raw:
        bewijs = await _eerder(db, wie, raw) if len(raw) > KLEIN_BYTES else None
        if bewijs is None:
            # Parsing may take seconds: it holds no connection.
            gelezen = await ontleed(raw)
            async with deur(db, wie) as (tx, partij):
                ontvangst.toets_afzender(partij, gelezen)
                bewijs = await ontvangst.ontvang(tx, partij, gelezen)
    return JSONResponse(
        {
            "bericht_id": bewijs.bericht_id,
            "soort": bewijs.soort,
            "identificatie": bewijs.identificatie,
            "ontvangen_at": instant(bewijs.ontvangen_at),
            "antwoord_uiterlijk": bewijs.antwoord_uiterlijk.isoformat() if bewijs.antwoord_uiterlijk else None,
        },
        status_code=200 if bewijs.eerder else 202,
        headers={"Location": f"/v1/berichten/{bewijs.bericht_id}"},
    )


@router.get("")
async def lijst(
    wie: Wie,
    db: Database,
    richting: Literal["verzonden", "ontvangen", "uit", "in"] | None = None,
    soort: str | None = None,
    status: Status | None = None,
    limit: Limit = 50,
    na: str | None = None,
    agb: Agb = None,
) -> dict[str, Any]:
    """What the caller sent and received, newest first; `richting` as the caller sees it."""
    async with inzage(db, wie, agb) as (tx, partij):
        kant, codes = _kant(wie, partij)
        rijen = await inzien.lijst(
            tx,
            kant,
            codes,
            zonder=partij.geblokkeerd,
            richting=_kolomrichting(kant, richting),
            soort=soort,
            status=status,
            na=cursor(na),
            limit=limit + 1,
        )
    return bladzijde(rijen, limit, lambda rij: _toon(kant, rij), partij.geblokkeerd_door())


@router.get("/{bericht_id}")
async def een(bericht_id: str, wie: Wie, db: Database) -> dict[str, Any]:
    """Status, answer, timeline and findings of one message."""
    async with inzage(db, wie) as (tx, partij):
        kant, codes = _kant(wie, partij)
        rij = await inzien.een(tx, kant, codes, bericht_id) if is_uuid(bericht_id) else None
        onderweg = await routes.bezorging(tx, bericht_id) if rij else None
    if rij is None:
        raise niet_gevonden()
    eis_open(partij, rij["gemeente"], rij["aanbieder"])
    return _toon(kant, rij) | {"tijdlijn": _tijdlijn(rij, onderweg), "bevindingen": rij["bevindingen"]}


@router.get("/{bericht_id}/xml")
async def xml(bericht_id: str, wie: Wie, db: Database) -> Response:
    """The bytes of a message of this municipality; the look is logged."""
    async with transaction(db, wie.tenant) as tx:
        rij = await inzien.een(tx, "gemeente", [wie.gemeente or ""], bericht_id) if is_uuid(bericht_id) else None
        if rij is None:
            raise niet_gevonden()
        raw = await tonen.toon(tx, wie, rij, "bericht_ingezien")
    return Response(raw, media_type="application/xml")


async def _eerder(db: Pool, wie: Caller, raw: bytes) -> ontvangst.Bewijs | None:
    """Of what takes long to parse: whether it may come in, and the first answer when it did before."""
    sha256 = await vingerafdruk(raw)
    async with deur(db, wie) as (tx, partij):
        return await ontvangst.eerder_ontvangen(tx, partij, sha256)


def _kant(wie: Caller, partij: Partij) -> tuple[inzien.Kant, tuple[str, ...]]:
    return ("aanbieder", partij.aanbieders) if wie.gemeente is None else ("gemeente", (wie.gemeente,))


def _kolomrichting(kant: inzien.Kant, richting: str | None) -> str | None:
    """The direction as stored: 'in' is what the provider sent."""
    if richting is None:
        return None
    zelf_verzonden = richting in ("verzonden", "uit")
    return "in" if zelf_verzonden == (kant == "aanbieder") else "uit"


def _toon(kant: inzien.Kant, rij: dict[str, Any]) -> dict[str, Any]:
    return {
        "bericht_id": rij["bericht_id"],
        "soort": rij["soort"],
        "identificatie": rij["identificatie"],
        "richting": "verzonden" if (rij["richting"] == "in") == (kant == "aanbieder") else "ontvangen",
        "gemeente": rij["gemeente"],
        "aanbieder": rij["aanbieder"],
        "status": rij["status"],
        "antwoord": rij["antwoord"],
        "op_bericht": rij["op_bericht"],
        "gemaakt_at": instant(rij["gemaakt_at"]),
        "antwoord_uiterlijk": rij["uiterlijk"],
    }


def _tijdlijn(rij: dict[str, Any], onderweg: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What happened to the message, in order of time; over a StUF route also the states of its transport."""
    stappen = [
        ("ontvangen" if rij["richting"] == "in" else "verzonden", rij["gemaakt_at"]),
        ("opgehaald", rij["opgehaald_at"]),
        ("bevestigd", rij["bevestigd_at"]),
        ("termijn_verstreken", rij["te_laat_at"]),
        ("beantwoord", rij["beantwoord_at"]),
    ]
    if onderweg is not None:
        stappen += [
            ("SENT", rij["gemaakt_at"]),
            ("DELIVERED", onderweg["bezorgd_at"]),
            ("FAULTED", onderweg["gestrand_at"]),
            ("OVERDUE", rij["te_laat_at"]),
            ("ANSWERED", rij["beantwoord_at"]),
        ]
    gebeurd = sorted(((at, stap) for stap, at in stappen if at is not None), key=lambda regel: regel[0])
    return [{"stap": stap, "at": instant(at)} for at, stap in gebeurd]
