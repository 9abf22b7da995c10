"""The log of who looked at whom."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from chassis.audit import Toegang, log_toegang
from chassis.db import Tx
from chassis.errors import BadData, Problem
from chassis.kafka import Event

from ..contracts import ToegangVastgelegd
from ..store import logboek


async def leg_toegang_vast(tx: Tx, event: Event) -> None:
    """Keep a copy of a row of the access log of another service; the same row again changes nothing."""
    try:
        rij = ToegangVastgelegd.model_validate(event.data)
    except ValidationError:
        raise BadData(f"{event.type}: data does not fit the contract") from None
    await logboek.insert_logboek(tx, event.type.partition(".")[0], event.gemeente, event.client_id, event.keten, rij)


async def toon_logboek(
    tx: Tx, gemeente: str, wie: str, client_id: str, *, voor: int | None, limit: int
) -> list[dict[str, Any]]:
    """Who looked at a client, newest first. This look is logged in the same transaction, and stands in it.

    Problem 404 for a client of whom no look is known here, such as that of another municipality.
    """
    if not await logboek.list_logboek(tx, gemeente, client_id, voor=None, limit=1):
        raise Problem(404, "client_onbekend", "Deze client is niet bekend", "Controleer het kenmerk van de client.")
    regel = await log_toegang(tx, Toegang(gemeente, wie, gemeente, "logboek_ingezien", client_id))
    rij = ToegangVastgelegd.model_validate(regel)
    await logboek.insert_logboek(tx, "backoffice", gemeente, client_id, None, rij)
    return await logboek.list_logboek(tx, gemeente, client_id, voor=voor, limit=limit)
