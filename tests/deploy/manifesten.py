"""The manifests as kustomize makes them (deploy/k8s/gebouwd) as data, and small ways to look into them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
K8S = ROOT / "deploy" / "k8s"
OVERLAYS = ("dev", "prod")
Doc = dict[str, Any]

_FACTOR = {"m": 1e-3, "": 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


@cache
def _tekst(overlay: str) -> tuple[str, ...]:
    return tuple(
        (K8S / "gebouwd" / overlay / f"{deel}.yaml").read_text() for deel in ("voor-uitrol", "keten", "na-uitrol")
    )


def lees(overlay: str) -> list[Doc]:
    """Every object of an overlay, in the order of a roll-out."""
    return [doc for tekst in _tekst(overlay) for doc in yaml.load_all(tekst, yaml.CSafeLoader) if doc]


def van_soort(docs: list[Doc], *soorten: str) -> list[Doc]:
    return [doc for doc in docs if doc["kind"] in soorten]


def naam(doc: Doc) -> str:
    """`Deployment/intake`"""
    return f"{doc['kind']}/{doc['metadata']['name']}"


def diensten(docs: list[Doc]) -> list[Doc]:
    """The Deployments of our own services."""
    return [d for d in van_soort(docs, "Deployment") if label(d["spec"]["template"], "component") == "dienst"]


def label(wie: Doc, soort: str) -> str | None:
    waarde: str | None = wie["metadata"].get("labels", {}).get(f"app.kubernetes.io/{soort}")
    return waarde


def sjablonen(docs: list[Doc]) -> Iterator[tuple[Doc, Doc]]:
    """Each object that makes pods, with its pod template."""
    for doc in van_soort(docs, "Deployment", "Job"):
        yield doc, doc["spec"]["template"]


def containers(docs: list[Doc]) -> Iterator[tuple[Doc, Doc, Doc]]:
    """Each container with its object and the pod's spec."""
    for doc, sjabloon in sjablonen(docs):
        for container in sjabloon["spec"].get("initContainers", []) + sjabloon["spec"]["containers"]:
            yield doc, sjabloon["spec"], container


def omgeving(docs: list[Doc], container: Doc) -> dict[str, str]:
    """What a container finds in its environment; of a secret the words `van buiten`."""
    configs = {doc["metadata"]["name"]: doc["data"] for doc in van_soort(docs, "ConfigMap")}
    gevonden: dict[str, str] = {}
    for bron in container.get("envFrom", []):
        if "configMapRef" in bron:
            gevonden |= configs.get(bron["configMapRef"]["name"], {})
        else:
            gevonden |= dict.fromkeys(VAN_BUITEN.get(bron["secretRef"]["name"], ()), "van buiten")
    return gevonden | {v["name"]: v.get("value", "van buiten") for v in container.get("env", [])}


VAN_BUITEN: dict[str, set[str]] = {
    "zorgketen-postgres": {"backoffice", "declaratie", "intake", "knooppunt", "notifications", "toewijzing"},
    "zorgketen-sleutels": {"ZORGKETEN_SLEUTEL_PSEUDONIEM"},
    "zorgketen-migratie": {"dsn", "wachtwoord-rol"},
    "zorgketen-kluis": {"dsn", "sleutel", "gegevens"},
    "zorgketen-kluis-beheer": {"dsn", "wachtwoord"},
    "zorgketen-backup": {"sleutel-id", "sleutel"},
    "zorgketen-webhooks": {"sleutel"},
    "zorgketen-stuf": set(),
    "zorgketen-partijen-ca": {"ca.crt"},
}
"""Secrets that are made outside this repository, with the keys that must be in them."""


def past(selector: Doc, labels: Doc) -> bool:
    """Whether a label selector picks these labels; an empty one picks all."""
    if not selector.get("matchLabels", {}).items() <= labels.items():
        return False
    return all(labels.get(eis["key"]) in eis["values"] for eis in selector.get("matchExpressions", []))


def hoeveelheid(tekst: str) -> float:
    """A quantity in units: `256Mi` -> 268435456.0, `50m` -> 0.05."""
    cijfers = str(tekst).rstrip("KMGim")
    return float(cijfers) * _FACTOR[str(tekst)[len(cijfers) :]]
