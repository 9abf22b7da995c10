"""Signing in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from chassis.errors import Problem

from .. import toegang
from ..koppen import VeiligeRoute
from ..toegang import Kijker
from .weergave import toon

TOKEN_LENGTE_MAX = 4000

router = APIRouter(include_in_schema=False, route_class=VeiligeRoute)


@router.get("/")
async def begin(request: Request, wie: Kijker) -> Response:
    return (
        RedirectResponse(toegang.eerste_pagina(request, wie) or "/", status_code=303) if wie else toon("aanmelden.html")
    )


@router.post("/")
async def meld_aan(request: Request, token: Annotated[str, Form(max_length=TOKEN_LENGTE_MAX)] = "") -> Response:
    toegang.eis_eigen_pagina(request)
    token = "".join(token.split())
    try:
        wie = await toegang.controleer(request, token)
    except Problem as fout:
        zin = "Deze code is niet geldig of verlopen. Vraag een nieuwe code."
        if fout.status == 403:
            zin = "Met deze code mag u hier niet kijken. Gebruik een code van uw organisatie."
        return toon("aanmelden.html", status=fout.status, fout=zin)
    antwoord = RedirectResponse(toegang.eerste_pagina(request, wie) or "/", status_code=303)
    toegang.onthoud(antwoord, token, veilig=request.app.state.settings.omgeving == "productie")
    return antwoord


@router.post("/uit")
async def meld_af(request: Request) -> Response:
    toegang.eis_eigen_pagina(request)
    antwoord = toegang.naar_begin()
    toegang.vergeet(antwoord)
    return antwoord
