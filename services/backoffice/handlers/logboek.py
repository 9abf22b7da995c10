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


async def log_eigen(tx: Tx, toegang: Toegang) -> None:
    """A look in the back office itself, or a refused one: in its own chain, and in the copies that people see."""
    rij = ToegangVastgelegd.model_validate(await log_toegang(tx, toegang))
    await logboek.insert_logboek(tx, "backoffice", toegang.gemeente, toegang.client_id, None, rij)


async def toon_logboek(
    tx: Tx, gemeente: str, wie: str, client_id: str | None, *, voor: int | None, limit: int
) -> list[dict[str, Any]]:
    """Who looked at a client, or at anybody (None), newest first. This look is logged in the same transaction.

    Problem 404 for a client of whom no look is known here, such as that of another municipality.
    """
    if client_id is not None and not await logboek.is_bekend(tx, gemeente, client_id):
        raise Problem(404, "client_onbekend", "Deze client is niet bekend", "Controleer het kenmerk van de client.")
    await log_eigen(tx, Toegang(gemeente, wie, gemeente, "logboek_ingezien", client_id))
    return await logboek.list_logboek(tx, gemeente, client_id, voor=voor, limit=limit)
