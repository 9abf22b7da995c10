"""One service of a running chain, with a request held against what it may cost: time, memory, database and log."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx

from lokaal.proces import rss_mb
from lokaal.spel import Spel, wacht_tot
from tests.corpus import groot
from tests.corpus.corpus import Geval
from tests.unit.iwmo.voorbeelden import AGB, GEMEENTE, wijzig, wmo305

VEILIGE_KOPPEN = {
    "x-content-type-options",
    "x-frame-options",
    "content-security-policy",
    "cache-control",
    "api-version",
}
EFFECT = {
    "knooppunt": "select count(*) from knooppunt.bericht where richting = 'in'",
    "intake": "select count(*) from intake.indicatie",
}


@dataclass(frozen=True)
class Meting:
    """An answer and what it cost: seconds after the request began, MB above what the process had."""

    antwoord: httpx.Response
    seconden: float
    mb: float


class Rand:
    """The outside of one service: hand in, measure, and see that nothing else happened."""

    def __init__(self, keten: Spel, dienst: str) -> None:
        self.keten, self.dienst = keten, dienst
        self.url = keten.urls[dienst]
        self._log = keten.map / "log" / f"{dienst}.log"
        self.pid = self._pid()

    def _pid(self) -> int:
        return int(json.loads((self.keten.map / "processen.json").read_text())[self.dienst])

    def rss_mb(self) -> float:
        """Of all processes of the service together: a big file is read in one of its own."""
        return rss_mb(self.pid)

    def effecten(self) -> int:
        """How many requests had an effect: a refused one may not add to it."""

        async def tel() -> int:
            db = await asyncpg.connect(self.keten.urls["postgres"])
            try:
                return int(await db.fetchval(EFFECT[self.dienst]))
            finally:
                await db.close()

        return asyncio.run(tel())

    def meet(self, vraag: Callable[[], httpx.Response]) -> Meting:
        """The answer, its time, and the highest memory of the process above what it had before."""
        klaar, begin_mb = threading.Event(), self.rss_mb()
        hoogste = [begin_mb]

        def volg() -> None:
            while not klaar.wait(0.005):
                hoogste[0] = max(hoogste[0], self.rss_mb())

        volger = threading.Thread(target=volg)
        volger.start()
        begin = time.perf_counter()
        try:
            antwoord = vraag()
        finally:
            duur = time.perf_counter() - begin
            klaar.set()
            volger.join()
        return Meting(antwoord, duur, hoogste[0] - begin_mb)

    def nieuwe_regels(self, vanaf: int) -> Iterator[dict[str, Any]]:
        with self._log.open("rb") as log:
            log.seek(vanaf)
            yield from (json.loads(regel) for regel in log.read().splitlines() if regel.startswith(b"{"))

    def log_lengte(self) -> int:
        return self._log.stat().st_size

    def log_vanaf(self, vanaf: int) -> str:
        with self._log.open("rb") as log:
            log.seek(vanaf)
            return log.read().decode()

    def lever_in(self, raw: bytes, pad: str = "/v1/berichten") -> httpx.Response:
        koppen = {"Content-Type": "application/xml"}
        return self.keten.vraag("POST", "knooppunt", pad, AGB, content=raw, headers=koppen)

    def indiceer(self, raw: bytes) -> httpx.Response:
        koppen = {"Content-Type": "application/json"}
        return self.keten.vraag("POST", "intake", "/v1/indicaties", GEMEENTE, content=raw, headers=koppen)

    def warm_op(self) -> None:
        """What a process loads once is not the cost of a file: the next request, and the process for big files."""
        for _ in range(3):
            self.gaat_door()
        if self.dienst == "knooppunt":
            assert self.lever_in(groot.onbekende_elementen(200_000)).status_code == 422

    def gaat_door(self) -> None:
        """The same process answers the next good request."""
        assert self._pid() == self.pid, "the process was started again"
        if self.dienst == "knooppunt":
            goed = self.lever_in(wijzig(wmo305(), ("A126A0001", "NOOIT_INGEST")), "/v1/controle")
            # Its number is of nobody: that is for the owner to judge, and the last thing that is judged.
            assert goed.status_code == 200 and [b["regel"] for b in goed.json()["bevindingen"]] == ["TR019"], goed.text
        else:
            assert self.keten.vraag("GET", self.dienst, "/v1/indicaties/x", GEMEENTE).status_code == 404


def toets_antwoord(geval: Geval, antwoord: httpx.Response, rand: Rand) -> None:
    """Status, code and rule as written down; a problem document; no value of the file anywhere."""
    assert antwoord.status_code in geval.statussen, antwoord.text[:500]
    assert {kop.lower() for kop in antwoord.headers} >= VEILIGE_KOPPEN
    inhoud = antwoord.json()
    inhoud.pop("retour", None)  # holds the message's own classes, for the one who sent it
    toets_geen_waarde(geval, json.dumps(inhoud, ensure_ascii=False))
    if geval.status >= 400:
        assert antwoord.headers["content-type"] == "application/problem+json"
        assert geval.code is None or inhoud["code"] == geval.code, inhoud
        assert inhoud["title"] and inhoud["volgende_stap"]
        assert geval.regel is None or geval.regel in {b["regel"] for b in inhoud["bevindingen"]}, inhoud
    elif geval.retourcode:
        stand = rand.keten.vraag("GET", "knooppunt", antwoord.headers["location"], AGB).json()
        assert stand["status"] == "afgekeurd" and stand["antwoord"], stand
        assert geval.retourcode in {b["retourcode"] for b in stand["bevindingen"]}, stand


def toets_geen_waarde(geval: Geval, tekst: str) -> None:
    for waarde in geval.must_not_contain:
        assert waarde not in tekst, f"{geval} repeats a value"


def toets_log(rand: Rand, vanaf: int, status: int) -> None:
    """A refusal has its line, with a code."""

    def regel() -> bool | None:
        gevonden = [r for r in rand.nieuwe_regels(vanaf) if r["event"] == "verzoek_geweigerd"]
        return True if any(r.get("status") == status and r.get("code") for r in gevonden) else None

    wacht_tot(regel, "de weigering in het log", 5)


def proef(rand: Rand, geval: Geval, vraag: Callable[[bytes], httpx.Response]) -> Meting:
    """Hand in one file and hold all that follows against its verdict."""
    raw = geval.maak()
    voor, vanaf = rand.effecten(), rand.log_lengte()
    meting = rand.meet(lambda: vraag(raw))
    toets_antwoord(geval, meting.antwoord, rand)
    if geval.status >= 400:
        assert rand.effecten() == voor, "a refused request had an effect"
        toets_log(rand, vanaf, geval.status)
    toets_geen_waarde(geval, rand.log_vanaf(vanaf))
    assert meting.seconden < geval.seconden * 3, f"{geval}: {meting.seconden:.2f} s"
    assert meting.mb < geval.mb, f"{geval}: {meting.mb:.0f} MB"
    rand.gaat_door()
    return meting
