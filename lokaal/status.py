"""`lokaal status`: what runs, how far consumers are behind, what is parked."""

from __future__ import annotations

import asyncio

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from lokaal.plek import Plek, lees_json
from lokaal.proces import alive

WACHT_S = 15.0


def toon_status(plek: Plek) -> int:
    """Print it; 0 when all of it runs and is ready, 1 when not."""
    processen, endpoints = lees_json(plek.processen), lees_json(plek.endpoints)
    if not processen:
        print("De keten draait niet.")
        return 1
    for naam, pid in processen.items():
        print(f"{naam:<18} {'draait' if alive(pid) else 'staat stil':<12} pid {pid}")
    if not endpoints:
        print("Nog niet alles is klaar.")
        return 1
    try:
        regels = asyncio.run(asyncio.wait_for(_stand(endpoints), WACHT_S))
    except (OSError, TimeoutError, asyncpg.PostgresError, KafkaError):
        print("Postgres of Kafka antwoordt nu niet.")
        return 1
    print("\n".join(regels))
    return 0 if all(alive(pid) for pid in processen.values()) else 1


async def _stand(endpoints: dict[str, str]) -> list[str]:
    geparkeerd, achter = await _geparkeerd(endpoints["postgres"]), await _achterstand(endpoints["kafka"])
    return [f"{'geparkeerd':<18} {schema}: {aantal}" for schema, aantal in geparkeerd.items()] + [
        f"{'achterstand':<18} {groep}: {aantal} gebeurtenissen" for groep, aantal in achter.items()
    ]


async def _geparkeerd(dsn: str) -> dict[str, int]:
    connection = await asyncpg.connect(dsn)
    try:
        schemas = await connection.fetch(
            "SELECT table_schema FROM information_schema.tables WHERE table_name = 'geparkeerd' ORDER BY 1"
        )
        return {
            str(rij[0]): int(
                await connection.fetchval(f'SELECT count(*) FROM "{rij[0]}".geparkeerd WHERE opgelost_at IS NULL')
            )
            for rij in schemas
        }
    finally:
        await connection.close()


async def _achterstand(bootstrap: str) -> dict[str, int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    lezer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        await lezer.start()
        achter: dict[str, int] = {}
        for groep, *_ in await admin.list_consumer_groups():
            gelezen = await admin.list_consumer_group_offsets(groep)
            einde = await lezer.end_offsets([TopicPartition(tp.topic, tp.partition) for tp in gelezen])
            achter[groep] = sum(max(0, einde[tp] - stand.offset) for tp, stand in gelezen.items())
        return dict(sorted(achter.items()))
    finally:
        await lezer.stop()
        await admin.close()
