"""Which messages the system of a provider refused to take over StUF: a person must act."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Wie
from services.knooppunt.http.bladeren import instant
from services.knooppunt.http.grenzen import begrens
from services.knooppunt.store import routes as store

router = APIRouter(prefix="/v1/bezorgingen", tags=["routes"], dependencies=[Depends(begrens)])


@router.get("")
async def gestrand(wie: Wie, db: Database, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> dict[str, Any]:
    """Deliveries of this gemeente that were refused and not taken since, oldest first; still in the mailbox."""
    async with transaction(db, wie.tenant) as tx:
        rijen = await store.gestrande_bezorgingen(tx, wie.gemeente or "", limit)
    return {"bezorgingen": [rij | {"gestrand_at": instant(rij["gestrand_at"])} for rij in rijen], "volgende": None}
