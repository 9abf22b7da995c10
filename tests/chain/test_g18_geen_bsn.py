"""G18: a BSN stands in no log and in no event, and an answer never repeats a value."""

import asyncio
import base64

from aiokafka import AIOKafkaConsumer

from schemas.iwmo import schrijf
from tests.chain.spel import A1, GOES, Zaak, begeleiding, declareer, een_client, een_prestatie, nummer

TOPICS = [
    "intake.v1",
    "toewijzing.v1",
    "knooppunt-berichten.v1",
    "knooppunt-declaraties.v1",
    "declaratie.v1",
    "notifications.v1",
]


async def alle_records(bootstrap: str) -> list[bytes]:
    """Key, headers and value of every record on every topic."""
    consumer = AIOKafkaConsumer(*TOPICS, bootstrap_servers=bootstrap, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    try:
        einden = await consumer.end_offsets(consumer.assignment())
        uit: list[bytes] = []
        while any([await consumer.position(tp) < eind for tp, eind in einden.items()]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    koppen = b" ".join(waarde for _, waarde in record.headers)
                    uit.append(b" ".join([record.key or b"", koppen, record.value or b""]))
        return uit
    finally:
        await consumer.stop()


def test_g18_bsn_staat_in_geen_log_en_in_geen_event(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten)
    zaak.ken_toe(begeleiding())
    keten.klok("2026-04-07T10:00:00+02:00")
    zaak.start(zaak.nummers[0], "2026-02-04")
    declareer(keten, {zaak.bsn: [een_prestatie(zaak.nummers[0], nummer("R"), 12)]})
    fout = schrijf.start_305(
        afzender=A1, ontvanger=GOES, identificatie=nummer("B"), dagtekening=keten.vandaag(),
        client=een_client(zaak.bsn), start_producten=[{"begindatum": "2026-02-04", "status_aanlevering": "1"}],
    )  # fmt: skip
    antwoord = keten.post_xml(A1, fout.replace(zaak.bsn.encode(), zaak.bsn.encode() + b"0"))
    assert antwoord.status_code == 422

    bsn = zaak.bsn
    vormen = [bsn.encode(), ".".join([bsn[:4], bsn[4:6], bsn[6:]]).encode(), base64.b64encode(bsn.encode()),
              bsn.encode().hex().encode(), bsn[::-1].encode()]  # fmt: skip
    records = asyncio.run(alle_records(keten.urls["kafka"]))
    assert records, "an empty search proves nothing"
    logs = [pad.read_bytes() for pad in (keten.map / "log").iterdir() if pad.is_file()]
    assert any(logs)
    for vorm in vormen:
        assert not any(vorm in record for record in records)
        assert not any(vorm in log for log in logs)
        assert vorm not in antwoord.content
