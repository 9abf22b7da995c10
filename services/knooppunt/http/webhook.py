"""A provider's webhook: it hears that there is something in its mailbox, never what."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth import Caller
from chassis.http import Database
from chassis.rechten import Wie
from services.knooppunt.handlers.seinen import toets_url
from services.knooppunt.handlers.toegang import geen_mandaat
from services.knooppunt.http.deur import deur
from services.knooppunt.http.grenzen import begrens
from services.knooppunt.store import webhook as store

router = APIRouter(prefix="/v1/webhook", tags=["webhook"], dependencies=[Depends(begrens)])


class WebhookIn(BaseModel):
    """Where to call."""

    model_config = ConfigDict(extra="forbid")
    url: Annotated[str, Field(max_length=500)]


@router.put("")
async def zet(body: WebhookIn, wie: Wie, db: Database) -> dict[str, str]:
    """Record the webhook. The answer holds a new secret, once: the key of the HMAC-SHA-256 over
    `Zorgketen-Tijdstip`, a dot and the body."""
    toets_url(body.url)
    geheim = secrets.token_urlsafe(32)
    agb = _eigen_agb(wie)
    async with deur(db, wie, agb) as (tx, _):
        await store.set_webhook(tx, agb, body.url, geheim.encode())
    return {"url": body.url, "geheim": geheim}


@router.delete("", status_code=204)
async def verwijder(wie: Wie, db: Database) -> Response:
    """No calls any more; the mailbox itself stays as it was."""
    agb = _eigen_agb(wie)
    async with deur(db, wie, agb) as (tx, _):
        await store.delete_webhook(tx, agb)
    return Response(status_code=204)


def _eigen_agb(wie: Caller) -> str:
    """A provider's own webhook; a vendor has none on its behalf."""
    if wie.agb is None:
        raise geen_mandaat()
    return wie.agb
