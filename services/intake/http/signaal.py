"""Signalen: laagdrempelig, van een buur of een dorpsinitiatief."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel

from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Wie
from services.intake.contracts.signaal import MeldingUitSignaal, SignaalAfsluiting, SignaalIn
from services.intake.handlers import signaal as handlers
from services.intake.http.melding import Id, Limit, Na, NaStap, Sleutel, Verwacht, medewerker

router = APIRouter(prefix="/v1/signalen", tags=["signalen"])


class NaSignaal(BaseModel):
    """Het signaal en wat er nu mee moet gebeuren."""

    signaal_id: str
    status: Literal["nieuw", "melding", "afgesloten"]
    team: str
    verwacht: list[Verwacht]


@router.post("", status_code=201, response_model=NaSignaal)
async def post_signaal(body: SignaalIn, wie: Wie, db: Database, sleutel: Sleutel = None) -> dict[str, Any]:
    """Neemt een signaal aan; de toestemming van de inwoner wordt vastgelegd."""
    async with transaction(db, wie.tenant) as tx:
        return await handlers.neem_signaal_aan(tx, medewerker(wie), body, sleutel)


@router.get("")
async def get_signalen(
    wie: Wie,
    db: Database,
    status: Literal["nieuw", "melding", "afgesloten"] | None = None,
    limit: Limit = 50,
    na: Na = 0,
) -> dict[str, Any]:
    """Signalen, de oudste eerst; een wijkteam ziet alleen de eigen."""
    async with transaction(db, wie.tenant) as tx:
        return await handlers.list_signalen(tx, medewerker(wie), status, na=na, limit=limit)


@router.get("/{signaal_id}")
async def get_signaal(signaal_id: Id, wie: Wie, db: Database) -> dict[str, Any]:
    """Wat er is gezegd en door wie; de inzage wordt gelogd."""
    async with transaction(db, wie.tenant) as tx:
        return await handlers.toon_signaal(tx, medewerker(wie), signaal_id)


@router.post("/{signaal_id}/melding", status_code=201, response_model=NaStap, response_model_exclude_none=True)
async def post_melding_uit_signaal(
    signaal_id: Id, body: MeldingUitSignaal, wie: Wie, db: Database, sleutel: Sleutel = None
) -> dict[str, Any]:
    """Maakt van het signaal een melding."""
    async with transaction(db, wie.tenant) as tx:
        return await handlers.maak_melding(tx, medewerker(wie), signaal_id, body, sleutel)


@router.post("/{signaal_id}/afsluiting", response_model=NaSignaal)
async def post_signaal_afsluiting(
    signaal_id: Id, body: SignaalAfsluiting, wie: Wie, db: Database, sleutel: Sleutel = None
) -> dict[str, Any]:
    """Sluit het signaal af zonder melding."""
    async with transaction(db, wie.tenant) as tx:
        return await handlers.sluit_af(tx, medewerker(wie), signaal_id, body.reden, sleutel)
