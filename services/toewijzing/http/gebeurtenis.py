"""A death or a move, for all toewijzingen of a person at once."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict

from chassis.db import transaction
from chassis.herhaling import once
from chassis.http import Database
from chassis.rechten import Wie
from services.toewijzing.handlers.gebeurtenis import verwerk_gebeurtenis
from services.toewijzing.http.toewijzing import Sleutel, gemeente_van

router = APIRouter(prefix="/v1/clienten/{client_id}", tags=["clienten"])

ClientId = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9-]+$")]


class GebeurtenisIn(BaseModel):
    """Overlijden: de datum ervan. Verhuizing: de datum van inschrijving in de nieuwe gemeente."""

    model_config = ConfigDict(extra="forbid")
    soort: Literal["overlijden", "verhuizing"]
    datum: date


@router.post("/gebeurtenissen", status_code=202, responses={200: {"description": "Alleen getoond"}})
async def post_gebeurtenis(
    client_id: ClientId,
    body: GebeurtenisIn,
    wie: Wie,
    db: Database,
    antwoord: Response,
    proef: bool = False,
    sleutel: Sleutel = None,
) -> dict[str, Any]:
    """Beëindigt alle toewijzingen; met `proef=true` alleen tonen wat er zou eindigen (200)."""
    gemeente = gemeente_van(wie)
    async with transaction(db, wie.tenant) as tx:

        async def doe() -> dict[str, Any]:
            return await verwerk_gebeurtenis(tx, gemeente, client_id, body.soort, body.datum, proef=proef)

        if proef:
            antwoord.status_code = 200
        opdracht = {"soort": "gebeurtenis", "client_id": client_id, "body": body.model_dump(mode="json")}
        return await once(tx, gemeente, None if proef else sleutel, opdracht, doe)
