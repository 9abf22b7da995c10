"""G1 and G2: what was acknowledged has exactly one answer, whatever is killed meanwhile.

Eight writers hand in starts (305) and claims (323) while random services, then Kafka, then Postgres, are killed
with SIGKILL. A writer repeats the same bytes until it has its 202 or 200, as a provider's software would.
`ZORGKETEN_FAULTS_BEWONERS` makes it longer (`make faults`). The seed is printed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from schemas.iwmo import codec, schrijf
from tests.chain.spel import (
    A1,
    GOES,
    begeleiding,
    een_bsn,
    een_client,
    een_prestatie,
    maak_declaratie,
    nummer,
)

BEWONERS = int(os.environ.get("ZORGKETEN_FAULTS_BEWONERS", "125"))
SCHRIJVERS = 8
WACHT_S = 150 + BEWONERS / 2
SEED = int(os.environ.get("ZORGKETEN_SEED", "20260302"))


def bewoners(spel, aantal: int) -> list[tuple[str, int]]:
    """Residents of Goes with an approved toewijzing at A1: (BSN, ToewijzingNummer)."""

    def maak(_: int) -> tuple[str, int]:
        bsn = een_bsn()
        indicatie = spel.indicatie(GOES, een_client(bsn), [begeleiding()])
        return bsn, indicatie["toewijzing_nummers"][0]

    with ThreadPoolExecutor(SCHRIJVERS) as pool:
        return list(pool.map(maak, range(aantal)))


def berichten(spel, bewoners_: list[tuple[str, int]]) -> list[bytes]:
    """For each resident a start and a claim of 12 hours in february: two messages."""
    uit = []
    for bsn, toewijzing in bewoners_:
        kop = {"afzender": A1, "ontvanger": GOES, "dagtekening": spel.vandaag()}
        start = {
            "toewijzing_nummer": toewijzing,
            "product": {"categorie": "02", "code": "02A05"},
            "toewijzing_ingangsdatum": "2026-02-02",
            "begindatum": "2026-02-04",
            "status_aanlevering": "1",
        }
        uit.append(schrijf.start_305(**kop, identificatie=nummer("F"), client=een_client(bsn), start_producten=[start]))
        uit.append(maak_declaratie(spel, {bsn: [een_prestatie(toewijzing, nummer("R"), 12)]}))
    return uit


class Killer(threading.Thread):
    """Kills a random service about every second; Kafka and Postgres once each."""

    def __init__(self, processen: Path, rng: random.Random) -> None:
        super().__init__(daemon=True)
        self.processen, self.rng = processen, rng
        self.klaar = threading.Event()
        self.gedood: list[str] = []

    def run(self) -> None:
        beurt = 0
        while not self.klaar.wait(self.rng.uniform(0.6, 1.4)):
            beurt += 1
            draait: dict[str, int] = json.loads(self.processen.read_text())
            diensten = sorted(set(draait) - {"kafka", "postgres", "lokaal", "toezicht"})
            naam = {6: "kafka", 12: "postgres"}.get(beurt) or self.rng.choice(diensten)
            try:
                os.kill(draait[naam], signal.SIGKILL)
                self.gedood.append(naam)
            except ProcessLookupError:
                continue


def hand_in(spel, xml: bytes, tot: float) -> str:
    """Repeat the same bytes until the 202 (or 200 for a repeat) is there; give the bericht_id."""
    while time.monotonic() < tot:
        try:
            antwoord = spel.post_xml(A1, xml)
            if antwoord.status_code in (200, 202):
                return str(antwoord.json()["bericht_id"])
            assert antwoord.status_code >= 500 or antwoord.status_code == 429, antwoord.text
        except httpx.HTTPError:
            pass
        threading.Event().wait(0.05)
    raise AssertionError("not acknowledged before the deadline")


def antwoorden(spel, ids: set[str], tot: float) -> dict[str, list[bytes]]:
    """What the mailbox holds per acknowledged message, once every one has an answer."""
    while True:
        per_bericht: dict[str, list[str]] = {}
        try:
            for rij in spel.postbus(A1, status="alle"):
                if rij["op_bericht"] in ids:
                    per_bericht.setdefault(rij["op_bericht"], []).append(rij["bericht_id"])
        except httpx.HTTPError:
            per_bericht = {}
        if len(per_bericht) == len(ids):
            return {op: [spel.haal_op(A1, b) for b in lijst] for op, lijst in per_bericht.items()}
        if time.monotonic() > tot:
            pytest.fail(f"{len(ids) - len(per_bericht)} of {len(ids)} acknowledged messages have no answer")
        threading.Event().wait(0.3)


def totalen(per_bericht: dict[str, list[bytes]]) -> tuple[int, int, int]:
    """(approved starts, claimed cents, awarded cents) of these answers."""
    gestart = ingediend = toegekend = 0
    for (xml,) in per_bericht.values():
        bericht = codec.parse(xml)
        inhoud = bericht.inhoud()
        if "declaratie_antwoord" in inhoud:
            ingediend += inhoud["declaratie_antwoord"]["totaal_ingediend_cent"]
            toegekend += inhoud["declaratie_antwoord"]["totaal_toegekend_cent"]
        else:
            gestart += not inhoud["retourcodes"]
    return gestart, ingediend, toegekend


def ronde(spel, xmls: list[bytes]) -> tuple[int, int, int]:
    tot = time.monotonic() + WACHT_S
    with ThreadPoolExecutor(SCHRIJVERS) as pool:
        ids = list(pool.map(lambda xml: hand_in(spel, xml, tot), xmls))
    assert len(set(ids)) == len(xmls)
    per_bericht = antwoorden(spel, set(ids), tot)
    dubbel = [op for op, lijst in per_bericht.items() if len(lijst) != 1]
    assert not dubbel, f"{len(dubbel)} messages have more than one answer"
    return totalen(per_bericht)


def test_g01_g02_alles_wat_bevestigd_is_krijgt_precies_een_antwoord(spel):
    print(f"seed {SEED}, {BEWONERS} residents a round")
    spel.klok("2026-01-19T10:00:00+01:00")
    rustig, verstoord = bewoners(spel, BEWONERS), bewoners(spel, BEWONERS)
    spel.klok("2026-04-07T10:00:00+02:00")
    ongestoord = ronde(spel, berichten(spel, rustig))
    assert ongestoord == (BEWONERS, BEWONERS * 70500, BEWONERS * 70500)

    xmls = berichten(spel, verstoord)
    killer = Killer(spel.map / "processen.json", random.Random(SEED))
    killer.start()
    try:
        # The killer is finished before the answers are awaited, yet never before both stores were killed.
        tot = time.monotonic() + WACHT_S
        with ThreadPoolExecutor(SCHRIJVERS) as pool:
            list(pool.map(lambda xml: hand_in(spel, xml, tot), xmls))
        while not {"kafka", "postgres"} <= set(killer.gedood) and time.monotonic() < tot:
            killer.join(0.2)
    finally:
        killer.klaar.set()
        killer.join()
    print(f"killed {len(killer.gedood)}: {killer.gedood}")
    assert {"kafka", "postgres"} <= set(killer.gedood)
    assert ronde(spel, xmls) == ongestoord, "the same bytes again give the first answers, and the same money"
