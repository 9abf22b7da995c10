"""POST /stuf: SOAP 1.1, GGk envelopes of providers; a Bv03, or a SOAP fault with a Fo03 or Fo01."""

from fastapi import APIRouter, Depends, Request, Response

from chassis.auth import Caller
from chassis.db import Pool
from chassis.errors import Problem
from chassis.http import Database
from chassis.rechten import Wie
from schemas.stuf.envelop import Envelop, lees
from schemas.stuf.fouten import StufFout
from services.knooppunt.handlers import stuf
from services.knooppunt.handlers.lezen import draden
from services.knooppunt.http.deur import deur
from services.knooppunt.http.grenzen import begrens
from services.knooppunt.http.lichaam import lichaam

router = APIRouter(tags=["stuf"], dependencies=[Depends(begrens)])


@router.post("/stuf")
async def ontvang(request: Request, wie: Wie, db: Database) -> Response:
    """Receive a Di01, Du01 or Fo01; the same bytes under one referentienummer give the same Bv03."""
    try:
        async with lichaam(request) as raw:
            return await _antwoord(db, wie, raw)
    except Problem as fout:
        if fout.status != 413:
            raise
        return _fout(StufFout("te_groot"), None)


async def _antwoord(db: Pool, wie: Caller, raw: bytes) -> Response:
    envelop: Envelop | None = None
    try:
        envelop = await draden.doe(lees, raw)
        async with deur(db, wie) as (tx, partij):
            bv03 = await stuf.eerder(tx, partij, envelop, raw)
        if bv03 is None:
            # Parsing may take seconds: it holds no connection.
            ingepakt = await stuf.lees_inhoud(partij, envelop, raw)
            async with deur(db, wie) as (tx, partij):
                bv03 = await stuf.eerder(tx, partij, envelop, raw) or await stuf.ontvang(tx, partij, ingepakt)
    except StufFout as fout:
        return _fout(fout, envelop)
    return Response(bv03, media_type="text/xml")


def _fout(fout: StufFout, envelop: Envelop | None) -> Response:
    # SOAP 1.1 gives every fault with status 500.
    return Response(stuf.fout_antwoord(fout, envelop), 500, media_type="text/xml")
