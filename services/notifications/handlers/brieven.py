"""The letter queue: what must go by post is taken in batches, each one PDF to print and put in envelopes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any
from uuid import uuid4

from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Problem
from chassis.herhaling import once
from services.notifications.domain.ontvanger import AMSTERDAM
from services.notifications.domain.tekst import datum_in_woorden
from services.notifications.store import notificatie as store

PER_BATCH_MAX = 200


async def maak_batch(tx: Tx, gemeente: str, sleutel: str | None) -> dict[str, Any]:
    """Give the waiting letters to the post; the same Idempotency-Key gives the same batch."""

    async def doe() -> dict[str, Any]:
        batch_id = str(uuid4())
        aantal = await store.batch_brieven(tx, batch_id, clock.now(), PER_BATCH_MAX)
        return {"aantal": aantal, "batch_id": batch_id if aantal else None}

    return await once(tx, gemeente, sleutel, {"soort": "brievenbatch"}, doe)


async def toon_batch(tx: Tx, batch_id: str) -> Sequence[Any]:
    """The letters of a batch; raises Problem 404 when the municipality has none by this id."""
    rijen = await store.load_batch(tx, batch_id)
    if not rijen:
        raise Problem(404, "batch_onbekend", "Deze brieven zijn er niet", "Controleer het kenmerk.")
    return rijen


def als_html(rij: Any) -> str:
    """One letter: address, day, subject and text."""
    adres = "<br>".join(escape(regel) for regel in rij["adres"] or [])
    dag = datum_in_woorden(rij["gemaakt_at"].astimezone(AMSTERDAM).date())
    alineas = [f"<p>{escape(alinea).replace(chr(10), '<br>')}</p>" for alinea in rij["inhoud"].strip().split("\n\n")]
    kop = f"<p>{adres}</p><p>{dag}<br>Kenmerk: {rij['notificatie_id']}</p><h1>{escape(rij['onderwerp'])}</h1>"
    return f"<title>Brieven</title><body>{kop}{''.join(alineas)}</body>"
