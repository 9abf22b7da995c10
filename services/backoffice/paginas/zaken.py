"""Search, and the case of one resident."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from chassis.errors import Problem
from chassis.http import Database
from chassis.rechten import Wie
from chassis.weigering import log_weigering
from schemas.iwmo.codes import bsn_valid

from .. import intake, presentatie, toegang
from ..buren import Buren, DienstWeg
from ..http.zaken import ClientId, load_zaak
from ..koppen import VeiligeRoute
from .weergave import toon

router = APIRouter(include_in_schema=False, route_class=VeiligeRoute)


@router.get("/zaken")
async def zoek(wie: Wie) -> Response:
    return toon("zoek.html", wie=wie, hier="zaken")


@router.post("/zaken")
async def zoek_zaak(request: Request, wie: Wie, bsn: Annotated[str, Form(max_length=20)] = "") -> Response:
    toegang.eis_eigen_pagina(request)
    bsn = "".join(bsn.split())
    if not (len(bsn) == 9 and bsn.isascii() and bsn.isdigit() and bsn_valid(bsn)):
        fout = "Dit is geen geldig BSN. Controleer de 9 cijfers."
        return toon("zoek.html", status=422, wie=wie, hier="zaken", fout=fout)
    try:
        client_id = await intake.find_client(Buren(request.app.state.settings), wie.token, bsn)
    except DienstWeg:
        fout = "Zoeken lukt nu niet. Probeer het over een paar minuten opnieuw."
        return toon("zoek.html", status=503, wie=wie, hier="zaken", fout=fout)
    if client_id is None:
        fout = "We hebben geen zaak gevonden bij dit BSN."
        return toon("zoek.html", status=404, wie=wie, hier="zaken", fout=fout)
    return RedirectResponse(f"/zaken/{client_id}", status_code=303)


@router.get("/zaken/{client_id}")
async def toon_zaak(request: Request, db: Database, wie: Wie, client_id: ClientId) -> Response:
    try:
        rijen = await load_zaak(db, wie, client_id)
    except Problem as problem:
        await log_weigering(request, problem)
        uitleg = "We vinden bij uw gemeente geen zaak met dit kenmerk."
        return toon("fout.html", status=404, wie=wie, hier="zaken", kop="Zaak niet gevonden", uitleg=uitleg)
    try:
        bsn = await intake.masked_bsn(Buren(request.app.state.settings), wie.token, client_id)
    except DienstWeg:
        bsn = None
    return toon(
        "zaak.html",
        wie=wie,
        hier="zaken",
        client_id=client_id,
        bsn=bsn,
        aanbieders=sorted({rij["aanbieder"] for rij in rijen if rij["aanbieder"]}),
        aan_zet=presentatie.openstaand(rijen),
        regels=[presentatie.regel(rij) for rij in rijen],
    )
