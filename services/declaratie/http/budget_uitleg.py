"""What is behind a budget: the toewijzingen of a category, and every ceiling that was ever recorded."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from chassis.clock import clock
from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Wie
from services.declaratie.http.budgetten import Categorie, Jaar
from services.declaratie.store import budget

router = APIRouter(prefix="/v1/budgetten/{jaar}", tags=["budgetten"])
Limit = Annotated[int, Query(ge=1, le=500)]


class Geval(BaseModel):
    """A toewijzing in the sums of a category."""

    toewijzing_nummer: int
    client_id: str | None
    aanbieder: str | None
    verplicht_cent: int
    gerealiseerd_cent: int


class Gevallen(BaseModel):
    """A page, by toewijzing_nummer."""

    toewijzingen: list[Geval]
    volgende: str | None


class Plafond(BaseModel):
    """A ceiling from that instant on; None: no ceiling any more."""

    product_categorie: str
    plafond_cent: int | None
    door: str
    vastgelegd_at: datetime


class Geschiedenis(BaseModel):
    """A page, the newest first."""

    plafonds: list[Plafond]
    volgende: str | None


@router.get("/toewijzingen")
async def get_gevallen(
    db: Database,
    wie: Wie,
    jaar: Jaar,
    product_categorie: Categorie | None = None,
    limit: Limit = 50,
    na: Annotated[int, Query(ge=0, le=999_999_999)] = 0,
) -> Gevallen:
    """The toewijzingen that make up the sums of a category now; without one, those of which it is still free."""
    async with transaction(db, wie.tenant) as tx:
        rijen = await budget.load_gevallen(tx, wie.gemeente or "", jaar, clock.now(), product_categorie, na, limit + 1)
    return Gevallen(
        toewijzingen=[
            Geval(
                toewijzing_nummer=rij["nummer"],
                client_id=rij["client_id"],
                aanbieder=rij["aanbieder"],
                verplicht_cent=rij["verplicht"],
                gerealiseerd_cent=rij["gerealiseerd"],
            )
            for rij in rijen[:limit]
        ],
        volgende=str(rijen[limit - 1]["nummer"]) if len(rijen) > limit else None,
    )


@router.get("/geschiedenis")
async def get_geschiedenis(
    db: Database, wie: Wie, jaar: Jaar, limit: Limit = 50, na: Annotated[int, Query(ge=0, le=2**62)] = 0
) -> Geschiedenis:
    """Who recorded which ceiling, and when."""
    async with transaction(db, wie.tenant) as tx:
        rijen = await budget.load_plafond_geschiedenis(tx, wie.gemeente or "", jaar, na, limit + 1)
    return Geschiedenis(
        plafonds=[Plafond.model_validate({**dict(r), "product_categorie": r["categorie"]}) for r in rijen[:limit]],
        volgende=str(rijen[limit - 1]["plafond_id"]) if len(rijen) > limit else None,
    )
