"""The pages: sign-in, the event flow, search, and the case of one resident. They work without JavaScript."""

from __future__ import annotations

from pathlib import Path as Pad
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.db import transaction
from chassis.errors import Problem
from chassis.http import Database
from chassis.rechten import Wie
from chassis.settings import Settings, SettingsError
from schemas.iwmo.codes import bsn_valid

from . import intake, presentatie, store, toegang
from .domain.onderwerpen import VERTELLERS
from .domain.taal import SOORTEN, STATUSSEN
from .http import ClientId, Keuze, load_zaak
from .koppen import VeiligeRoute
from .toegang import Kijker

HIER = Pad(__file__).parent
PER_PAGINA = 50
TOKEN_LENGTE_MAX = 4000

sjablonen = Environment(
    loader=FileSystemLoader(HIER / "templates"),
    autoescape=True,  # every field of an event is shown as text, never as markup
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
sjablonen.filters["gemeente"] = presentatie.gemeente_naam


def toon(sjabloon: str, status: int = 200, **gegevens: Any) -> HTMLResponse:
    standaard = {"wie": None, "hier": "", "fout": None}
    return HTMLResponse(sjablonen.get_template(sjabloon).render(standaard | gegevens), status_code=status)


def maak_router(settings: Settings) -> APIRouter:
    """The routes of the pages; `settings` tells where intake is and whether cookies need https."""
    router = APIRouter(include_in_schema=False, route_class=VeiligeRoute)

    def intake_url() -> str:
        try:
            return settings.url("intake")
        except SettingsError:
            raise intake.IntakeWeg from None

    @router.get("/")
    async def begin(wie: Kijker) -> Response:
        return RedirectResponse(toegang.EERSTE_PAGINA, status_code=303) if wie else toon("aanmelden.html")

    @router.post("/")
    async def meld_aan(request: Request, token: Annotated[str, Form(max_length=TOKEN_LENGTE_MAX)] = "") -> Response:
        toegang.eis_eigen_pagina(request)
        token = "".join(token.split())
        try:
            await toegang.controleer(request, token)
        except Problem as fout:
            zin = "Deze code is niet geldig of verlopen. Vraag een nieuwe code."
            if fout.status == 403:
                zin = "Met deze code mag u hier niet kijken. Gebruik een code van uw gemeente."
            return toon("aanmelden.html", status=fout.status, fout=zin)
        antwoord = RedirectResponse(toegang.EERSTE_PAGINA, status_code=303)
        toegang.onthoud(antwoord, token, veilig=settings.omgeving == "productie")
        return antwoord

    @router.post("/uit")
    async def meld_af(request: Request) -> Response:
        toegang.eis_eigen_pagina(request)
        antwoord = toegang.naar_begin()
        toegang.vergeet(antwoord)
        return antwoord

    @router.get("/stroom")
    async def stroom(
        db: Database, wie: Wie, keuze: Keuze, na: Annotated[int | None, Query(ge=0, le=2**62)] = None
    ) -> Response:
        gemeente = wie.gemeente or ""
        async with transaction(db, wie.tenant) as tx:
            rijen = await store.list_gebeurtenissen(tx, gemeente, keuze, voor=na, limit=PER_PAGINA + 1)
            aantallen = await store.count_berichten(tx, gemeente)
            aanbieders = await store.list_aanbieders(tx, gemeente)
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
            client_id = await intake.find_client(intake_url(), wie.token, bsn)
        except intake.IntakeWeg:
            fout = "Zoeken lukt nu niet. Probeer het over een paar minuten opnieuw."
            return toon("zoek.html", status=503, wie=wie, hier="zaken", fout=fout)
        if client_id is None:
            fout = "We hebben geen zaak gevonden bij dit BSN."
            return toon("zoek.html", status=404, wie=wie, hier="zaken", fout=fout)
        return RedirectResponse(f"/zaken/{client_id}", status_code=303)

    @router.get("/zaken/{client_id}")
    async def zaak(db: Database, wie: Wie, client_id: ClientId) -> Response:
        try:
            rijen = await load_zaak(db, wie, client_id)
        except Problem:
            uitleg = "We vinden bij uw gemeente geen zaak met dit kenmerk."
            return toon("fout.html", status=404, wie=wie, hier="zaken", kop="Zaak niet gevonden", uitleg=uitleg)
        try:
            bsn = await intake.masked_bsn(intake_url(), wie.token, client_id)
        except intake.IntakeWeg:
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

    return router
