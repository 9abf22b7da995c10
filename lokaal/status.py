"""`lokaal status`: what runs, how far consumers are behind, what is parked."""

from __future__ import annotations

import asyncio

import asyncpg
from aiokafka.errors import KafkaError

from beheer import stand
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
    schemas, achter = await stand.per_schema(endpoints["postgres"]), await stand.achterstand(endpoints["kafka"])
    return [f"{'geparkeerd':<18} {schema}: {wat['geparkeerd']}" for schema, wat in schemas.items()] + [
        f"{'achterstand':<18} {groep}: {aantal} gebeurtenissen" for groep, aantal in achter.items()
    ]
