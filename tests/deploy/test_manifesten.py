"""deploy/k8s is right by the schema and by what a schema cannot see; each check is seen failing first."""

from __future__ import annotations

import copy
import importlib.util
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import kubernetes_validate
import pytest
import yaml

from chassis.settings import Settings
from tests.deploy.keuring import KEURINGEN
from tests.deploy.manifesten import K8S, OVERLAYS, Doc, diensten, lees, naam, omgeving, van_soort

VERSIE = "1.34"
PER_OVERLAY = {overlay: lees(overlay) for overlay in OVERLAYS}
PROD = PER_OVERLAY["prod"]
EIGEN_SOORTEN = ("kafka.strimzi.io", "postgresql.cnpg.io", "keda.sh", "monitoring.coreos.com", "cert-manager.io")
"""Kinds that a server knows by its CRDs alone: tests/cluster."""


def het(docs: list[Doc], soort: str, naam_: str) -> Any:
    (doc,) = [d for d in van_soort(docs, soort) if d["metadata"]["name"] == naam_]
    return doc


def config(docs: list[Doc], naam_: str) -> Any:
    (doc,) = [d for d in van_soort(docs, "ConfigMap") if d["metadata"]["name"].rpartition("-")[0] == naam_]
    return doc


def intake(docs: list[Doc]) -> Any:
    return het(docs, "Deployment", "intake")


def pod(docs: list[Doc]) -> Any:
    return intake(docs)["spec"]["template"]["spec"]


def container(docs: list[Doc]) -> Any:
    return pod(docs)["containers"][0]


def env(docs: list[Doc], variabele: str) -> Any:
    (een,) = [v for v in container(docs)["env"] if v["name"] == variabele]
    return een


def job(docs: list[Doc], naam_: str) -> Any:
    return het(docs, "Job", naam_)["spec"]["template"]["spec"]["containers"][0]


def topic(docs: list[Doc]) -> Any:
    return het(docs, "KafkaTopic", "declaratie.v1")


def acls(docs: list[Doc], wie: str) -> Any:
    return het(docs, "KafkaUser", wie)["spec"]["authorization"]["acls"]


def policy(docs: list[Doc], naam_: str) -> Any:
    return het(docs, "NetworkPolicy", naam_)["spec"]


def cluster(docs: list[Doc], naam_: str) -> Any:
    return het(docs, "Cluster", naam_)["spec"]


def broker(docs: list[Doc]) -> Any:
    return het(docs, "Kafka", "kafka")["spec"]["kafka"]


def schaal(docs: list[Doc]) -> Any:
    return het(docs, "ScaledObject", "declaratie")["spec"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_wat_er_staat_is_gebouwd_uit_wat_er_nu_is(overlay: str) -> None:
    spec = importlib.util.spec_from_file_location("bouw", K8S / "bouw.py")
    assert spec is not None and spec.loader is not None
    bouw = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bouw)
    for deel in bouw.DELEN:
        eerste = (K8S / "gebouwd" / overlay / f"{deel}.yaml").read_text().partition("\n")[0]
        assert f"{eerste}\n" == bouw.kop(), "run deploy/k8s/bouw.py"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_het_schema_van_kubernetes_keurt_elk_object_goed(overlay: str) -> None:
    eigen = [doc for doc in PER_OVERLAY[overlay] if doc["apiVersion"].partition("/")[0] not in EIGEN_SOORTEN]
    assert len(eigen) > 40
    for doc in eigen:
        kubernetes_validate.validate(doc, VERSIE, strict=True)


