"""GET /v1/termijnen: until when each 325 must be there, for who owes it and for who waits for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from chassis.db import transaction
from chassis.http import Database
from chassis.namens import Huurder
from services.declaratie.domain.termijn import ANTWOORD_DECLARATIE, GEMEENTE
from services.declaratie.store import termijn as store

router = APIRouter(prefix="/v1/termijnen", tags=["termijnen"])
Status = Literal["loopt", "nadert", "verstreken", "gehaald", "te_laat_gehaald"]


class Termijn(BaseModel):
    """A term (OP090x4). `uiterlijk` is the last day, inclusive; `bericht_id` is that of the 323."""

    termijn_id: str
    gemeente: str
    aanbieder: str
    soort: str = ANTWOORD_DECLARATIE
    wie: str = GEMEENTE
    status: Status
    uiterlijk: date
    verloopt_at: datetime
    bericht_id: str
    genaderd_at: datetime | None
    verstreken_at: datetime | None
    beeindigd_at: datetime | None


class Termijnen(BaseModel):
    """A page, oldest first."""

    termijnen: list[Termijn]
    volgende: str | None


@router.get("")
async def get_termijnen(
    huurder: Huurder,
    db: Database,
    status: Status | None = None,
    aanbieder: Annotated[str | None, Query(pattern=r"^[0-9]{8}$")] = None,
    bericht_id: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    na: Annotated[int, Query(ge=0, le=2**62)] = 0,
) -> Termijnen:
    """Terms of the caller, oldest first."""
    async with transaction(db, huurder) as tx:
        rijen = await store.load_pagina(tx, status, aanbieder, bericht_id, na, limit + 1)
    volgende = str(rijen[limit - 1]["volgorde"]) if len(rijen) > limit else None
    termijnen = [Termijn.model_validate({**rij, "termijn_id": rij["id"]}) for rij in rijen[:limit]]
    return Termijnen(termijnen=termijnen, volgende=volgende)
