"""HTTP to the knooppunt: hand in, mailbox, receipt.

A busy or restarting knooppunt (429, 502, 503, 504, a broken connection) is tried again
with growing pauses; that is safe, because the same bytes give the same answer.
"""

import asyncio
from typing import Any

import httpx

OPNIEUW = {429, 502, 503, 504}
MAX_WACHT_S = 30.0
MAX_PAUZE_S = 2.0
BLADZIJDE = 100


class Geweigerd(Exception):
    """The knooppunt refused a call; holds its problem document, never the message itself."""

    def __init__(self, status: int, probleem: dict[str, Any]) -> None:
        """Keep status and problem for the one who shows it."""
        super().__init__(f"het knooppunt weigert met {status}: {probleem.get('title', 'geen uitleg')}")
        self.status = status
        self.probleem = probleem


class Knooppunt:
    """The calls of a provider on one knooppunt, with its own token."""

    def __init__(self, url: str, token: str) -> None:
        """Open a connection pool; close it with `sluit`."""
        self._http = httpx.AsyncClient(
            base_url=url.rstrip("/"), headers={"Authorization": f"Bearer {token}"}, timeout=30
        )

    async def sluit(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _doe(self, methode: str, pad: str, **opties: Any) -> httpx.Response:
        gewacht_s, pauze_s = 0.0, 0.05
        while True:
            try:
                antwoord = await self._http.request(methode, pad, **opties)
            except httpx.TransportError:
                if gewacht_s >= MAX_WACHT_S:
                    raise
            else:
                if antwoord.status_code not in OPNIEUW or gewacht_s >= MAX_WACHT_S:
                    break
                pauze_s = max(pauze_s, _gevraagde_pauze_s(antwoord))
            await asyncio.sleep(pauze_s)
            gewacht_s, pauze_s = gewacht_s + pauze_s, min(pauze_s * 2, MAX_PAUZE_S)
        if antwoord.status_code >= 400:
            raise Geweigerd(antwoord.status_code, _probleem(antwoord))
        return antwoord

    async def lever_in(self, raw: bytes) -> dict[str, Any]:
        """Hand in a message; its receipt, the same one when these bytes were there before.

        With at least `bericht_id`, and `antwoord_uiterlijk` (a date or None).
        """
        antwoord = await self._doe("POST", "/v1/berichten", content=raw, headers={"Content-Type": "application/xml"})
        bewijs: dict[str, Any] = antwoord.json()
        return bewijs

    async def postbus(self, na: str | None = None, status: str = "nieuw") -> tuple[list[dict[str, Any]], str | None]:
        """One page of the mailbox, oldest first, and the cursor to the next."""
        vraag: dict[str, str | int] = {"status": status, "limit": BLADZIJDE}
        if na:
            vraag["na"] = na
        blad = (await self._doe("GET", "/v1/postbus", params=vraag)).json()
        return blad["berichten"], blad.get("volgende")

    async def haal(self, bericht_id: str) -> bytes:
        """A message from the mailbox, byte-exact."""
        return (await self._doe("GET", f"/v1/postbus/{bericht_id}")).content

    async def bevestig(self, bericht_id: str) -> None:
        """Receipt: the message leaves the new ones."""
        await self._doe("POST", f"/v1/postbus/{bericht_id}/bevestiging")


def _gevraagde_pauze_s(antwoord: httpx.Response) -> float:
    """What Retry-After asks, within our own patience."""
    gevraagd = antwoord.headers.get("Retry-After", "")
    return min(float(gevraagd), MAX_WACHT_S) if gevraagd.isascii() and gevraagd.isdigit() else 0.0


def _probleem(antwoord: httpx.Response) -> dict[str, Any]:
    try:
        probleem = antwoord.json()
    except ValueError:
        return {}
    return probleem if isinstance(probleem, dict) else {}
