"""One handler for all events: each becomes a row of the read model, and changes the work list."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from chassis.db import Tx
from chassis.errors import BadData
from chassis.kafka import Event

from ..domain.onderwerpen import vertel
from ..domain.taken import gevolg
from ..store import gebeurtenis
from .taken import volg


async def leg_vast(tx: Tx, events: Sequence[Event]) -> Collection[str]:
    """Keep events as rows, and what they mean for the work list; the same event again changes nothing (G2).

    None of them ever waits.
    """
    regels, gevolgen = [], []
    for event in events:
        try:
            regels.append((event, vertel(event.type, event.data)))
            gevolgen.append((event, gevolg(event.type, event.data)))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            # from None: the text of these errors holds the value (G18)
            raise BadData(f"{event.type}: data does not fit the contract") from None
    nieuw = await gebeurtenis.insert_gebeurtenissen(tx, regels)
    for event, wat in gevolgen:
        if wat is not None and event.event_id in nieuw:
            await volg(tx, event, wat)
    return ()
