"""The manifests of deploy/k8s as data, and small ways to look into them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
BASE = ROOT / "deploy" / "k8s" / "base"
MAPPEN = (BASE, BASE.parent / "na-uitrol")
Doc = dict[str, Any]

_FACTOR = {"m": 1e-3, "": 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


def lees() -> list[Doc]:
    """Every object of the base and of what follows a roll-out, in the order of the kustomizations."""
    bestanden = [
        map_ / naam
        for map_ in MAPPEN
        for naam in yaml.safe_load((map_ / "kustomization.yaml").read_text())["resources"]
    ]
    return [doc for bestand in bestanden for doc in yaml.safe_load_all(bestand.read_text()) if doc]


def van_soort(docs: list[Doc], *soorten: str) -> list[Doc]:
    return [doc for doc in docs if doc["kind"] in soorten]


def naam(doc: Doc) -> str:
    """`Deployment/intake`"""
    return f"{doc['kind']}/{doc['metadata']['name']}"


def sjablonen(docs: list[Doc]) -> Iterator[tuple[Doc, Doc]]:
    """Each object that makes pods, with its pod template."""
    for doc in van_soort(docs, "Deployment", "Job"):
        yield doc, doc["spec"]["template"]


def containers(docs: list[Doc]) -> Iterator[tuple[Doc, Doc, Doc]]:
    """Each container with its object and the pod's spec."""
    for doc, sjabloon in sjablonen(docs):
        for container in sjabloon["spec"].get("initContainers", []) + sjabloon["spec"]["containers"]:
            yield doc, sjabloon["spec"], container


def past(selector: Doc, sjabloon: Doc) -> bool:
    """Whether a label selector picks the pods of this template; an empty one picks all."""
    labels = selector.get("matchLabels", {})
    return labels.items() <= sjabloon["metadata"].get("labels", {}).items()


def hoeveelheid(tekst: str) -> float:
    """A quantity in units: `256Mi` -> 268435456.0, `50m` -> 0.05."""
    cijfers = str(tekst).rstrip("KMGim")
    return float(cijfers) * _FACTOR[str(tekst)[len(cijfers) :]]
