"""Events that wait for a predecessor: at most 10 s of real time, without holding up other clients."""

import asyncio
from datetime import timedelta

from chassis import inbox
from chassis.db import GEEN, TRANSIENT, Pool, act_for, transaction
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


async def _next(pool: Pool, sub: Subscription, klant: str, na: int, wait: timedelta) -> tuple[int, bool] | None:
    """Offer a client's first waiting event after volgorde `na` to its handler.

    Gives its volgorde and whether it waits no longer; None when no such event waits.
    """
    async with transaction(pool, GEEN) as tx:
        await inbox.lock_keys(tx, (klant,))
        item = await inbox.next_waiting(tx, sub.topic, klant, na, wait)
        if item is None:
            return None
        event, _ = parse(item.ruw, None)
        if event is None or event.type not in sub.types:
            await inbox.stop_waiting(tx, item.volgorde)
            return item.volgorde, True
        event.wacht_voorbij = item.voorbij
        bron = Herkomst(sub.topic, item.partitie, item.positie, klant.encode(), item.ruw, item.traceparent)
        names = {"event_id": event.event_id, "klant": event.client_id, "type": event.type}
        reden: str | None = None
        if event.client_id and await inbox.parked(tx, sub.topic, event.client_id):
            reden = "achter_geparkeerd"
        else:
            await act_for(tx, event.tenant)
            try:
                async with tx.transaction():
                    if await call(tx, sub, [event], item.traceparent):
                        raise Wacht
            except Wacht:
                if not item.voorbij:
                    return item.volgorde, False
                reden = "wacht_na_termijn"
            except BAD_DATA:
                reden = "onbruikbaar"
        if reden is not None:
            await inbox.park(tx, bron, reden, **names)
            log.warning("event_geparkeerd", topic=sub.topic, type=event.type, reden=reden)
        await inbox.stop_waiting(tx, item.volgorde)
        return item.volgorde, True


async def _all_of(pool: Pool, sub: Subscription, klant: str, wait: timedelta) -> None:
    """Offer all that waits of a client, oldest first; from the start again after each that could go on."""
    na = 0
    try:
        while (offered := await _next(pool, sub, klant, na, wait)) is not None:
            volgorde, klaar = offered
            na = 0 if klaar else volgorde
    except Retry:
        return


async def keep_trying(pool: Pool, subs: list[Subscription], wakker: Wakker, *, wait: timedelta = WAIT) -> None:
    """Offer waiting events again, for ever; unknown errors are raised."""
    while True:
        woken = await wakker.wait()
        try:
            for sub in subs:
                async with transaction(pool, GEEN) as tx:
                    heads = await inbox.waiting_heads(tx, sub.topic)
                for klant in heads:
                    if not woken or klant in woken:
                        await _all_of(pool, sub, klant, wait)
        except TRANSIENT as error:
            log.warning("wachtrij_opnieuw", fout=type(error).__name__)
            await asyncio.sleep(1.0)
