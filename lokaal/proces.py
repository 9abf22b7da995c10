"""One child process and its ports: start, wait until it answers, end in order."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


class NietGestart(RuntimeError):
    """A part of the local stack ended, or did not answer before its deadline."""


def free_port() -> int:
    """A port on the loopback that nobody listens on now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def port_open(port: int) -> bool:
    """Whether somebody accepts connections on this port of the loopback."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
        return True
    return False


def spawn(
    command: Sequence[str | Path],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    user: str | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches only the one that started it.

    Its output is appended to `log`.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as uit:
        return subprocess.Popen(
            [str(deel) for deel in command],
            stdin=subprocess.DEVNULL,
            stdout=uit,
            stderr=uit,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            user=user,
            group=gid_of(user),
            extra_groups=[] if user else None,
            start_new_session=True,
        )


def gid_of(user: str | None) -> int | None:
    """The primary group of a user of this machine; None for the user that we are."""
    if user is None:
        return None
    import pwd  # Unix only, as is running as another user

    return pwd.getpwnam(user).pw_gid


def wait_for_port(child: subprocess.Popen[bytes], port: int, what: str, log: Path, *, seconds: float) -> None:
    """Wait until the child listens. Raises NietGestart when it ends or the deadline passes."""
    deadline = time.monotonic() + seconds
    while not port_open(port):
        if child.poll() is not None:
            raise NietGestart(f"{what} stopte met code {child.returncode}; zie {log}")
        if time.monotonic() > deadline:
            end(child, signal.SIGKILL, seconds=5)
            raise NietGestart(f"{what} antwoordt na {seconds:.0f} s nog niet; zie {log}")
        time.sleep(0.05)


def end(child: subprocess.Popen[bytes], sig: signal.Signals, *, seconds: float) -> None:
    """Ask a child to end, and end it by force after the deadline."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(sig)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(5)


def alive(pid: int) -> bool:
    """Whether a process with this id runs (a zombie does not)."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
    except (PermissionError, OSError):
        return True


def rss_mb(pid: int) -> float:
    """What a process and its children have resident together; what ends while it is looked at counts for nothing."""
    try:
        paginas = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return paginas * resource.getpagesize() / 1024**2 + sum(map(rss_mb, _children(pid)))


def _children(pid: int) -> list[int]:
    kinderen: list[int] = []
    for taak in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            kinderen += map(int, taak.read_text().split())
    return kinderen
