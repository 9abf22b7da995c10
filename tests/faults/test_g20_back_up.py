"""G20, in small: the server and its disk are lost under load; copy and WAL bring everything back that was acknowledged.

The receiver of the WAL is a synchronous standby here, so a 202 says that the message is in the backup too.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from lokaal.plek import ROOT
from lokaal.postgres import UNPRIVILEGED, binaries
from lokaal.proces import gid_of
from lokaal.spel import Spel, wacht_tot
from tests.chain.spel import A1
from tests.faults.belasting import Totalen, antwoorden, berichten, bewoners, dien_in, totalen

BEWONERS = 60
WACHT_S = 240.0
SCRIPTS = ROOT / "deploy" / "backup"


def als_postgres() -> dict[str, object]:
    """A script runs as the user that Postgres runs as, with the programs of that Postgres."""
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    omgeving = {**os.environ, "PATH": f"{binaries()}:{os.environ['PATH']}"}
    return {"env": omgeving, "user": user, "group": gid_of(user), "extra_groups": [] if user else None, "cwd": "/"}


@contextmanager
def ontvanger(dsn: str, map_: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Receives the WAL until the end of the block."""
    proces = subprocess.Popen([SCRIPTS / "basis.sh", "--wal", dsn, map_], start_new_session=True, **als_postgres())  # type: ignore[call-overload]
    try:
        yield proces
    finally:
        os.killpg(proces.pid, signal.SIGKILL)
        proces.wait()


async def sql(dsn: str, opdracht: str) -> list[asyncpg.Record]:
    verbinding = await asyncpg.connect(dsn, timeout=5)
    try:
        return list(await verbinding.fetch(opdracht))
    finally:
        await verbinding.close()


def antwoordt(dsn: str) -> bool | None:
    try:
        return bool(asyncio.run(sql(dsn, "select 1")))
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return None


def verlies(spel: Spel) -> None:
    """The server dies and its disk is gone; what stands there now cannot be started."""
    data = spel.map / "postgres" / "data"
    postmaster = json.loads((spel.map / "processen.json").read_text())["postgres"]
    data.rename(data.with_name("weg"))
    data.mkdir(mode=0o700)
    (data / "PG_VERSION").touch()
    os.kill(postmaster, signal.SIGKILL)


def zet_terug(spel: Spel, map_: Path) -> None:
    data = spel.map / "postgres" / "data"
    nieuw = map_ / "nieuw"
    subprocess.run([SCRIPTS / "herstel.sh", map_, nieuw], check=True, timeout=120, **als_postgres())  # type: ignore[call-overload]
    data.rename(data.with_name("leeg"))
    nieuw.rename(data)


def test_g20_na_verlies_van_server_en_schijf_is_alles_terug(spel: Spel, tijdelijke_map: Path) -> None:
    dsn = spel.urls["postgres"]
    mensen = bewoners(spel, BEWONERS)
    spel.klok("2026-04-07T10:00:00+02:00")
    xmls = berichten(spel, mensen)
    map_ = tijdelijke_map / "back-up"
    map_.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(map_, UNPRIVILEGED)
    with ontvanger(dsn, map_), ThreadPoolExecutor(1) as pool:
        stroomt = "select from pg_stat_replication where application_name = 'pg_receivewal'"
        wacht_tot(lambda: asyncio.run(sql(dsn, stroomt)) or None, "de WAL stroomt")
        subprocess.run([SCRIPTS / "basis.sh", dsn, map_], check=True, timeout=120, **als_postgres())  # type: ignore[call-overload]
        asyncio.run(sql(dsn, "alter system set synchronous_standby_names = 'pg_receivewal'"))
        asyncio.run(sql(dsn, "select pg_reload_conf()"))
        ingediend = pool.submit(dien_in, spel, xmls, WACHT_S)
        wacht_tot(lambda: len(spel.postbus(A1, "alle")) > BEWONERS + 10 or None, "de keten is bezig", WACHT_S)
        begin = time.monotonic()
        verlies(spel)
        # The server is gone, so the receiver has all that there will be.
        zet_terug(spel, map_)
        wacht_tot(lambda: antwoordt(dsn), "Postgres antwoordt weer", WACHT_S)
        hersteld_s = time.monotonic() - begin
        # Nobody receives from the new server yet; a commit must not wait for it.
        asyncio.run(sql(dsn, "alter system reset synchronous_standby_names"))
        asyncio.run(sql(dsn, "select pg_reload_conf()"))
        ids = ingediend.result(WACHT_S)
    opnieuw = subprocess.run(
        [sys.executable, "-m", "beheer", "republish", "--alles"], env={**os.environ, "ZORGKETEN_DSN_BEHEER": dsn},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert totalen(antwoorden(spel, set(ids), WACHT_S)) == Totalen.van(BEWONERS)
    bewaard = {rij[0] for rij in asyncio.run(sql(dsn, "select bericht_id::text from knooppunt.bericht"))}
    verloren = set(ids) - bewaard
    events = sum(int(regel.split()[1]) for regel in opnieuw.stdout.splitlines())
    print(
        f"hersteld in {hersteld_s:.1f} s; {len(verloren)} van {len(ids)} bevestigde berichten weg; {events} events opnieuw"
    )
    assert not verloren and hersteld_s < 900
    assert dien_in(spel, xmls, WACHT_S) == ids, "the same bytes again give the first answers"
