"""Een webhook: een aanbieder of gemeente hoort dat er iets is, nooit wat."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Wie
from services.notifications.contracts import Webhook, WebhookIn, Webhooks
from services.notifications.handlers.beller import beller
from services.notifications.handlers.webhook import als_webhook, toon_webhook, verwijder_webhook, zet_webhook
from services.notifications.store import webhook as store

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])

Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


@router.put("/{webhook_id}", response_model_exclude_none=True)
async def put_webhook(webhook_id: Id, body: WebhookIn, db: Database, wie: Wie) -> Webhook:
    """Legt vast waar en waarover u gebeld wilt worden. U kiest de naam in het pad zelf.

    Elke oproep is een POST met `Zorgketen-Tijdstip`, `Zorgketen-Kenmerk` en `Zorgketen-Handtekening`: `sha256=` en
    de HMAC-SHA-256, met het geheim, over tijdstip, punt en inhoud. Weiger wat ouder is dan 5 minuten. Een geheim dat de
    dienst maakt staat alleen in dit antwoord; een ander geheim geeft u mee.
    """
    wij = beller(wie)
    async with transaction(db, wij.tenant) as tx:
        return await zet_webhook(tx, wij, webhook_id, body)


@router.get("", response_model_exclude_none=True)
async def get_webhooks(db: Database, wie: Wie) -> Webhooks:
    """Uw webhooks, zonder geheim."""
    wij = beller(wie)
    async with transaction(db, wij.tenant) as tx:
        return Webhooks(webhooks=[als_webhook(rij) for rij in await store.list_webhooks(tx, wij.eigenaar)])


@router.get("/{webhook_id}", response_model_exclude_none=True)
async def get_webhook(webhook_id: Id, db: Database, wie: Wie) -> Webhook:
    """Een webhook, zonder geheim."""
    wij = beller(wie)
    async with transaction(db, wij.tenant) as tx:
        return await toon_webhook(tx, wij, webhook_id)


@router.delete("/{webhook_id}", status_code=204)
async def delete_webhook(webhook_id: Id, db: Database, wie: Wie) -> Response:
    """Niet meer bellen. Wat er was, staat nog in `GET /v1/notificaties`."""
    wij = beller(wie)
    async with transaction(db, wij.tenant) as tx:
        await verwijder_webhook(tx, wij, webhook_id)
    return Response(status_code=204)
