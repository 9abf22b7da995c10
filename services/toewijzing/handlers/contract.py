"""Contracten en instellingen vastleggen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from services.toewijzing.domain.contract import Contractregel, geraakt
from services.toewijzing.handlers.zending import TOPIC
from services.toewijzing.store import contract as store
from services.toewijzing.store import toewijzing as toewijzing_store

TONEN_MAX = 500


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


Verander = Callable[[list[Contractregel]], list[Contractregel]]
"""From the contracts that hold now to those that will."""


async def wijzig_contracten(tx: Tx, gemeente: str, verander: Verander, *, proef: bool) -> dict[str, Any]:
    """Verandert veel contracten tegelijk; `proef` toont alleen welke regels en toewijzingen dat raakt.

    `toewijzingen` noemt er hoogstens 500; `aantal_toewijzingen` telt ze allemaal.
    """
    await store.lock_gemeente(tx, gemeente)
    oud = [Contractregel(**rij) for rij in await store.load_rijen(tx, gemeente)]
    nieuw = verander(oud)
    was, wordt = set(oud), set(nieuw)
    anders = {regel.aanbieder for regel in was ^ wordt}
    actueel = await toewijzing_store.load_actuele(tx, gemeente, sorted(anders), clock.today())
    client_van = {versie.nummer: client_id for client_id, versie in actueel}
    geraakte = list(geraakt((versie for _, versie in actueel), oud, nieuw, clock.today()))
    if not proef:
        await vervang_contracten(tx, gemeente, [asdict(regel) for regel in nieuw])
    return {
        "proef": proef,
        "vervallen": [contract_json(asdict(regel)) for regel in oud if regel not in wordt],
        "nieuw": [contract_json(asdict(regel)) for regel in nieuw if regel not in was],
        "aantal_toewijzingen": len({g.versie.nummer for g in geraakte}),
        "toewijzingen": [
            {
                "toewijzing_nummer": g.versie.nummer,
                "client_id": client_van[g.versie.nummer],
                "aanbieder": g.versie.aanbieder,
                "gevolg": g.gevolg,
                "vanaf": g.vanaf.isoformat(),
            }
            for g in geraakte[:TONEN_MAX]
        ],
    }


async def vervang_instellingen(tx: Tx, gemeente: str, waarden: dict[str, Any]) -> dict[str, Any]:
    """Legt de instellingen van de gemeente vast; gelijke instellingen veranderen niets."""
    await store.lock_gemeente(tx, gemeente)
    if await store.load_instellingen(tx, gemeente) != waarden:
        await store.add_instellingen(tx, gemeente, waarden, clock.now())
        await _publiceer(tx, gemeente, "toewijzing.instellingen_vastgelegd", {"instellingen": waarden})
    return waarden


async def _publiceer(tx: Tx, gemeente: str, type_: str, data: dict[str, Any]) -> None:
    await outbox.add(tx, topic=TOPIC, type=type_, key=gemeente, gemeente=gemeente, data=data)
