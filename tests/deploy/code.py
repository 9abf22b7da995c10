"""What the code itself says that the manifests must say too: topics, who reads and writes them, settings."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.deploy.manifesten import ROOT

SERVICES = tuple(sorted(pad.parent.name for pad in (ROOT / "services").glob("*/__main__.py")))
_TOPIC = re.compile(r"^[a-z]+(-[a-z]+)*\.v\d+$")
_VOLUIT = re.compile(r"^ZORGKETEN_([A-Z]+_)*[A-Z]+$")
_LEZERS = {"needed", "optional", "waarde", "lijst"}
"""Small functions of the code that put `ZORGKETEN_` before the name they get."""
_PROGRAMMA = """
import importlib, json
from prometheus_client import REGISTRY
apps = {}
for naam in %r:
    main = importlib.import_module(f"services.{naam}.__main__")
    app = main.bouw() if hasattr(main, "bouw") else main.app
    apps[naam] = sorted(sub.topic for sub in app._subs)
metingen = {name: list(getattr(een, "_labelnames", ())) for name, een in REGISTRY._names_to_collectors.items()}
print(json.dumps({"topics": apps, "metingen": metingen}))
"""


@dataclass(frozen=True)
class Instelling:
    """One environment variable, and the file that reads it."""

    naam: str
    bestand: str


@cache
def _bedraad() -> dict[str, dict[str, list[str]]]:
    """Every service wired as it starts, in a process of its own."""
    omgeving = {"OMGEVING": "lokaal", "ISSUER": "http://127.0.0.1:1", "KAFKA": "127.0.0.1:1", "DSN": "-"}
    omgeving |= {f"URL_{naam.upper()}": "http://127.0.0.1:1" for naam in SERVICES}
    klaar = subprocess.run(
        [sys.executable, "-c", _PROGRAMMA % (SERVICES,)], cwd=ROOT, check=True, capture_output=True, text=True,
        timeout=120, env={f"ZORGKETEN_{naam}": waarde for naam, waarde in omgeving.items()},
    )  # fmt: skip
    return dict(json.loads(klaar.stdout.splitlines()[-1]))


def gelezen_topics() -> dict[str, list[str]]:
    """Per service the topics that it subscribes to."""
    return _bedraad()["topics"]


def metingen() -> dict[str, list[str]]:
    """Every name that /metrics can show, with its labels; the bare name of a counter or histogram is not shown."""
    alle = _bedraad()["metingen"]
    return {naam: labels for naam, labels in alle.items() if not {f"{naam}_total", f"{naam}_bucket"} & set(alle)}


@cache
def geschreven_topics() -> dict[str, list[str]]:
    """Per service the topics of its own that its code names; an owner's topics begin with its name."""
    return {
        dienst: sorted(
            {
                knoop.value
                for knoop in _knopen(f"services/{dienst}")
                if isinstance(knoop, ast.Constant) and isinstance(knoop.value, str) and _TOPIC.match(knoop.value)
                and re.match(rf"{dienst}[.-]", knoop.value)
            }
        )
        for dienst in SERVICES
    }  # fmt: skip


@cache
def instellingen() -> frozenset[Instelling]:
    """Every `ZORGKETEN_*` that chassis or a service reads from its environment."""
    gevonden = set()
    for map_ in ("chassis", "services"):
        for pad in sorted((ROOT / map_).rglob("*.py")):
            for knoop in ast.walk(ast.parse(pad.read_text())):
                if naam := _gelezen(knoop):
                    gevonden.add(Instelling(naam, str(pad.relative_to(ROOT))))
    return frozenset(gevonden)


def _gelezen(knoop: ast.AST) -> str | None:
    """A name in full, or one that a small reader puts the prefix before."""
    if isinstance(knoop, ast.Constant) and isinstance(knoop.value, str) and _VOLUIT.match(knoop.value):
        return knoop.value
    if isinstance(knoop, ast.Call) and ast.unparse(knoop.func) in _LEZERS and isinstance(knoop.args[0], ast.Constant):
        return f"ZORGKETEN_{knoop.args[0].value}"
    return None


def _knopen(map_: str) -> Iterator[ast.AST]:
    for pad in sorted((ROOT / map_).rglob("*.py")):
        yield from ast.walk(ast.parse(pad.read_text()))
