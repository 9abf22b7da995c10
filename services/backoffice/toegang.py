"""Who is at the screen: the token of the sign-in form, kept in a cookie that scripts cannot read.

The token is checked by chassis.auth on every request; there is no session of our own. CSRF: the cookie is
SameSite=Strict, and a form must come from our own pages.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from chassis.auth import Caller, Issuer
from chassis.errors import Problem
from chassis.rechten import Rechten

KOEKJE = "zorgketen_token"
EERSTE_PAGINAS = ("/stroom", "/logboek", "/aanbieder")
"""Who may not see the first (a toezichthouder, a provider) begins at the next."""


async def controleer(request: Request, token: str) -> Caller:
    """The caller of a token; Problem 401 for a bad one, 403 when it may not see the first page."""
    issuer: Issuer = request.app.state.issuer
    wie = await issuer.caller(token)
    if eerste_pagina(request, wie) is None:
        raise Problem(403, "geen_toegang", "U mag dit niet zien", "Log in met een code van uw organisatie.")
    return wie


def eerste_pagina(request: Request, wie: Caller) -> str | None:
    """Where this person begins; None for who may see no page."""
    rechten: Rechten = request.app.state.rechten
    return next((pagina for pagina in EERSTE_PAGINAS if rechten[f"GET {pagina}"].staat_toe(wie)), None)


async def wie_kijkt(request: Request) -> Caller | None:
    """Who already signed in, at the sign-in page; None when nobody (or nobody any more) did."""
    token = request.cookies.get(KOEKJE)
    try:
        return await controleer(request, token) if token else None
    except Problem:
        return None


Kijker = Annotated[Caller | None, Depends(wie_kijkt)]


def eis_eigen_pagina(request: Request) -> None:
    """Refuse a form of another site (CSRF). no-referrer makes browsers send `Origin: null`, so Sec-Fetch-Site
    speaks first; an older browser is judged by Origin."""
    herkomst = request.headers.get("sec-fetch-site")
    if herkomst is None:
        origin = urlsplit(request.headers.get("origin", ""))
        eigen = bool(origin.netloc) and origin.netloc == request.headers.get("host")
    else:
        eigen = herkomst == "same-origin"
    if not eigen:
        raise Problem(403, "vreemde_herkomst", "Dit formulier komt niet van onze pagina", "Open de pagina opnieuw.")


def onthoud(antwoord: Response, token: str, *, veilig: bool) -> None:
    """Set the cookie. `veilig`: only over https, which every environment but the local one has."""
    antwoord.set_cookie(KOEKJE, token, httponly=True, samesite="strict", secure=veilig, path="/")


def vergeet(antwoord: Response) -> None:
    antwoord.delete_cookie(KOEKJE, path="/", httponly=True, samesite="strict")


def naar_begin() -> RedirectResponse:
    return RedirectResponse("/", status_code=303)
