"""What writing a big 325 costs knooppunt in memory, in a process that holds nothing else yet."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import httpx

from bench import verbruik
from bench.metingen import UPLOADS_S, wacht_op_overdracht
from bench.vulling import A1
from lokaal.proces import rss_mb
from lokaal.spel import Spel, wacht_tot


def geweigerd(spel: Spel, xml: bytes) -> dict[str, Any]:
    """Of a 323 of which every line is refused (0611): MB above what the process had before the first judgement.

    declaratie stands still until the file is in and another process of knooppunt is there.
    """
    pids = verbruik.pids(spel.map)
    os.kill(pids["declaratie"], signal.SIGSTOP)
    try:
        bericht_id = spel.post_xml(A1, xml, timeout=UPLOADS_S).raise_for_status().json()["bericht_id"]
        wacht_op_overdracht(spel)
        os.kill(pids["knooppunt"], signal.SIGTERM)
        knooppunt = wacht_tot(lambda: _vers(spel, pids["knooppunt"]), "een nieuw proces van knooppunt", UPLOADS_S)
        begin_mb, begin = rss_mb(knooppunt), time.perf_counter()
        with verbruik.hoogste_rss_mb(knooppunt) as hoogste_mb:
            os.kill(pids["declaratie"], signal.SIGCONT)
            antwoord = spel.wacht_op_antwoord(A1, bericht_id, UPLOADS_S)
            duur_s = time.perf_counter() - begin
    finally:
        os.kill(pids["declaratie"], signal.SIGCONT)
    regels = spel.haal_op(A1, antwoord).count(b"<RetourCode>0611<")
    return {"regels": regels, "s": round(duur_s, 1), "mb_extra": round(hoogste_mb() - begin_mb)}


def _vers(spel: Spel, oud: int) -> int | None:
    """The pid of another process of knooppunt than `oud`, once it is ready."""
    pid = verbruik.pids(spel.map).get("knooppunt", oud)
    try:
        gereed = pid != oud and httpx.get(f"{spel.urls['knooppunt']}/readyz", timeout=2).is_success
    except httpx.TransportError:
        return None
    return pid if gereed else None
