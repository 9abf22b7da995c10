"""10,000 causes, told twice over Kafka, while the mail server is away half of the time and the service is killed:
each is exactly one accepted e-mail or a visible dead letter. The seed is printed; tests/service/notifications has a
small one for every day."""

from __future__ import annotations

import asyncio
import os
import random
import threading
import time
import uuid
from pathlib import Path

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.databases import als_rol, ruim_op, verse_database
from tests.faults.storing import WEIGERT, Brievenbus, Dienst, aan_uit, toets, wacht_tot_klaar
from tests.service.notifications.test_notificatie_versturen import een_event

AANTAL = int(os.environ.get("ZORGKETEN_FAULTS_NOTIFICATIES", "10000"))
SEED = int(os.environ.get("ZORGKETEN_SEED", "20260205"))
TOPICS = ("toewijzing.v1", "intake.v1", "declaratie.v1", "knooppunt-berichten.v1", "knooppunt-declaraties.v1",
          "notifications.v1")  # fmt: skip
WACHT_S = 1800.0


async def vertel(kafka: str, aantal: int) -> None:
    """Every cause twice, in two events, over all partitions; one in a hundred is for who refuses its mail."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    er_is = set(await admin.list_topics())
    await admin.create_topics([NewTopic(naam, 12, 1) for naam in TOPICS if naam not in er_is])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=kafka, linger_ms=20)
    await producer.start()
    opdrachten = [str(uuid.uuid4()) for _ in range(aantal)]
    for _ in range(2):
        for n, opdracht_id in enumerate(opdrachten):
            data = {"opdracht_id": opdracht_id, "bericht_id": opdracht_id, "soort": "WMO301", "retourcodes": ["9385"]}
            event = een_event(
                "toewijzing.bericht_afgekeurd", data, client_id=None, gemeente="0664" if n % 100 else WEIGERT
            )
            ruw = event.model_dump_json(exclude={"wacht_voorbij"}).encode()
            kop = [("type", event.type.encode()), ("event_id", event.event_id.encode())]
            await producer.send("toewijzing.v1", ruw, key=opdracht_id.encode(), headers=kop)
    await producer.stop()


def test_g01_g02_tienduizend_aanleidingen_zijn_elk_een_mail_of_zichtbare_dode_post(
    postgres_dsn: str, kafka_bootstrap: str, tmp_path: Path
) -> None:
    print(f"seed {SEED}, {AANTAL} causes")
    rng, begin = random.Random(SEED), time.monotonic()
    dsn = asyncio.run(verse_database(postgres_dsn, "notifications"))
    bus = Brievenbus()
    dienst = Dienst(
        als_rol(dsn, "notifications"), kafka_bootstrap, f"127.0.0.1:{bus.poort}", tmp_path / "notifications.log"
    )
    asyncio.run(vertel(kafka_bootstrap, AANTAL))
    dienst.start()
    try:
        with aan_uit(bus, rng, 6.0):
            # Killed as long as there is something to send, each time after it worked for a while.
            while (len(bus.aangenomen) < AANTAL * 9 // 10 or dienst.gedood < 3) and time.monotonic() < begin + WACHT_S:
                if not dienst.is_gereed():
                    threading.Event().wait(0.2)
                    continue
                threading.Event().wait(rng.uniform(3.0, 10.0))
                dienst.dood()
                dienst.start()
        nu = asyncio.run(wacht_tot_klaar(dsn, WACHT_S))
        print(f"{toets(AANTAL, nu, bus, dienst.gedood)}; {time.monotonic() - begin:.0f} s")
        assert dienst.gedood >= 3 and bus.aangenomen
    finally:
        dienst.dood()
        bus.dicht()
        asyncio.run(ruim_op(postgres_dsn, dsn))
