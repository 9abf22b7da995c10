"""The process of one service: HTTP, consume loops, relay and periodic jobs under one roof."""

import asyncio
import gc
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder

from chassis import herkansing, inbox, kafka, log, meten, outbox, parkeerplaats, trace, wachtrij
from chassis.auth import Issuer
from chassis.clock import clock
from chassis.db import GEEN, Pool, Tenant, Tx, open_pool, open_tables, transaction
from chassis.http import create_api
from chassis.kluis import kluis
from chassis.rechten import Rechten, bewaak, eis_rechten
from chassis.settings import Settings
from chassis.verbinding import protocol
from chassis.weigering import Schrijver

Job = Callable[[Tx], Awaitable[None]]


def _calm_gc() -> None:
    """What is there at the start stays, so it is not looked through again: that took a fifth of a big claim's CPU."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class App:
    """Composition root of a service: name what it does, then `run()`."""

    pool: Pool

    def __init__(
        self,
        service: str,
        rechten: Rechten,
        *,
        koekje: str | None = None,
        bulk: Iterable[str] = (),
        weigering: Schrijver | None = None,
    ) -> None:
        """`rechten` is the table of who may take which route; `koekje` the cookie that may hold the token.

        `bulk`: the topics of this service whose events come by the thousand. `weigering` writes the row of a
        refused look at a client, where it must also go to the back office.
        """
        self.settings = Settings.from_env(service)
        log.configure(service, self.settings.instantie)
        clock.configure(
            self.settings.klok_bestand,
            omgeving=self.settings.omgeving,
            scheef_s=float(os.environ.get("ZORGKETEN_KLOK_SCHEEF_S") or 0),
        )
        trace.configure(service, self.settings.instantie)
        outbox.configure(bulk)
        self._wakker = wachtrij.Wakker()
        self._subs: list[kafka.Subscription] = []
        self._jobs: list[tuple[float, Job, str, Tenant]] = []
        self._on_start: list[Any] = []
        self._ready = False
        self.api = create_api(service, self._lifespan, self.settings.traag_s)
        self.api.state.settings = self.settings
        self.api.state.issuer = Issuer(self.settings)
        self.api.state.rechten, self.api.state.koekje, self.api.state.weigering = rechten, koekje, weigering
        self._own_routes()
        self.every(3600, outbox.tidy, "outbox_opruimen", GEEN)
        self.every(3600, inbox.prepare_months, "inbox_maanden", GEEN)
        self.every(5, meten.meet_opslag, "opslag_meten", GEEN)

    def http(self, *routers: APIRouter) -> None:
        """Serve these routes, each guarded by its line in the table; raises RechtOntbreekt without one."""
        bewaak(self.api, *routers)

    def subscribe(
        self,
        topic: str,
        handlers: Mapping[str, kafka.Handler],
        *,
        batches: Mapping[str, kafka.BatchHandler] | None = None,
        parallel: int = 1,
        patient: bool = False,
    ) -> None:
        """Handle these event types of a topic; `parallel` partitions at once, in order within each.

        The types in `batches` are handled many at once. `patient` is for who only follows: nobody waits for its
        answer, so it lets events come together and leaves the processors to who is waited for. Who reads events
        also shows what is parked of them.
        """
        if not self._subs:
            self.http(parkeerplaats.maak_router(self._subs))
        self._subs.append(
            kafka.Subscription(topic, dict(handlers), parallel, self._wakker.told, dict(batches or {}), patient)
        )

    def every(self, seconds: float, job: Job, name: str, tenant: Tenant) -> None:
        """Run a job periodically in a transaction, in one process of this service at a time.

        A job that scans all tenants says so: `chassis.db.OVERAL`.
        """
        self._jobs.append((seconds, job, name, tenant))

    def on_start(self, coro: Callable[[], Awaitable[None]] | Awaitable[None]) -> None:
        """Await this when the pool is open, before the first request."""
        self._on_start.append(coro)

    def run(self) -> None:
        """Serve until a signal; returns after everything was closed."""
        eis_rechten(self.api)
        _calm_gc()
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # More processes of one service may share the port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.bind((self.settings.adres, self.settings.poort))
            config = uvicorn.Config(
                self.api,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=5,
                http=protocol(self.settings.traag_s),
                h11_max_incomplete_event_size=64 * 1024,
            )
            uvicorn.Server(config).run(sockets=[listener])

    def _own_routes(self) -> None:
        # Copies share a port: the answer says which of them gave it.
        wie = {"service": self.settings.service, "instantie": self.settings.instantie}

        async def healthz() -> dict[str, Any]:
            return {"status": "ok", **wie, "klok_versie": clock.versie}

        async def readyz() -> Response:
            if self._ready:
                try:
                    async with asyncio.timeout(2):
                        await self.pool.fetchval("select 1")
                    return JSONResponse({"status": "gereed", **wie})
                except Exception as error:
                    log.log.warning("niet_gereed", fout=type(error).__name__)
            return JSONResponse({"status": "niet_gereed", **wie}, 503)

        async def metrics(request: Request) -> Response:
            # Exemplars, by which a slow request leads to its trace, exist in OpenMetrics only.
            encode, media_type = choose_encoder(request.headers.get("accept", ""))
            return Response(encode(REGISTRY), media_type=media_type)

        self.api.add_api_route("/healthz", healthz, include_in_schema=False)
        self.api.add_api_route("/readyz", readyz, include_in_schema=False)
        self.api.add_api_route("/metrics", metrics, include_in_schema=False)

    @asynccontextmanager
    async def _lifespan(self, api: FastAPI) -> AsyncIterator[None]:
        await self._open()
        if self.settings.kluis:
            await kluis.open(self.settings.kluis, self.settings.instantie)
        api.state.pool = self.pool
        tabellen = await open_tables(self.pool)
        meten.NIET_AFGESCHERMD.set(len(tabellen))
        if tabellen:
            # Between the phases `pre` and `post` of a roll-out this is right; after it, it is not.
            log.log.error("rijen_niet_afgeschermd", aantal=len(tabellen))
        for start in self._on_start:
            await (start() if callable(start) else start)
        tasks = [self._task(outbox.relay(self.settings))]
        tasks += [self._task(kafka.consume(self.pool, self.settings, sub)) for sub in self._subs]
        if self._subs:
            tasks.append(self._task(wachtrij.keep_trying(self.pool, self._subs, self._wakker)))
            tasks.append(self._task(herkansing.keep_going(self.pool, self._subs)))
        tasks += [self._task(self._periodic(*job)) for job in self._jobs]
        self._ready = True
        log.log.info("gestart", poort=self.settings.poort)
        try:
            yield
        finally:
            self._ready = False
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=10)
            try:
                await asyncio.wait_for(asyncio.gather(self.pool.close(), kluis.close()), 5)
            except TimeoutError:
                self.pool.terminate()
            await asyncio.to_thread(trace.stop)
            log.log.info("gestopt")

    async def _open(self) -> None:
        for poging in range(60):
            try:
                self.pool = await open_pool(self.settings)
                return
            except Exception as error:
                log.log.warning("postgres_onbereikbaar", fout=type(error).__name__, poging=poging)
                await asyncio.sleep(0.5)
        kafka.stop_process("postgres onbereikbaar")

    @staticmethod
    def _task(coro: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """A background task whose end is the end of the process."""

        def ended(task: asyncio.Task[None]) -> None:
            if not task.cancelled():
                kafka.stop_process("een achtergrondtaak is gestopt", task.exception())

        task = asyncio.create_task(coro)
        task.add_done_callback(ended)
        return task

    async def _periodic(self, seconds: float, job: Job, name: str, tenant: Tenant) -> None:
        """Run a job for ever; a failed run is logged and comes again, so no run is lost."""
        lock = f"{self.settings.service}:{name}"
        while True:
            try:
                with trace.continued(None, name):
                    async with transaction(self.pool, tenant) as tx:
                        if await tx.fetchval("select pg_try_advisory_xact_lock(hashtextextended($1, 2))", lock):
                            await job(tx)
                meten.TAKEN.labels(name, "gelukt").inc()
            except Exception as error:
                meten.TAKEN.labels(name, "mislukt").inc()
                log.log.error("taak_mislukt", naam=name, fout=type(error).__name__)
            await asyncio.sleep(seconds)
