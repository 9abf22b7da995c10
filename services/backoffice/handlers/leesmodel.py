"""One handler for all events: each becomes a row of the read model, and changes the work list and the figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from chassis.db import Tx
from chassis.errors import BadData
from chassis.kafka import Event

from ..domain.grip import meldingstap, redenen
from ..domain.onderwerpen import vertel
from ..domain.taal import AMSTERDAM
from ..domain.taken import gevolg
from ..store import gebeurtenis, grip
from .taken import volg


async def leg_vast(tx: Tx, events: Sequence[Event]) -> Collection[str]:
    """Keep events as rows, and what they mean for the work list and the figures.

    The same event again changes nothing (G2). None of them ever waits.
    """
    regels, gevolgen, stappen = [], [], []
    for event in events:
        try:
            regels.append((event, vertel(event.type, event.data)))
            gevolgen.append((event, gevolg(event.type, event.data)))
            stappen.append((event, meldingstap(event.type, event.data)))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            # from None: the text of these errors holds the value (G18)
            raise BadData(f"{event.type}: data does not fit the contract") from None
    nieuw = await gebeurtenis.insert_gebeurtenissen(tx, regels)
    for event, wat in gevolgen:
        if wat is not None and event.event_id in nieuw:
            await volg(tx, event, wat)
    for event, stap in stappen:
        if stap is not None and event.client_id is not None:
            dag = event.gebeurd_at.astimezone(AMSTERDAM).date()
            await grip.volg_melding(tx, event.gemeente, event.client_id, stap, dag)
    afgekeurd = [
        (event, regel.soort, code)
        for event, regel in regels
        if event.aanbieder is not None and regel.soort is not None
        for code in redenen(event.type, regel)
    ]
    if afgekeurd:
        await grip.add_afkeuringen(tx, afgekeurd)
    return ()
