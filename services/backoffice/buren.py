"""Questions and commands to the other services, with the user's token: the owner judges the right, and logs who."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

import httpx
from httpx import AsyncClient

from chassis import trace
from chassis.errors import Problem
from chassis.log import log
from chassis.settings import Settings, SettingsError

TIMEOUT_S = 5.0
BESTAND_TIMEOUT_S = 30.0
"""A message of some megabytes is judged in that time."""


@cache
def _tls() -> ssl.SSLContext:
    """Once: to read the certificates of the machine anew takes longer than a call."""
    return httpx.create_ssl_context(trust_env=False)


class DienstWeg(Exception):
    """The service does not answer; the page goes on without it, and says so."""


@dataclass(frozen=True)
class Antwoord:
    """What a service said: its status, and its JSON object (empty when it said something else)."""

    status: int
    inhoud: dict[str, Any]
    lijst: list[Any] = field(default_factory=list)
    """What it said when that is a bare JSON list."""

    @property
    def gelukt(self) -> bool:
        return self.status < 400

    @property
    def redenen(self) -> list[str]:
        """Why it was refused, in the owner's own words: they never carry a value."""
        bevindingen = self.inhoud.get("bevindingen") or []
        zinnen = [f"{b.get('melding', '')} {b.get('volgende_stap', '')}".strip() for b in bevindingen]
        geheel = f"{self.inhoud.get('title', 'Dit lukt niet')}. {self.inhoud.get('volgende_stap', '')}".strip()
        return zinnen or [geheel.replace("..", ".")]


@dataclass(frozen=True)
class Bestand:
    """Bytes of a service."""

    status: int
    inhoud: bytes

    def antwoord(self) -> Antwoord:
        """The same as JSON; for a refusal, or when JSON was asked for. Raises DienstWeg when it is none."""
        try:
            gegevens = json.loads(self.inhoud)
        except ValueError:
            raise DienstWeg from None
        return Antwoord(self.status, gegevens if isinstance(gegevens, dict) else {})


@dataclass(frozen=True)
class Buren:
    """Where the other services are; every call is made in the name of who is at the screen."""

    settings: Settings

    async def vraag(
        self,
        token: str,
        dienst: str,
        methode: str,
        pad: str,
        inhoud: Any = None,
        *,
        sleutel: str | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> Antwoord:
        """One call. `sleutel`: the Idempotency-Key of a command. Raises DienstWeg when nobody answers, or a 5xx."""
        koppen = {"Authorization": f"Bearer {token}", **trace.headers()}
        koppen |= {"Idempotency-Key": sleutel} if sleutel else {}
        try:
            basis = self.settings.url(dienst)
            async with AsyncClient(base_url=basis, timeout=timeout_s, trust_env=False, verify=_tls()) as client:
                antwoord = await client.request(methode, pad, json=inhoud, headers=koppen)
            gegevens = antwoord.json() if antwoord.content else {}
        except (httpx.HTTPError, ValueError, SettingsError):
            log.warning("dienst_onbereikbaar", naam=dienst)
            raise DienstWeg from None
        if antwoord.status_code >= 500:
            log.warning("dienst_onbereikbaar", naam=dienst, status=antwoord.status_code)
            raise DienstWeg
        if isinstance(gegevens, list):
            return Antwoord(antwoord.status_code, {}, gegevens)
        return Antwoord(antwoord.status_code, gegevens if isinstance(gegevens, dict) else {})

    async def lees(self, token: str, dienst: str, pad: str, **vragen: Any) -> Antwoord:
        """A question that must have an answer; fields without a value are not asked. Problem as `eis`; DienstWeg."""
        gevraagd = urlencode({naam: waarde for naam, waarde in vragen.items() if waarde not in (None, "")})
        return eis(await self.vraag(token, dienst, "GET", f"{pad}?{gevraagd}" if gevraagd else pad))

    async def haal(
        self,
        token: str,
        dienst: str,
        pad: str,
        *,
        methode: str = "GET",
        inhoud: bytes | None = None,
        soort: str = "application/xml",
    ) -> Bestand:
        """Bytes, as the owner gives them; `inhoud` are bytes of this `soort` to send. Raises DienstWeg."""
        koppen = {"Authorization": f"Bearer {token}", **trace.headers()}
        koppen |= {"Content-Type": soort} if inhoud is not None else {"Accept": soort}
        try:
            async with AsyncClient(
                base_url=self.settings.url(dienst), timeout=BESTAND_TIMEOUT_S, trust_env=False, verify=_tls()
            ) as client:
                antwoord = await client.request(methode, pad, content=inhoud, headers=koppen)
        except (httpx.HTTPError, SettingsError):
            log.warning("dienst_onbereikbaar", naam=dienst)
            raise DienstWeg from None
        if antwoord.status_code >= 500:
            log.warning("dienst_onbereikbaar", naam=dienst, status=antwoord.status_code)
            raise DienstWeg
        return Bestand(antwoord.status_code, antwoord.content)


def eis(antwoord: Antwoord) -> Antwoord:
    """The answer itself. Raises Problem with the status and the words of the owner when it refused."""
    if antwoord.gelukt:
        return antwoord
    inhoud = antwoord.inhoud
    raise Problem(
        antwoord.status,
        str(inhoud.get("code", "geweigerd")),
        str(inhoud.get("title", "Dit lukt niet.")),
        str(inhoud.get("volgende_stap", "Ga terug en probeer het opnieuw.")),
    )
