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
_POLL_S = 0.5


class Wakker:
    """Which clients had an event handled since the last look, as long as anything waits at all."""

    def __init__(self) -> None:
        self.klanten: set[str] = set()
        self.something_waits = True
        self._event = asyncio.Event()

    def told(self, klant: str, outcome: str) -> None:
        """An event of this client was handled: what waits of that client may go on. Or one was put aside."""
        if outcome == "wacht":
            self.something_waits = True
        elif self.something_waits:
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
            reden = inbox.ACHTER
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
    per_topic = {sub.topic: sub for sub in subs}
    while True:
        woken = await wakker.wait()
        try:
            async with transaction(pool, GEEN) as tx:
                heads = await inbox.waiting_heads(tx, list(per_topic))
            # A copy of this service may have put something aside meanwhile: the next poll sees it.
            wakker.something_waits = bool(heads)
            for topic, klant in heads:
                if not woken or klant in woken:
                    await _all_of(pool, per_topic[topic], klant, wait)
        except TRANSIENT as error:
            log.warning("wachtrij_opnieuw", fout=type(error).__name__)
            await asyncio.sleep(1.0)
