"""The neighbours of the back office: the real routes and handlers of five services on the Postgres of the session."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import importlib
import threading
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any

import httpx
import pytest

from chassis import kluis as kluizen
from chassis.clock import clock
from chassis.db import Pool, Tenant, open_pool, transaction
from chassis.kafka import Event
from chassis.migrate import migrate
from chassis.settings import Settings
from lokaal.proces import free_port
from tests.conftest import ROL_WACHTWOORD
from tests.web.spel import Kantoor

DIENSTEN = ("intake", "toewijzing", "declaratie", "knooppunt", "notifications")
GOES, THOLEN, A2 = "0664", "0716", "75750202"
SLEUTELS = {
    "ZORGKETEN_SLEUTEL_KLUIS": f"1:{base64.b64encode(b'k' * 32).decode()}",
    **{
        f"ZORGKETEN_SLEUTEL_{naam}": base64.b64encode(naam.encode().ljust(32)).decode()
        for naam in ("PSEUDONIEM", "GEGEVENS")
    },
}
CONTRACT = {"product_categorie": "02", "product_code": "02A05", "variant": "inspanning", "eenheid": "04",
            "tarief_cent": 5875, "geldig_vanaf": "2025-01-01"}  # fmt: skip


class Buurt:
    """The neighbours while they run, and what happens at them."""

    def __init__(self, kantoor: Kantoor, pools: dict[str, Pool], http: dict[str, httpx.AsyncClient]) -> None:
        self.kantoor, self.pools, self.http = kantoor, pools, http

    def kop(self, partij: str, *rollen: str) -> dict[str, str]:
        """A token in a header; all roles of its kind when none is named."""
        wie = {"gemeente" if len(partij) == 4 else "agb": partij}
        token = self.kantoor.token(**wie, rollen=list(rollen) or None, sub="-".join((partij, *rollen)))
        return {"Authorization": f"Bearer {token}"}

    async def vraag(self, dienst: str, methode: str, pad: str, wie: str, **verder: Any) -> Any:
        """A request that must succeed."""
        koppen = self.kop(wie) | verder.pop("kop", {})
        antwoord = await self.http[dienst].request(methode, pad, headers=koppen, **verder)
        assert antwoord.is_success, f"{dienst} {pad}: {antwoord.status_code} {antwoord.text}"
        return antwoord.json() if antwoord.content else None

    async def meld(
        self, dienst: str, handler: Callable[..., Awaitable[Any]], type_: str, data: Any, **wie: Any
    ) -> None:
        """An event through a handler of the service."""
        event = Event(event_id=str(uuid.uuid4()), type=type_, volgnummer=1, gebeurd_at=clock.now(), data=data,
                      **wie)  # fmt: skip
        async with transaction(self.pools[dienst], event.tenant) as tx:
            await handler(tx, event)

    async def contracten(self, gemeente: str, aanbieders: tuple[str, ...], **anders: Any) -> None:
        """The contracts of a gemeente, at toewijzing and so at declaratie."""
        from services.declaratie.handlers import beeld

        lijst = [CONTRACT | {"aanbieder": agb} | anders for agb in aanbieders]
        await self.vraag("toewijzing", "PUT", "/v1/contracten", gemeente, json=lijst)
        await self.meld("declaratie", beeld.contracten_vastgelegd, "toewijzing.contracten_vastgelegd",
                        {"contracten": lijst}, gemeente=gemeente)  # fmt: skip

    async def toewijzing(self, gemeente: str, agb: str, nummer: int, client_id: str) -> None:
        """A toewijzing of three hours a week from February 2026, as declaratie knows it."""
        from services.declaratie.handlers import beeld

        data = {"toewijzing_nummer": nummer, "versie": 1, "aanbieder": agb, "product": {"categorie": "02", "code": "02A05"},
                "omvang": {"volume": 3, "eenheid": "04", "frequentie": "2"}, "budget_cent": None,
                "ingangsdatum": "2026-02-02", "einddatum": "2026-12-31", "reden_wijziging": None,
                "variant": "inspanning", "status": "goedgekeurd"}  # fmt: skip
        await self.meld("declaratie", beeld.toewijzing_vastgelegd, "toewijzing.toewijzing_vastgelegd", data,
                        gemeente=gemeente, aanbieder=agb, client_id=client_id)  # fmt: skip

    async def declaratie(
        self, gemeente: str, agb: str, maand: int, client_id: str, nummer: int, regels: list[dict[str, Any]], **kop: Any
    ) -> str:
        """A 323 of one resident over a month of 2026; gives its bericht_id."""
        from services.declaratie.handlers import declaratie, delen

        eind = dt.date(2026, maand + 1, 1) - dt.timedelta(days=1)
        wie, bericht_id = {"gemeente": gemeente, "aanbieder": agb}, str(uuid.uuid4())
        gedeeld = {"bericht_id": bericht_id, "ontvangstnummer": maand, "declaratie_nummer": f"D2026-{maand:02d}-{agb}",
                   "declaratie_periode": {"begindatum": f"2026-{maand:02d}-01", "einddatum": f"{eind}"},
                   "declaratie_dagtekening": f"{eind}"} | kop  # fmt: skip
        heel = [
            {"regel": n, "vorig_referentie_nummer": None, "toewijzing_nummer": nummer, "product_categorie": "02",
             "product_code": "02A05", "begindatum": f"2026-{maand:02d}-{2 if maand == 2 else 1:02d}",
             "einddatum": f"{eind}", "geleverd_volume": 1, "eenheid": "04", "product_tarief_cent": 5875,
             "debet_credit": "D", "referentie_nummer": f"R-{maand}-{n}"}
            | {"ingediend_cent": 5875 * regel.get("geleverd_volume", 1)} | regel
            for n, regel in enumerate(regels)
        ]  # fmt: skip
        totaal = sum(regel["ingediend_cent"] for regel in heel)
        voor = gedeeld | {"identificatie": f"I{maand}", "dagtekening": f"{eind}", "delen": 1, "ontvangen_at":
                          f"{eind}T08:00:00Z", "totaal_ingediend_cent": totaal, "antwoord_uiterlijk": "2026-03-16"} | kop  # fmt: skip
        await self.meld(
            "declaratie", declaratie.declaratie_ontvangen, "knooppunt.declaratie_ontvangen", voor, client_id=None, **wie
        )

        async def deel(tx: Any, event: Event) -> None:
            assert not await delen.declaratiedelen_ontvangen(tx, [event]), "it waits: a fact is missing"

        await self.meld("declaratie", deel, "knooppunt.declaratiedeel_ontvangen",
                        gedeeld | {"deel": 0, "prestaties": heel}, client_id=client_id, **wie)  # fmt: skip
        return bericht_id

    async def strand(self, gemeente: str, agb: str, bericht_id: str) -> None:
        """The provider's system refuses a message, and the e-mail about it is given up."""
        from services.knooppunt.store import routes
        from services.notifications.handlers import melden
        from services.notifications.store import notificatie

        nummer, nu = f"web-{bericht_id}", clock.now()
        async with transaction(self.pools["knooppunt"], Tenant(gemeente)) as tx:
            await routes.add_envelop(tx, nummer, "uit", gemeente, agb, bericht_id, nu)
            await routes.add_bezorging(tx, bericht_id, nummer, gemeente, agb)
            assert await routes.set_gestrand(tx, nummer, nu, "IB021")

        async def meld(tx: Any, event: Event) -> None:
            await melden.meld_termijn(tx, event, backoffice="http://backoffice.example")
            id_ = await tx.fetchval(
                "SELECT notificatie_id FROM notificatie WHERE gemeente = $1 AND status = 'wacht'", gemeente
            )
            assert id_ is not None
            fout = "mailserver_onbereikbaar"
            await notificatie.mark_mislukt(tx, id_, fout=fout, wachttijd=dt.timedelta(), opgegeven=True)

        data = {
            "bericht_id": bericht_id,
            "soort": "WMO301",
            "wacht_op": "WMO302",
            "uiterlijk": "2026-02-05",
            "partij": agb,
        }
        await self.meld("notifications", meld, "knooppunt.termijn_verstreken", data, client_id=None, gemeente=gemeente,
                        aanbieder=agb)  # fmt: skip

    async def bericht_323_beantwoord(self, gemeente: str, agb: str, bericht_id: str, antwoord: str) -> None:
        """The message that answers a declaratie, as declaratie hears of it."""
        from services.declaratie.handlers import beeld

        data = {"bericht_id": antwoord, "soort": "WMO325", "op_bericht": bericht_id}
        await self.meld("declaratie", beeld.bericht_verzonden, "knooppunt.bericht_verzonden", data, client_id=None,
                        gemeente=gemeente, aanbieder=agb)  # fmt: skip


