"""Who calls: a bearer token of the issuer, checked against its JWKS on the machine's own clock."""

import time
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis.db import Tenant
from chassis.errors import Problem
from chassis.settings import Settings

AUDIENCE = "zorgketen"
_ALGORITHMS = ["RS256", "ES256"]
_FRESH_S = 300.0
_AGAIN_S = 5.0


_AGBS_MAX = 500


@dataclass(frozen=True)
class Caller:
    """The caller of a request: a municipality (`gemeente`), a provider or its vendor, or the chain itself.

    `agb` is the provider's own code, `agb_lijst` those that a vendor claims to act for; whether it may is
    for the service to judge.
    """

    sub: str
    gemeente: str | None
    agb: str | None
    rollen: frozenset[str]
    token: str = field(repr=False)
    agb_lijst: tuple[str, ...] = ()
    team: str | None = None

    @property
    def soort(self) -> Literal["gemeente", "aanbieder", "keten"]:
        """Which kind of caller this is; decides which column of the table of rights counts."""
        if self.gemeente is not None:
            return "gemeente"
        return "aanbieder" if self.agb is not None or self.agb_lijst else "keten"

    @property
    def tenant(self) -> Tenant:
        """Whose rows the caller sees."""
        eigen = () if self.agb is None else (self.agb,)
        return Tenant(self.gemeente, tuple(dict.fromkeys((*eigen, *self.agb_lijst))))


def geen_token() -> Problem:
    """401: no token, or one that is not valid here."""
    return Problem(
        401,
        "niet_aangemeld",
        "Er is geen geldig token meegegeven.",
        "Meld u aan en stuur het token mee in de Authorization-header.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _is_code(value: Any, digits: int) -> bool:
    return isinstance(value, str) and len(value) == digits and value.isascii() and value.isdigit()


def _caller(claims: dict[str, Any], token: str) -> Caller:
    """The caller in these checked claims; raises Problem 401 when they contradict themselves."""
    sub, rollen, team = claims.get("sub"), claims.get("rollen", []), claims.get("team")
    gemeente, agb, agb_lijst = claims.get("gemeente"), claims.get("agb"), claims.get("agb_lijst", [])
    if not isinstance(sub, str) or not isinstance(rollen, list) or not isinstance(agb_lijst, list):
        raise geen_token()
    if gemeente is not None and not _is_code(gemeente, 4):
        raise geen_token()
    agbs = agb_lijst if agb is None else [agb, *agb_lijst]
    if len(agbs) > _AGBS_MAX or not all(_is_code(een, 8) for een in agbs):
        raise geen_token()
    # One token is one side of the chain: never a municipality and a provider at once.
    if gemeente is not None and agbs:
        raise geen_token()
    namen = {str(rol) for rol in rollen}
    if not isinstance(team, str) or not team:
        # A wijkteam without a team is nobody.
        team = None
        namen.discard("wijkteam")
    return Caller(sub, gemeente, agb, frozenset(namen), token, tuple(agb_lijst), team)


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
            raise geen_token()
        if self._keys is None or time.monotonic() - self._fetched > _FRESH_S:
            await self._fetch()
        claims = self._claims(token)
        if claims is None:
            # The issuer may have a new key.
            await self._fetch()
            claims = self._claims(token)
        if claims is None:
            raise geen_token()
        return _caller(claims, token)
