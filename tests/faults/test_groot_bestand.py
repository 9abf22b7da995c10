"""G1, G2 on one big file: declaratie, knooppunt, Postgres and Kafka are killed while it is judged; one 325, right to
the cent. Only in `make faults`: it takes minutes."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import asyncpg
import pytest

from bench.vulling import Bewoner, declaratie, proef_bsns
from chassis.bsn import pseudonym
from lokaal.spel import Spel
from schemas.iwmo import codec
from tests.chain.spel import A1, GOES
from tests.faults.belasting import antwoorden, dien_in

KEER = int(os.environ.get("ZORGKETEN_FAULTS_KEER", "20"))
MB = float(os.environ.get("ZORGKETEN_FAULTS_MB", "24.5"))
"""Just under the limit of 25 MB."""
SEED = int(os.environ.get("ZORGKETEN_SEED", "20260302"))
DOELEN = ("declaratie", "knooppunt", "postgres", "kafka")
WACHT_S = 1800.0
UREN_CENT, REGELS = 70500, 4
"""Of every line, and lines per resident (bench.vulling)."""
TOEWIJZINGEN = """
with nieuw as (
    insert into declaratie.toewijzing_versie (gemeente, nummer, versie, client_id, aanbieder, categorie, code, volume,
        eenheid, frequentie, ingangsdatum, einddatum, variant, status)
    select $1, n.nummer, 1, n.client_id, $2, '02', '02A05', 3, '04', '2', '2025-12-01', '2026-07-31', 'inspanning',
        'goedgekeurd'
    from unnest($3::text[], $4::int[]) as n (client_id, nummer) returning nummer)
insert into declaratie.toewijzing_totaal (gemeente, nummer) select $1, nummer from nieuw"""
"""What declaratie knows of thousands of toewijzingen, laid down at once: they are not what is tried here."""


@dataclass(frozen=True)
class Uitkomst:
    """What a 325 says, and what declaratie kept of it."""

    ingediend_cent: int
    toegekend_cent: int
    codes: Counter[str]
    grootboek_cent: int
    boekingen: int


class Killer(threading.Thread):
    """Kills each of the four in turn, as soon as it runs again: a quarter of the times while the file is handed in, the
    others once it was acknowledged."""

    def __init__(self, spel: Spel) -> None:
        super().__init__(daemon=True)
        self.processen, self.rng = spel.map / "processen.json", random.Random(SEED)
        self.bevestigd = threading.Event()
        self.gedood: list[str] = []

    def run(self) -> None:
        oud: dict[str, int] = {}
        while len(self.gedood) < KEER:
            if len(self.gedood) == KEER // 4:
                self.bevestigd.wait(WACHT_S)
            time.sleep(self.rng.uniform(0.3, 1.5))
            naam = DOELEN[len(self.gedood) % len(DOELEN)]
            pid = json.loads(self.processen.read_text()).get(naam)
            if pid is None or pid == oud.get(naam):
                continue
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            oud[naam] = pid
            self.gedood.append(naam)


def bestand(bsns: list[str], eerste_nummer: int, naam: str, spel: Spel) -> bytes:
    """A 323 in which every tenth resident and the next one are claimed on each other's number: 8187, and 0233 (TR304)."""
    mensen = [Bewoner(bsn, eerste_nummer + n) for n, bsn in enumerate(bsns)]
    in_database(spel, TOEWIJZINGEN, GOES, A1, [pseudonym(GOES, b) for b in bsns], [nummer for _, nummer in mensen])
    nummers = [nummer for _, nummer in mensen]
    for n in range(0, len(nummers) - 1, 10):
        nummers[n : n + 2] = reversed(nummers[n : n + 2])
    verwisseld = [Bewoner(bsn, nummer) for bsn, nummer in zip(bsns, nummers, strict=True)]
    return declaratie(verwisseld, spel.vandaag(), naam)


def in_database(spel: Spel, vraag: str, *waarden: object) -> list[asyncpg.Record]:
    async def stel() -> list[asyncpg.Record]:
        # Triggers look in the schema of the service.
        db = await asyncpg.connect(spel.urls["postgres"], server_settings={"search_path": "declaratie"})
        try:
            return await db.fetch(vraag, *waarden)
        finally:
            await db.close()

    return asyncio.run(stel())


def uitkomst(spel: Spel, bericht_id: str) -> Uitkomst:
    """Waits for the answer; fails when there are two."""
    (xml,) = antwoorden(spel, {bericht_id}, WACHT_S).values()
    deel = codec.parse(xml).inhoud()["declaratie_antwoord"]
    codes = Counter(c for client in deel["clienten"] for r in client["prestaties"] for c in r["retourcodes"])
    codes += Counter(c for client in deel["clienten"] for c in client["retourcodes"])
    vraag = "select coalesce(sum(bedrag_cent), 0), count(*) from declaratie.grootboek where bericht_id = $1"
    cent, boekingen = in_database(spel, vraag, bericht_id)[0]
    return Uitkomst(deel["totaal_ingediend_cent"], deel["totaal_toegekend_cent"], codes, int(cent), int(boekingen))


@pytest.fixture
def mensen(spel, monkeypatch):
    geheimen = json.loads((spel.map / "geheimen.json").read_text())
    monkeypatch.setenv("ZORGKETEN_SLEUTEL_PSEUDONIEM", geheimen["pseudoniem"])
    spel.klok("2026-04-07T10:00:00+02:00")
    per_bewoner = (
        len(declaratie([Bewoner(b, 700_000_000 + n) for n, b in enumerate(proef_bsns(100))], spel.vandaag(), "GROOT0"))
        / 100
    )
    return proef_bsns(int(MB * 1024 * 1024 / per_bewoner))


def test_g01_g02_een_bestand_van_25_mb_overleeft_twintig_keer_kill_9_met_een_325(spel, mensen):
    rustig, verstoord = (bestand(mensen, n * 100_000, f"GROOT{n}", spel) for n in (7000, 7001))
    begin = time.monotonic()
    [op] = dien_in(spel, [rustig], WACHT_S)
    ongestoord = uitkomst(spel, op)
    regels = REGELS * len(mensen)
    print(
        f"seed {SEED}: {len(rustig) / 1024 / 1024:.1f} MB, {regels} lines, {time.monotonic() - begin:.0f} s undisturbed"
    )
    assert ongestoord.ingediend_cent == regels * UREN_CENT
    assert ongestoord.toegekend_cent == ongestoord.grootboek_cent == ongestoord.boekingen * UREN_CENT

    killer, begin = Killer(spel), time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        ingediend = pool.submit(dien_in, spel, [verstoord], WACHT_S)
        killer.start()
        [op] = ingediend.result(WACHT_S)
        ingediend_s, ervoor = time.monotonic() - begin, len(killer.gedood)
        killer.bevestigd.set()
    killer.join(WACHT_S)
    killed_s = time.monotonic() - begin
    assert len(killer.gedood) == KEER
    gestoord = uitkomst(spel, op)
    print(
        f"killed {dict(Counter(killer.gedood))} within {killed_s:.0f} s; 202 after {ingediend_s:.0f} s and {ervoor} kills, "
        f"325 after {time.monotonic() - begin:.0f} s; {gestoord}"
    )
    assert gestoord == ongestoord
    assert dien_in(spel, [verstoord], WACHT_S) == [op], "the same bytes again are the same message"
    rij = spel.vraag("GET", "declaratie", f"/v1/declaraties?aanbieder={A1}", GOES).json()["declaraties"][0]
    assert (rij["declaratie_id"], rij["toegekend_cent"], rij["status"]) == (op, gestoord.toegekend_cent, "afgehandeld")
