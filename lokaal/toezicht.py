"""The supervisor: starts the parts of the chain in order, keeps them running, ends them in order."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from beheer.topics import create_topics
from lokaal import plek as plekken
from lokaal.kafka import launch_kafka, start_kafka
from lokaal.omgeving import service_env
from lokaal.plek import ROOT, Plek, bestaande_services, issuer_url, lees_json, schrijf_json, url
from lokaal.post import serve_smtp
from lokaal.postgres import launch_postgres, start_postgres
from lokaal.proces import NietGestart, alive, end, port_open, spawn
from lokaal.stuf import serve_stuf
from lokaal.token import serve_issuer

KLAAR_S = 180.0
HERSTART_MAX_S = 2.0
"""A process that keeps dying is started again after 0.1, 0.2, 0.4 .. s, but never later than this."""
RUSTIG_S = 10.0
"""A process that lived this long dies for a new reason: its waiting time starts at the bottom again."""

Child = subprocess.Popen[bytes]


@dataclass
class Deel:
    """One process that must run: how to start it, and how it fared."""

    start: Callable[[], Child]
    child: Child
    sinds: float = field(default_factory=time.monotonic)
    wachttijd_s: float = 0.1
    opnieuw_om: float | None = None


@dataclass(frozen=True)
class Wens:
    """What `start` was asked for."""

    poort_basis: int = plekken.POORT_BASIS
    schoon: bool = False
    kopieen: dict[str, int] = field(default_factory=dict)


class Toezicht:
    """One running chain. Everything happens in the thread that calls `run`."""

    def __init__(self, plek: Plek, wens: Wens) -> None:
        self.plek, self.wens = plek, wens
        self.delen: dict[str, Deel] = {}
        self.einde = threading.Event()
        self.endpoints: dict[str, str] = {}
        self.dsn = os.environ.get("ZORGKETEN_POSTGRES", "")
        self.sockets: Path | None = None
        self.kafka = os.environ.get("ZORGKETEN_KAFKA", "")

    def run(self, als_klaar: Callable[[dict[str, str]], None]) -> None:
        """Start all, call `als_klaar` once with the endpoints, and stay until SIGTERM or SIGINT.

        Raises NietGestart when a part cannot be started; what was started is ended again.
        """
        for sig in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sig, lambda *_: self.einde.set())
        with self._slot(), contextlib.ExitStack() as op_het_eind:
            op_het_eind.callback(self._ruim_bestanden_op)
            op_het_eind.callback(self._stop_delen)
            self._begin(op_het_eind)
            if not self.einde.is_set():
                als_klaar(self.endpoints)
            while not self.einde.wait(0.1):
                self._houd_draaiend()

    @contextlib.contextmanager
    def _slot(self) -> Iterator[None]:
        self.plek.map.mkdir(parents=True, exist_ok=True)
        with self.plek.slot.open("w") as slot:
            try:
                fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise NietGestart("de keten draait hier al; stop haar eerst: python -m lokaal stop") from None
            yield

    def _begin(self, op_het_eind: contextlib.ExitStack) -> None:
        ruim_resten_op(self.plek)
        if self.wens.schoon:
            if self.dsn or self.kafka:
                raise NietGestart("--schoon wist alleen een Postgres en Kafka die lokaal zelf start")
            self.plek.leeg()
        self._ruim_bestanden_op()
        self._eis_vrije_poorten()
        basis = self.wens.poort_basis
        geheimen = self.plek.geheimen()
        schrijf_json(
            self.plek.stand,
            {"pid": os.getpid(), "poort_basis": basis, "kopieen": self.wens.kopieen},
            mode=0o644,
        )
        if not self.plek.klok.exists():
            schrijf_json(self.plek.klok, {"versie": 0, "offset_s": 0.0})
        issuer = serve_issuer(geheimen["ondertekening"], issuer_url(basis), basis + plekken.ISSUER)
        op_het_eind.callback(issuer.shutdown)
        op_het_eind.callback(serve_smtp(self.plek.map / "post", basis + plekken.SMTP).stop)
        op_het_eind.callback(serve_stuf(self.plek.map / "stuf", basis + plekken.STUF).shutdown)
        self._start_opslag()
        if not self.einde.is_set():
            self._migreer(geheimen)
            create_topics(self.kafka)
        for naam in bestaande_services():
            self._start_service(naam, geheimen)
        self._wacht_tot_klaar()

    def _start_opslag(self) -> None:
        """Postgres and Kafka, unless they come from outside."""
        basis, map_ = self.wens.poort_basis, self.plek.map
        poort, controller = basis + plekken.KAFKA, basis + plekken.KAFKA_CONTROLLER
        if not self.dsn:
            pg_map, pg_poort, pg_log = map_ / "postgres", basis + plekken.POSTGRES, self.plek.log("postgres")
            server = start_postgres(pg_map, pg_poort, pg_log)
            self.dsn, self.sockets = server.dsn, server.sockets
            self._neem_op("postgres", lambda: launch_postgres(pg_map, pg_poort, pg_log).child, server.child)
        if not self.kafka and not self.einde.is_set():
            broker = start_kafka(map_ / "kafka", poort, controller, self.plek.log("kafka"))
            self.kafka = broker.bootstrap
            self._neem_op(
                "kafka",
                lambda: launch_kafka(map_ / "kafka", poort, controller, self.plek.log("kafka")).child,
                broker.child,
            )

    def _migreer(self, geheimen: dict[str, str]) -> None:
        """Schemas, tables, one role per service with rights on its own schema only; and the vault."""
        wachtwoorden = {
            "ZORGKETEN_WACHTWOORD_ROL": geheimen["rolwachtwoord"],
            "ZORGKETEN_WACHTWOORD_KLUIS": geheimen["kluiswachtwoord"],
        }
        log = self.plek.log("migrate")
        # With storage from outside nobody has logged here yet.
        log.parent.mkdir(parents=True, exist_ok=True)
        log.unlink(missing_ok=True)
        for opdracht in (["chassis.migrate", "--dsn", self.dsn, "--fase", "alle", *bestaande_services()],
                         ["chassis.kluis", "--dsn", self.dsn, "maak"]):  # fmt: skip
            klaar = subprocess.run(
                [sys.executable, "-m", *opdracht],
                env={**os.environ, **wachtwoorden}, cwd=ROOT, capture_output=True, text=True, check=False,
            )  # fmt: skip
            with log.open("a") as regels:
                regels.write(klaar.stdout + klaar.stderr)
            if klaar.returncode != 0:
                raise NietGestart(f"de migraties mislukten; zie {log}\n{klaar.stderr[-800:]}")

    def _start_service(self, naam: str, geheimen: dict[str, str]) -> None:
        aantal = self.wens.kopieen.get(naam, 1)
        for instantie in plekken.instanties(naam, aantal):
            env = service_env(
                self.plek, geheimen, naam, instantie, self.wens.poort_basis, self.dsn, self.kafka, self.sockets
            )
            log, command = self.plek.log(instantie), [sys.executable, "-m", f"services.{naam}"]

            def start(command: list[str] = command, log: Path = log, env: dict[str, str] = env) -> Child:
                return spawn(command, log, env=env, cwd=ROOT)

            self._neem_op(instantie, start, start())

    def _neem_op(self, naam: str, start: Callable[[], Child], child: Child) -> None:
        self.delen[naam] = Deel(start, child)
        self._schrijf_processen()

    def _wacht_tot_klaar(self) -> None:
        # Copies share a port, so each must answer by its own name.
        nog = {
            instantie: f"{url(naam, self.wens.poort_basis)}/readyz"
            for naam in bestaande_services()
            for instantie in plekken.instanties(naam, self.wens.kopieen.get(naam, 1))
        }
        tot = time.monotonic() + KLAAR_S
        while nog and not self.einde.is_set():
            self._houd_draaiend()
            for instantie in {_wie_is_gereed(adres) for adres in nog.values()}:
                nog.pop(instantie, "")
            if nog and time.monotonic() > tot:
                raise NietGestart(f"niet klaar na {KLAAR_S:.0f} s: {', '.join(nog)}; zie {self.plek.map / 'log'}")
            if nog:
                self.einde.wait(0.1)
        if self.einde.is_set():
            return
        basis = self.wens.poort_basis
        self.endpoints = {naam: url(naam, basis) for naam in bestaande_services()} | {
            "kafka": self.kafka,
            "postgres": self.dsn,
            "issuer": issuer_url(basis),
            "smtp": f"127.0.0.1:{basis + plekken.SMTP}",
            "stuf": f"http://127.0.0.1:{basis + plekken.STUF}",
        }
        schrijf_json(self.plek.endpoints, self.endpoints, mode=0o600)

    def _houd_draaiend(self) -> None:
        """Start again what died. Never blocks, so that one slow start delays no other."""
        for naam, deel in self.delen.items():
            if deel.child.poll() is None:
                continue
            nu = time.monotonic()
            if deel.opnieuw_om is None:
                if nu - deel.sinds > RUSTIG_S:
                    deel.wachttijd_s = 0.1
                deel.opnieuw_om = nu + deel.wachttijd_s
                deel.wachttijd_s = min(deel.wachttijd_s * 2, HERSTART_MAX_S)
                print(f"{naam} stopte (code {deel.child.returncode}) en wordt opnieuw gestart", flush=True)
                self._schrijf_processen()
            elif nu >= deel.opnieuw_om:
                deel.child, deel.sinds, deel.opnieuw_om = deel.start(), nu, None
                self._schrijf_processen()

    def _schrijf_processen(self) -> None:
        draait = {naam: deel.child.pid for naam, deel in self.delen.items() if deel.child.poll() is None}
        schrijf_json(self.plek.processen, draait)

    def _stop_delen(self) -> None:
        """Services first (they finish what they hold), then the broker, Postgres last."""
        opslag = [naam for naam in ("kafka", "postgres") if naam in self.delen]
        services = [deel.child for naam, deel in self.delen.items() if naam not in opslag]
        for child in services:
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)
        for child in services:
            end(child, signal.SIGTERM, seconds=15)
        for naam in opslag:
            end(self.delen[naam].child, signal.SIGTERM if naam == "kafka" else signal.SIGINT, seconds=20)

    def _ruim_bestanden_op(self) -> None:
        self.plek.endpoints.unlink(missing_ok=True)
        self.plek.processen.unlink(missing_ok=True)

    def _eis_vrije_poorten(self) -> None:
        bezet = [poort for poort in plekken.poorten(self.wens.poort_basis) if port_open(poort)]
        if bezet:
            raise NietGestart(f"poort {', '.join(map(str, bezet))} is bezet; kies --poort-basis N")


def ruim_resten_op(plek: Plek) -> None:
    """End what a supervisor that was itself killed left running: only processes of this folder."""
    resten = {n: pid for n, pid in lees_json(plek.processen).items() if alive(pid) and _hoort_bij(plek, pid)}
    for naam, pid in sorted(resten.items(), key=lambda rest: rest[0] == "postgres"):
        for sig in (signal.SIGINT if naam == "postgres" else signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sig)
            tot = time.monotonic() + 10
            while alive(pid) and time.monotonic() < tot:
                time.sleep(0.02)


def _hoort_bij(plek: Plek, pid: int) -> bool:
    # A pid may be another's by now: its command or its environment must name this folder.
    for bron in ("cmdline", "environ"):
        with contextlib.suppress(OSError):
            if str(plek.map).encode() in Path(f"/proc/{pid}/{bron}").read_bytes():
                return True
    return False


def _wie_is_gereed(adres: str) -> str:
    """The name of the process that answers here and is ready; empty when none does."""
    try:
        with urllib.request.urlopen(adres, timeout=2) as antwoord:
            return str(json.load(antwoord)["instantie"])
    except (OSError, ValueError, KeyError):
        return ""