@asynccontextmanager
async def _draai(kantoor: Kantoor, kluis_dsn: str) -> Any:
    import uvicorn

    from chassis.auth import Issuer
    from chassis.http import create_api
    from chassis.rechten import bewaak
    from services.rechten import RECHTEN

    async with AsyncExitStack() as eind:
        await kluizen.kluis.open(kluis_dsn, "web")
        eind.push_async_callback(kluizen.kluis.close)
        pools, http, taken = {}, {}, []
        for dienst in DIENSTEN:
            poort = free_port()
            settings = Settings(
                service=dienst, instantie=f"{dienst}-1", omgeving="lokaal", poort=poort, dsn=kantoor.dsn,
                kafka="127.0.0.1:9", issuer=kantoor.uitgever, klok_bestand=None, smtp="127.0.0.1:9", urls=kantoor.buren,
            )  # fmt: skip
            pools[dienst] = await open_pool(settings)
            eind.push_async_callback(pools[dienst].close)
            api = create_api(dienst, None)
            api.state.pool, api.state.issuer, api.state.settings = pools[dienst], Issuer(settings), settings
            api.state.rechten, api.state.koekje, api.state.weigering = RECHTEN[dienst], None, None
            bewaak(api, *importlib.import_module(f"services.{dienst}.http").ROUTERS)
            server = uvicorn.Server(uvicorn.Config(api, host="127.0.0.1", port=poort, log_level="warning"))
            taken.append((server, asyncio.create_task(server.serve())))
            kantoor.buren[dienst] = f"http://127.0.0.1:{poort}"
            http[dienst] = await eind.enter_async_context(
                httpx.AsyncClient(base_url=kantoor.buren[dienst], trust_env=False, timeout=30)
            )
        for dienst in DIENSTEN:
            await _wacht_op(http[dienst])
        try:
            yield Buurt(kantoor, pools, http)
        finally:
            for server, taak in taken:
                server.should_exit = server.force_exit = True
                await taak


