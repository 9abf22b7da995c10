"""G6: what cannot be read is parked with its reason, and everything else goes on."""

import asyncio

import asyncpg
from aiokafka import AIOKafkaProducer

from lokaal.spel import wacht_tot
from tests.chain.spel import Zaak, begeleiding, retourcodes

ROMMEL = [b"\xff\xfe\x00", b"", None, b"{", b'{"type": "knooppunt.bericht_ontvangen"}', b"[" * 100_000]


async def stuur(bootstrap: str) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    try:
        for partitie, rommel in enumerate(ROMMEL):
            koppen = [("type", b"knooppunt.bericht_ontvangen"), ("vreemd", b"\xff\xfe")]
            await producer.send_and_wait(
                "knooppunt-berichten.v1", rommel, key=b"rommel", partition=partitie, headers=koppen
            )
    finally:
        await producer.stop()


async def redenen(dsn: str) -> list[str]:
    db = await asyncpg.connect(dsn)
    try:
        rijen = await db.fetch("select reden from toewijzing.geparkeerd where topic = 'knooppunt-berichten.v1'")
        return [rij["reden"] for rij in rijen]
    finally:
        await db.close()


def test_g06_rommel_wordt_geparkeerd_en_de_keten_gaat_door(keten):
    asyncio.run(stuur(keten.urls["kafka"]))

    def geparkeerd() -> list[str] | None:
        gevonden = asyncio.run(redenen(keten.urls["postgres"]))
        return gevonden if len(gevonden) >= len(ROMMEL) else None

    assert all(wacht_tot(geparkeerd, "alle rommel is geparkeerd"))
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten)
    zaak.ken_toe(begeleiding())
    keten.klok("2026-04-07T10:00:00+02:00")
    assert retourcodes(zaak.start(zaak.nummers[0], "2026-02-04")) == []
