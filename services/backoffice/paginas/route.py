"""A page that asks other services: when one is away or refuses, the person gets a page that says so."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response

from chassis.auth import Caller
from chassis.errors import Problem
from chassis.weigering import log_weigering

from ..buren import Buren, DienstWeg
from ..koppen import VeiligeRoute
from .weergave import toon

KOPPEN = {404: "Niet gevonden", 403: "Dit mag u niet zien"}


def buren(request: Request) -> Buren:
    """The other services, as seen from this request."""
    return Buren(request.app.state.settings)


class PaginaRoute(VeiligeRoute):
    """A route whose refusals are pages; a person who is not signed in still goes to the sign-in page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, with a page around what goes wrong."""
        handel = super().get_route_handler()

        async def met_pagina(request: Request) -> Response:
            try:
                antwoord: Response = await handel(request)
            except DienstWeg:
                uitleg = (
                    "Een dienst antwoordt nu niet. Er is niets veranderd. Probeer het over een paar minuten opnieuw."
                )
                return _fout(request, 503, "Dit lukt nu niet", uitleg)
            except RequestValidationError:
                return _fout(request, 422, "Dit adres klopt niet", "Ga terug en kies opnieuw op de pagina.")
            except Problem as problem:
                if problem.status not in (400, 403, 404, 409, 410, 422) or problem.code == "vreemde_herkomst":
                    raise
                await log_weigering(request, problem)
                kop = KOPPEN.get(problem.status, "Dit lukt niet")
                return _fout(request, problem.status, kop, f"{problem.title.rstrip('.')}. {problem.volgende_stap}")
            return antwoord

        return met_pagina


def _fout(request: Request, status: int, kop: str, uitleg: str) -> Response:
    wie: Caller | None = getattr(request.state, "wie", None)
    return toon("fout.html", status=status, wie=wie, hier="", kop=kop, uitleg=uitleg)
