"""Questions and commands to the other services, with the user's token: the owner judges the right, and logs who."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from chassis import trace
from chassis.log import log
from chassis.settings import Settings, SettingsError

TIMEOUT_S = 5.0


class DienstWeg(Exception):
    """The service does not answer; the page goes on without it, and says so."""


@dataclass(frozen=True)
class Antwoord:
    """What a service said: its status, and its JSON object (empty when it said something else)."""

    status: int
    inhoud: dict[str, Any]

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
            async with httpx.AsyncClient(base_url=basis, timeout=timeout_s, trust_env=False) as client:
                antwoord = await client.request(methode, pad, json=inhoud, headers=koppen)
            gegevens = antwoord.json() if antwoord.content else {}
        except (httpx.HTTPError, ValueError, SettingsError):
            log.warning("dienst_onbereikbaar", naam=dienst)
            raise DienstWeg from None
        if antwoord.status_code >= 500:
            log.warning("dienst_onbereikbaar", naam=dienst, status=antwoord.status_code)
            raise DienstWeg
        return Antwoord(antwoord.status_code, gegevens if isinstance(gegevens, dict) else {})
