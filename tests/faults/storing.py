"""The notifications service under faults: its mail server is away half of the time, and it is killed again and again."""

from __future__ import annotations

import contextlib
import email
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from aiosmtpd.controller import Controller

from lokaal.proces import free_port
from services.notifications.verzending import VERBINDINGEN

WEIGERT = "0716"
"""Mail for this municipality is refused for good: every one of it ends as a dead letter."""


class Brievenbus:
    """A mail server that counts what it accepted, per Message-ID."""

    def __init__(self) -> None:
        self.poort = free_port()
        self.aangenomen: Counter[str] = Counter()
        self.weigert = True
        self.weg = 0
        self._server: Controller | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.weigert and WEIGERT in address:
            return "550 5.1.1 onbekend"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.aangenomen[email.message_from_bytes(envelope.content)["Message-ID"].strip("<>").partition("@")[0]] += 1
        return "250 OK"

    def open(self) -> None:
        self._server = Controller(self, hostname="127.0.0.1", port=self.poort)
        self._server.start()

    def dicht(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None
            self.weg += 1


@dataclass
class Dienst:
    """One process of notifications, that comes back under its own name when it was killed."""

    dsn: str
    kafka: str
    smtp: str
    log: Path
    poort: int = field(default_factory=free_port)
    gedood: int = 0
    proces: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        omgeving = {
            "OMGEVING": "lokaal", "ISSUER": "http://127.0.0.1:1", "KAFKA": self.kafka, "DSN": self.dsn,
            "SMTP": self.smtp, "POORT": str(self.poort), "INSTANTIE": "notifications-proef",
            "URL_BACKOFFICE": "http://127.0.0.1:8100",
        }  # fmt: skip
        schoon = {naam: waarde for naam, waarde in os.environ.items() if not naam.startswith("ZORGKETEN_")}
        with self.log.open("ab") as uitvoer:
            self.proces = subprocess.Popen(
                [sys.executable, "-m", "services.notifications"],
                env=schoon | {f"ZORGKETEN_{naam}": waarde for naam, waarde in omgeving.items()},
                stdout=uitvoer, stderr=uitvoer,
            )  # fmt: skip

    def is_gereed(self) -> bool:
        """Whether it works: who kills it before that stops the load and does not disturb it."""
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"http://127.0.0.1:{self.poort}/readyz", timeout=1).status_code == 200
        return False

    def dood(self) -> None:
        assert self.proces is not None
        self.proces.send_signal(signal.SIGKILL)
        self.proces.wait()
        self.gedood += 1


@contextlib.contextmanager
def aan_uit(bus: Brievenbus, rng: random.Random, hooguit_s: float) -> Iterator[None]:
    """The mail server is there and away in turns of the same length; at the end it is there."""
    klaar = threading.Event()

    def wissel() -> None:
        while True:
            duur_s = rng.uniform(hooguit_s / 3, hooguit_s)
            for stap in (bus.open, bus.dicht):
                stap()
                if klaar.wait(duur_s):
                    bus.dicht()
                    return

    draad = threading.Thread(target=wissel)
    draad.start()
    try:
        yield
    finally:
        klaar.set()
        draad.join()
        bus.open()


@dataclass(frozen=True)
class Stand:
    """The rows of the service: reference to status, and how many rows there are."""

    status: dict[str, str]
    onderwerpen: int


async def _laat_uren_voorbijgaan(dsn: str) -> None:
    db = await asyncpg.connect(dsn)
    try:
        await db.execute(
            "UPDATE notifications.notificatie SET volgende_poging_at = clock_timestamp()"
            " WHERE status = 'wacht' AND geclaimd_door IS NULL AND volgende_poging_at > clock_timestamp()"
        )
    finally:
        await db.close()


async def stand(dsn: str) -> Stand:
    """What the service itself says, read as the superuser."""
    db = await asyncpg.connect(dsn)
    try:
        rijen = await db.fetch("SELECT notificatie_id::text, status, betreft FROM notifications.notificatie")
    finally:
        await db.close()
    return Stand({rij["notificatie_id"]: rij["status"] for rij in rijen}, len({rij["betreft"] for rij in rijen}))


def toets(aantal: int, nu: Stand, bus: Brievenbus, gedood: int) -> str:
    """Each cause has one row, and is one accepted e-mail or a visible dead letter; gives the figures."""
    assert (len(nu.status), nu.onderwerpen) == (aantal, aantal), "each cause once, however often it was told"
    verzonden = {kenmerk for kenmerk, status in nu.status.items() if status == "verzonden"}
    dode_post = {kenmerk for kenmerk, status in nu.status.items() if status == "mislukt"}
    assert verzonden | dode_post == nu.status.keys(), "nothing waits for ever"
    assert set(bus.aangenomen) == verzonden, "what was accepted is sent, and nothing else"
    dubbel = {kenmerk: n for kenmerk, n in bus.aangenomen.items() if n > 1}
    # Only what breaks between the server's yes and our note of it repeats one, under its own Message-ID: we or a line.
    assert sum(n - 1 for n in dubbel.values()) <= (gedood + bus.weg) * VERBINDINGEN
    return f"{aantal} causes: {len(verzonden)} e-mails, {len(dode_post)} dead letters, {len(dubbel)} sent again; {gedood} kills, {bus.weg} times away"


async def wacht_tot_klaar(dsn: str, wacht_s: float, *, ongeduldig: bool = False) -> Stand:
    """Until nothing waits; raises AssertionError after so many seconds.

    `ongeduldig`: the hours of back-off pass at once. What is being sent at that moment keeps its claim.
    """
    tot = time.monotonic() + wacht_s
    while True:
        if ongeduldig:
            await _laat_uren_voorbijgaan(dsn)
        nu = await stand(dsn)
        over = Counter(nu.status.values())["wacht"]
        if not over:
            return nu
        assert time.monotonic() < tot, f"{over} still wait after {wacht_s:.0f} s"
        threading.Event().wait(0.1)
