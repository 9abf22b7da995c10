"""Default deny: every route has a line in a table of who may take it; without one the service does not start."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts

from chassis import mtls
from chassis.auth import Caller, Issuer, geen_token
from chassis.errors import Problem

_TECHNISCH = frozenset({"/healthz", "/readyz", "/metrics", "/openapi.json"})
"""The chassis' own routes: open to all, and without data of a tenant."""


@dataclass(frozen=True)
class Recht:
    """Which roles may take a route, per kind of caller; of a kind without roles nobody may.

    `openbaar`: without a token. `pagina`: a person is sent to the sign-in page instead of refused.
    """

    gemeente: frozenset[str] = frozenset()
    aanbieder: frozenset[str] = frozenset()
    keten: frozenset[str] = frozenset()
    openbaar: bool = False
    pagina: bool = False

    def staat_toe(self, wie: Caller) -> bool:
        """Whether this caller has one of the roles that count for its kind."""
        rollen: frozenset[str] = getattr(self, wie.soort)
        return not rollen.isdisjoint(wie.rollen)


Rechten: TypeAlias = Mapping[str, Recht]
"""`"GET /v1/berichten/{bericht_id}"`, as the router has it, to its right."""


class RechtOntbreekt(Exception):
    """A route is not in the table of rights, or a line of the table has no route; names them."""


def routes(router: APIRouter | FastAPI) -> Iterator[str]:
    """Every route as it stands in the table; those of the chassis itself are left out."""
    for route in iter_route_contexts(router.routes):
        if route.path not in _TECHNISCH:
            for methode in sorted(route.methods or {"?"}):
                yield f"{methode} {route.path}"


def bewaak(api: FastAPI, *routers: APIRouter) -> None:
    """Serve these routes behind the table in `api.state.rechten`. Raises RechtOntbreekt."""
    for router in routers:
        zonder = [route for route in routes(router) if route not in api.state.rechten]
        if zonder:
            raise RechtOntbreekt(f"geen recht voor {', '.join(zonder)}")
        api.include_router(router, dependencies=[Depends(bevoegd)])


def eis_rechten(api: FastAPI) -> None:
    """Raise RechtOntbreekt unless table and routes name exactly the same."""
    verschil = set(routes(api)) ^ set(api.state.rechten)
    if verschil:
        raise RechtOntbreekt(f"tabel en routes verschillen: {', '.join(sorted(verschil))}")


def _token(request: Request) -> str:
    """The bearer token, or that of the cookie of a service with pages; raises Problem 401 without one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    koekje: str | None = request.app.state.koekje
    gevonden = request.cookies.get(koekje) if koekje else None
    if not gevonden:
        raise geen_token()
    return gevonden


async def _wie(request: Request) -> Caller:
    """By token, by client certificate, or by both when they name the same party."""
    organisatie = mtls.organisatie(request.headers, request.client.host if request.client else None)
    if organisatie is not None and "authorization" not in request.headers:
        agb, gemeente = (organisatie, None) if len(organisatie) == 8 else (None, organisatie)
        return Caller(f"certificaat:{organisatie}", gemeente, agb, mtls.rollen(organisatie), "")
    issuer: Issuer = request.app.state.issuer
    wie = await issuer.caller(_token(request))
    if organisatie is not None and organisatie not in (wie.gemeente, *wie.tenant.aanbieders):
        raise geen_token()
    return wie


async def _toets(request: Request, recht: Recht) -> Caller:
    wie = await _wie(request)
    # Who is refused here, or further on, is known to the access log (chassis.weigering).
    request.state.wie = wie
    if not recht.staat_toe(wie):
        raise Problem(
            403,
            "niet_bevoegd",
            "U bent niet bevoegd voor deze handeling.",
            "Vraag de beheerder om de rol die hierbij hoort.",
        )
    return wie


async def bevoegd(request: Request) -> Caller | None:
    """The caller of this route, None when it is open to all.

    No or a bad token: 401. Another kind of caller or none of the roles: 403. A page: 303 to the sign-in.
    """
    route: APIRoute = request.scope["route"]
    recht: Recht = request.app.state.rechten[f"{request.method} {route.path}"]
    if recht.openbaar:
        return None
    try:
        return await _toets(request, recht)
    except Problem as problem:
        if recht.pagina:
            raise Problem(
                303, "niet_aangemeld", "U bent niet aangemeld.", "Meld u aan.", headers={"Location": "/"}
            ) from None
        raise problem


Wie = Annotated[Caller, Depends(bevoegd)]
"""The caller, who passed the table; for every route that is not open to all."""
