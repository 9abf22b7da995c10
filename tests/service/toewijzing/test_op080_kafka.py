"""OP080, G5: 200 clients, each with its six messages in an order of its own, through Kafka and the consume loop."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from chassis import kafka, wachtrij
from chassis.db import Pool, transaction
from chassis.settings import Settings
from services.toewijzing.domain.wijziging import Wijziging
from services.toewijzing.handlers.bericht import bericht_ontvangen
from services.toewijzing.handlers.wijziging import wijzig_toewijzing
from tests.service.toewijzing.zaak import A1, GOES, VAN_GOES, Zaak, begeleiding, van

CLIENTEN = 200
GROEP = 4
SOORT = "knooppunt.bericht_ontvangen"
Klok = Callable[[str], None]
Stap = dict[str, Any] | None
"""The envelope of a message, or None: the municipality prolongs the toewijzing."""


@asynccontextmanager
async def lezende_dienst(bootstrap: str, dsn: str, pool: Pool) -> AsyncIterator[str]:
    """toewijzing reads a topic of its own, as in its process; gives the name of the topic."""
    topic = f"proef.{uuid4().hex[:12]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 3, 1)])
    await admin.close()
    settings = Settings("toewijzing", "toewijzing-1", "lokaal", 0, dsn, bootstrap, "http://127.0.0.1:1", None, "")
    wakker = wachtrij.Wakker()
    sub = kafka.Subscription(topic, {SOORT: bericht_ontvangen}, 3, wakker.told)
    taken = [
        asyncio.create_task(kafka.consume(pool, settings, sub)),
        asyncio.create_task(wachtrij.keep_trying(pool, [sub], wakker)),
    ]
    try:
        yield topic
    finally:
        for taak in taken:
            taak.cancel()
        await asyncio.gather(*taken, return_exceptions=True)


def berichten_van(client_id: str, nummer: int, opdracht_id: str) -> list[Stap]:
    """302, 305, 307, the deletion of that 307, a 317, and a second 301 of the municipality."""
    sleutel = {
        "toewijzing_nummer": nummer,
        "product": {"categorie": "02", "code": "02A05"},
        "begindatum": "2026-02-04",
    }
    stop = sleutel | {"reden_beeindiging": "20", "einddatum": "2026-04-10"}
    vow = {
        "referentie_aanbieder": f"R{nummer}",
        "reden_verzoek": "1",
        "te_wijzigen_producten": [
            {
                "toewijzing_nummer": nummer,
                "gewenste_ingangsdatum": "2026-06-01",
                "einddatum": "2026-07-31",
                "omvang": {"volume": 5, "eenheid": "04", "frequentie": "2"},
            }
        ],
    }
    inhouden: list[tuple[str, dict[str, Any]]] = [
        ("WMO302", {"retourcodes": []}),
        ("WMO305", {"start_producten": [sleutel | {"status_aanlevering": "1"}]}),
        ("WMO307", {"stop_producten": [stop | {"status_aanlevering": "1"}]}),
        ("WMO307", {"stop_producten": [stop | {"status_aanlevering": "3"}]}),
        ("WMO317", {"verzoek": vow}),
    ]
    stappen: list[Stap] = [None]
    for soort, inhoud in inhouden:
        data = {
            "bericht_id": str(uuid4()), "soort": soort, "dagtekening": "2026-04-24",
            "ontvangen_at": "2026-04-24T08:00:00Z", "opdracht_id": opdracht_id if soort == "WMO302" else None,
            "inhoud": inhoud,
        }  # fmt: skip
        stappen.append(
            {
                "event_id": str(uuid4()), "type": SOORT, "versie": 1, "gemeente": GOES, "aanbieder": A1,
                "client_id": client_id, "volgnummer": 1, "gebeurd_at": "2026-04-24T08:00:00Z", "data": data,
            }
        )  # fmt: skip
    return stappen


def door_elkaar(toeval: random.Random, per_client: dict[str, list[Stap]]) -> list[tuple[str, Stap]]:
    """All steps of all clients in one order; of each client in the order of its own list.

    Clients come by the group, so that the steps of one lie within seconds: a message waits no longer than 10.
    """
    beurten: list[str] = []
    clienten = list(per_client)
    for groep in (clienten[i : i + GROEP] for i in range(0, len(clienten), GROEP)):
        deel = [client for client in groep for _ in per_client[client]]
        toeval.shuffle(deel)
        beurten += deel
    volgende = {client: iter(stappen) for client, stappen in per_client.items()}
    return [(client, next(volgende[client])) for client in beurten]


async def test_op080_g05_200_willekeurige_volgorden_door_kafka_eindigen_gelijk(
    kafka_bootstrap: str, schema_dsn: str, pool: Pool, zet_klok: Klok
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    toeval = random.Random(seed)
    zaken = [Zaak(pool) for _ in range(CLIENTEN)]
    await zaken[0].contracten()
    nummers: dict[str, int] = {}
    per_client: dict[str, list[Stap]] = {}
    for zaak in zaken:
        gebeurd = await zaak.indiceer(begeleiding())
        [nummer] = van(gebeurd, "indicatie_toegewezen")[0]["toewijzing_nummers"]
        stappen = berichten_van(zaak.client_id, nummer, van(gebeurd, "bericht_opgesteld")[0]["opdracht_id"])
        toeval.shuffle(stappen)
        nummers[zaak.client_id], per_client[zaak.client_id] = nummer, stappen
    zet_klok("2026-04-24T10:00:00+02:00")
    langer = Wijziging(frozenset({"einddatum"}), "04", date(2026, 12, 31))

    async with lezende_dienst(kafka_bootstrap, schema_dsn, pool) as topic:
        producer = AIOKafkaProducer(bootstrap_servers=kafka_bootstrap)
        await producer.start()
        for client, stap in door_elkaar(toeval, per_client):
            if stap is None:
                async with transaction(pool, VAN_GOES) as tx:
                    await wijzig_toewijzing(tx, GOES, nummers[client], langer, None)
            else:
                await producer.send(topic, json.dumps(stap).encode(), key=client.encode())
        await producer.stop()
        event_ids = [stap["event_id"] for stappen in per_client.values() for stap in stappen if stap]
        tot = time.monotonic() + 120
        while True:
            klaar = await pool.fetchval(
                "SELECT count(*) FROM inbox WHERE event_id = ANY($1) AND NOT EXISTS"
                " (SELECT FROM wachtrij w WHERE w.event_id = inbox.event_id)",
                event_ids,
            )
            if klaar == len(event_ids):
                break
            assert time.monotonic() < tot, f"seed {seed}: {klaar} of {len(event_ids)}"
            await asyncio.sleep(0.1)

    for zaak in zaken:
        gebeurd = await zaak.gebeurtenissen()
        oordelen = van(gebeurd, "bericht_beoordeeld")
        assert len(oordelen) == 4 and not any(o["header_codes"] for o in oordelen), f"seed {seed}: {oordelen}"
        [rij] = await zaak.toewijzingen()
        stand = (rij["status"], rij["versie"], rij["einddatum"].isoformat(), rij["levering"])
        assert stand == ("actief", 2, "2026-12-31", "gestart"), f"seed {seed}: {per_client[zaak.client_id]}"
        assert [v["status"] for v in van(gebeurd, "verzoek_gewijzigd")] == ["ingediend"]
        eerste = [v["status"] for v in van(gebeurd, "toewijzing_vastgelegd") if v["versie"] == 1]
        assert eerste == ["verzonden", "goedgekeurd"], f"seed {seed}"
