"""How pods live: probes, limits, safety, and how they come and go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.deploy.keuring.objecten import processen
from tests.deploy.manifesten import Doc, containers, diensten, hoeveelheid, naam, sjablonen, van_soort

GEHEUGEN_MAX = hoeveelheid("384Mi")  # G9
STOPPEN_S = 20
"""How long a process may take to finish what it holds: 5 s of requests, 10 s of tasks, 5 s of the pool."""


def volumes(docs: list[Doc]) -> Iterator[str]:
    for doc, pod, container in containers(docs):
        er_zijn = {volume["name"] for volume in pod.get("volumes", [])}
        gebruikt = {mount["name"] for mount in container.get("volumeMounts", [])}
        if er_zijn != gebruikt:
            yield f"{naam(doc)}: volumes {er_zijn ^ gebruikt} are named once"


def probes(docs: list[Doc]) -> Iterator[str]:
    """Started, ready and alive mean different things; only `ready` asks Postgres, so an outage restarts nobody."""
    verwacht = {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
    for doc in diensten(docs):
        (container,) = doc["spec"]["template"]["spec"]["containers"]
        for soort, pad in verwacht.items():
            if container.get(soort, {}).get("httpGet", {}).get("path") != pad:
                yield f"{naam(doc)}: {soort} does not ask {pad}"
                return
        duur = {
            soort: container[soort].get("periodSeconds", 10) * container[soort].get("failureThreshold", 3)
            for soort in verwacht
        }
        if not duur["readinessProbe"] < duur["livenessProbe"] < duur["startupProbe"]:
            yield f"{naam(doc)}: is restarted before it is out of the way, or while it starts"
        # /readyz itself gives Postgres 2 s.
        if container["readinessProbe"].get("timeoutSeconds", 1) <= 2:
            yield f"{naam(doc)}: its readiness gives up before the answer"


def grenzen(docs: list[Doc]) -> Iterator[str]:
    for doc, _, container in containers(docs):
        vraagt, krijgt = container["resources"].get("requests", {}), container["resources"].get("limits", {})
        if not {"cpu", "memory"} <= set(vraagt) or "memory" not in krijgt:
            yield f"{naam(doc)}: a request or limit is missing"
            continue
        if any(hoeveelheid(vraagt[wat]) > hoeveelheid(krijgt[wat]) for wat in krijgt):
            yield f"{naam(doc)}: asks for more than its limit"
        if hoeveelheid(krijgt["memory"]) > GEHEUGEN_MAX:
            yield f"{naam(doc)}: more memory than G9 promises"


def pod_veiligheid(docs: list[Doc]) -> Iterator[str]:
    """The `restricted` profile, and a root filesystem that cannot be written."""
    for doc in van_soort(docs, "Namespace"):
        if doc["metadata"].get("labels", {}).get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"{naam(doc)}: does not enforce the restricted profile"
    for doc, pod, container in containers(docs):
        samen: dict[str, Any] = {**pod.get("securityContext", {}), **container.get("securityContext", {})}
        if samen.get("runAsNonRoot") is not True or samen.get("runAsUser", 1) == 0:
            yield f"{naam(doc)}: may run as root"
        if samen.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{naam(doc)}: no seccomp profile"
        if samen.get("allowPrivilegeEscalation") is not False or samen.get("privileged"):
            yield f"{naam(doc)}: may gain privileges"
        if samen.get("capabilities", {}) != {"drop": ["ALL"]}:
            yield f"{naam(doc)}: keeps capabilities"
        if samen.get("readOnlyRootFilesystem") is not True:
            yield f"{naam(doc)}: can write its own root filesystem"
        if any(pod.get(soort) for soort in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{naam(doc)}: shares a namespace of the node"
        if any(
            set(volume) - {"name", "emptyDir", "configMap", "secret", "projected"} for volume in pod.get("volumes", [])
        ):
            yield f"{naam(doc)}: a kind of volume that the restricted profile refuses"


def geen_token(docs: list[Doc]) -> Iterator[str]:
    for doc, sjabloon in sjablonen(docs):
        if sjabloon["spec"].get("automountServiceAccountToken") is not False:
            yield f"{naam(doc)}: its pods get a token of the cluster"


def uitrol(docs: list[Doc]) -> Iterator[str]:
    """A roll-out or a lost node never takes the last process away (G11)."""
    budgetten = {doc["metadata"]["name"] for doc in van_soort(docs, "PodDisruptionBudget")}
    for doc in van_soort(docs, "Deployment"):
        spec, pod = doc["spec"], doc["spec"]["template"]["spec"]
        if processen(docs, doc) < 2 or doc["metadata"]["name"] not in budgetten:
            yield f"{naam(doc)}: one process, or no disruption budget"
        if spec["strategy"]["rollingUpdate"]["maxUnavailable"] != 0:
            yield f"{naam(doc)}: a roll-out takes a process away first"
        spreiding = {eis["topologyKey"]: eis["labelSelector"] for eis in pod.get("topologySpreadConstraints", [])}
        if spreiding.get("kubernetes.io/hostname") != spec["selector"]:
            yield f"{naam(doc)}: all its processes may be on one node"
    for doc in diensten(docs):
        spec, pod = doc["spec"], doc["spec"]["template"]["spec"]
        wacht_s = min(
            c.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0) for c in pod["containers"]
        )
        if wacht_s < 5:
            yield f"{naam(doc)}: is told to stop while requests still arrive"
        if pod["terminationGracePeriodSeconds"] <= wacht_s + STOPPEN_S:
            yield f"{naam(doc)}: is killed before it is done"


def migraties(docs: list[Doc]) -> Iterator[str]:
    """Before the roll-out what the old code bears, after it the rest; each runs once and does not hang."""
    fasen = {}
    for doc in van_soort(docs, "Job"):
        (container,) = doc["spec"]["template"]["spec"]["containers"]
        fasen[doc["metadata"]["name"]] = container["args"][3:]
        if "activeDeadlineSeconds" not in doc["spec"] or "ttlSecondsAfterFinished" not in doc["spec"]:
            yield f"{naam(doc)}: may run for ever, or stay for ever"
    verwacht = {"migratie-voor": ["--fase", "pre"], "migratie-na": ["--fase", "alle"], "kluis": ["maak"]}
    if fasen != verwacht:
        yield f"the work around a roll-out is {sorted(fasen)}"


KEURINGEN = [volumes, probes, grenzen, pod_veiligheid, geen_token, uitrol, migraties]
