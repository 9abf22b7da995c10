"""The kinds of Strimzi, CloudNativePG, KEDA, the Prometheus operator and cert-manager, as their makers publish them.

A server that does not know them gets them here: from Go modules, and of Strimzi from the generator on Maven Central.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

GO = {
    "scaledobjects.keda.sh": ("github.com/kedacore/keda/v2@v2.21.0", "config/crd/bases"),
    "podmonitors.monitoring.coreos.com": (
        "github.com/prometheus-operator/prometheus-operator@v0.85.0",
        "example/prometheus-operator-crd",
    ),
    "clusters.postgresql.cnpg.io": ("github.com/cloudnative-pg/cloudnative-pg@v1.27.0", "config/crd/bases"),
    "certificates.cert-manager.io": ("github.com/cert-manager/cert-manager@v1.18.2", "deploy/crds"),
}
"""A kind -> module and folder it comes from."""
STRIMZI, VERSIE = "kafkas.kafka.strimzi.io", "1.2.0"
_MODEL = "io.strimzi.api.kafka.model"
_SOORTEN = ("kafka.Kafka", "nodepool.KafkaNodePool", "topic.KafkaTopic", "user.KafkaUser")

Kubectl = Callable[..., "subprocess.CompletedProcess[str]"]


def zorg_dat_ze_er_zijn(kubectl: Kubectl) -> None:
    """Load what this server does not know yet; some minutes the first time, when they must be fetched."""
    for soort, (module, map_) in GO.items():
        if kubectl("get", "crd", soort).returncode != 0:
            _laad(kubectl, _uit_go(module) / map_)
    if kubectl("get", "crd", STRIMZI).returncode != 0:
        with tempfile.TemporaryDirectory() as map_:
            _laad(kubectl, _van_strimzi(Path(map_)))


def _laad(kubectl: Kubectl, map_: Path) -> None:
    for pad in sorted(map_.glob("*.yaml")):
        if pad.name == "kustomization.yaml":
            continue
        # cert-manager's own are a template; without its lines they are the plain definitions.
        tekst = "\n".join(regel for regel in pad.read_text().splitlines() if "{{" not in regel)
        klaar = kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", tekst=tekst)
        assert klaar.returncode == 0, klaar.stderr
    for pad in sorted(map_.glob("*.yaml")):
        if pad.name != "kustomization.yaml":
            tekst = "\n".join(regel for regel in pad.read_text().splitlines() if "{{" not in regel)
            klaar = kubectl("wait", "--for=condition=Established", "--timeout=60s", "-f", "-", tekst=tekst)
            assert klaar.returncode == 0, klaar.stderr


def _uit_go(module: str) -> Path:
    omgeving = os.environ | {"GOFLAGS": "-mod=mod"}
    klaar = subprocess.run(["go", "mod", "download", "-json", module], capture_output=True, text=True, check=True,
                           timeout=600, env=omgeving)  # fmt: skip
    return Path(json.loads(klaar.stdout)["Dir"])


def _van_strimzi(map_: Path) -> Path:
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.env import EnvironmentBuilder, EnvironmentSpec, LinkStrategy
    from jgo.maven import MavenContext

    from lokaal.kafka import java

    spec = map_ / "jgo.toml"
    spec.write_text(
        f'[environment]\nname = "crds"\n[dependencies]\n'
        f'coordinates = ["io.strimzi:crd-generator:{VERSIE}", "io.strimzi:api:{VERSIE}"]\n'
    )
    settings = GlobalSettings.load()
    repos = {"central": MAVEN_CENTRAL_URL, **settings.repositories}
    builder = EnvironmentBuilder(
        context=MavenContext(repo_cache=settings.repo_cache, remote_repos=repos),
        cache_dir=map_ / "jgo",
        link_strategy=LinkStrategy.COPY,
    )
    jars = ":".join(map(str, builder.from_spec(EnvironmentSpec.load(spec)).all_jars))
    (map_ / "crds").mkdir()
    doelen = [f"{_MODEL}.{soort}={map_ / 'crds' / soort}.yaml" for soort in _SOORTEN]
    subprocess.run(
        [java(), "-cp", jars, "io.strimzi.crdgenerator.CrdGenerator", "--yaml", *doelen],
        check=True, timeout=120, capture_output=True,
    )  # fmt: skip
    return map_ / "crds"
