"""The letter queue: what must go by post is taken in batches, each one PDF to print and put in envelopes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from uuid import uuid4

import httpx

from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Problem
from chassis.herhaling import once
from chassis.log import log
from services.notifications.domain.ontvanger import AMSTERDAM, INWONER
from services.notifications.domain.tekst import datum_in_woorden
from services.notifications.store import notificatie as store

PER_BATCH_MAX = 200
TIMEOUT_S = 10.0
ZONDER_ADRES = "Het adres is niet meer bekend. Verstuur deze brief niet."


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


async def vraag_adressen(rijen: Sequence[Any], *, intake: str, token: str) -> dict[str, list[str]]:
    """The addresses of the residents among these letters, asked in the name of who prints them; nothing is kept.

    Raises Problem 503 when intake is not there, 403 when it may not show them to this person.
    """
    client_ids = sorted({rij["ontvanger"] for rij in rijen if rij["ontvanger_soort"] == INWONER})
    if not client_ids:
        return {}
    koppen = {"Authorization": f"Bearer {token}"}
    try:
        async with httpx.AsyncClient(base_url=intake, timeout=TIMEOUT_S, trust_env=False) as client:
            antwoord = await client.post("/v1/clienten/adressen", json={"client_ids": client_ids}, headers=koppen)
        if antwoord.status_code == 403:
            raise Problem(
                403, "geen_adressen", "U mag de adressen van deze inwoners niet zien.", "Vraag het een consulent."
            )
        antwoord.raise_for_status()
        adressen: dict[str, list[str]] = antwoord.json()["adressen"]
    except (httpx.HTTPError, ValueError, KeyError) as fout:
        log.warning("adressen_onbereikbaar", fout=type(fout).__name__)
        raise Problem(
            503, "adressen_onbereikbaar", "De adressen zijn nu niet op te vragen.",
            "Probeer het over enkele seconden opnieuw.", headers={"Retry-After": "2"},
        ) from None  # fmt: skip
    return adressen


def als_html(rij: Any, adressen: Mapping[str, list[str]]) -> str:
    """One letter: address, day, subject and text. Without an address it says that it may not go."""
    regels = rij["adres"] or adressen.get(rij["ontvanger"]) or [ZONDER_ADRES]
    adres = "<br>".join(escape(regel) for regel in regels)
    dag = datum_in_woorden(rij["gemaakt_at"].astimezone(AMSTERDAM).date())
    alineas = [f"<p>{escape(alinea).replace(chr(10), '<br>')}</p>" for alinea in rij["inhoud"].strip().split("\n\n")]
    kop = f"<p>{adres}</p><p>{dag}<br>Kenmerk: {rij['notificatie_id']}</p><h1>{escape(rij['onderwerp'])}</h1>"
    return f"<title>Brieven</title><body>{kop}{''.join(alineas)}</body>"
