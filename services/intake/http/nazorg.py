"""Hoe inwoners de hulp vinden: voor de gemeente, en voor de aanbieder van die hulp."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Wie
from services.intake.handlers.nazorg import list_ervaringen
from services.intake.http.melding import Limit, Na

router = APIRouter(prefix="/v1", tags=["nazorg"])


@router.get("/ervaringen")
async def get_ervaringen(
    wie: Wie,
    db: Database,
    toewijzing_nummer: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    limit: Limit = 50,
    na: Na = 0,
) -> dict[str, Any]:
    """De antwoorden op de drie vragen, na de start en na het einde. Een aanbieder ziet die over de eigen hulp."""
    async with transaction(db, wie.tenant) as tx:
        return await list_ervaringen(tx, toewijzing_nummer, na=na, limit=limit)
