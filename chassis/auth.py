"""Who calls: a bearer token of the issuer, checked against its JWKS on the machine's own clock."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
from fastapi import Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis.errors import Problem
from chassis.settings import Settings

AUDIENCE = "zorgketen"
_ALGORITHMS = ["RS256", "ES256"]
_FRESH_S = 300.0
_AGAIN_S = 5.0


@dataclass(frozen=True)
class Caller:
    """The caller of a request; `gemeente` or `agb` is set, or neither."""

    sub: str
    gemeente: str | None
    agb: str | None
    rollen: frozenset[str]
    token: str = field(repr=False)


def _geen_token() -> Problem:
    return Problem(
        401,
        "niet_aangemeld",
        "Er is geen geldig token meegegeven.",
        "Meld u aan en stuur het token mee in de Authorization-header.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _geen_recht() -> Problem:
    return Problem(
        403,
        "niet_bevoegd",
        "U bent niet bevoegd voor deze handeling.",
        "Vraag de beheerder om de rol die hierbij hoort.",
    )


class Issuer:
    """The keys of the issuer, fetched and kept."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.issuer
        self._keys: KeySet | None = None
        self._fetched = float("-inf")
        self._tried = float("-inf")

    async def _fetch(self) -> None:
        now = time.monotonic()
        if self._keys is not None and now - self._tried < _AGAIN_S:
            return
        self._tried = now
        try:
            async with httpx.AsyncClient(timeout=5.0) as client:
                response = await client.get(f"{self._issuer}/jwks.json")
                response.raise_for_status()
                self._keys = KeySet.import_key_set(response.json())
                self._fetched = now
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError):
            if self._keys is None:
                raise Problem(
                    503,
                    "uitgever_onbereikbaar",
                    "Aanmelden kan nu niet worden gecontroleerd.",
                    "Probeer het over enkele seconden opnieuw.",
                    headers={"Retry-After": "2"},
                ) from None

    def _claims(self, token: str) -> dict[str, Any] | None:
        if self._keys is None:
            return None
        try:
            decoded = jwt.decode(token, self._keys, algorithms=_ALGORITHMS)
            jwt.JWTClaimsRegistry(
                leeway=5,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": AUDIENCE},
                exp={"essential": True},
                sub={"essential": True},
            ).validate(decoded.claims)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return dict(decoded.claims)

    async def caller(self, token: str) -> Caller:
        """The caller behind a token; raises Problem 401 (or 503 without any keys)."""
        if len(token) > 8192:
            raise _geen_token()
        if self._keys is None or time.monotonic() - self._fetched > _FRESH_S:
            await self._fetch()
        claims = self._claims(token)
        if claims is None:
            # The issuer may have a new key.
            await self._fetch()
            claims = self._claims(token)
        if claims is None:
            raise _geen_token()
        sub, rollen = claims.get("sub"), claims.get("rollen", [])
        gemeente, agb = claims.get("gemeente"), claims.get("agb")
        if not isinstance(sub, str) or not isinstance(rollen, list):
            raise _geen_token()
        for value, digits in ((gemeente, 4), (agb, 8)):
            if value is None:
                continue
            if not isinstance(value, str) or len(value) != digits or not (value.isascii() and value.isdigit()):
                raise _geen_token()
        if gemeente and agb:
            raise _geen_token()
        return Caller(sub, gemeente, agb, frozenset(str(rol) for rol in rollen), token)


def caller(
    *rollen: str, soort: Literal["gemeente", "aanbieder"] | None = None
) -> Callable[[Request], Awaitable[Caller]]:
    """FastAPI dependency: the caller, when it is of this kind and has one of these roles.

    No or a bad token: 401. Another kind of caller or none of the roles: 403.
    """

    async def dependency(request: Request) -> Caller:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise _geen_token()
        issuer: Issuer = request.app.state.issuer
        who = await issuer.caller(token.strip())
        if soort == "gemeente" and who.gemeente is None:
            raise _geen_recht()
        if soort == "aanbieder" and who.agb is None:
            raise _geen_recht()
        if rollen and not who.rollen.intersection(rollen):
            raise _geen_recht()
        return who

    return dependency
