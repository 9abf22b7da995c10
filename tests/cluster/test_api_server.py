"""`make test-k8s`: a real API server judges the manifests, and refuses planted faults. It changes nothing in it.

Needs kubectl and a KUBECONFIG that reaches a server; not part of `make test`.
"""

from __future__ import annotations

import copy
import json
import os
import shlex
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.manifesten import MAPPEN, Doc, lees, naam, sjablonen, van_soort

KUBECTL = shlex.split(os.environ.get("KUBECTL", "kubectl"))


def kubectl(*argumenten: str, invoer: Any = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*KUBECTL, *argumenten],
        input=json.dumps(invoer) if invoer is not None else None,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def naamruimte() -> Iterator[str]:
    """A namespace under the restricted profile: a dry run wants it to exist."""
    naam_ = f"zorgketen-proef-{uuid.uuid4().hex[:8]}"
    (ruimte,) = copy.deepcopy(van_soort(lees(), "Namespace"))
    ruimte["metadata"]["name"] = naam_
    gemaakt = kubectl("create", "-f", "-", invoer=ruimte)
    assert gemaakt.returncode == 0, gemaakt.stderr
    yield naam_
    kubectl("delete", "namespace", naam_, "--wait=false")


def pods(docs: list[Doc]) -> list[Doc]:
    """What the controllers would make: Pod Security judges pods, not their templates."""
    return [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": doc["metadata"]["name"]}, "spec": sjabloon["spec"]}
        for doc, sjabloon in sjablonen(docs)
    ]


def pas_toe(doc: Doc, naamruimte: str) -> subprocess.CompletedProcess[str]:
    waar = [] if doc["kind"] == "Namespace" else ["-n", naamruimte]
    return kubectl("apply", "--dry-run=server", "--validate=strict", *waar, "-f", "-", invoer=doc)


@pytest.mark.parametrize("doc", [*lees(), *pods(lees())], ids=naam)
def test_de_server_neemt_elk_object_aan(doc: Doc, naamruimte: str) -> None:
    antwoord = pas_toe(doc, naamruimte)
    assert antwoord.returncode == 0, antwoord.stderr
    assert "Warning" not in antwoord.stderr, antwoord.stderr


def test_kustomize_bouwt_dezelfde_objecten() -> None:
    gebouwd = [doc for map_ in MAPPEN for doc in yaml.safe_load_all(bouw(map_))]
    assert sorted(map(naam, gebouwd)) == sorted(map(naam, lees()))


def bouw(map_: Path) -> str:
    gebouwd = kubectl("kustomize", str(map_))
    assert gebouwd.returncode == 0, gebouwd.stderr
    return gebouwd.stdout


PLANTEN: list[tuple[str, str, Callable[[Any], object]]] = [
    ("name", "Deployment", lambda d: d["metadata"].update(name="In_take")),
    ("selector", "Deployment", lambda d: d["spec"]["selector"]["matchLabels"].update({"app.kubernetes.io/name": "x"})),
    ("volume", "Deployment", lambda d: d["spec"]["template"]["spec"].pop("volumes")),
    ("enum", "Job", lambda d: d["spec"]["template"]["spec"].update(restartPolicy="Soms")),
    ("limit", "Pod", lambda d: d["spec"]["containers"][0]["resources"]["limits"].update(memory="1Mi")),
    ("root", "Pod", lambda d: d["spec"]["securityContext"].update(runAsNonRoot=False)),
    ("misspelt", "Service", lambda d: d["spec"].update(porten=[])),
]


@pytest.mark.parametrize(("soort", "plant"), [(s, p) for _, s, p in PLANTEN], ids=[wat for wat, _, _ in PLANTEN])
def test_de_server_weigert_een_geplante_fout(soort: str, plant: Callable[[Any], object], naamruimte: str) -> None:
    docs = lees()
    doc = copy.deepcopy(van_soort([*docs, *pods(docs)], soort)[0])
    assert pas_toe(doc, naamruimte).returncode == 0
    plant(doc)
    assert pas_toe(doc, naamruimte).returncode != 0
