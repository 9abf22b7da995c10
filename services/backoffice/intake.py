"""Questions to intake, which owns the person; with the user's token, so intake logs who looked (NEN 7513)."""

from __future__ import annotations

from typing import Any

import httpx

from chassis import trace
from chassis.bsn import mask
from chassis.log import log

TIMEOUT_S = 2.0


class IntakeWeg(Exception):
    """intake does not answer; the page goes on without the person's data."""


async def _vraag(basis: str, token: str, methode: str, pad: str, inhoud: Any = None) -> dict[str, Any] | None:
    try:
        async with httpx.AsyncClient(base_url=basis, timeout=TIMEOUT_S, trust_env=False) as client:
            koppen = {"Authorization": f"Bearer {token}", **trace.headers()}
            antwoord = await client.request(methode, pad, json=inhoud, headers=koppen)
        if antwoord.status_code in (404, 422):
            return None
        antwoord.raise_for_status()
        gegevens = antwoord.json()
    except (httpx.HTTPError, ValueError):
        log.warning("intake_onbereikbaar")
        raise IntakeWeg from None
    return gegevens if isinstance(gegevens, dict) else None


async def masked_bsn(basis: str, token: str, client_id: str) -> str | None:
    """The BSN as `*****0018`, or None when intake does not know the client."""
    gegevens = await _vraag(basis, token, "GET", f"/v1/clienten/{client_id}")
    if gegevens is None:
        return None
    for sleutel in ("bsn_gemaskeerd", "bsn"):
        waarde = gegevens.get(sleutel)
        if isinstance(waarde, str) and waarde:
            return mask(waarde) if waarde.isdigit() else waarde
    return None


async def find_client(basis: str, token: str, bsn: str) -> str | None:
    """The client_id of a BSN. The BSN goes in the body, never in a URL (G18)."""
    gegevens = await _vraag(basis, token, "POST", "/v1/clienten/zoek", {"bsn": bsn})
    return str(gegevens["client_id"]) if gegevens and gegevens.get("client_id") else None
