"""Who looked at whom, for who watches over that."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from chassis.db import transaction
from chassis.errors import Problem
from chassis.http import Database
from chassis.rechten import Wie
from chassis.weigering import log_weigering

from ..domain.taal import HANDELINGEN
from ..handlers import logboek
from ..koppen import VeiligeRoute
from .weergave import toon

PER_PAGINA = 50
KENMERK = re.compile(r"^[A-Za-z2-7]{26}$")

router = APIRouter(include_in_schema=False, route_class=VeiligeRoute)


@router.get("/logboek")
async def toon_logboek(
    request: Request,
    db: Database,
    wie: Wie,
    kenmerk: Annotated[str, Query(alias="client_id", max_length=40)] = "",
    na: Annotated[int | None, Query(ge=0, le=2**62)] = None,
) -> Response:
    kenmerk, fout, rijen = kenmerk.strip(), None, []
    try:
        if kenmerk and not KENMERK.match(kenmerk):
            fout = "Een kenmerk heeft 26 letters en cijfers. Zoek nooit met een BSN."
        else:
            async with transaction(db, wie.tenant) as tx:
                rijen = await logboek.toon_logboek(
                    tx, wie.gemeente or "", wie.sub, kenmerk or None, voor=na, limit=PER_PAGINA + 1
                )
    except Problem as problem:
        await log_weigering(request, problem)
        fout = "Bij dit kenmerk heeft bij uw gemeente nog niemand gekeken."
    volgende = ""
    if len(rijen) > PER_PAGINA:
        volgende = urlencode({"client_id": kenmerk, "na": str(rijen[PER_PAGINA - 1]["volgnr"])})
    return toon(
        "logboek.html",
        status=422 if fout else 200,
        fout=fout,
        wie=wie,
        hier="logboek",
        kenmerk=kenmerk if not fout else "",
        rijen=rijen[:PER_PAGINA],
        volgende=volgende,
        handelingen=HANDELINGEN,
    )
