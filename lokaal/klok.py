"""The test clock of all services: one file that each of them watches."""

from __future__ import annotations

import datetime as dt
import json
import time
import urllib.request
from zoneinfo import ZoneInfo

from lokaal.plek import SERVICES, Plek, instanties, lees_json, schrijf_json, url

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WACHT_S = 20.0


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
            _wacht(naam, stand["poort_basis"], instanties(naam, stand["kopieen"].get(naam, 1)), versie)
    return versie


def _wacht(naam: str, basis: int, nog: list[str], versie: int) -> None:
    # Copies share a port, and the kernel picks one per connection: ask until each has answered.
    tot = time.monotonic() + WACHT_S
    while nog:
        instantie, loopt_op = _stand(f"{url(naam, basis)}/healthz")
        if instantie in nog and loopt_op == versie:
            nog.remove(instantie)
        elif time.monotonic() > tot:
            raise KlokLoopt(f"{naam} loopt na {WACHT_S:.0f} s nog niet op de nieuwe tijd")
        else:
            time.sleep(0.02)


def _stand(adres: str) -> tuple[str, int] | tuple[None, None]:
    try:
        with urllib.request.urlopen(adres, timeout=2) as antwoord:
            stand = json.load(antwoord)
            return str(stand["instantie"]), int(stand["klok_versie"])
    except (OSError, ValueError, KeyError):
        return None, None
