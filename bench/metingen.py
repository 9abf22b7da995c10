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

from bench import verbruik
from bench.kaal import percentielen
from bench.vulling import A1, GOES, Bewoner, een_client, een_start, een_toewijzing
from lokaal.spel import Spel, wacht_tot

WACHT_S = 180
"""The longest wait for anything; a figure that takes longer is a failed one."""
UPLOADS_S = 300
"""For all uploads together, that go through one by one."""
_POSTBUS = "/v1/postbus?status=alle&limit=100&wacht=1&na="
_OVERLAP = 40
"""The mailbox is in the order of writing, and what was written earlier may be committed later."""


class Postbus:
    """One reader of the mailbox of A1 for the whole run: when which answer was first seen, and how many 301s.

    It asks as a provider's software does: a call waits at the server until the page changes, so reading costs the
    chain little, and what comes is seen at once.
    """

    def __init__(self, spel: Spel) -> None:
        self._spel = spel
        self._na = 0
        self._etag = ""
        self._geteld: set[str] = set()
        self.gezien: dict[str, float] = {}
        self.aantal_301 = 0

    def _kijk(self) -> None:
        koppen = {"If-None-Match": self._etag} if self._etag else {}
        antwoord = self._spel.vraag("GET", "knooppunt", _POSTBUS + str(self._na), A1, headers=koppen)
        if antwoord.status_code == 304:
            return
        bladzijde, nu = antwoord.raise_for_status().json(), time.perf_counter()
        for rij in bladzijde["berichten"]:
            if rij["bericht_id"] not in self._geteld:
                self._geteld.add(rij["bericht_id"])
                self.aantal_301 += rij["soort"] == "WMO301"
                self.gezien[rij["op_bericht"] or ""] = nu
        volgende = bladzijde["volgende"]
        if volgende:
            self._na = max(self._na + 1, int(volgende) - _OVERLAP)
        self._etag = "" if volgende else antwoord.headers["etag"]

    @contextmanager
    def open(self) -> Iterator[None]:
        """Read as long as the block runs; a reader that fails, fails the block."""
        klaar, fouten = threading.Event(), list[Exception]()

        def lees() -> None:
            try:
                while not klaar.is_set():
                    self._kijk()
            except Exception as fout:
                fouten.append(fout)

        draad = threading.Thread(target=lees)
        draad.start()
        try:
            yield
        finally:
            klaar.set()
            draad.join()
        for fout in fouten:
            raise fout


def starts(spel: Spel, postbus: Postbus, bewoners: list[Bewoner], per_s: int) -> dict[str, float]:
    """From 305 in to 306 in the mailbox, handed in at fixed moments whatever the answers do (open loop).

    And the CPU of all processes of the chain per start, idle work and whatever else runs included.
    """
    begonnen: dict[str, float] = {}
    xmls = [een_start(bewoner, spel.vandaag()) for bewoner in bewoners]
    with verbruik.cpu_s(spel.map) as gebruikt, postbus.open(), ThreadPoolExecutor(32) as pool:

        def stuur(xml: bytes) -> None:
            begin = time.perf_counter()
            antwoord = spel.post_xml(A1, xml)
            begonnen[antwoord.raise_for_status().json()["bericht_id"]] = begin

        nul, gestuurd = time.perf_counter(), []
        for n, xml in enumerate(xmls):
            time.sleep(max(0.0, nul + n / per_s - time.perf_counter()))
            gestuurd.append(pool.submit(stuur, xml))
        for een in gestuurd:
            een.result(WACHT_S)
        wacht_tot(lambda: begonnen.keys() <= postbus.gezien.keys() or None, "alle 306's", WACHT_S)
        cpu_ms = round(1000 * sum(gebruikt().values()) / len(bewoners), 1)
    return percentielen([(postbus.gezien[op] - begin) * 1000 for op, begin in begonnen.items()]) | {"cpu_ms": cpu_ms}


def declaraties(spel: Spel, bestanden: list[bytes], regels: int) -> dict[str, Any]:
    """Prestaties/s from the first byte of the first 323 in to the last 325 in the mailbox.

    And what that took: CPU seconds per 10,000 prestaties, in all and per process, and the most memory of declaratie.
    """
    declaratie = verbruik.pids(spel.map)["declaratie"]
    with verbruik.cpu_s(spel.map) as gebruikt, verbruik.hoogste_rss_mb(declaratie) as hoogste_mb:
        begin = time.perf_counter()
        with ThreadPoolExecutor(len(bestanden)) as pool:
            antwoorden = list(pool.map(lambda xml: spel.post_xml(A1, xml), bestanden))
        for antwoord in antwoorden:
            spel.wacht_op_antwoord(A1, antwoord.raise_for_status().json()["bericht_id"], WACHT_S)
        duur_s = time.perf_counter() - begin
        cpu_s = {naam: round(tot * 10_000 / regels, 2) for naam, tot in gebruikt().items() if tot}
        mb = hoogste_mb()
    return {
        "bestanden": len(bestanden),
        "prestaties": regels,
        "s": round(duur_s, 2),
        "per_s": round(regels / duur_s),
        "cpu_s_per_10k": round(sum(cpu_s.values()), 2),
        "cpu_s_per_10k_per_proces": cpu_s,
        "declaratie_mb": mb,
    }


