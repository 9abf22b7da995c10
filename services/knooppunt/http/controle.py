"""The pre-check: what would be wrong with a message, without any effect."""

import asyncio
from typing import Any

from fastapi import APIRouter, Depends, Request

from chassis.auth import Caller
from chassis.clock import clock
from chassis.db import Pool
from chassis.errors import Bevinding
from chassis.http import Database
from chassis.rechten import Wie
from schemas.iwmo import rules
from schemas.iwmo.bericht import NietLeesbaar
from services.knooppunt import domain
from services.knooppunt.handlers import proef, retouren
from services.knooppunt.handlers.lezen import Gelezen, lees
from services.knooppunt.handlers.lezen import bevindingen as bevindingen_van
from services.knooppunt.handlers.uitgaand import als_json
from services.knooppunt.http.deur import inzage
from services.knooppunt.http.grenzen import begrens
from services.knooppunt.http.lichaam import XML_LICHAAM, lichaam, niet_leesbaar
from services.knooppunt.store import berichten

router = APIRouter(prefix="/v1/controle", tags=["controle"], dependencies=[Depends(begrens)])

MET_RETOUR = {"WMO301", "WMO305", "WMO307", "WMO315", "WMO317", "WMO319", "WMO323"}


@router.post("", openapi_extra=XML_LICHAAM)
async def controleer(request: Request, wie: Wie, db: Database) -> dict[str, Any]:
    """All levels of any message, with the retour that a refusal would give.

    Levels 3 and 4 are for the owner of the facts, and only about a message of the caller. When they were not
    judged, `toelichting` says why.
    """
    async with lichaam(request) as raw:
        try:
            return await _oordeel(request, wie, db, await lees(raw))
        except NietLeesbaar as fout:
            if fout.status == 413:
                raise niet_leesbaar(fout) from None
            return _uitslag(None, bevindingen_van(fout.bevindingen))


async def _oordeel(request: Request, wie: Caller, db: Pool, gelezen: Gelezen) -> dict[str, Any]:
    soort = gelezen.bericht.soort.code
    bevindingen = gelezen.niveau2 or await _header(db, wie, gelezen)
    if bevindingen:
        retour = None
        if soort in MET_RETOUR:
            codes = retouren.header_codes(bevindingen)
            retour = await asyncio.to_thread(retouren.weigering, gelezen.bericht, codes, domain.nieuwe_identificatie())
        return _uitslag(soort, bevindingen, retour)
    if soort not in proef.EIGENAAR:
        return _uitslag(soort, [])
    return await _proef(request, wie, gelezen)


async def _header(db: Pool, wie: Caller, gelezen: Gelezen) -> list[Bevinding]:
    bericht, header = gelezen.bericht, gelezen.bericht.header
    async with inzage(db, wie) as (tx, _):
        bekend = await berichten.identificatie_bekend(
            tx, header.afzender, bericht.soort.berichtcode, header.identificatie
        )
    return bevindingen_van(rules.check_header(bericht, clock.today(), bekend))


async def _proef(request: Request, wie: Caller, gelezen: Gelezen) -> dict[str, Any]:
    """Levels 3 and 4; what is not judged is said, never guessed."""
    soort, header = gelezen.bericht.soort.code, gelezen.bericht.header
    if wie.agb != header.afzender and wie.gemeente != header.ontvanger:
        toelichting = "De niveaus 3 en 4 worden alleen beoordeeld voor een bericht van of aan u zelf."
        return _uitslag(soort, [], toelichting=toelichting)
    try:
        oordeel = await proef.oordeel(request.app.state.settings, wie.token, gelezen)
    except proef.Onbereikbaar as fout:
        return _uitslag(soort, [], toelichting=f"De niveaus 3 en 4 zijn niet beoordeeld: {fout.reden}.")
    return _uitslag(soort, oordeel.bevindingen, oordeel.retour)


def _uitslag(
    soort: str | None,
    bevindingen: list[Bevinding],
    retour: bytes | None = None,
    toelichting: str | None = None,
) -> dict[str, Any]:
    uitslag: dict[str, Any] = {
        "geldig": not bevindingen,
        "soort": soort,
        "bevindingen": als_json(bevindingen),
        "retour": retour.decode() if retour else None,
    }
    return uitslag | ({"toelichting": toelichting} if toelichting else {})
