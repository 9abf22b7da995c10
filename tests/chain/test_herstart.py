"""A process that dies is started again within seconds, under the same name, and `processen.json` says so at once."""

import json
import os
import signal
import threading
import time

import httpx
import pytest

from lokaal.spel import wacht_tot

KLAAR_S = 3.0
DRUKTE = 5
"""How much slower a machine that runs other tests meanwhile may be."""


class Meelezer(threading.Thread):
    """Reads a JSON file all the time; `fouten` counts how often it was absent or half written."""

    def __init__(self, bestand):
        super().__init__(daemon=True)
        self.bestand, self.klaar, self.gelezen, self.fouten = bestand, threading.Event(), 0, 0

    def run(self):
        while not self.klaar.wait(0.001):
            try:
                json.loads(self.bestand.read_text())
                self.gelezen += 1
            except (OSError, ValueError):
                self.fouten += 1


@pytest.mark.parametrize("dienst", ["notifications", "knooppunt"])
def test_een_gedode_service_draait_weer_met_een_ander_pid(keten, dienst):
    bestand = keten.map / "processen.json"
    meelezer = Meelezer(bestand)
    meelezer.start()
    oud = json.loads(bestand.read_text())
    os.kill(oud[dienst], signal.SIGKILL)

    def ander_pid():
        pid = json.loads(bestand.read_text()).get(dienst)
        return pid if pid not in (None, oud[dienst]) else None

    def gereed():
        try:
            return httpx.get(f"{keten.urls[dienst]}/readyz").status_code == 200 or None
        except httpx.HTTPError:
            return None

    nieuw = wacht_tot(ander_pid, "een nieuw pid in processen.json", 1.0 * DRUKTE)
    begin = time.monotonic()
    wacht_tot(gereed, "de service is weer gereed", KLAAR_S * DRUKTE)
    meelezer.klaar.set()
    meelezer.join()
    print(f"{dienst}: ready {time.monotonic() - begin:.1f} s after its start")
    assert os.path.exists(f"/proc/{nieuw}")
    assert json.loads(bestand.read_text()) == oud | {dienst: nieuw}, "nobody else was touched"
    assert meelezer.gelezen > 10 and meelezer.fouten == 0
