"""Events that wait for a predecessor: at most 10 s of real time, without holding up other clients."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

from chassis import inbox
from chassis.db import TRANSIENT, Pool, transaction
from chassis.envelope import parse
from chassis.errors import Retry, Wacht
from chassis.inbox import Herkomst
from chassis.kafka import BAD_DATA, Subscription, call
from chassis.log import log

WAIT = timedelta(seconds=10)
_POLL_S = 0.25


class Wakker:
    """Which clients had an event handled since the last look."""

    def __init__(self) -> None:
        self.klanten: set[str] = set()
        self._event = asyncio.Event()

    def handled(self, topic: str, klant: str) -> None:
        """Something of this client was handled: what waits of that client may go on."""
        self.klanten.add(klant)
        self._event.set()

    async def wait(self) -> set[str]:
        """Clients to look at now; empty when it is time to look at all."""
        try:
            await asyncio.wait_for(self._event.wait(), _POLL_S)
        except TimeoutError:
            return set()
        self._event.clear()
        klanten, self.klanten = self.klanten, set()
        return klanten


async def _next(pool: Pool, sub: Subscription, klant: str, wait: timedelta) -> bool:
    """Offer the first waiting event of a client to its handler; True when it waits no longer."""
    async with transaction(pool) as tx:
        await inbox.lock_keys(tx, (klant,))
        first = await inbox.first_waiting(tx, sub.topic, klant, wait)
        if first is None:
            return False
        event, _ = parse(first.ruw, None)
        if event is None or event.type not in sub.handlers:
            await inbox.stop_waiting(tx, first.volgorde)
            return True
        event.wacht_voorbij = first.voorbij
        bron = Herkomst(sub.topic, first.partitie, first.positie, klant.encode(), first.ruw, first.traceparent)
        names = {"event_id": event.event_id, "klant": event.client_id, "type": event.type}
        reden: str | None = None
        if event.client_id and await inbox.parked_clients(tx, sub.topic, [event.client_id]):
            reden = "achter_geparkeerd"
        else:
            try:
                async with tx.transaction():
                    await call(tx, sub.handlers[event.type], event, first.traceparent)
            except Wacht:
                if not first.voorbij:
                    return False
                reden = "wacht_na_termijn"
            except BAD_DATA:
                reden = "onbruikbaar"
        if reden is not None:
            await inbox.park(tx, bron, reden, **names)
            log.warning("event_geparkeerd", topic=sub.topic, type=event.type, reden=reden)
        await inbox.stop_waiting(tx, first.volgorde)
        return True


async def _all_of(pool: Pool, sub: Subscription, klanten: Iterable[str], wait: timedelta) -> None:
    for klant in klanten:
        try:
            while await _next(pool, sub, klant, wait):
                pass
        except Retry:
            continue


async def keep_trying(pool: Pool, subs: list[Subscription], wakker: Wakker, *, wait: timedelta = WAIT) -> None:
    """Offer waiting events again, for ever; unknown errors are raised."""
    while True:
        woken = await wakker.wait()
        try:
            for sub in subs:
                async with transaction(pool) as tx:
                    heads = await inbox.waiting_heads(tx, sub.topic)
                await _all_of(pool, sub, [k for k in heads if not woken or k in woken], wait)
        except TRANSIENT as error:
            log.warning("wachtrij_opnieuw", fout=type(error).__name__)
            await asyncio.sleep(1.0)
