"""`python deploy/sbom.py`: what is installed here, as a CycloneDX document. The same packages give the same bytes."""

from __future__ import annotations

import json
import sys
import uuid
from importlib.metadata import Distribution, distributions
from typing import Any


def component(een: Distribution) -> dict[str, Any]:
    """One package, by its purl."""
    naam, licentie = een.metadata["Name"], een.metadata.get("License-Expression") or een.metadata.get("License")
    deel: dict[str, Any] = {
        "type": "library", "name": naam, "version": een.version,
        "purl": f"pkg:pypi/{naam.lower().replace('_', '-')}@{een.version}",
    }  # fmt: skip
    if licentie and len(licentie) < 80:
        deel["licenses"] = [{"license": {"name": licentie}}]
    return deel


def sbom() -> dict[str, Any]:
    """The whole document; its serial number follows from what is in it."""
    delen = sorted((component(een) for een in distributions()), key=lambda deel: deel["purl"])
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(delen))}",
        "metadata": {"component": {"type": "application", "name": "zorgketen"}},
        "components": delen,
    }  # fmt: skip


if __name__ == "__main__":
    json.dump(sbom(), sys.stdout, indent=1)
