"""GET /v1/open-cijfers/{jaar}: figures that a gemeente may publish, as CSV."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Wie
from services.declaratie.http.csv import table
from services.declaratie.store import gebruik

router = APIRouter(prefix="/v1", tags=["open-cijfers"])
CLIENTEN_MIN = 10
"""Below this number a group can be recognised: then it only says that there was something."""


@router.get("/open-cijfers/{jaar}", responses={200: {"content": {"text/csv": {}}}}, response_class=Response)
async def get_open_cijfers(db: Database, wie: Wie, jaar: Annotated[int, Path(ge=2021, le=2100)]) -> Response:
    """Per month and category, without aanbieder. No totals: from those a small group could be computed."""
    gemeente = wie.gemeente or ""
    async with transaction(db, wie.tenant) as tx:
        cijfers = await gebruik.load_cijfers(tx, gemeente, jaar)
    kop = ("gemeente", "maand", "product_categorie", "clienten", "toegekend_cent")
    rijen = (
        (gemeente, f"{r['maand']:%Y-%m}", r["categorie"], r["clienten"], r["toegekend_cent"])
        if r["clienten"] >= CLIENTEN_MIN
        else (gemeente, f"{r['maand']:%Y-%m}", r["categorie"], f"<{CLIENTEN_MIN}", None)
        for r in cijfers
    )
    return table(kop, rijen, f"open-cijfers-{gemeente}-{jaar}")
