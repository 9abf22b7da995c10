"""Questions to intake, which owns the person; it logs who looked (NEN 7513)."""

from __future__ import annotations

from chassis.bsn import mask

from .buren import Buren, DienstWeg

TIMEOUT_S = 2.0


async def masked_bsn(buren: Buren, token: str, client_id: str) -> str | None:
    """The BSN as `*****0018`, or None when intake does not know the client. Raises DienstWeg."""
    antwoord = await buren.vraag(token, "intake", "GET", f"/v1/clienten/{client_id}", timeout_s=TIMEOUT_S)
    for sleutel in ("bsn_gemaskeerd", "bsn"):
        waarde = antwoord.inhoud.get(sleutel)
        if antwoord.gelukt and isinstance(waarde, str) and waarde:
            return mask(waarde) if waarde.isdigit() else waarde
    return None


async def find_client(buren: Buren, token: str, bsn: str) -> str | None:
    """The client_id of a BSN. The BSN goes in the body, never in a URL (G18). Raises DienstWeg."""
    antwoord = await buren.vraag(token, "intake", "POST", "/v1/clienten/zoek", {"bsn": bsn}, timeout_s=TIMEOUT_S)
    if antwoord.status not in (200, 404, 422):
        raise DienstWeg
    gevonden = antwoord.inhoud.get("client_id")
    return str(gevonden) if antwoord.gelukt and gevonden else None
