"""Postgres and Kafka of the public images: the same that compose starts and production resembles."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from lokaal.proces import free_port

POSTGRES = "postgres:17-trixie"
KAFKA = "apache/kafka:4.3.1"
START_S = 120


@contextmanager
def postgres() -> Iterator[str]:
    """The superuser's dsn of a fresh server."""
    from testcontainers.community.postgres import PostgresContainer  # only where an engine is asked for

    with PostgresContainer(POSTGRES, driver=None) as server:
        yield server.get_connection_url()


@contextmanager
def kafka() -> Iterator[str]:
    """host:port of a fresh broker."""
    from testcontainers.core.container import DockerContainer

    # Clients are sent to the advertised address, so the port outside must be known before the start.
    poort = free_port()
    omgeving = {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://localhost:{poort}",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_INTER_BROKER_LISTENER_NAME": "PLAINTEXT",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
    }
    broker = DockerContainer(KAFKA).with_bind_ports(9092, poort)
    for naam, waarde in omgeving.items():
        broker.with_env(naam, waarde)
    with broker:
        asyncio.run(asyncio.wait_for(_antwoordt(f"localhost:{poort}"), START_S))
        yield f"localhost:{poort}"


async def _antwoordt(bootstrap: str) -> None:
    """Until the broker itself answers: the engine opens the port long before."""
    while True:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        try:
            await admin.start()
            return
        except KafkaError:
            await asyncio.sleep(0.2)
        finally:
            await admin.close()
