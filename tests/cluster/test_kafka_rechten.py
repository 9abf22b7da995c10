"""The KafkaUsers of the manifests on a real broker: every service x every topic, reading and writing, by certificate.

Part of `make test-k8s`; needs no cluster, only the broker of the tests, with TLS and rights switched on.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError, for_code
from aiokafka.protocol.admin import CreateAclsRequest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from beheer.topics import TOPICS, look
from chassis.broker import client_options
from lokaal.kafka import START_S, launch_kafka
from lokaal.proces import free_port, wait_for_port
from tests.deploy.code import SERVICES, gelezen_topics, geschreven_topics
from tests.deploy.manifesten import lees, van_soort

SOORT = {"topic": 2, "group": 3}
MAG = {"Read": 3, "Write": 4, "Create": 5, "Describe": 8, "DescribeConfigs": 10}
LETTERLIJK, TOEGESTAAN = 3, 3
EXTRA = """
listeners=SSL://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=SSL://127.0.0.1:{port}
inter.broker.listener.name=SSL
listener.security.protocol.map=CONTROLLER:PLAINTEXT,SSL:SSL
ssl.keystore.type=PEM
ssl.keystore.location={map}/broker/alles.pem
ssl.truststore.type=PEM
ssl.truststore.location={map}/broker/ca.crt
ssl.client.auth=required
ssl.enabled.protocols=TLSv1.3
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:CN=broker;User:ANONYMOUS
"""


class Ca:
    """Signs certificates as Strimzi does: the name of the user is the CN."""

    def __init__(self) -> None:
        self.sleutel = ec.generate_private_key(ec.SECP256R1())
        self.naam = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "proef-ca")])
        self.cert = self._teken("proef-ca", self.sleutel.public_key(), ca=True)

    def _teken(self, cn: str, sleutel: Any, *, ca: bool = False) -> x509.Certificate:
        nu = dt.datetime.now(dt.UTC)
        bouw = x509.CertificateBuilder().subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cn)]))
        bouw = bouw.issuer_name(self.naam).public_key(sleutel).serial_number(x509.random_serial_number())
        bouw = bouw.not_valid_before(nu - dt.timedelta(days=1)).not_valid_after(nu + dt.timedelta(days=1))
        bouw = bouw.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        adres = x509.IPAddress(__import__("ipaddress").ip_address("127.0.0.1"))
        bouw = bouw.add_extension(x509.SubjectAlternativeName([adres]), critical=False)
        return bouw.sign(self.sleutel, hashes.SHA256())

    def geef(self, cn: str, map_: Path) -> Path:
        """A folder with `ca.crt`, `user.crt` and `user.key`, as the pods have it."""
        sleutel = ec.generate_private_key(ec.SECP256R1())
        pem = serialization.Encoding.PEM
        geheim = sleutel.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        eigen, ca = (c.public_bytes(pem) for c in (self._teken(cn, sleutel.public_key()), self.cert))
        map_.mkdir(parents=True)
        for naam, inhoud in {"ca.crt": ca, "user.crt": eigen, "user.key": geheim, "alles.pem": geheim + eigen}.items():
            (map_ / naam).write_bytes(inhoud)
        return map_


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """(bootstrap, folder with a folder of certificates per user); topics and rights are those of the manifests."""
    map_ = tmp_path_factory.mktemp("kafka-tls")
    ca = Ca()
    for wie in ("broker", "niemand", *(doc["metadata"]["name"] for doc in van_soort(lees("prod"), "KafkaUser"))):
        ca.geef(wie, map_ / wie)
    port, controller = free_port(), free_port()
    log = map_ / "kafka.log"
    kafka = launch_kafka(map_ / "data", port, controller, log, EXTRA.format(port=port, controller=controller, map=map_))
    try:
        wait_for_port(kafka.child, port, "Kafka", log, seconds=START_S)
        asyncio.run(asyncio.wait_for(richt_in(kafka.bootstrap, str(map_ / "broker")), 60))
        yield kafka.bootstrap, map_
    finally:
        kafka.stop()


async def richt_in(bootstrap: str, tls: str) -> None:
    while True:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, **client_options(tls))
        try:
            await admin.start()
            await admin.create_topics([NewTopic(topic, 1, 1) for topic in TOPICS])
            for gebruiker in van_soort(lees("prod"), "KafkaUser"):
                await geef_rechten(admin, gebruiker)
            return
        except KafkaError as fout:
            if not fout.retriable:
                raise
            await asyncio.sleep(0.2)
        finally:
            await admin.close()


async def geef_rechten(admin: AIOKafkaAdminClient, gebruiker: dict[str, Any]) -> None:
    for acl in gebruiker["spec"]["authorization"]["acls"]:
        for operatie in acl["operations"]:
            wat = acl["resource"]
            assert wat["patternType"] == "literal"
            vraag = CreateAclsRequest(SOORT[wat["type"]], wat["name"], LETTERLIJK,
                                      f"User:CN={gebruiker['metadata']['name']}", "*", MAG[operatie], TOEGESTAAN)  # fmt: skip
            antwoord = await admin._send_request(vraag)
            for code, *_ in antwoord.creation_responses:
                if code:
                    raise for_code(code)


async def schrijft(bootstrap: str, tls: str, topic: str) -> bool:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=False, request_timeout_ms=10_000,
                                **client_options(tls))  # fmt: skip
    await producer.start()
    try:
        await producer.send_and_wait(topic, b"{}", partition=0)
        return True
    except TopicAuthorizationFailedError:
        return False
    finally:
        await producer.stop()


async def leest(bootstrap: str, tls: str, topic: str, groep: str) -> bool:
    lezer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=groep, enable_auto_commit=False,
                             auto_offset_reset="earliest", **client_options(tls))  # fmt: skip
    await lezer.start()
    try:
        plek = TopicPartition(topic, 0)
        lezer.assign([plek])
        await lezer.seek_to_beginning(plek)
        await lezer.getmany(timeout_ms=200)
        await lezer.commit({plek: 0})
        return True
    except (TopicAuthorizationFailedError, GroupAuthorizationFailedError):
        return False
    finally:
        await lezer.stop()


async def test_een_service_schrijft_en_leest_alleen_wat_haar_code_noemt(broker: tuple[str, Path]) -> None:
    bootstrap, map_ = broker
    cellen = [(dienst, topic) for dienst in SERVICES for topic in TOPICS]
    # At once: a client gives up on a topic that it may not see only after its timeout.
    geschreven = await asyncio.gather(*(schrijft(bootstrap, str(map_ / wie), topic) for wie, topic in cellen))
    gelezen = await asyncio.gather(
        *(leest(bootstrap, str(map_ / wie), topic, f"{wie}.{topic}") for wie, topic in cellen)
    )
    assert {cel for cel, mag in zip(cellen, geschreven, strict=True) if mag} == {
        (wie, topic) for wie, topics in geschreven_topics().items() for topic in topics
    }
    mag_lezen = {(wie, topic) for wie, topics in gelezen_topics().items() for topic in topics}
    assert {cel for cel, mag in zip(cellen, gelezen, strict=True) if mag} == mag_lezen
    anders = [(wie, topic, ander) for wie, topic in sorted(mag_lezen) for ander in SERVICES[:2] if ander != wie]
    groepen = await asyncio.gather(*(leest(bootstrap, str(map_ / w), t, f"{a}.{t}") for w, t, a in anders))
    assert not any(groepen), "in the group of another"


async def test_wie_niet_bekend_is_mag_niets_en_zonder_certificaat_komt_niemand_binnen(broker: tuple[str, Path]) -> None:
    bootstrap, map_ = broker
    niemand = str(map_ / "niemand")
    assert not await schrijft(bootstrap, niemand, "intake.v1")
    assert not await leest(bootstrap, niemand, "intake.v1", "niemand")
    with pytest.raises(KafkaError):
        await AIOKafkaProducer(bootstrap_servers=bootstrap, request_timeout_ms=3000).start()


async def test_de_beheerder_kijkt_en_leest_niets(broker: tuple[str, Path]) -> None:
    bootstrap, map_ = broker
    tls = str(map_ / "beheer")
    assert set((await look(bootstrap, tls)).partities.values()) == {1}
    assert not await leest(bootstrap, tls, "intake.v1", "intake.intake.v1")
