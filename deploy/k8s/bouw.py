"""`python deploy/k8s/bouw.py`: what kustomize makes of every overlay, kept in `gebouwd/` to be read and applied.

Needs kubectl (or `KUBECTL`, or `kustomize`). The first line of each file is the hash of what it was made from, so that
a test without kustomize sees that it is not of today.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

K8S = Path(__file__).resolve().parent
GEBOUWD = K8S / "gebouwd"
OVERLAYS = ("dev", "prod")
DELEN = {"voor-uitrol": "voor-uitrol", "keten": ".", "na-uitrol": "na-uitrol"}
"""In the order of a roll-out, with the folder inside the overlay."""


def bronnen_afdruk() -> str:
    """The hash of everything that kustomize reads."""
    som = hashlib.sha256()
    for map_ in (K8S, K8S.parent / "observability"):
        for pad in sorted(map_.rglob("*")):
            if (
                pad.is_file()
                and GEBOUWD not in pad.parents
                and pad.suffix in (".yaml", ".env", ".conf", ".map", ".json")
            ):
                som.update(f"{pad.relative_to(K8S.parent)}\n".encode() + pad.read_bytes())
    return som.hexdigest()


def kop() -> str:
    """The first line of every file."""
    return f"# Made by deploy/k8s/bouw.py; do not edit. {bronnen_afdruk()}\n"


def kustomize(map_: Path) -> str:
    """What kustomize makes of this folder. Raises CalledProcessError when it cannot."""
    if (kubectl := shlex.split(os.environ.get("KUBECTL", "kubectl"))) and shutil.which(kubectl[0]):
        opdracht = [*kubectl, "kustomize"]
    else:
        opdracht = ["kustomize", "build"]
    return subprocess.run([*opdracht, str(map_)], capture_output=True, text=True, timeout=60, check=True).stdout


def prometheus_regels() -> str:
    """The alarms as a Prometheus without its operator reads them: the same lines, without the wrapping."""
    regels = (K8S.parent / "observability" / "alarmen.yaml").read_text().partition("\nspec:\n")[2]
    return "".join(f"{regel.removeprefix('  ')}\n" for regel in regels.splitlines())


def main() -> int:
    """Write every file."""
    for overlay in OVERLAYS:
        (GEBOUWD / overlay).mkdir(parents=True, exist_ok=True)
        for deel, map_ in DELEN.items():
            (GEBOUWD / overlay / f"{deel}.yaml").write_text(kop() + kustomize(K8S / "overlays" / overlay / map_))
    (GEBOUWD / "prometheus-regels.yaml").write_text(kop() + prometheus_regels())
    return 0


if __name__ == "__main__":
    sys.exit(main())
