"""Commands on webhooks: record, show, take away."""

from __future__ import annotations

import os
import secrets
from typing import Any

from chassis.bsn import SealError, own_key, seal
from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Bevinding, Problem
from services.notifications.bellen import SLEUTEL, zegelplek
from services.notifications.contracts import Webhook, WebhookIn
from services.notifications.domain import handtekening
from services.notifications.handlers.beller import Beller
from services.notifications.store import webhook as store


def is_lokaal() -> bool:
    """Whether this is one machine, where plain http and private addresses are allowed."""
    return os.environ.get("ZORGKETEN_OMGEVING") == "lokaal"


async def zet_webhook(tx: Tx, wie: Beller, webhook_id: str, body: WebhookIn) -> Webhook:
    """Record a webhook; the same again changes nothing. A secret that the service makes is shown this once.

    Raises Problem 422 for an address that may not be called, 503 when no key is set up to keep the secret.
    """
    if handtekening.lees_url(body.url, lokaal=is_lokaal()) is None:
        raise Problem(
            422, "adres_niet_toegestaan", "Naar dit adres kan geen bericht.", "Gebruik een https-adres.",
            [Bevinding(regel="notifications", pad="/url", melding="Dit is geen https-adres.",
                       volgende_stap="Gebruik een https-adres van uw eigen systeem.")],
        )  # fmt: skip
    oud = await store.load_webhook(tx, wie.eigenaar, webhook_id)
    gemaakt = secrets.token_urlsafe(32) if body.geheim is None and oud is None else None
    verzegeld: bytes | None = oud["geheim"] if oud is not None else None
    if nieuw := body.geheim or gemaakt:
        verzegeld = _verzegel(nieuw, wie.eigenaar, webhook_id)
    assert verzegeld is not None, "there is an old secret, one that was given, or one that was made"
    rij = await store.save_webhook(
        tx,
        gemeente=wie.gemeente,
        aanbieder=wie.aanbieder,
        webhook_id=webhook_id,
        url=body.url,
        geheim=verzegeld,
        aanleidingen=sorted(set(body.aanleidingen)),
        gewijzigd_at=clock.now(),
    )
    return als_webhook(rij, gemaakt)


async def verwijder_webhook(tx: Tx, wie: Beller, webhook_id: str) -> None:
    """Take it away; raises Problem 404 when the caller has none by this name."""
    if not await store.delete_webhook(tx, wie.eigenaar, webhook_id):
        raise webhook_onbekend()


async def toon_webhook(tx: Tx, wie: Beller, webhook_id: str) -> Webhook:
    """One webhook, without its secret; raises Problem 404 when the caller has none by this name."""
    rij = await store.load_webhook(tx, wie.eigenaar, webhook_id)
    if rij is None:
        raise webhook_onbekend()
    return als_webhook(rij)


def als_webhook(rij: Any, geheim: str | None = None) -> Webhook:
    """A row as an answer."""
    velden = {veld: rij[veld] for veld in ("webhook_id", "url", "aanleidingen", "gewijzigd_at")}
    return Webhook(**velden, geheim=geheim)


def webhook_onbekend() -> Problem:
    """404: no such webhook of this caller."""
    return Problem(404, "webhook_onbekend", "Deze webhook is er niet", "Controleer de naam in het pad.")


def _verzegel(geheim: str, eigenaar: str, webhook_id: str) -> bytes:
    try:
        return seal(own_key(SLEUTEL), geheim.encode(), zegelplek(eigenaar, webhook_id))
    except SealError:
        raise Problem(
            503, "webhooks_niet_ingericht", "Webhooks zijn hier nog niet ingericht.",
            "Vraag de beheerder om de sleutel voor webhooks in te stellen.",
        ) from None  # fmt: skip