@pytest.mark.parametrize(
    "plant",
    [
        lambda docs: intake(docs)["spec"].update(replica=2),
        lambda docs: container(docs).update(imagePullPolicy=3),
        lambda docs: intake(docs)["spec"].pop("selector"),
    ],
    ids=["misspelt field", "wrong type", "missing field"],
)
def test_het_schema_vindt_een_geplante_fout(plant: Callable[[list[Doc]], object]) -> None:
    docs = copy.deepcopy(PROD)
    plant(docs)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(intake(docs), VERSIE, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("keur", KEURINGEN)
def test_elke_keuring_vindt_niets(keur: str, overlay: str) -> None:
    assert list(KEURINGEN[keur](PER_OVERLAY[overlay])) == []


PLANTEN: list[tuple[str, str, Callable[[list[Doc]], object]]] = [
    ("namen", "twice", lambda d: d.append(copy.deepcopy(intake(d)))),
    ("namen", "upper case", lambda d: intake(d)["metadata"].update(name="Intake")),
    ("namen", "another name", lambda d: intake(d)["spec"]["template"]["metadata"]["labels"].update({"app.kubernetes.io/name": "x"})),
    ("verwijzingen", "config", lambda d: container(d)["envFrom"][0]["configMapRef"].update(name="x")),
    ("verwijzingen", "secret", lambda d: container(d)["envFrom"][1]["secretRef"].update(name="x")),
    ("verwijzingen", "key", lambda d: env(d, "ZORGKETEN_DSN")["valueFrom"]["secretKeyRef"].update(key="x")),
    ("verwijzingen", "another's database", lambda d: env(d, "ZORGKETEN_DSN")["valueFrom"]["secretKeyRef"].update(key="knooppunt")),
    ("verwijzingen", "the vault", lambda d: het(d, "Deployment", "backoffice")["spec"]["template"]["spec"]["containers"][0]["env"].append(env(d, "ZORGKETEN_KLUIS"))),
    ("verwijzingen", "volume", lambda d: het(d, "Deployment", "rand")["spec"]["template"]["spec"]["volumes"][1]["configMap"].update(name="rand")),
    ("verwijzingen", "another's certificate", lambda d: [v for v in pod(d)["volumes"] if v["name"] == "kafka"][0]["projected"]["sources"][0]["secret"].update(name="declaratie")),
    ("config_heeft_een_afdruk", "no hash", lambda d: config(d, "zorgketen")["metadata"].update(name="zorgketen")),
    ("gegevens_in_het_zicht", "Secret", lambda d: d.append({"kind": "Secret", "metadata": {"name": "x"}})),
    ("gegevens_in_het_zicht", "ConfigMap", lambda d: config(d, "zorgketen")["data"].update(ZORGKETEN_DSN="postgresql://a:b@c/d")),
    ("gegevens_in_het_zicht", "value", lambda d: container(d)["env"].append({"name": "ZORGKETEN_SLEUTEL_KLUIS", "value": "1:x"})),
    ("alle_instellingen", "forgotten", lambda d: config(d, "knooppunt")["data"].pop("ZORGKETEN_GRENS_STOOT")),
    ("alle_instellingen", "misspelt", lambda d: config(d, "knooppunt")["data"].update(ZORGKETEN_GRENS_STOOTS="1")),
    ("alle_instellingen", "test clock", lambda d: config(d, "zorgketen")["data"].update(ZORGKETEN_KLOK_SCHEEF_S="60")),
    ("alle_instellingen", "in the open to Kafka", lambda d: config(d, "zorgketen")["data"].pop("ZORGKETEN_KAFKA_TLS")),
    ("volumes", "mount without volume", lambda d: container(d)["volumeMounts"].append({"name": "x", "mountPath": "/x"})),
    ("volumes", "volume without mount", lambda d: pod(d)["volumes"].append({"name": "x", "emptyDir": {}})),
    ("selectors", "deployment", lambda d: intake(d)["spec"]["selector"].update(matchLabels={"x": "y"})),
    ("selectors", "service", lambda d: het(d, "Service", "intake")["spec"].update(selector={"app.kubernetes.io/name": "knooppunt"})),
    ("selectors", "budget", lambda d: het(d, "PodDisruptionBudget", "intake")["spec"].update(minAvailable=2)),
    ("poorten", "probe", lambda d: container(d)["livenessProbe"]["httpGet"].update(port="web")),
    ("poorten", "target", lambda d: het(d, "Service", "intake")["spec"]["ports"][0].update(targetPort="web")),
    ("poorten", "container", lambda d: container(d)["ports"][0].update(containerPort=8080)),
    ("poorten", "url", lambda d: config(d, "zorgketen")["data"].update(ZORGKETEN_URL_INTAKE="http://intake:80")),
    ("poorten", "ingress", lambda d: het(d, "Ingress", "kantoor")["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"].update(name="x")),
    ("probes", "absent", lambda d: container(d).pop("readinessProbe")),
    ("probes", "ready is not alive", lambda d: container(d)["livenessProbe"]["httpGet"].update(path="/readyz")),
    ("probes", "killed while starting", lambda d: container(d)["startupProbe"].update(failureThreshold=5)),
    ("probes", "gives up too soon", lambda d: container(d)["readinessProbe"].update(timeoutSeconds=1)),
    ("grenzen", "absent", lambda d: container(d)["resources"].pop("limits")),
    ("grenzen", "below request", lambda d: container(d)["resources"]["limits"].update(memory="64Mi")),
    ("grenzen", "too much", lambda d: container(d)["resources"]["limits"].update(memory="1Gi")),
    ("pod_veiligheid", "root", lambda d: pod(d)["securityContext"].update(runAsNonRoot=False)),
    ("pod_veiligheid", "user 0", lambda d: pod(d)["securityContext"].update(runAsUser=0)),
    ("pod_veiligheid", "seccomp", lambda d: pod(d)["securityContext"].pop("seccompProfile")),
    ("pod_veiligheid", "escalation", lambda d: container(d)["securityContext"].pop("allowPrivilegeEscalation")),
    ("pod_veiligheid", "capabilities", lambda d: container(d)["securityContext"].update(capabilities={"add": ["NET_RAW"]})),
    ("pod_veiligheid", "writable root", lambda d: container(d)["securityContext"].pop("readOnlyRootFilesystem")),
    ("pod_veiligheid", "host network", lambda d: pod(d).update(hostNetwork=True)),
    ("pod_veiligheid", "host path", lambda d: pod(d)["volumes"].append({"name": "h", "hostPath": {"path": "/"}})),
    ("pod_veiligheid", "namespace", lambda d: het(d, "Namespace", "zorgketen")["metadata"].pop("labels")),
    ("geen_token", "token", lambda d: pod(d).pop("automountServiceAccountToken")),
    ("netwerk", "open", lambda d: d.remove(het(d, "NetworkPolicy", "niets-tenzij"))),
    ("netwerk", "no names", lambda d: d.remove(het(d, "NetworkPolicy", "namen"))),
    ("netwerk", "egress too narrow", lambda d: policy(d, "diensten")["egress"].pop(0)),
    ("netwerk", "egress too wide", lambda d: policy(d, "diensten")["egress"].append({})),
    ("netwerk", "ingress too wide", lambda d: policy(d, "diensten")["ingress"].append({"ports": [{"port": 8000}]})),
    ("netwerk", "the vault for all", lambda d: policy(d, "kluis")["podSelector"]["matchExpressions"][0]["values"].append("declaratie") or policy(d, "kluis-in")["ingress"][0]["from"].append({"podSelector": {}})),
    ("netwerk", "mail from anybody", lambda d: policy(d, "post").update(podSelector={})),
    ("netwerk", "spans go nowhere", lambda d: policy(d, "diensten")["egress"].pop(2)),
    ("netwerk", "all of monitoring", lambda d: policy(d, "diensten")["egress"][2].pop("ports")),
    ("netwerk", "not measured", lambda d: policy(d, "diensten")["ingress"].pop()),
    ("uitrol", "one process", lambda d: het(d, "Deployment", "notifications")["spec"].update(replicas=1)),
    ("uitrol", "scaled to one", lambda d: schaal(d).update(minReplicaCount=1)),
    ("uitrol", "no budget", lambda d: d.remove(het(d, "PodDisruptionBudget", "intake"))),
    ("uitrol", "takes away first", lambda d: intake(d)["spec"]["strategy"]["rollingUpdate"].update(maxUnavailable=1)),
    ("uitrol", "no preStop", lambda d: container(d).pop("lifecycle")),
    ("uitrol", "killed too soon", lambda d: pod(d).update(terminationGracePeriodSeconds=20)),
    ("uitrol", "one node", lambda d: pod(d)["topologySpreadConstraints"].pop()),
    ("migraties", "all at once", lambda d: job(d, "migratie-voor").update(args=["python", "-m", "chassis.migrate", "--fase", "alle"])),
    ("migraties", "for ever", lambda d: het(d, "Job", "kluis")["spec"].pop("activeDeadlineSeconds")),
    ("migraties", "forgotten", lambda d: d.remove(het(d, "Job", "migratie-na"))),
    ("programmas", "not rolled out", lambda d: d.remove(intake(d))),
    ("programmas", "another service", lambda d: container(d).update(args=["python", "-m", "services.knooppunt"])),
    ("programmas", "no such module", lambda d: job(d, "migratie-voor").update(args=["python", "-m", "chassis.x"])),
    ("programmas", "latest", lambda d: container(d).update(image="registry.example/zorgketen:latest")),
    ("programmas", "two versions", lambda d: container(d).update(image="registry.example/zorgketen:0.0.9")),
    ("topics", "forgotten", lambda d: d.remove(topic(d))),
    ("topics", "partitions", lambda d: topic(d)["spec"].update(partitions=6)),
    ("topics", "one copy", lambda d: topic(d)["spec"].update(replicas=1)),
    ("topics", "acknowledged by one", lambda d: topic(d)["spec"]["config"].update({"min.insync.replicas": 1})),
    ("topics", "another broker", lambda d: topic(d)["metadata"]["labels"].update({"strimzi.io/cluster": "x"})),
    ("rechten_op_kafka", "too much", lambda d: acls(d, "intake").append({"resource": {"type": "topic", "name": "declaratie.v1", "patternType": "literal"}, "operations": ["Write"]})),
    ("rechten_op_kafka", "too little", lambda d: acls(d, "intake").pop()),
    ("rechten_op_kafka", "keda reads", lambda d: acls(d, "keda")[0]["operations"].append("Read")),
    ("rechten_op_kafka", "nobody", lambda d: d.remove(het(d, "KafkaUser", "toewijzing"))),
    ("rechten_op_kafka", "password", lambda d: het(d, "KafkaUser", "intake")["spec"].update(authentication={"type": "scram-sha-512"})),
    ("kafka", "in the open", lambda d: broker(d)["listeners"][0].update(tls=False)),
    ("kafka", "anybody", lambda d: broker(d).pop("authorization")),
    ("kafka", "forgets", lambda d: broker(d)["config"].update({"unclean.leader.election.enable": True})),
    ("kafka", "acknowledged by one", lambda d: broker(d)["config"].update({"min.insync.replicas": 1})),
    ("kafka", "one zone", lambda d: broker(d).pop("rack")),
    ("kafka", "another address", lambda d: config(d, "zorgketen")["data"].update(ZORGKETEN_KAFKA="kafka:9092")),
    ("postgres", "one node", lambda d: cluster(d, "postgres").update(instances=1)),
    ("postgres", "no archive", lambda d: cluster(d, "kluis").pop("backup")),
    ("postgres", "keys for ever", lambda d: cluster(d, "kluis")["backup"].update(retentionPolicy="35d")),
    ("postgres", "WAL too late", lambda d: cluster(d, "postgres")["postgresql"]["parameters"].update(archive_timeout="1h")),
    ("postgres", "logs statements", lambda d: cluster(d, "postgres")["postgresql"]["parameters"].update(log_min_error_statement="error")),
    ("postgres", "superuser", lambda d: cluster(d, "kluis").update(enableSuperuserAccess=True)),
    ("postgres", "no vault", lambda d: d.remove(het(d, "Cluster", "kluis"))),
    ("postgres", "no daily backup", lambda d: d.remove(het(d, "ScheduledBackup", "kluis"))),
    ("schalen", "nothing", lambda d: schaal(d)["scaleTargetRef"].update(name="x")),
    ("schalen", "more than partitions", lambda d: schaal(d).update(maxReplicaCount=20)),
    ("schalen", "another group", lambda d: schaal(d)["triggers"][0]["metadata"].update(consumerGroup="declaratie")),
    ("schalen", "set back", lambda d: het(d, "Deployment", "declaratie")["spec"].update(replicas=2)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("keur", "plant"), [(k, p) for k, _, p in PLANTEN], ids=[f"{k}: {wat}" for k, wat, _ in PLANTEN]
)
def test_een_keuring_vindt_een_geplante_fout(keur: str, plant: Callable[[list[Doc]], object]) -> None:
    docs = copy.deepcopy(PROD)
    plant(docs)
    assert list(KEURINGEN[keur](docs)), "the planted fault was not found"


def test_elke_keuring_is_ooit_falend_gezien() -> None:
    assert set(KEURINGEN) == {keur for keur, _, _ in PLANTEN}


def test_elk_bestand_staat_in_een_kustomization() -> None:
    for map_ in [*K8S.rglob("kustomization.yaml"), K8S.parent / "observability" / "kustomization.yaml"]:
        inhoud = yaml.safe_load(map_.read_text())
        genoemd = {str(een) for een in inhoud.get("resources", [])}
        genoemd |= {patch["path"] for patch in inhoud.get("patches", []) if "path" in patch}
        for maker in inhoud.get("configMapGenerator", []):
            genoemd |= {een.partition("=")[2] or een for een in maker.get("files", [])} | {*maker.get("envs", [])}
        for pad in map_.parent.rglob("*.yaml"):
            eigen = [m for m in pad.parents if (m / "kustomization.yaml").exists()][:1] == [map_.parent]
            if eigen and pad != map_ and "gebouwd" not in pad.parts:
                assert str(pad.relative_to(map_.parent)) in genoemd, pad


@pytest.mark.parametrize("doc", diensten(PROD), ids=naam)
def test_een_pod_krijgt_instellingen_waarmee_de_service_start(doc: Doc, monkeypatch: pytest.MonkeyPatch) -> None:
    dienst = doc["metadata"]["name"]
    (c,) = doc["spec"]["template"]["spec"]["containers"]
    for sleutel, waarde in omgeving(PROD, c).items():
        monkeypatch.setenv(sleutel, waarde)
    settings = Settings.from_env(dienst)
    assert settings.omgeving == "productie" and settings.adres == "0.0.0.0"
    mounts = {mount["mountPath"] for mount in c["volumeMounts"]}
    assert settings.kafka_tls in mounts
    assert urlsplit(omgeving(PROD, c)["OTEL_EXPORTER_OTLP_ENDPOINT"]).port == 4318
    assert (settings.kluis is not None) == (dienst in ("intake", "knooppunt"))
    for ander in ("intake", "toewijzing", "declaratie", "knooppunt", "notifications", "backoffice"):
        assert settings.url(ander).startswith("http")
