"""The test clock of all services: one file that each of them watches."""

from __future__ import annotations

import datetime as dt
import json
import time
import urllib.request
from zoneinfo import ZoneInfo

from lokaal.plek import SERVICES, Plek, lees_json, schrijf_json, url

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WACHT_S = 20.0
ANTWOORDEN_PER_KOPIE = 8
"""Copies share a port, and the kernel picks one per connection; so ask often enough to meet them all."""


class KlokLoopt(RuntimeError):
    """A service did not report the new time before the deadline."""


def zet_klok(plek: Plek, moment: str) -> int:
    """Set the clock to an ISO moment (Amsterdam when it names no zone) or `nu`; give the new version.

    Returns when every running service runs on it. Raises ValueError for no moment, KlokLoopt after 20 s.
    """
    offset_s = 0.0
    if moment != "nu":
        try:
            wanneer = dt.datetime.fromisoformat(moment)
        except ValueError:
            raise ValueError("geen tijdstip; bijvoorbeeld 2026-03-10T10:00:00+01:00, of nu") from None
        if wanneer.tzinfo is None:
            wanneer = wanneer.replace(tzinfo=AMSTERDAM)
        offset_s = (wanneer - dt.datetime.now(dt.UTC)).total_seconds()
    versie = int(lees_json(plek.klok).get("versie", 0)) + 1
    schrijf_json(plek.klok, {"versie": versie, "offset_s": offset_s})
    stand = lees_json(plek.stand)
    for naam in SERVICES:
        if naam in lees_json(plek.endpoints):
            _wacht(naam, stand["poort_basis"], stand["kopieen"].get(naam, 1), versie)
    return versie


def _wacht(naam: str, basis: int, kopieen: int, versie: int) -> None:
    tot = time.monotonic() + WACHT_S
    goed, nodig = 0, 1 if kopieen == 1 else ANTWOORDEN_PER_KOPIE * kopieen
    while goed < nodig:
        if _versie(f"{url(naam, basis)}/healthz") == versie:
            goed += 1
        elif time.monotonic() > tot:
            raise KlokLoopt(f"{naam} loopt na {WACHT_S:.0f} s nog niet op de nieuwe tijd")
        else:
            goed = 0
            time.sleep(0.02)


def _versie(adres: str) -> int | None:
    try:
        with urllib.request.urlopen(adres, timeout=2) as antwoord:
            return int(json.load(antwoord)["klok_versie"])
    except (OSError, ValueError, KeyError):
        return None
