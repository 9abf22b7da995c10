"""Kafka, Postgres and what scales: the same as the code says, and in production three of what remembers."""

from __future__ import annotations

from collections.abc import Iterator

from beheer.topics import PARTITIONS, TOPICS
from tests.deploy.code import SERVICES, gelezen_topics, geschreven_topics
from tests.deploy.manifesten import Doc, containers, naam, van_soort

Recht = tuple[str, str, str, str]


def topics(docs: list[Doc]) -> Iterator[str]:
    if (hier := {doc["metadata"]["name"] for doc in van_soort(docs, "KafkaTopic")}) != set(TOPICS):
        yield f"topics {sorted(hier ^ set(TOPICS))} are only here, or only in the code"
    (pool,), (kafka,) = van_soort(docs, "KafkaNodePool"), van_soort(docs, "Kafka")
    for doc in van_soort(docs, "KafkaTopic"):
        spec = doc["spec"]
        if spec["partitions"] != PARTITIONS:
            yield f"{naam(doc)}: {spec['partitions']} partitions"
        if spec["replicas"] != pool["spec"]["replicas"]:
            yield f"{naam(doc)}: not a copy on every broker"
        if spec["config"]["min.insync.replicas"] != max(1, spec["replicas"] - 1):
            yield f"{naam(doc)}: an acknowledged event may be on too few brokers"
        if doc["metadata"]["labels"].get("strimzi.io/cluster") != kafka["metadata"]["name"]:
            yield f"{naam(doc)}: of no broker here"


def rechten_op_kafka(docs: list[Doc]) -> Iterator[str]:
    """A service writes its own topics, and reads what it subscribes to in groups of its own name; nothing else."""
    gebruikers = {doc["metadata"]["name"]: doc for doc in van_soort(docs, "KafkaUser")}
    if set(gebruikers) != {*SERVICES, "keda", "beheer"}:
        yield f"KafkaUsers {sorted(set(gebruikers) ^ {*SERVICES, 'keda', 'beheer'})}"
    for wie, doc in gebruikers.items():
        if doc["spec"]["authentication"]["type"] != "tls":
            yield f"{naam(doc)}: no certificate"
        verwacht = _verwacht(wie) if wie in SERVICES else {("topic", "*"), ("group", "*")}
        rechten = {
            (r["resource"]["type"], r["resource"]["name"], r["resource"]["patternType"], op)
            for r in doc["spec"]["authorization"]["acls"]
            for op in r["operations"]
        }
        if wie in SERVICES and rechten != verwacht:
            yield f"{naam(doc)}: {sorted(rechten ^ verwacht)}"
        if wie not in SERVICES and any(op not in ("Describe", "DescribeConfigs") for *_, op in rechten):
            yield f"{naam(doc)}: may do more than look"


def _verwacht(dienst: str) -> set[Recht]:
    rechten = {("topic", t, "literal", op) for t in geschreven_topics()[dienst] for op in ("Describe", "Write")}
    for topic in gelezen_topics()[dienst]:
        rechten |= {("topic", topic, "literal", op) for op in ("Describe", "Read")}
        rechten.add(("group", f"{dienst}.{topic}", "literal", "Read"))
    return rechten


def kafka(docs: list[Doc]) -> Iterator[str]:
    (broker,), (pool,) = van_soort(docs, "Kafka"), van_soort(docs, "KafkaNodePool")
    spec, aantal = broker["spec"]["kafka"], pool["spec"]["replicas"]
    for listener in spec["listeners"]:
        if not listener["tls"] or listener.get("authentication", {}).get("type") != "tls":
            yield f"listener {listener['name']}: in the open, or without a certificate"
    if spec.get("authorization", {}).get("type") != "simple":
        yield "everybody may do everything on the broker"
    config = spec["config"]
    if config["unclean.leader.election.enable"] or config["auto.create.topics.enable"]:
        yield "the broker may forget, or make topics by itself"
    if config["default.replication.factor"] != aantal or config["min.insync.replicas"] != max(1, aantal - 1):
        yield f"{aantal} brokers, and copies for another number"
    if aantal > 1 and spec.get("rack", {}).get("topologyKey") != "topology.kubernetes.io/zone":
        yield "all copies may be in one zone"
    adressen = {o["value"] for _, _, c in containers(docs) for o in c.get("env", []) if o["name"] == "ZORGKETEN_KAFKA"}
    adressen |= {c["data"]["ZORGKETEN_KAFKA"] for c in van_soort(docs, "ConfigMap") if "ZORGKETEN_KAFKA" in c["data"]}
    if adressen != {f"{broker['metadata']['name']}-kafka-bootstrap:{spec['listeners'][0]['port']}"}:
        yield f"the services look for the broker at {sorted(adressen)}"


def postgres(docs: list[Doc]) -> Iterator[str]:
    """Two clusters apart; backups of the vault are gone after 30 days (crypto-shredding), WAL leaves each minute."""
    clusters = {doc["metadata"]["name"]: doc["spec"] for doc in van_soort(docs, "Cluster")}
    if set(clusters) != {"postgres", "kluis"}:
        yield f"clusters {sorted(clusters)}"
        return
    (pool,) = van_soort(docs, "KafkaNodePool")
    for wie, spec in clusters.items():
        if spec["enableSuperuserAccess"] or "hostssl all all all scram-sha-256" not in spec["postgresql"]["pg_hba"]:
            yield f"{wie}: a superuser over the network, or a connection in the open"
        if spec["postgresql"]["parameters"]["archive_timeout"] != "60s":
            yield f"{wie}: what was committed leaves the node too late (G20)"
        if spec["postgresql"]["parameters"]["log_min_error_statement"] != "panic":
            yield f"{wie}: logs the text of failing statements (G18)"
        if pool["spec"]["replicas"] == 1:
            continue  # a trial cluster: no copies, and no object store
        if spec["instances"] < 3 or spec["postgresql"]["synchronous"]["number"] < 1:
            yield f"{wie}: a lost node may lose what was acknowledged"
        if not spec.get("backup", {}).get("barmanObjectStore", {}).get("wal"):
            yield f"{wie}: no archive of its WAL"
        elif wie == "kluis" and spec["backup"]["retentionPolicy"] != "30d":
            yield "kluis: a destroyed key lives on in its backups"
        if wie not in {doc["spec"]["cluster"]["name"] for doc in van_soort(docs, "ScheduledBackup")}:
            yield f"{wie}: no daily backup"


def schalen(docs: list[Doc]) -> Iterator[str]:
    """By the groups that the code reads with; never more processes than partitions."""
    services = {doc["metadata"]["name"] for doc in van_soort(docs, "Deployment")}
    for doc in van_soort(docs, "ScaledObject"):
        spec = doc["spec"]
        wie = spec["scaleTargetRef"]["name"]
        if wie not in services:
            yield f"{naam(doc)}: scales nothing"
            continue
        if spec["maxReplicaCount"] > PARTITIONS or spec["minReplicaCount"] < 2:
            yield f"{naam(doc)}: more processes than partitions, or one"
        groepen = {(t["metadata"]["consumerGroup"], t["metadata"]["topic"]) for t in spec["triggers"]}
        if groepen != {(f"{wie}.{topic}", topic) for topic in gelezen_topics()[wie]}:
            yield f"{naam(doc)}: looks at other groups than {wie} reads with"
        (deployment,) = [d for d in van_soort(docs, "Deployment") if d["metadata"]["name"] == wie]
        if "replicas" in deployment["spec"]:
            yield f"{naam(doc)}: each roll-out sets the number back"


KEURINGEN = [topics, rechten_op_kafka, kafka, postgres, schalen]
