"""G7, in small: a broker that lost everything is replaced; Postgres has all events, and republish sends them again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from beheer.topics import create_topics
from lokaal.plek import SERVICES
from lokaal.spel import Spel, wacht_tot
from tests.chain.spel import A1
from tests.faults.belasting import Totalen, antwoorden, berichten, bewoners, dien_in, totalen

BEWONERS = 60
WACHT_S = 180.0


def vervang_kafka(spel: Spel) -> None:
    """Take the broker's data away under its feet, and let it start from nothing; the services keep running."""
    processen = spel.map / "processen.json"
    oud = json.loads(processen.read_text())["kafka"]
    weg = spel.map / "kafka" / "weg"
    (spel.map / "kafka" / "data").rename(weg)
    os.kill(oud, signal.SIGKILL)
    wacht_tot(lambda: json.loads(processen.read_text()).get("kafka") not in (None, oud) or None, "een nieuwe Kafka")
    shutil.rmtree(weg)
    create_topics(spel.urls["kafka"], seconds=90)


def republish(spel: Spel) -> int:
    """All services, all that is kept; gives how many events go again."""
    aantal = 0
    for dienst in SERVICES:
        klaar = subprocess.run(
            [sys.executable, "-m", "chassis.republish", "--service", dienst, "--alles"],
            env={**os.environ, "ZORGKETEN_DSN": spel.urls["postgres"]},
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        aantal += int(klaar.stdout.split()[1])
    return aantal


def test_g07_na_verlies_van_alle_data_van_kafka_is_alles_er_precies_een_keer(spel):
    mensen = bewoners(spel, BEWONERS)
    spel.klok("2026-04-07T10:00:00+02:00")
    xmls = berichten(spel, mensen)
    with ThreadPoolExecutor(1) as pool:
        ingediend = pool.submit(dien_in, spel, xmls, WACHT_S)
        wacht_tot(lambda: True if len(spel.postbus(A1, "alle")) > BEWONERS else None, "de keten is bezig", WACHT_S)
        vervang_kafka(spel)
        ids = ingediend.result(WACHT_S)
    print(f"{republish(spel)} events were sent again")
    assert totalen(antwoorden(spel, set(ids), WACHT_S)) == Totalen.van(BEWONERS)
    assert dien_in(spel, xmls, WACHT_S) == ids, "the same bytes again give the first answers"
