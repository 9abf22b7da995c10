"""What is measured of the chain, from the outside: over HTTP and XML, until it lies in the mailbox."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import asyncpg

from bench.kaal import percentielen
from bench.vulling import A1, GOES, Bewoner, declaratie, een_client, een_start, een_toewijzing
from lokaal.spel import Spel, wacht_tot

WACHT_S = 300


class Postbus:
    """One reader of the mailbox of A1, in a thread of its own: when which answer was first seen."""

    def __init__(self, spel: Spel) -> None:
        self._spel = spel
        self._na: str | None = None
        self.gezien: dict[str, float] = {}
        self.aantal_301 = 0

    def kijk(self) -> None:
        na = f"&na={self._na}" if self._na else ""
        antwoord = self._spel.vraag("GET", "knooppunt", f"/v1/postbus?status=alle&limit=500{na}", A1)
        antwoord.raise_for_status()
        bladzijde, nu = antwoord.json(), time.perf_counter()
        for rij in bladzijde["berichten"]:
            self.aantal_301 += rij["soort"] == "WMO301"
            if rij["op_bericht"]:
                self.gezien.setdefault(rij["op_bericht"], nu)
        if bladzijde["volgende"] is not None:
            self._na = bladzijde["volgende"]
            self.kijk()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Looks every 5 ms."""
        klaar = threading.Event()

        def lees() -> None:
            while not klaar.wait(0.005):
                self.kijk()

        draad = threading.Thread(target=lees)
        draad.start()
        try:
            yield
        finally:
            klaar.set()
            draad.join()


def starts(spel: Spel, bewoners: list[Bewoner], per_s: int) -> dict[str, float]:
    """From 305 in to 306 in the mailbox, handed in at fixed moments whatever the answers do (open loop)."""
    postbus, begonnen = Postbus(spel), {}
    with postbus.open(), ThreadPoolExecutor(32) as pool:

        def stuur(bewoner: Bewoner) -> None:
            begin = time.perf_counter()
            antwoord = spel.post_xml(A1, een_start(bewoner, spel.vandaag()))
            begonnen[antwoord.raise_for_status().json()["bericht_id"]] = begin

        nul = time.perf_counter()
        for n, bewoner in enumerate(bewoners):
            time.sleep(max(0.0, nul + n / per_s - time.perf_counter()))
            pool.submit(stuur, bewoner)
        wacht_tot(lambda: _alles(begonnen, postbus, len(bewoners)), "alle 306's", WACHT_S)
    return percentielen([(postbus.gezien[op] - begin) * 1000 for op, begin in begonnen.items()])


def _alles(begonnen: dict[str, float], postbus: Postbus, aantal: int) -> bool | None:
    return True if len(begonnen) == aantal and begonnen.keys() <= postbus.gezien.keys() else None


def declaraties(spel: Spel, bestanden: list[bytes], regels: int) -> dict[str, Any]:
    """Prestaties/s from the first byte of the first 323 in to the last 325 in the mailbox."""
    begin = time.perf_counter()
    with ThreadPoolExecutor(len(bestanden)) as pool:
        antwoorden = list(pool.map(lambda xml: spel.post_xml(A1, xml), bestanden))
    for antwoord in antwoorden:
        spel.wacht_op_antwoord(A1, antwoord.raise_for_status().json()["bericht_id"], WACHT_S)
    duur_s = time.perf_counter() - begin
    return {"bestanden": len(bestanden), "prestaties": regels, "s": round(duur_s, 2), "per_s": round(regels / duur_s)}


@contextmanager
def onder_declaraties(spel: Spel, bewoners: list[Bewoner]) -> Iterator[Callable[[], int]]:
    """Big claims one after another as long as the block runs; the call gives how many were handed in."""
    klaar, aantal = threading.Event(), 0

    def stuur() -> None:
        nonlocal aantal
        while not klaar.is_set():
            xml = declaratie(bewoners, spel.vandaag(), f"LAST{aantal}")
            aantal += 1
            op = spel.post_xml(A1, xml).raise_for_status().json()["bericht_id"]
            spel.wacht_op_antwoord(A1, op, WACHT_S)

    draad = threading.Thread(target=stuur)
    draad.start()
    try:
        yield lambda: aantal
    finally:
        klaar.set()
        draad.join()


def indicaties(spel: Spel, bsns: list[str]) -> tuple[dict[str, Any], list[Bewoner]]:
    """301s/s from the first indicatie in to the last 301 in the mailbox; and whom they are about."""
    postbus = Postbus(spel)
    postbus.kijk()
    vooraf, begin = postbus.aantal_301, time.perf_counter()
    with ThreadPoolExecutor(8) as pool, postbus.open():
        gemaakt = list(pool.map(lambda bsn: spel.indicatie(GOES, een_client(bsn), [een_toewijzing()]), bsns))
        wacht_tot(lambda: postbus.aantal_301 - vooraf >= len(bsns) or None, "alle 301's", WACHT_S)
    duur_s = time.perf_counter() - begin
    bewoners = [Bewoner(bsn, een["toewijzing_nummers"][0]) for bsn, een in zip(bsns, gemaakt, strict=True)]
    return {"aantal": len(bsns), "s": round(duur_s, 2), "per_s": round(len(bsns) / duur_s)}, bewoners


def wacht_op_beeld(dsn: str, aantal: int) -> None:
    """Until declaratie knows so many toewijzingen."""

    async def bekend() -> int:
        db = await asyncpg.connect(dsn)
        try:
            return int(await db.fetchval("select count(*) from declaratie.toewijzing_versie"))
        finally:
            await db.close()

    wacht_tot(lambda: asyncio.run(bekend()) >= aantal or None, "het beeld van declaratie", WACHT_S)
