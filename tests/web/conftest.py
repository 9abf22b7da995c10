"""The pages as a person sees them: a real browser, Postgres, the local issuer and the real routes."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import json
import shutil
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from chassis.clock import clock
from lokaal.proces import free_port
from lokaal.token import onderteken, serve_issuer
from tests.databases import verse_database

TOEWIJZING = "toewijzing.v1"
CHROMIUM = shutil.which("chromium")
collect_ignore_glob: list[str] = []
if CHROMIUM is None:
    print("tests/web: niet gedraaid, want chromium is niet geinstalleerd")
    collect_ignore_glob.append("test_*.py")

OPTIES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class Kantoor:
    """A running back office of this session."""

    url: str
    token: Callable[..., str]
    meld: Callable[..., None]
    """meld(topic type, data, **envelope): the event goes through the real handler into the read model."""
    parkeer: Callable[..., None]
    """parkeer(type, data, reden, **envelope): the event is parked in the back office itself, with its bytes."""
    uitgever: str
    dsn: str
    buren: dict[str, str]
    """Where the back office finds its neighbours; a test that starts one names it here."""


@pytest.fixture(scope="module")
def kantoor(postgres_dsn: str) -> Iterator[Kantoor]:
    import uvicorn
    from fastapi import FastAPI

    from chassis import herkansing, inbox, parkeerplaats
    from chassis.auth import Issuer
    from chassis.db import OVERAL, Pool, open_pool, transaction
    from chassis.http import create_api
    from chassis.kafka import Event, Subscription
    from chassis.rechten import bewaak
    from chassis.settings import Settings
    from services.backoffice import http, paginas, statisch, stroom, toegang
    from services.backoffice.domain.onderwerpen import ONDERWERPEN
    from services.backoffice.handlers import leesmodel, logboek
    from services.rechten import RECHTEN

    sleutel = json.dumps(RSAKey.generate_key(2048, {"kid": "test"}).as_dict(private=True))
    poort_uitgever, poort = free_port(), free_port()
    uitgever = f"http://127.0.0.1:{poort_uitgever}"
    pagina_server = serve_issuer(sleutel, uitgever, poort_uitgever)
    settings = Settings(
        service="backoffice",
        instantie="backoffice-1",
        omgeving="lokaal",
        poort=poort,
        dsn=asyncio.run(verse_database(postgres_dsn, "backoffice")),
        kafka="127.0.0.1:9",
        issuer=uitgever,
        klok_bestand=None,
        smtp="127.0.0.1:9",
        urls=(buren := {"intake": "http://127.0.0.1:9", "backoffice": f"http://127.0.0.1:{poort}"}),
    )
    lus: list[asyncio.AbstractEventLoop] = []
    pools: list[Pool] = []

    @asynccontextmanager
    async def leven(app: FastAPI) -> AsyncIterator[None]:
        lus.append(asyncio.get_running_loop())
        pools.append(await open_pool(settings))
        app.state.pool, app.state.issuer, app.state.settings = pools[0], Issuer(settings), settings
        herkansingen = asyncio.create_task(herkansing.keep_going(pools[0], [sub]))
        yield
        herkansingen.cancel()
        await pools[0].close()

    sub = Subscription(TOEWIJZING, {}, 1, batches=dict.fromkeys(ONDERWERPEN[TOEWIJZING], leesmodel.leg_vast))
    app = create_api("backoffice", leven)
    app.state.rechten, app.state.koekje = RECHTEN["backoffice"], toegang.KOEKJE
    app.state.uitkijk = stroom.Uitkijk()
    app.state.weigering = logboek.log_eigen
    bewaak(app, *http.ROUTERS, *paginas.ROUTERS, statisch.router, parkeerplaats.maak_router([sub]))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=poort, log_level="warning"))
    draad = threading.Thread(target=server.run, daemon=True)
    draad.start()
    deadline = dt.datetime.now() + dt.timedelta(seconds=20)
    while not server.started and dt.datetime.now() < deadline and draad.is_alive():
        threading.Event().wait(0.02)
    assert server.started

    def meld(type_: str, data: dict[str, Any], **anders: Any) -> None:
        event = Event.model_validate(
            {
                "event_id": str(uuid.uuid4()),
                "type": type_,
                "gemeente": "0664",
                "gebeurd_at": clock.now(),
                "data": data,
            }
            | anders
        )

        async def doe() -> None:
            async with transaction(pools[0], event.tenant) as tx:
                await leesmodel.leg_vast(tx, [event])

        asyncio.run_coroutine_threadsafe(doe(), lus[0]).result(10)

    plekken = itertools.count()

    def parkeer(type_: str, data: dict[str, Any], reden: str, **anders: Any) -> None:
        inhoud = {"event_id": str(uuid.uuid4()), "type": type_, "gemeente": "0664", "data": data}
        inhoud |= {"gebeurd_at": "2026-03-02T09:00:00Z", "client_id": None} | anders
        bron = inbox.Herkomst(TOEWIJZING, 0, next(plekken), None, json.dumps(inhoud).encode())

        async def doe() -> None:
            async with transaction(pools[0], OVERAL) as tx:
                await inbox.park(
                    tx, bron, reden, event_id=inhoud["event_id"], klant=inhoud["client_id"], type=inhoud["type"]
                )

        asyncio.run_coroutine_threadsafe(doe(), lus[0]).result(10)

    yield Kantoor(
        url=f"http://127.0.0.1:{poort}",
        token=lambda **wie: onderteken(sleutel, uitgever, **wie),
        meld=meld,
        parkeer=parkeer,
        uitgever=uitgever,
        dsn=settings.dsn,
        buren=buren,
    )
    server.should_exit = server.force_exit = True
    draad.join(10)
    pagina_server.shutdown()


# Its event loop runs as long as it does: of this module, or no async test could follow in the same process.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as speler:
        venster = speler.chromium.launch(executable_path=CHROMIUM, args=OPTIES)
        yield venster
        venster.close()


@pytest.fixture
def pagina(kantoor: Kantoor, browser: Any) -> Iterator[Any]:
    """A signed-in page of gemeente 0664; fails the test when the page breaks its own CSP or throws."""
    from tests.web.spel import meld_aan

    context = browser.new_context(base_url=kantoor.url, viewport={"width": 1280, "height": 900})
    pagina = context.new_page()
    fouten: list[str] = []
    # That an answer was a 4xx is no fault of the page.
    pagina.on(
        "console",
        lambda regel: fouten.append(regel.text) if regel.type == "error" and "status of 4" not in regel.text else None,
    )
    pagina.on("pageerror", lambda fout: fouten.append(str(fout)))
    meld_aan(pagina, kantoor)
    yield pagina
    context.close()
    assert fouten == []
