"""What lies ready and was told by no event that its turn has come."""

from __future__ import annotations

from chassis.db import Tx
from chassis.inbox import lock_keys
from services.declaratie.handlers.declaratie import accept_koppen
from services.declaratie.handlers.delen import judge_klaarliggend
from services.declaratie.store import declaratie, volgorde


async def judge_waiting(tx: Tx) -> None:
    """Headers that waited for a fact, and parts whose predecessor was judged or whose fact came or stayed away."""
    for gemeente, aanbieder in await volgorde.load_wachtende_aanbieders(tx):
        await declaratie.lock_aanbieder(tx, gemeente, aanbieder)
        await accept_koppen(tx, gemeente, aanbieder)
    per_gemeente = await volgorde.load_klaarliggende_clienten(tx)
    await lock_keys(tx, (client_id for clienten in per_gemeente.values() for client_id in clienten))
    for gemeente, clienten in per_gemeente.items():
        await judge_klaarliggend(tx, gemeente, clienten, None)
        await volgorde.set_gezien(tx, gemeente, clienten)
