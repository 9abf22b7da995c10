"""HTTP around the routes: errors as problem+json, one span and one count per request, safe headers."""

import time
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.telemetry import TelemetryConfig
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind, StatusCode
from prometheus_client import Counter, Histogram
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import trace
from chassis.db import TRANSIENT, Pool
from chassis.errors import Bevinding, Problem, Retry
from chassis.log import log
from chassis.verzoek import Uithoren, Verzoek
from chassis.weigering import log_weigering

API_VERSION = "1.0.0"
_REQUESTS = Counter("zorgketen_http", "HTTP-verzoeken", ["methode", "route", "status"])
_SECONDS = Histogram("zorgketen_http_duur_seconden", "Duur van een verzoek", ["methode", "route"])
HEADERS = {
    b"api-version": API_VERSION.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
}
"""On every answer that does not say otherwise."""
_PEILINGEN = {"/healthz", "/readyz", "/metrics"}
"""Asked every few seconds by machines: no traces of their own."""
_GEEN_EIGEN_SPOREN = TelemetryConfig(
    tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False
)
"""What the framework would send by itself holds the query of a request and the text of errors (G18)."""
_METHODEN = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_PROBLEEM = {
    "title": "Probleem (RFC 9457)",
    "type": "object",
    "required": ["type", "title", "status", "code", "volgende_stap", "bevindingen"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "volgende_stap": {"type": "string"},
        "bevindingen": {"type": "array", "items": Bevinding.model_json_schema()},
    },
}
_PROBLEEM_ANTWOORD = {
    "description": "Probleem",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Probleem"}}},
}
_BEVINDINGEN_MAX = 500
_OPNIEUW = "Probeer het over enkele seconden opnieuw. Blijft het zo, meld het dan bij de beheerder."
_STATUS = {
    400: ("onleesbaar_verzoek", "Het verzoek is niet te lezen.", "Controleer de inhoud van het verzoek."),
    404: ("niet_gevonden", "Dit is niet gevonden.", "Controleer het adres."),
    405: (
        "methode_niet_toegestaan",
        "Deze handeling kan hier niet.",
        "Controleer de methode van het verzoek.",
    ),
    413: ("te_groot", "Het verzoek is te groot.", "Stuur minder gegevens tegelijk."),
    415: ("soort_niet_ondersteund", "Deze soort inhoud wordt niet gelezen.", "Controleer de Content-Type."),
}


async def _pool(request: Request) -> Any:
    return request.app.state.pool


Database = Annotated[Pool, Depends(_pool)]


def problem_response(problem: Problem) -> JSONResponse:
    """An RFC 9457 answer."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "volgende_stap": problem.volgende_stap,
        "bevindingen": [bevinding.model_dump(exclude_none=True) for bevinding in problem.bevindingen],
    }
    return JSONResponse(body, problem.status, headers=problem.headers, media_type="application/problem+json")


def _pointer(location: Sequence[int | str]) -> str:
    """Where it is: `#/path` in the body, or the place and name of a parameter."""
    first, *rest = location or ("body",)
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in rest]
    return "#" + "".join(f"/{part}" for part in parts) if first == "body" else "/".join([str(first), *parts])


_MELDINGEN = {
    "missing": "Dit veld ontbreekt.",
    "extra_forbidden": "Dit veld is hier niet bekend.",
    "json_invalid": "Dit is geen geldige JSON.",
}


def _bevinding(error: Any) -> Bevinding:
    """A validation error without its value: what kind, and where."""
    soort = str(error["type"])
    pad = list(error["loc"])
    if soort == "extra_forbidden":
        # The name of an unknown field is itself input.
        pad = pad[:-1]
    if soort == "json_invalid":
        pad = ["body"]
    return Bevinding(
        regel=soort,
        pad=_pointer(pad),
        melding=_MELDINGEN.get(soort, "Dit veld heeft niet de verwachte vorm."),
        volgende_stap="Verbeter het veld en stuur het verzoek opnieuw.",
    )


def _ongeldig(bevindingen: Sequence[Bevinding] = (), status: int = 422) -> Problem:
    return Problem(
        status,
        "ongeldige_invoer",
        "Het verzoek bevat fouten.",
        "Verbeter de genoemde velden en stuur het verzoek opnieuw.",
        bevindingen,
    )


def to_problem(error: Exception) -> Problem:
    """The answer to any exception; what is not known here is a 500 without details."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        found = [_bevinding(item) for item in error.errors()[:_BEVINDINGEN_MAX]]
        return _ongeldig(found, 400 if any(item.regel == "json_invalid" for item in found) else 422)
    if isinstance(error, HTTPException):
        code, title, stap = _STATUS.get(error.status_code, ("fout", "Het verzoek is niet gelukt.", _OPNIEUW))
        return Problem(error.status_code, code, title, stap, headers=error.headers)
    if isinstance(error, ClientDisconnect):
        # Nobody is there any more to read this.
        return Problem(400, "afgebroken", "Het verzoek kwam niet helemaal binnen.", "Stuur het verzoek opnieuw.")
    if isinstance(error, (asyncpg.DataError, UnicodeEncodeError)):
        # A number or character that cannot be stored.
        return _ongeldig()
    if isinstance(error, (Retry, *TRANSIENT)):
        return Problem(503, "even_niet_beschikbaar", "Dit lukt nu even niet.", _OPNIEUW,
                       headers={"Retry-After": "2"})  # fmt: skip
    return Problem(500, "interne_fout", "Er ging bij ons iets mis.", _OPNIEUW)


