"""The pre-check: what would be wrong with a message, without any effect."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request

from chassis.auth import Caller
from chassis.clock import clock
from chassis.db import Pool
from chassis.http import Database
from chassis.rechten import Wie
from schemas.iwmo import rules
from schemas.iwmo.bericht import NietLeesbaar
from services.knooppunt import domain
from services.knooppunt.handlers import retouren
from services.knooppunt.handlers.lezen import Gelezen, lees
from services.knooppunt.handlers.lezen import bevindingen as bevindingen_van
from services.knooppunt.handlers.uitgaand import als_json
from services.knooppunt.http.deur import inzage
from services.knooppunt.http.lichaam import XML_LICHAAM, lichaam, niet_leesbaar
from services.knooppunt.store import berichten

router = APIRouter(prefix="/v1/controle", tags=["controle"])

MET_RETOUR = {"WMO301", "WMO305", "WMO307", "WMO315", "WMO317", "WMO319", "WMO323"}


@router.post("", openapi_extra=XML_LICHAAM)
async def controleer(request: Request, wie: Wie, db: Database) -> dict[str, Any]:
    """Levels 1 and 2 and the header facts of any message; with the retour a refusal would give."""
    async with lichaam(request) as raw:
        try:
            return await _oordeel(await lees(raw), db, wie)
        except NietLeesbaar as fout:
            if fout.status == 413:
                raise niet_leesbaar(fout) from None
            return {
                "geldig": False,
                "soort": None,
                "bevindingen": als_json(bevindingen_van(fout.bevindingen)),
                "retour": None,
            }


async def _oordeel(gelezen: Gelezen, db: Pool, wie: Caller) -> dict[str, Any]:
    bericht, header = gelezen.bericht, gelezen.bericht.header
    bevindingen = gelezen.niveau2
    if not bevindingen:
        async with inzage(db, wie) as (tx, _):
            bekend = await berichten.identificatie_bekend(
                tx, header.afzender, bericht.soort.berichtcode, header.identificatie
            )
        bevindingen = bevindingen_van(rules.check_header(bericht, clock.today(), bekend))
    retour = None
    if bevindingen and bericht.soort.code in MET_RETOUR:
        codes = retouren.header_codes(bevindingen)
        xml = await asyncio.to_thread(retouren.weigering, bericht, codes, domain.nieuwe_identificatie())
        retour = xml.decode()
    return {
        "geldig": not bevindingen,
        "soort": bericht.soort.code,
        "bevindingen": als_json(bevindingen),
        "retour": retour,
    }
