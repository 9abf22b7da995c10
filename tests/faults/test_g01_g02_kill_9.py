"""G1 and G2: what was acknowledged has exactly one answer, whatever is killed meanwhile.

While eight writers hand in starts and claims, a random service is killed with SIGKILL about every second, Kafka
once and Postgres once. `ZORGKETEN_FAULTS_BEWONERS` makes it longer (`make faults`). The seed is printed.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import threading
import time

import httpx

from lokaal.spel import Spel
from tests.faults.belasting import Totalen, berichten, bewoners, dien_in, ronde

BEWONERS = int(os.environ.get("ZORGKETEN_FAULTS_BEWONERS", "150"))
ONGESTOORD = 20
"""Residents of the round without faults: enough to see what the same messages come to."""
WACHT_S = 300 + BEWONERS
SEED = int(os.environ.get("ZORGKETEN_SEED", "20260302"))
BEURTEN = {6: "kafka", 12: "postgres"}


class Killer(threading.Thread):
    """Kills a random ready service about every second; Kafka and Postgres once each.

    Ready: a process that is killed before it ever works again would stop the load, not disturb it.
    """

    def __init__(self, spel: Spel, rng: random.Random) -> None:
        super().__init__(daemon=True)
        self.urls, self.processen, self.rng = spel.urls, spel.map / "processen.json", rng
        self.klaar = threading.Event()
        self.gedood: list[str] = []

    def run(self) -> None:
        nog = dict(BEURTEN)
        beurt = 0
        while not self.klaar.wait(self.rng.uniform(1.0, 2.5)):
            beurt += 1
            draait: dict[str, int] = json.loads(self.processen.read_text())
            opslag = next((naam for vanaf, naam in nog.items() if beurt >= vanaf and naam in draait), None)
            naam = opslag or self._een_die_gereed_is(sorted(set(draait) - set(BEURTEN.values())))
            if naam is None:
                continue
            try:
                os.kill(draait[naam], signal.SIGKILL)
            except ProcessLookupError:
                continue
            self.gedood.append(naam)
            nog = {vanaf: wie for vanaf, wie in nog.items() if wie != naam}

    def _een_die_gereed_is(self, namen: list[str]) -> str | None:
        self.rng.shuffle(namen)
        for naam in namen:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.urls[naam]}/readyz", timeout=1).status_code == 200:
                    return naam
        return None


def test_g01_g02_alles_wat_bevestigd_is_krijgt_precies_een_antwoord(spel):
    print(f"seed {SEED}, {2 * BEWONERS} messages")
    spel.klok("2026-01-19T10:00:00+01:00")
    rustig, verstoord = bewoners(spel, ONGESTOORD), bewoners(spel, BEWONERS)
    spel.klok("2026-04-07T10:00:00+02:00")
    assert ronde(spel, berichten(spel, rustig), WACHT_S) == Totalen.van(ONGESTOORD)

    xmls = berichten(spel, verstoord)
    killer = Killer(spel, random.Random(SEED))
    begin = time.monotonic()
    killer.start()
    try:
        dien_in(spel, xmls, WACHT_S)
        ingediend_s = time.monotonic() - begin
        # The killer ends before the answers are awaited, yet never before both stores were killed.
        while not set(BEURTEN.values()) <= set(killer.gedood) and time.monotonic() < begin + WACHT_S:
            killer.join(0.2)
    finally:
        killer.klaar.set()
        killer.join()
    print(f"killed {len(killer.gedood)}: {killer.gedood}; handed in after {ingediend_s:.0f} s")
    assert set(BEURTEN.values()) <= set(killer.gedood)
    som = ronde(spel, xmls, WACHT_S)
    print(f"all answered after {time.monotonic() - begin:.0f} s")
    assert som == Totalen.van(BEWONERS), "the same bytes again give the first answers, and the same money"
