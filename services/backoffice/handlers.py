"""One handler for every event: it becomes a row of the read model."""

from __future__ import annotations

from chassis.db import Tx
from chassis.errors import BadData
from chassis.kafka import Event

from . import store
from .domain.regel import vertel


async def leg_vast(tx: Tx, event: Event) -> None:
    """Keep the event as a row; the same event again changes nothing (G2)."""
    try:
        regel = vertel(event.type, event.data)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        # from None: the text of these errors holds the value (G18)
        raise BadData(f"{event.type}: data does not fit the contract") from None
    await store.insert_gebeurtenis(tx, event, regel)