async def _wacht_op(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                await client.get("/openapi.json")
                return
            except httpx.ConnectError:
                await asyncio.sleep(0.02)


@contextmanager
def buurt(kantoor: Kantoor, postgres_dsn: str, vul: Callable[[Buurt], Awaitable[None]]) -> Iterator[None]:
    """Start the neighbours, in a loop of their own, and let things happen at them."""
    from tests.service.conftest import KLUIS_WACHTWOORD, _niemand_vergeten

    vorige = dict(kantoor.buren)
    klaar, stop = threading.Event(), threading.Event()
    fouten: list[BaseException] = []

    async def leef() -> None:
        try:
            await migrate(kantoor.dsn, DIENSTEN, "alle", ROL_WACHTWOORD)
            await kluizen.maak(postgres_dsn, KLUIS_WACHTWOORD)
            await _niemand_vergeten(postgres_dsn)
            plaats = kluizen.kluis_dsn(postgres_dsn).rpartition("@")[2]
            async with _draai(kantoor, f"postgresql://zk_kluis:{KLUIS_WACHTWOORD}@{plaats}") as levend:
                await vul(levend)
                klaar.set()
                await asyncio.to_thread(stop.wait)
        except BaseException as fout:
            fouten.append(fout)
        finally:
            klaar.set()

    with pytest.MonkeyPatch.context() as patch:
        for naam, waarde in SLEUTELS.items():
            patch.setenv(naam, waarde)
        draad = threading.Thread(target=lambda: asyncio.run(leef()), daemon=True)
        draad.start()
        klaar.wait(120)
        if fouten:
            raise fouten[0]
        yield
        stop.set()
        draad.join(20)
    kantoor.buren.clear()
    kantoor.buren.update(vorige)
