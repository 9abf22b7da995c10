"""The event flow as server-sent events. It reads the read model, so it works with any number of processes.

One watcher per process asks for all screens whether anything came; a gemeente is read once, however many of its people
look. So an open screen on which nothing happens costs next to nothing.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chassis.auth import Caller
from chassis.db import TRANSIENT, Pool, Tenant, transaction
from chassis.log import log

from . import presentatie
from .store import gebeurtenis

VENSTER = dt.timedelta(seconds=15)
"""Longer than a transaction of this service takes: a row that becomes visible late is still seen."""

GEMIST = dt.timedelta(days=1)
"""How far back a browser that was away may ask."""

RONDE_S = 0.25
PER_RONDE_MAX = 200
"""In a flood the newest rows are shown; the list itself has them all."""

GEZIEN_MAX = 5000
WACHTEND_MAX = 50
"""Rounds that a slow browser may be behind; then it misses the oldest, which the list itself has."""

Bericht = dict[str, str]
ALLES = gebeurtenis.Filter()


@dataclass(frozen=True)
class Ronde:
    """What came for one gemeente: rows, each with its text for a screen, and the strip of counts."""

    regels: list[tuple[Mapping[str, Any], Bericht]]
    telling: Bericht


@dataclass
class Gezien:
    """Numbers that were shown, the last few thousand."""

    nummers: dict[int, None] = field(default_factory=dict)

    def nieuw(self, volgnr: int) -> bool:
        """Whether this number was not shown before; now it was."""
        if volgnr in self.nummers:
            return False
        self.nummers[volgnr] = None
        while len(self.nummers) > GEZIEN_MAX:
            self.nummers.pop(next(iter(self.nummers)))
        return True


class Uitkijk:
    """Watches the read model for all screens of this process, as long as there is one."""

    def __init__(self, venster: dt.timedelta = VENSTER) -> None:
        """`venster`: how long after it was numbered a row may become visible and is still shown."""
        self._venster = venster
        self._schermen: dict[str, set[asyncio.Queue[Ronde]]] = {}
        self._gezien: dict[str, Gezien] = {}
        self._wachter: asyncio.Task[None] | None = None

    @contextmanager
    def scherm(self, db: Pool, gemeente: str) -> Iterator[asyncio.Queue[Ronde]]:
        """What comes for this gemeente from now on, round by round."""
        rondes: asyncio.Queue[Ronde] = asyncio.Queue(WACHTEND_MAX)
        self._schermen.setdefault(gemeente, set()).add(rondes)
        if self._wachter is None or self._wachter.done():
            self._wachter = asyncio.create_task(self._kijk(db))
        try:
            yield rondes
        finally:
            self._schermen[gemeente].discard(rondes)
            if not self._schermen[gemeente]:
                del self._schermen[gemeente]
                self._gezien.pop(gemeente, None)

    async def _kijk(self, db: Pool) -> None:
        stand, tot = -1, 0.0
        while self._schermen:
            try:
                # A number is handed out before its row can be seen, so one that is new keeps us looking for a while.
                nu = await gebeurtenis.load_stand(db)
                if nu != stand:
                    stand, tot = nu, time.monotonic() + self._venster.total_seconds()
                if time.monotonic() < tot:
                    for gemeente in list(self._schermen):
                        await self._vertel(db, gemeente)
            except TRANSIENT as fout:
                log.warning("stroom_opnieuw", fout=type(fout).__name__)
                stand = -1
            await asyncio.sleep(RONDE_S)

    async def _vertel(self, db: Pool, gemeente: str) -> None:
        """Give every screen of a gemeente what it has not seen."""
        gezien = self._gezien.setdefault(gemeente, Gezien())
        async with transaction(db, Tenant(gemeente)) as tx:
            rijen = await gebeurtenis.list_nieuwe(tx, gemeente, ALLES, na=0, venster=self._venster, limit=PER_RONDE_MAX)
            nieuw = [rij for rij in rijen if gezien.nieuw(rij["volgnr"])]
            if not nieuw:
                return
            telling = als_telling(await gebeurtenis.count_berichten(tx, gemeente))
        ronde = Ronde([(rij, als_bericht(rij)) for rij in nieuw], telling)
        for rondes in self._schermen.get(gemeente, ()):
            if rondes.full():
                rondes.get_nowait()
            rondes.put_nowait(ronde)


async def volg(
    uitkijk: Uitkijk, db: Pool, wie: Caller, keuze: gebeurtenis.Filter, sinds: int | None
) -> AsyncIterator[Bericht]:
    """Rows as `gebeurtenis`, the strip of counts as `telling`. `sinds` is the browser's Last-Event-ID."""
    gemeente, gezien = wie.gemeente or "", Gezien()
    # First in line, then a look back: so nothing falls in between.
    with uitkijk.scherm(db, gemeente) as rondes:
        async with transaction(db, wie.tenant) as tx:
            venster = VENSTER if sinds is None else GEMIST
            rijen = await gebeurtenis.list_nieuwe(
                tx, gemeente, keuze, na=sinds or 0, venster=venster, limit=PER_RONDE_MAX
            )
            telling = als_telling(await gebeurtenis.count_berichten(tx, gemeente)) if rijen else None
        for rij in rijen:
            gezien.nieuw(rij["volgnr"])
            yield als_bericht(rij)
        if telling:
            yield telling
        while True:
            ronde = await rondes.get()
            for rij, bericht in ronde.regels:
                if keuze.past(rij) and rij["volgnr"] > (sinds or 0) and gezien.nieuw(rij["volgnr"]):
                    yield bericht
            yield ronde.telling


def als_bericht(rij: Mapping[str, Any]) -> Bericht:
    data = json.dumps(presentatie.regel(rij), ensure_ascii=False)
    return {"event": "gebeurtenis", "id": str(rij["volgnr"]), "data": data}


def als_telling(aantallen: Mapping[str, tuple[int, int]]) -> Bericht:
    return {"event": "telling", "data": json.dumps(presentatie.tellingen(aantallen))}
