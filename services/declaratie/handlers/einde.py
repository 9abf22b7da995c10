"""The end of a declaratie: the part that completes the number closes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from services.declaratie.contracts import TOPIC, DeclaratieAfgehandeld
from services.declaratie.store import declaratie


async def close(tx: Tx, gemeente: str, oorzaak: str | None, per_bericht: Mapping[str, tuple[int, int]]) -> None:
    """Count the parts; who completes the number tells the end. One fixed order, so that locks never make a circle."""
    for bericht_id, (aantal, cent) in sorted(per_bericht.items()):
        rij = await declaratie.count_delen(tx, bericht_id, aantal, cent, clock.now())
        if rij is None or rij["compleet"] is None:
            continue
        await publish_einde(
            tx, gemeente, oorzaak, rij["aanbieder"], bericht_id, rij["declaratie_nummer"], rij["periode_begin"],
            rij["ingediend_cent"], toegekend_cent=rij["toegekend_cent"], delen=rij["delen"],
            afgekeurd=await declaratie.load_afgekeurd(tx, bericht_id),
        )  # fmt: skip


async def publish_einde(
    tx: Tx,
    gemeente: str,
    oorzaak: str | None,
    aanbieder: str,
    bericht_id: str,
    declaratie_nummer: str,
    periode: date,
    ingediend_cent: int,
    *,
    declaratie_codes: list[str] | None = None,
    toegekend_cent: int = 0,
    delen: int = 0,
    afgekeurd: dict[str, int] | None = None,
) -> None:
    """Tell the judgement of the whole declaratie: refused, or all parts judged."""
    await outbox.add(
        tx,
        topic=TOPIC,
        type="declaratie.declaratie_afgehandeld",
        key=bericht_id,
        gemeente=gemeente,
        aanbieder=aanbieder,
        oorzaak=oorzaak,
        keten=bericht_id,
        data=DeclaratieAfgehandeld(
            bericht_id=bericht_id,
            declaratie_nummer=declaratie_nummer,
            periode=f"{periode:%Y-%m}",
            declaratie_codes=declaratie_codes or [],
            ingediend_cent=ingediend_cent,
            toegekend_cent=toegekend_cent,
            delen=delen,
            afgekeurd=afgekeurd or {},
        ),
    )