async def _on_error(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, Problem):
        await log_weigering(request, error)
    return _answer(request.scope, error)


def _answer(scope: Scope, error: Exception) -> JSONResponse:
    """The answer to an exception, and its line in the log: which code, at which route, never what was sent."""
    problem = to_problem(error)
    fout, regel = type(error).__name__, problem.bevindingen[0].regel if problem.bevindingen else None
    schrijf, naam = (log.error, "verzoek_mislukt") if problem.status >= 500 else (log.info, "verzoek_geweigerd")
    if problem.status < 400:
        return problem_response(problem)
    schrijf(naam, fout=fout, code=problem.code, regel=regel, status=problem.status, route=_route(scope),
            methode=_methode(scope))  # fmt: skip
    return problem_response(problem)


class Omhulsel:
    """Around every request: a span, a count, headers, and an answer for every exception."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in HEADERS.items() if name not in present),
                ]
            await send(message)

        headers = dict(scope["headers"])
        traceparent = headers.get(b"traceparent", b"").decode("latin-1")
        started = time.perf_counter()
        peiling = scope["path"] in _PEILINGEN
        spoor = nullcontext(INVALID_SPAN) if peiling else trace.continued(traceparent, "http", kind=SpanKind.SERVER)
        with spoor as span:
            try:
                await self._app(scope, receive, send_with_headers)
            except Exception as error:
                answer = _answer(scope, error)
                if status:
                    # Half an answer was sent: let the server cut the connection.
                    raise
                await answer(scope, receive, send_with_headers)
            _tell(scope, status, time.perf_counter() - started)
            _name(span, scope, status)


def _name(span: Span, scope: Scope, status: int) -> None:
    """What this request was, now that its route is known: never its path or what was in it."""
    methode, route = _methode(scope), _route(scope)
    span.update_name(f"{methode} {route}")
    span.set_attributes({"http.request.method": methode, "http.route": route, "http.response.status_code": status})
    if status >= 500:
        span.set_status(StatusCode.ERROR)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    """Count the request; what may have changed something is a log line too."""
    methode, route = _methode(scope), _route(scope)
    _REQUESTS.labels(methode, route, status).inc()
    _SECONDS.labels(methode, route).observe(seconds, trace.exemplar())
    if methode not in ("GET", "HEAD", "OPTIONS"):
        log.info("verzoek", methode=methode, route=route, status=status, duur_ms=round(seconds * 1000))


def _route(scope: Scope) -> str:
    """The route's pattern, never the path itself: that may hold an id."""
    return str(getattr(scope.get("route"), "path", "onbekend"))


def _methode(scope: Scope) -> str:
    """The method; any word can be one, so an unknown one is not repeated."""
    return scope["method"] if scope["method"] in _METHODEN else "anders"


class Api(FastAPI):
    """An application whose description tells that every error is a problem document, and who may call."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if self.openapi_schema is None:
            schema = super().openapi()
            delen = schema.setdefault("components", {})
            soorten = delen.setdefault("schemas", {})
            soorten |= {"Probleem": _PROBLEEM}
            for vervallen in ("HTTPValidationError", "ValidationError"):
                soorten.pop(vervallen, None)
            delen["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
            schema["security"] = [{"token": []}]
            for route in schema.get("paths", {}).values():
                for operatie in route.values():
                    operatie["responses"].pop("422", None)
                    operatie["responses"] |= {"4XX": _PROBLEEM_ANTWOORD, "5XX": _PROBLEEM_ANTWOORD}
        return self.openapi_schema or {}


def create_api(service: str, lifespan: Any, traag_s: float = 30.0) -> FastAPI:
    """A FastAPI application with the rules of this house; a body must be in within `traag_s`."""
    api = Api(
        title=f"Zorgketen {service}",
        version=API_VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        telemetry=_GEEN_EIGEN_SPOREN,
        exception_handlers={
            Problem: _on_error,
            RequestValidationError: _on_error,
            HTTPException: _on_error,
        },
    )
    api.add_middleware(Verzoek, traag_s=traag_s)
    api.add_middleware(Omhulsel)
    api.add_middleware(Uithoren)
    return api
