"""Contracten en instellingen vastleggen."""

from __future__ import annotations

from typing import Any

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from services.toewijzing.handlers.zending import TOPIC
from services.toewijzing.store import contract as store


def contract_json(rij: dict[str, Any]) -> dict[str, Any]:
    """Een contract zoals in PUT /v1/contracten; minuten mogen tenzij anders afgesproken."""
    return {
        **rij,
        "minuten_toegestaan": rij["minuten_toegestaan"] is not False,
        "geldig_vanaf": rij["geldig_vanaf"].isoformat(),
        "geldig_tot": rij["geldig_tot"].isoformat() if rij["geldig_tot"] else None,
    }


async def vervang_contracten(tx: Tx, gemeente: str, contracten: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Vervangt alle contracten van de gemeente; dezelfde lijst nog eens verandert niets."""
    await store.lock_gemeente(tx, gemeente)
    nieuw = [contract_json(c) for c in contracten]
    if nieuw == [contract_json(r) for r in await store.load_rijen(tx, gemeente)]:
        return nieuw
    await store.replace_contracten(tx, gemeente, contracten, clock.now())
    await _publiceer(tx, gemeente, "toewijzing.contracten_vastgelegd", {"contracten": nieuw})
    return nieuw


async def vervang_instellingen(tx: Tx, gemeente: str, waarden: dict[str, Any]) -> dict[str, Any]:
    """Legt de instellingen van de gemeente vast; gelijke instellingen veranderen niets."""
    await store.lock_gemeente(tx, gemeente)
    if await store.load_instellingen(tx, gemeente) != waarden:
        await store.add_instellingen(tx, gemeente, waarden, clock.now())
        await _publiceer(tx, gemeente, "toewijzing.instellingen_vastgelegd", {"instellingen": waarden})
    return waarden


async def _publiceer(tx: Tx, gemeente: str, type_: str, data: dict[str, Any]) -> None:
    await outbox.add(tx, topic=TOPIC, type=type_, key=gemeente, gemeente=gemeente, data=data)
