"""HTTP van intake, voor de gemeente."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Response

from chassis.auth import Caller
from chassis.db import transaction
from chassis.errors import Problem
from chassis.herhaling import once
from chassis.http import Database
from chassis.rechten import Wie
from services.intake.contracts.indicatie import Adresvraag, Gebeurtenis, Indicatie, Zoekvraag
from services.intake.handlers import indicatie as handlers
from services.intake.store import indicatie as store

router = APIRouter(prefix="/v1", tags=["intake"])

Sleutel = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)]
Id = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9-]+$")]


def _gemeente(wie: Caller) -> str:
    if wie.gemeente is None:
        raise AssertionError("the table of rights lets only municipalities in")
    return wie.gemeente


@router.post("/indicaties", status_code=201)
async def post_indicatie(body: Indicatie, wie: Wie, db: Database, sleutel: Sleutel = None) -> dict[str, Any]:
    """Neemt een vastgestelde indicatie aan."""
    async with transaction(db, wie.tenant) as tx:
        return await handlers.neem_indicatie_aan(tx, _gemeente(wie), wie.sub, body, sleutel)


@router.get("/indicaties/{indicatie_id}")
async def get_indicatie(indicatie_id: Id, wie: Wie, db: Database) -> dict[str, Any]:
    """Wat er van een indicatie is geworden."""
    async with transaction(db, wie.tenant) as tx:
        indicatie = await store.load_indicatie(tx, _gemeente(wie), indicatie_id)
    if indicatie is None:
        raise Problem(404, "indicatie_onbekend", "Deze indicatie is er niet", "Controleer het id.")
    return indicatie


@router.post("/clienten/zoek")
async def post_zoek(body: Zoekvraag, wie: Wie, db: Database) -> dict[str, Any]:
    """Het pseudoniem bij een BSN; het BSN staat nooit in een adres."""
    async with transaction(db, wie.tenant) as tx:
        return await handlers.zoek_client(tx, _gemeente(wie), wie.sub, body.bsn)


@router.post("/clienten/adressen")
async def post_adressen(body: Adresvraag, wie: Wie, db: Database) -> dict[str, dict[str, list[str]]]:
    """Naam en adres voor op een brief die deze medewerker nu afdrukt; elke inzage wordt gelogd."""
    async with transaction(db, wie.tenant) as tx:
        return {"adressen": await handlers.toon_adressen(tx, _gemeente(wie), wie.sub, body.client_ids)}


@router.get("/clienten/{client_id}")
async def get_client(client_id: Id, wie: Wie, db: Database) -> dict[str, Any]:
    """Naam en afgeschermd BSN, voor de back office; elke inzage wordt gelogd."""
    async with transaction(db, wie.tenant) as tx:
        return await handlers.toon_client(tx, _gemeente(wie), wie.sub, client_id)


@router.post(
    "/clienten/{client_id}/gebeurtenissen", status_code=202, responses={200: {"description": "Alleen getoond"}}
)
async def post_gebeurtenis(
    client_id: Id,
    body: Gebeurtenis,
    wie: Wie,
    db: Database,
    antwoord: Response,
    proef: bool = False,
    sleutel: Sleutel = None,
) -> dict[str, Any]:
    """Een ander adres of een andere naam; met `proef=true` alleen tonen wat er verandert (200)."""
    gemeente = _gemeente(wie)
    async with transaction(db, wie.tenant) as tx:

        async def doe() -> dict[str, Any]:
            return await handlers.verwerk_gebeurtenis(tx, gemeente, wie.sub, client_id, body, proef=proef)

        if proef:
            antwoord.status_code = 200
        opdracht = {"soort": "gebeurtenis", "client_id": client_id, "body": body.model_dump(mode="json")}
        return await once(tx, gemeente, None if proef else sleutel, opdracht, doe)
