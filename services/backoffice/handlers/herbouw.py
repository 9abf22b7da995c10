"""Rebuild the read model from the outboxes while the old one serves, and switch in one transaction (ADR 0032)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from chassis.db import TRANSIENT, Tx
from chassis.errors import BadData
from chassis.kafka import Event
from chassis.log import log

from ..domain.onderwerpen import VERTELLERS
from ..store import herbouw
from .leesmodel import leg_vast

PER_KEER = 500
WISSEL_UITERLIJK_S = 300.0
_ADEM_S = 0.2


class NietGelukt(Exception):
    """The rebuild did not happen, and nothing changed; its text says why."""


@dataclass
class Uitslag:
    """What a rebuild did, in events: told again, taken over as they were, and not to be told (they stay parked)."""

    verteld: int = 0
    overgenomen: int = 0
    overgeslagen: int = 0


async def herbouw_leesmodel(tx: Tx) -> Uitslag:
    """Build a second read model and let it take the place of the first. `tx` is a connection of the operator.

    Until the switch the pages answer from the old one. An end halfway leaves that as it is. Raises NietGelukt.
    """
    if not await herbouw.alleen_ik(tx):
        raise NietGelukt("Er loopt al een herbouw. Wacht tot die klaar is.")
    uitslag = Uitslag()
    await tx.execute("SET zorgketen.overal = 'ja'")
    await herbouw.maak_tabellen(tx)
    aantal = await herbouw.lees_bron(tx, sorted(VERTELLERS))
    log.info("herbouw_begonnen", aantal=aantal)
    uitslag.overgenomen = await herbouw.neem_over(tx)
    await _vertel_bron(tx, uitslag)
    await _haal_in(tx, uitslag)
    await herbouw.analyseer(tx)
    await _wissel(tx, uitslag)
    await herbouw.ruim_op(tx)
    return uitslag


async def _vertel_bron(tx: Tx, uitslag: Uitslag) -> None:
    na = 0
    while gevonden := await herbouw.list_bron(tx, na, PER_KEER):
        na = gevonden[-1][0]
        async with herbouw.in_nieuwe_tabellen(tx):
            await _vertel(tx, [event for _, event in gevonden if event is not None], uitslag)


async def _haal_in(tx: Tx, uitslag: Uitslag) -> None:
    """What came meanwhile, until little is left for the switch."""
    while gemist := await herbouw.list_gemist(tx):
        verteld = uitslag.verteld
        for begin in range(0, len(gemist), PER_KEER):
            async with herbouw.in_nieuwe_tabellen(tx):
                await _vertel(tx, gemist[begin : begin + PER_KEER], uitslag)
        if uitslag.verteld - verteld < PER_KEER:
            return


async def _vertel(tx: Tx, events: Sequence[Event], uitslag: Uitslag) -> None:
    """Tell events once more, in halves when one of them does not fit: that one is parked, or will be."""
    try:
        async with tx.transaction():
            await leg_vast(tx, events)
        uitslag.verteld += len(events)
    except BadData:
        if len(events) == 1:
            uitslag.overgeslagen += 1
            return
        midden = len(events) // 2
        await _vertel(tx, events[:midden], uitslag)
        await _vertel(tx, events[midden:], uitslag)


async def _wissel(tx: Tx, uitslag: Uitslag) -> None:
    """The last events, and the switch. Gives way to who works, and tries again."""
    uiterlijk = time.monotonic() + WISSEL_UITERLIJK_S
    while True:
        poging = Uitslag()
        try:
            async with herbouw.in_nieuwe_tabellen(tx):
                await herbouw.houd_schrijvers_op(tx)
                await _vertel(tx, await herbouw.list_gemist(tx), poging)
                await herbouw.voeg_samen(tx)
                await herbouw.wissel(tx)
        except TRANSIENT as fout:
            if time.monotonic() > uiterlijk:
                raise NietGelukt("Het leesmodel is te druk om te wisselen. Probeer het op een rustig moment.") from None
            log.warning("wissel_opnieuw", fout=type(fout).__name__)
            await asyncio.sleep(_ADEM_S)
        else:
            uitslag.verteld += poging.verteld
            return
