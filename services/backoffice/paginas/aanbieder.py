"""The provider's side: its mailbox, its messages, the terms of both sides, why it was refused, and a pre-check."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, File, Path, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from chassis.auth import Caller
from chassis.clock import clock
from chassis.db import Tenant, transaction
from chassis.http import Database
from chassis.namens import Huurder
from chassis.rechten import Wie

from .. import aanbieder, toegang
from ..buren import Buren, eis
from ..domain.taal import SOORTEN_LANG, soort_lang
from ..store import grip
from .route import PaginaRoute, buren
from .weergave import toon

PER_PAGINA = 50
IN_HET_KORT = 10
TERMIJNEN_MAX = 25
"""The first due; the rest comes up when these are done."""
REDENEN_SINDS = dt.timedelta(days=365)
Id = Annotated[str, Path(max_length=64, pattern=r"^[0-9A-Za-z-]+$")]

router = APIRouter(prefix="/aanbieder", include_in_schema=False, route_class=PaginaRoute)


@router.get("")
async def toon_begin(
    request: Request, db: Database, wie: Wie, huurder: Huurder, gedaan: Annotated[str, Query(max_length=10)] = ""
) -> Response:
    bron = buren(request)
    post, termijnen = await asyncio.gather(
        bron.lees(wie.token, "knooppunt", "/v1/postbus", status="nieuw", limit=PER_PAGINA), _termijnen(bron, wie)
    )
    async with transaction(db, Tenant(aanbieders=huurder.aanbieders)) as tx:
        redenen = await grip.list_redenen(tx, huurder.aanbieders, clock.now() - REDENEN_SINDS, IN_HET_KORT)
    return toon(
        "aanbieder.html",
        wie=wie,
        hier="aanbieder",
        post=[aanbieder.toon_post(rij) for rij in post.inhoud["berichten"]],
        meer_post=post.inhoud["volgende"] is not None,
        termijnen=termijnen,
        redenen=[aanbieder.toon_reden(rij) for rij in redenen],
        gedaan=bool(gedaan),
    )


async def _termijnen(bron: Buren, wie: Caller) -> list[dict[str, Any]]:
    """The terms that run or passed, of both sides, the first due first."""
    vragen = [
        bron.lees(wie.token, dienst, "/v1/termijnen", status=status, limit=TERMIJNEN_MAX)
        for dienst in ("toewijzing", "declaratie")
        for status in sorted(aanbieder.TERMIJN_LOOPT)
    ]
    gevonden = [rij for antwoord in await asyncio.gather(*vragen) for rij in antwoord.inhoud["termijnen"]]
    rijen = [aanbieder.toon_termijn(rij, clock.today()) for rij in gevonden]
    return sorted(rijen, key=lambda rij: (rij["uiterlijk"], rij["termijn_id"]))[:TERMIJNEN_MAX]


@router.get("/berichten")
async def toon_berichten(
    request: Request,
    wie: Wie,
    richting: Annotated[str, Query(pattern="^(verzonden|ontvangen|)$")] = "",
    soort: Annotated[str, Query(max_length=10)] = "",
    status: Annotated[str, Query(pattern="^(ontvangen|gecontroleerd|in_behandeling|beantwoord|afgekeurd|)$")] = "",
    na: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    keuze = {"richting": richting, "soort": soort, "status": status}
    gekozen = {naam: waarde for naam, waarde in keuze.items() if waarde}
    antwoord = await buren(request).lees(wie.token, "knooppunt", "/v1/berichten", **gekozen, na=na, limit=PER_PAGINA)
    volgende = antwoord.inhoud["volgende"]
    return toon(
        "aanbieder_berichten.html",
        wie=wie,
        hier="aanbieder/berichten",
        keuze=keuze,
        gefilterd=bool(gekozen),
        rijen=[aanbieder.toon_bericht(rij) for rij in antwoord.inhoud["berichten"]],
        volgende=urlencode(gekozen | {"na": volgende}) if volgende else "",
        soorten={code: soort_lang(code) for code in SOORTEN_LANG},
        statussen=aanbieder.STATUSSEN,
        richtingen=aanbieder.RICHTINGEN,
    )


@router.get("/berichten/{bericht_id}")
async def toon_bericht(request: Request, wie: Wie, bericht_id: Id) -> Response:
    bericht = (await buren(request).lees(wie.token, "knooppunt", f"/v1/berichten/{quote(bericht_id)}")).inhoud
    return toon("aanbieder_bericht.html", wie=wie, hier="aanbieder/berichten", b=aanbieder.toon_bericht(bericht))


@router.get("/postbus/{bericht_id}")
async def haal_op(request: Request, wie: Wie, bericht_id: Id) -> Response:
    """The XML, byte for byte; knooppunt logs that it was fetched."""
    bestand = await buren(request).haal(wie.token, "knooppunt", f"/v1/postbus/{quote(bericht_id)}")
    if bestand.status >= 400:
        eis(bestand.antwoord())
    koppen = {"Content-Disposition": f'attachment; filename="{bericht_id}.xml"'}
    return Response(bestand.inhoud, media_type="application/xml", headers=koppen)


@router.post("/postbus/{bericht_id}")
async def bevestig(request: Request, wie: Wie, bericht_id: Id) -> Response:
    """Say that the message was received: it leaves the list of what is new."""
    toegang.eis_eigen_pagina(request)
    pad = f"/v1/postbus/{quote(bericht_id)}/bevestiging"
    eis(await buren(request).vraag(wie.token, "knooppunt", "POST", pad))
    return RedirectResponse("/aanbieder?gedaan=ja", status_code=303)


@router.get("/controle")
async def toon_controle(wie: Wie) -> Response:
    return toon("aanbieder_controle.html", wie=wie, hier="aanbieder/controle", uitslag=None)


@router.post("/controle")
async def controleer(request: Request, wie: Wie, bestand: Annotated[UploadFile | None, File()] = None) -> Response:
    """Judge a file without any effect: nothing of it is kept."""
    toegang.eis_eigen_pagina(request)
    inhoud = await bestand.read() if bestand is not None else b""
    if not inhoud:
        fout = "Kies eerst een bestand met een bericht."
        return toon("aanbieder_controle.html", status=422, wie=wie, hier="aanbieder/controle", uitslag=None, fout=fout)
    gevonden = await buren(request).haal(wie.token, "knooppunt", "/v1/controle", methode="POST", inhoud=inhoud)
    uitslag = eis(gevonden.antwoord()).inhoud
    return toon(
        "aanbieder_controle.html",
        wie=wie,
        hier="aanbieder/controle",
        uitslag={"toelichting": None}
        | uitslag
        | {"bevindingen": [aanbieder.toon_bevinding(b) for b in uitslag["bevindingen"]]},
        soort=soort_lang(uitslag["soort"]) if uitslag["soort"] else None,
    )
