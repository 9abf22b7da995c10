"""Brieven voor de post: een stapel tegelijk, als een PDF."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response

from chassis import pdf
from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Wie
from services.notifications.contracts import Brieven
from services.notifications.domain.ontvanger import INWONER
from services.notifications.handlers.beller import beller
from services.notifications.handlers.brieven import als_html, maak_batch, toon_batch, vraag_adressen

router = APIRouter(prefix="/v1/brieven", tags=["brieven"])

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Sleutel = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)]


@router.post("", status_code=201, response_model=Brieven)
async def post_brieven(db: Database, wie: Wie, sleutel: Sleutel = None) -> dict[str, Any]:
    """Neemt de brieven die klaarliggen, hoogstens 200, als een stapel. Daarna liggen zij niet meer klaar."""
    wij = beller(wie)
    async with transaction(db, wij.tenant) as tx:
        return await maak_batch(tx, wij.eigenaar, sleutel)


@router.get("/{batch_id}", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
async def get_brieven(request: Request, batch_id: Id, db: Database, wie: Wie) -> Response:
    """De stapel als PDF, elke brief op een nieuw blad; elke keer dezelfde, bij inwoners met het adres van nu.

    Dat adres staat hier niet: het wordt op uw naam bij intake gevraagd, en die inzage wordt gelogd.
    """
    async with transaction(db, beller(wie).tenant) as tx:
        rijen = await toon_batch(tx, batch_id)
    # Only a batch with letters to residents needs intake.
    adressen: dict[str, list[str]] = {}
    if any(rij["ontvanger_soort"] == INWONER for rij in rijen):
        intake = request.app.state.settings.url("intake")
        adressen = await vraag_adressen(rijen, intake=intake, token=wie.token)
    papier = await asyncio.to_thread(
        pdf.from_pages, [als_html(rij, adressen) for rij in rijen], rijen[-1]["gemaakt_at"]
    )
    return pdf.response(papier, "brieven.pdf")
