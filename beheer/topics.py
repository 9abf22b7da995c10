"""The topics of the chain, as code: names, partitions, how long they are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError, KafkaTimeoutError, NodeNotReadyError, for_code

from chassis.broker import client_options

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


@dataclass(frozen=True)
class Stand:
    """Of each topic of the code how many partitions the broker has, 0 when it is not there."""

    partities: Mapping[str, int]

    @property
    def ontbreekt(self) -> list[str]:
        return [topic for topic, aantal in self.partities.items() if aantal == 0]

    @property
    def anders(self) -> list[str]:
        """With another number of partitions: order per client does not survive that (another version is needed)."""
        return [topic for topic, aantal in self.partities.items() if aantal not in (0, PARTITIONS)]


def create_topics(bootstrap: str, *, seconds: float = 30, tls: str | None = None) -> None:
    """Make the topics that are not there yet. Raises when the broker does not take them in time."""
    asyncio.run(asyncio.wait_for(_create(bootstrap, tls), seconds))


async def look(bootstrap: str, tls: str | None = None) -> Stand:
    """What there is; changes nothing."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, client_id="beheer-topics", **client_options(tls))
    try:
        await admin.start()
        # Named ones would be made by a broker that makes topics by itself.
        known = {een["topic"]: len(een["partitions"]) for een in await admin.describe_topics()}
    finally:
        await admin.close()
    return Stand({topic: known.get(topic, 0) for topic in TOPICS})


async def _create(bootstrap: str, tls: str | None) -> None:
    while True:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, client_id="beheer-topics", **client_options(tls))
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
