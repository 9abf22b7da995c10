"""What the processes of a chain use: CPU per process, and the most memory of one. From /proc, so on Linux only.

CPU seconds say more than the clock on a machine that others use too.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lokaal.proces import rss_mb

_TIK_S = 1 / os.sysconf("SC_CLK_TCK")


def pids(map_: Path) -> dict[str, int]:
    """What runs of the chain with this state folder, by name."""
    namen: dict[str, int] = json.loads((map_ / "processen.json").read_text())
    return namen


@contextmanager
def hoogste_rss_mb(pid: int) -> Iterator[Callable[[], int]]:
    """The call gives the most that this process and its children had resident together, looked at 20 times a second."""
    klaar, hoogste = threading.Event(), [rss_mb(pid)]

    def volg() -> None:
        while not klaar.wait(0.05):
            hoogste[0] = max(hoogste[0], rss_mb(pid))

    volger = threading.Thread(target=volg)
    volger.start()
    try:
        yield lambda: round(hoogste[0])
    finally:
        klaar.set()
        volger.join()


@contextmanager
def cpu_s(map_: Path) -> Iterator[Callable[[], dict[str, float]]]:
    """The call gives the CPU seconds of each process since the begin; Postgres by the service that it works for."""
    begin = _cpu(map_)
    yield lambda: {naam: round(tot, 2) for naam, tot in (_cpu(map_) - begin).items()}


def _cpu(map_: Path) -> Counter[str]:
    verbruik: Counter[str] = Counter()
    for naam, pid in pids(map_).items():
        verbruik[naam] += _cpu_van(pid)
        for kind in _kinderen(pid):
            with contextlib.suppress(FileNotFoundError):  # it ended while it was looked at
                verbruik[_naam_van_kind(naam, kind)] += _cpu_van(kind)
    return verbruik


def _naam_van_kind(naam: str, pid: int) -> str:
    if naam != "postgres":
        return f"{naam} kind"
    # "postgres: zk_declaratie postgres 127.0.0.1(40312) idle"
    titel = Path(f"/proc/{pid}/cmdline").read_text().split()
    return f"postgres {titel[1].removeprefix('zk_')}" if len(titel) > 3 else "postgres rest"


def _cpu_van(pid: int) -> float:
    """Of a process itself and of its children that ended."""
    try:
        velden = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, velden[11:15])) * _TIK_S


def _kinderen(pid: int) -> list[int]:
    try:
        return [int(kind) for deel in Path(f"/proc/{pid}/task").glob("*/children") for kind in deel.read_text().split()]
    except OSError:
        return []
