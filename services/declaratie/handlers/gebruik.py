"""Tells of toewijzingen that are long used much less or more than was promised."""

from __future__ import annotations

from datetime import date, timedelta

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from services.declaratie.contracts import TOPIC, GebruikWijktAf
from services.declaratie.domain.gebruik import MAANDEN, first_of_run, judge_gebruik, last_closed
from services.declaratie.store import gebruik


async def watch_gebruik(tx: Tx) -> None:
    """Once per cause: as long as it stays so without a break, it is not told again."""
    for gemeente in await gebruik.load_gemeenten(tx):
        await _watch(tx, gemeente, last_closed(clock.today()))


async def _watch(tx: Tx, gemeente: str, t_m: date) -> None:
    sinds, vorige = first_of_run(t_m), (t_m - timedelta(days=1)).replace(day=1)
    for rij in await gebruik.load_gebruik(tx, gemeente, sinds, t_m, MAANDEN):
        soort = judge_gebruik(rij["verplicht_cent"], rij["gerealiseerd_cent"])
        if soort is None or not await gebruik.claim_gebruik(tx, gemeente, rij["nummer"], soort, t_m, vorige):
            continue
        await outbox.add(
            tx,
            topic=TOPIC,
            type="declaratie.gebruik_wijkt_af",
            key=rij["client_id"],
            gemeente=gemeente,
            aanbieder=rij["aanbieder"],
            client_id=rij["client_id"],
            data=GebruikWijktAf(
                toewijzing_nummer=rij["nummer"],
                soort=soort,
                sinds=sinds,
                t_m=t_m,
                maanden=MAANDEN,
                verplicht_cent=rij["verplicht_cent"],
                gerealiseerd_cent=rij["gerealiseerd_cent"],
            ),
        )