@contextmanager
def onder_declaraties(spel: Spel, bestanden: list[bytes]) -> Iterator[Callable[[], int]]:
    """These claims one after another as long as the block runs; the call gives how many were handed in.

    They are made before, so that making them costs the chain nothing while it is measured.
    """
    klaar, fouten, ingediend = threading.Event(), list[Exception](), list[str]()

    def stuur() -> None:
        try:
            for xml in bestanden:
                if klaar.is_set():
                    return
                ingediend.append(spel.post_xml(A1, xml).raise_for_status().json()["bericht_id"])
                spel.wacht_op_antwoord(A1, ingediend[-1], WACHT_S)
        except Exception as fout:
            fouten.append(fout)

    draad = threading.Thread(target=stuur)
    draad.start()
    try:
        yield lambda: len(ingediend)
    finally:
        klaar.set()
        draad.join()
    for fout in fouten:
        raise fout


@contextmanager
def uploads(spel: Spel, bestanden: list[bytes]) -> Iterator[Callable[[], dict[str, Any]]]:
    """These files handed in all at once; the call gives how long that took and the most memory of knooppunt by then.

    Each must be accepted; it is done when the last event of the last file was handed over, and read. Memory is what
    all processes of knooppunt have resident together, looked at 20 times a second.
    """
    knooppunt = verbruik.pids(spel.map)["knooppunt"]
    begin = time.perf_counter()
    delen = sum(xml.count(b"<Client>") for xml in bestanden)
    gelezen = _tel(spel, _GELEZEN_DELEN) + delen
    with verbruik.hoogste_rss_mb(knooppunt) as hoogste_mb, ThreadPoolExecutor(len(bestanden)) as pool:
        # They go through one by one, so the last waits for all others.
        gestuurd = [pool.submit(spel.post_xml, A1, xml, timeout=UPLOADS_S) for xml in bestanden]

        def stand() -> dict[str, Any]:
            for een in gestuurd:
                een.result(UPLOADS_S).raise_for_status()
            aangenomen_s = round(time.perf_counter() - begin, 1)
            wacht_op_overdracht(spel)
            overgedragen_s = round(time.perf_counter() - begin, 1)
            return {"bestanden": len(gestuurd), "delen": delen, "s": aangenomen_s, "overgedragen_s": overgedragen_s,
                    "mb": hoogste_mb()}  # fmt: skip

        try:
            yield stand
        finally:
            stand()
            # What comes after is measured on a chain at rest.
            wacht_tot(lambda: _tel(spel, _GELEZEN_DELEN) >= gelezen or None, "alle delen gelezen", UPLOADS_S)


def wacht_op_overdracht(spel: Spel) -> None:
    """Until knooppunt has no event left that it did not hand over."""
    onverzonden = "select count(*) from knooppunt.outbox where verzonden_at is null"
    wacht_tot(lambda: _tel(spel, onverzonden) == 0 or None, "alle delen overgedragen", UPLOADS_S)


_GELEZEN_DELEN = "select count(*) from declaratie.inbox where topic = 'knooppunt-declaraties.v1'"


def _tel(spel: Spel, vraag: str) -> int:
    async def tel() -> int:
        db = await asyncpg.connect(spel.urls["postgres"])
        try:
            return int(await db.fetchval(vraag))
        finally:
            await db.close()

    return asyncio.run(tel())


def indicaties(spel: Spel, postbus: Postbus, bsns: list[str]) -> tuple[dict[str, Any], list[Bewoner]]:
    """301s/s from the first indicatie in to the last 301 in the mailbox; and whom they are about."""
    begin = time.perf_counter()
    with ThreadPoolExecutor(8) as pool, postbus.open():
        opdrachten = list(pool.map(lambda bsn: spel.geef_indicatie(GOES, een_client(bsn), [een_toewijzing()]), bsns))
        wacht_tot(lambda: postbus.aantal_301 >= len(bsns) or None, "alle 301's", WACHT_S)
        duur_s = time.perf_counter() - begin
        standen = list(pool.map(lambda indicatie_id: spel.wacht_op_indicatie(GOES, indicatie_id), opdrachten))
    bewoners = [Bewoner(bsn, stand["toewijzing_nummers"][0]) for bsn, stand in zip(bsns, standen, strict=True)]
    return {"aantal": len(bsns), "s": round(duur_s, 2), "per_s": round(len(bsns) / duur_s)}, bewoners
