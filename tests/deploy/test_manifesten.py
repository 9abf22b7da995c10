"""deploy/k8s is right by the schema and by what a schema cannot see; each check is seen failing first."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import kubernetes_validate
import pytest
import yaml

from chassis.settings import Settings
from tests.deploy import keuring
from tests.deploy.manifesten import BASE, Doc, containers, lees, naam, van_soort

VERSIE = "1.34"
DOCS = lees()


def het(docs: list[Doc], soort: str, naam_: str) -> Any:
    (doc,) = [d for d in van_soort(docs, soort) if d["metadata"]["name"] == naam_]
    return doc


def intake(docs: list[Doc]) -> Any:
    return het(docs, "Deployment", "intake")


def pod(docs: list[Doc]) -> Any:
    return intake(docs)["spec"]["template"]["spec"]


def container(docs: list[Doc]) -> Any:
    return pod(docs)["containers"][0]


@pytest.mark.parametrize("doc", DOCS, ids=naam)
def test_het_schema_van_kubernetes_keurt_elk_object_goed(doc: Doc) -> None:
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
    docs = copy.deepcopy(DOCS)
    plant(docs)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(intake(docs), VERSIE, strict=True)


@pytest.mark.parametrize("keur", keuring.KEURINGEN, ids=lambda keur: keur.__name__)
def test_elke_keuring_vindt_niets(keur: Callable[[list[Doc]], Any]) -> None:
    assert list(keur(DOCS)) == []


PLANTEN: list[tuple[str, str, Callable[[list[Doc]], object]]] = [
    ("namen", "twice", lambda d: d.append(copy.deepcopy(intake(d)))),
    ("namen", "upper case", lambda d: intake(d)["metadata"].update(name="Intake")),
    ("verwijzingen", "config", lambda d: container(d)["envFrom"][0]["configMapRef"].update(name="x")),
    ("verwijzingen", "secret", lambda d: container(d)["envFrom"][1]["secretRef"].update(name="x")),
    ("verwijzingen", "key", lambda d: container(d)["env"][1]["valueFrom"]["secretKeyRef"].update(key="x")),
    ("verwijzingen", "another's database", lambda d: container(d)["env"][1]["valueFrom"]["secretKeyRef"].update(key="knooppunt")),
    ("volumes", "mount without volume", lambda d: container(d)["volumeMounts"].append({"name": "x", "mountPath": "/x"})),
    ("volumes", "volume without mount", lambda d: pod(d)["volumes"].append({"name": "x", "emptyDir": {}})),
    ("selectors", "deployment", lambda d: intake(d)["spec"]["selector"].update(matchLabels={"x": "y"})),
    ("selectors", "service", lambda d: het(d, "Service", "intake")["spec"].update(selector={"app.kubernetes.io/name": "knooppunt"})),
    ("selectors", "budget", lambda d: het(d, "PodDisruptionBudget", "intake")["spec"].update(minAvailable=2)),
    ("poorten", "probe", lambda d: container(d)["livenessProbe"]["httpGet"].update(port="web")),
    ("poorten", "target", lambda d: het(d, "Service", "intake")["spec"]["ports"][0].update(targetPort="web")),
    ("poorten", "container", lambda d: container(d)["ports"][0].update(containerPort=8080)),
    ("poorten", "url", lambda d: het(d, "ConfigMap", "zorgketen")["data"].update(ZORGKETEN_URL_INTAKE="http://intake:80")),
    ("probes", "absent", lambda d: container(d).pop("readinessProbe")),
    ("probes", "ready is not alive", lambda d: container(d)["livenessProbe"]["httpGet"].update(path="/readyz")),
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
    ("netwerk", "egress too narrow", lambda d: het(d, "NetworkPolicy", "zorgketen")["spec"]["egress"].pop()),
    ("netwerk", "egress too wide", lambda d: het(d, "NetworkPolicy", "zorgketen")["spec"]["egress"].append({})),
    ("netwerk", "ingress too wide", lambda d: het(d, "NetworkPolicy", "zorgketen")["spec"]["ingress"].append({"ports": [{"port": 22}]})),
    ("uitrol", "one process", lambda d: intake(d)["spec"].update(replicas=1)),
    ("uitrol", "no budget", lambda d: d.remove(het(d, "PodDisruptionBudget", "intake"))),
    ("uitrol", "takes away first", lambda d: intake(d)["spec"]["strategy"]["rollingUpdate"].update(maxUnavailable=1)),
    ("uitrol", "no preStop", lambda d: container(d).pop("lifecycle")),
    ("uitrol", "killed too soon", lambda d: pod(d).update(terminationGracePeriodSeconds=20)),
    ("programmas", "not rolled out", lambda d: d.remove(intake(d))),
    ("programmas", "another service", lambda d: container(d).update(args=["python", "-m", "services.knooppunt"])),
    ("programmas", "no such module", lambda d: het(d, "Job", "migratie")["spec"]["template"]["spec"]["containers"][0].update(args=["python", "-m", "chassis.x"])),
    ("programmas", "latest", lambda d: container(d).update(image="zorgketen:latest")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("keur", "plant"), [(k, p) for k, _, p in PLANTEN], ids=[f"{k}: {wat}" for k, wat, _ in PLANTEN]
)
def test_een_keuring_vindt_een_geplante_fout(keur: str, plant: Callable[[list[Doc]], object]) -> None:
    docs = copy.deepcopy(DOCS)
    plant(docs)
    assert list(getattr(keuring, keur)(docs)), "the planted fault was not found"


def test_elke_keuring_is_ooit_falend_gezien() -> None:
    assert {keur.__name__ for keur in keuring.KEURINGEN} == {keur for keur, _, _ in PLANTEN}


def test_elk_bestand_staat_in_de_kustomization() -> None:
    genoemd = set(yaml.safe_load((BASE / "kustomization.yaml").read_text())["resources"])
    assert genoemd == {pad.name for pad in BASE.glob("*.yaml")} - {"kustomization.yaml"}


@pytest.mark.parametrize("doc", van_soort(DOCS, "Deployment"), ids=naam)
def test_een_pod_krijgt_instellingen_waarmee_de_service_start(doc: Doc, monkeypatch: pytest.MonkeyPatch) -> None:
    dienst = doc["metadata"]["name"]
    for sleutel, waarde in het(DOCS, "ConfigMap", "zorgketen")["data"].items():
        monkeypatch.setenv(sleutel, waarde)
    for _, _, c in containers([doc]):
        for variabele in c["env"]:
            monkeypatch.setenv(variabele["name"], variabele.get("value", "van buiten"))
    settings = Settings.from_env(dienst)
    assert settings.omgeving == "productie" and settings.adres == "0.0.0.0"
    for ander in ("intake", "toewijzing", "declaratie", "knooppunt", "notifications", "backoffice"):
        assert settings.url(ander).startswith("http")
