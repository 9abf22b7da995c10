"""One W3C trace goes from a request over HTTP through outbox and Kafka to every service and back."""

import asyncio
import json
import secrets

from aiokafka import AIOKafkaConsumer

from beheer.topics import TOPICS
from lokaal.spel import wacht_tot
from schemas.iwmo import schrijf
from tests.chain.spel import GOES, Zaak, begeleiding, nummer


async def types_van(bootstrap: str, trace_id: str) -> set[str]:
    """The types of all events on Kafka whose header carries this trace."""
    consumer = AIOKafkaConsumer(*TOPICS, bootstrap_servers=bootstrap, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    try:
        einden = await consumer.end_offsets(consumer.assignment())
        gevonden = set()
        while any([await consumer.position(tp) < eind for tp, eind in einden.items()]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                koppen = [dict(record.headers) for record in records]
                gevonden |= {
                    k["type"].decode() for k in koppen if trace_id in k.get("traceparent", b"").decode("latin-1")
                }
        return gevonden
    finally:
        await consumer.stop()


def logregels(keten, dienst: str, trace_id: str) -> list[str]:
    """The events of the log lines of a service within this trace."""
    regels = (json.loads(r) for r in (keten.map / "log" / f"{dienst}.log").read_text().splitlines() if trace_id in r)
    return [regel["event"] for regel in regels if regel.get("trace_id") == trace_id]


def test_een_305_houdt_zijn_trace_tot_in_het_antwoord(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten)
    zaak.ken_toe(begeleiding())
    keten.klok("2026-04-07T10:00:00+02:00")
    start = {
        "toewijzing_nummer": zaak.nummers[0],
        "product": {"categorie": "02", "code": "02A05"},
        "toewijzing_ingangsdatum": "2026-02-02",
        "begindatum": "2026-02-04",
        "status_aanlevering": "1",
    }
    xml = schrijf.start_305(
        afzender=zaak.agb, ontvanger=GOES, identificatie=nummer("S"), dagtekening=keten.vandaag(),
        client=zaak.client, start_producten=[start],
    )  # fmt: skip
    trace_id = secrets.token_hex(16)
    ontvangen = keten.vraag(
        "POST", "knooppunt", "/v1/berichten", zaak.agb, content=xml,
        headers={"Content-Type": "application/xml", "traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01"},
    )  # fmt: skip
    assert ontvangen.status_code == 202
    keten.wacht_op_antwoord(zaak.agb, ontvangen.json()["bericht_id"])

    op_kafka = asyncio.run(types_van(keten.urls["kafka"], trace_id))
    assert {"knooppunt.bericht_ontvangen", "toewijzing.bericht_beoordeeld"} <= op_kafka
    assert "verzoek" in logregels(keten, "knooppunt", trace_id)
    for dienst in ("toewijzing", "knooppunt", "backoffice"):
        wacht_tot(
            lambda d=dienst: "events_verwerkt" in logregels(keten, d, trace_id) or None, f"een logregel van {dienst}"
        )
