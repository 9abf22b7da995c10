"""The event flow."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Wie

from .. import presentatie
from ..domain.onderwerpen import VERTELLERS
from ..domain.taal import SOORTEN, STATUSSEN
from ..http.zaken import Keuze
from ..koppen import VeiligeRoute
from ..store import gebeurtenis
from .weergave import toon

PER_PAGINA = 50

router = APIRouter(include_in_schema=False, route_class=VeiligeRoute)


@router.get("/stroom")
async def toon_stroom(
    db: Database, wie: Wie, keuze: Keuze, na: Annotated[int | None, Query(ge=0, le=2**62)] = None
) -> Response:
    gemeente = wie.gemeente or ""
    async with transaction(db, wie.tenant) as tx:
        rijen = await gebeurtenis.list_gebeurtenissen(tx, gemeente, keuze, voor=na, limit=PER_PAGINA + 1)
        aantallen = await gebeurtenis.count_berichten(tx, gemeente)
        aanbieders = await gebeurtenis.list_aanbieders(tx, gemeente)
    gekozen = {naam: waarde for naam, waarde in vars(keuze).items() if waarde}
    volgende = ""
    if len(rijen) > PER_PAGINA:
        volgende = urlencode(gekozen | {"na": str(rijen[PER_PAGINA - 1]["volgnr"])})
    return toon(
        "stroom.html",
        wie=wie,
        hier="stroom",
        keuze=keuze,
        gefilterd=bool(gekozen),
        regels=[presentatie.regel(rij) for rij in rijen[:PER_PAGINA]],
        tellingen=presentatie.tellingen(aantallen),
        volgende=volgende,
        aanbieders=aanbieders,
        soorten=SOORTEN,
        statussen=STATUSSEN,
        types=sorted(VERTELLERS),
    )
