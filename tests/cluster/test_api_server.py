"""`make test-k8s`: a real API server judges every overlay, and refuses planted faults.

Needs kubectl and a KUBECONFIG (or `KUBECTL`) that reaches a server to try things on; not part of `make test`. It loads
the definitions of foreign kinds that the server does not know, and leaves nothing else behind.
"""

from __future__ import annotations

import copy
import json
import os
import shlex
import subprocess
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from tests.cluster.crds import zorg_dat_ze_er_zijn
from tests.deploy.manifesten import K8S, OVERLAYS, Doc, lees, sjablonen, van_soort

KUBECTL = shlex.split(os.environ.get("KUBECTL", "kubectl"))
VAN_HET_CLUSTER = ("Namespace", "PriorityClass")


def kubectl(*argumenten: str, tekst: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*KUBECTL, *argumenten], input=tekst, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def naamruimte() -> Iterator[str]:
    """A namespace under the restricted profile: a dry run wants it to exist."""
    zorg_dat_ze_er_zijn(kubectl)
    naam_ = f"zorgketen-proef-{uuid.uuid4().hex[:8]}"
    (ruimte,) = copy.deepcopy(van_soort(lees("dev"), "Namespace"))
    ruimte["metadata"]["name"] = naam_
    gemaakt = kubectl("create", "-f", "-", tekst=json.dumps(ruimte))
    assert gemaakt.returncode == 0, gemaakt.stderr
    yield naam_
    kubectl("delete", "namespace", naam_, "--wait=false")


def pods(docs: list[Doc]) -> list[Doc]:
    """What the controllers would make: Pod Security judges pods, not their templates."""
    gemaakt = []
    for doc, sjabloon in copy.deepcopy(list(sjablonen(docs))):
        # The class is among the objects, and of a dry run nothing is kept.
        sjabloon["spec"].pop("priorityClassName", None)
        kop = {"name": doc["metadata"]["name"]}
        gemaakt.append({"apiVersion": "v1", "kind": "Pod", "metadata": kop, "spec": sjabloon["spec"]})
    return gemaakt


def probeer(docs: list[Doc], ruimte: str) -> subprocess.CompletedProcess[str]:
    """All of these at once, as `kubectl apply` would; nothing is kept."""
    hier = copy.deepcopy([doc for doc in docs if doc["kind"] != "Namespace"])
    for doc in hier:
        if doc["kind"] not in VAN_HET_CLUSTER:
            doc["metadata"]["namespace"] = ruimte
    return kubectl("apply", "--dry-run=server", "--validate=strict", "-f", "-",
                   tekst=json.dumps({"apiVersion": "v1", "kind": "List", "items": hier}))  # fmt: skip


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_de_server_neemt_elke_overlay_aan(overlay: str, naamruimte: str) -> None:
    docs = lees(overlay)
    antwoord = probeer([*docs, *pods(docs)], naamruimte)
    assert antwoord.returncode == 0, antwoord.stderr
    assert "Warning" not in antwoord.stderr, antwoord.stderr
    # The namespace itself is not among them; its twin was made above.
    assert antwoord.stdout.count("(server dry run)") == len(docs) - 1 + len(pods(docs))
    print(f"{overlay}: {len(docs)} objecten en {len(pods(docs))} pods aangenomen")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_kustomize_bouwt_wat_er_staat(overlay: str) -> None:
    gebouwd: list[Doc] = []
    for map_ in ("voor-uitrol", ".", "na-uitrol"):
        klaar = kubectl("kustomize", str(K8S / "overlays" / overlay / map_))
        assert klaar.returncode == 0, klaar.stderr
        gebouwd += yaml.safe_load_all(klaar.stdout)
    assert gebouwd == lees(overlay)


PLANTEN: list[tuple[str, str, Callable[[Any], object]]] = [
    ("name", "Deployment", lambda d: d["metadata"].update(name="In_take")),
    ("selector", "Deployment", lambda d: d["spec"]["selector"]["matchLabels"].update({"app.kubernetes.io/name": "x"})),
    ("volume", "Deployment", lambda d: d["spec"]["template"]["spec"].pop("volumes")),
    ("enum", "Job", lambda d: d["spec"]["template"]["spec"].update(restartPolicy="Soms")),
    ("limit", "Pod", lambda d: d["spec"]["containers"][0]["resources"]["limits"].update(memory="1Mi")),
    ("root", "Pod", lambda d: d["spec"]["securityContext"].update(runAsNonRoot=False)),
    ("misspelt", "Service", lambda d: d["spec"].update(porten=[])),
    ("way", "NetworkPolicy", lambda d: d["spec"].update(policyTypes=["Uit"])),
    ("Kafka listener", "Kafka", lambda d: d["spec"]["kafka"]["listeners"][0].update(type="open")),
    ("Kafka topic", "KafkaTopic", lambda d: d["spec"].update(partitions="twaalf")),
    ("Kafka right", "KafkaUser", lambda d: d["spec"]["authorization"]["acls"][0]["resource"].update(type="onderwerp")),
    ("broker role", "KafkaNodePool", lambda d: d["spec"].update(roles=["baas"])),
    ("Postgres", "Cluster", lambda d: d["spec"].update(instances=0)),
    ("backup", "ScheduledBackup", lambda d: d["spec"].update(cluster="postgres")),
    ("scaling", "ScaledObject", lambda d: d["spec"].pop("triggers")),
    ("certificate", "Certificate", lambda d: d["spec"].pop("issuerRef")),
    ("measuring", "PodMonitor", lambda d: d["spec"]["podMetricsEndpoints"][0].update(interval="vaak")),
    ("alert", "PrometheusRule", lambda d: d["spec"]["groups"][0]["rules"][0].pop("expr")),
]  # fmt: skip


@pytest.mark.parametrize(("soort", "plant"), [(s, p) for _, s, p in PLANTEN], ids=[wat for wat, _, _ in PLANTEN])
def test_de_server_weigert_een_geplante_fout(soort: str, plant: Callable[[Any], object], naamruimte: str) -> None:
    docs = lees("prod")
    doc = copy.deepcopy(van_soort([*docs, *pods(docs)], soort)[0])
    assert probeer([doc], naamruimte).returncode == 0
    plant(doc)
    assert probeer([doc], naamruimte).returncode != 0
