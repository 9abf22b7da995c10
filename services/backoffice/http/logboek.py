"""The JSON of the access log: who looked at whom."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Wie

from ..handlers import logboek
from ..koppen import VeiligeRoute

router = APIRouter(prefix="/v1", tags=["logboek"], route_class=VeiligeRoute)


@router.get("/logboek")
async def read_logboek(
    db: Database,
    wie: Wie,
    client_id: Annotated[str, Query(pattern=r"^[A-Za-z2-7]{26}$")],
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    na: Annotated[int | None, Query(ge=0, le=2**62)] = None,
) -> dict[str, Any]:
    """Who looked at a client's data, newest first (NEN 7513); this look included."""
    async with transaction(db, wie.tenant) as tx:
        rijen = await logboek.toon_logboek(tx, wie.gemeente or "", wie.sub, client_id, voor=na, limit=limit + 1)
    meer, rijen = len(rijen) > limit, rijen[:limit]
    return {"logboek": rijen, "volgende": str(rijen[-1]["volgnr"]) if meer else None}
