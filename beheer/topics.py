"""The topics of the chain, as code: names, partitions, how long they are kept."""

from __future__ import annotations

import asyncio
import sys

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError, KafkaTimeoutError, NodeNotReadyError, for_code

PARTITIONS = 12
TOPICS = (
    "intake.v1",
    "toewijzing.v1",
    "knooppunt-berichten.v1",
    "knooppunt-declaraties.v1",
    "declaratie.v1",
    "notifications.v1",
)
CONFIG = {"retention.ms": str(7 * 24 * 3600 * 1000), "min.insync.replicas": "1"}
ALREADY_EXISTS = 36


def create_topics(bootstrap: str, *, seconds: float = 30) -> None:
    """Make the topics that are not there yet. Raises when the broker does not take them in time."""
    asyncio.run(asyncio.wait_for(_create(bootstrap), seconds))


async def _create(bootstrap: str) -> None:
    while True:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, client_id="lokaal-topics")
        try:
            await admin.start()
            answer = await admin.create_topics(
                [NewTopic(name, PARTITIONS, 1, topic_configs=dict(CONFIG)) for name in TOPICS]
            )
        except (KafkaConnectionError, KafkaTimeoutError, NodeNotReadyError):
            await asyncio.sleep(0.2)  # the port is open a moment before the broker is registered
            continue
        finally:
            await admin.close()
        for name, code, *_ in answer.topic_errors:
            if code not in (0, ALREADY_EXISTS):
                raise for_code(code)(name)
        return


if __name__ == "__main__":
    create_topics(sys.argv[1], seconds=120)
