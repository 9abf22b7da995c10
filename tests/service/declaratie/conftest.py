"""declaratie op een echte Postgres: gebeurtenissen gaan in gekozen volgorde door de handlers."""

import json
import uuid
from collections import deque
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg
import httpx
import pytest_asyncio

from chassis.db import OVERAL, Tenant, connection_options, init_connection, transaction
from chassis.errors import Retry, Wacht
from chassis.kafka import Event
from chassis.vingerafdruk import fingerprint, pack
from services.declaratie.__main__ import bouw
from services.declaratie.handlers import beeld, declaratie, delen, klaarliggend
from tests.databases import als_rol, ruim_op, verse_database

GOES, A1, CLIENT = "0664", "75750101", "client-1"
VAN_GOES = Tenant(gemeente=GOES)
HANDLERS = {
    "toewijzing.toewijzing_vastgelegd": beeld.toewijzing_vastgelegd,
    "toewijzing.levering_gewijzigd": beeld.levering_gewijzigd,
    "toewijzing.contracten_vastgelegd": beeld.contracten_vastgelegd,
    "toewijzing.instellingen_vastgelegd": beeld.instellingen_vastgelegd,
    "knooppunt.bericht_verzonden": beeld.bericht_verzonden,
    "knooppunt.declaratie_ontvangen": declaratie.declaratie_ontvangen,
}


class Spel:
    """Levert gebeurtenissen af zoals chassis: wie wacht komt later terug, en wordt ten slotte beoordeeld."""

    def __init__(self, pool):
        self.pool = pool
        self.teller = 0

    async def waarde(self, vraag):
        async with transaction(self.pool, VAN_GOES) as tx:
            return await tx.fetchval(vraag)

    def gebeurtenis(self, type_, data, client_id=None):
        self.teller += 1
        return Event(
            event_id=uuid.uuid4().hex, type=type_, gemeente=GOES, aanbieder=A1, client_id=client_id,
            volgnummer=self.teller, gebeurd_at=datetime.now(UTC), data=data,
        )  # fmt: skip

    async def geef(self, event):
        """Een gebeurtenis; een deel dat wacht ligt na de commit klaar, zoals bij chassis."""
        if event.type == "knooppunt.declaratiedeel_ontvangen":
            if await self.geef_samen([event]):
                raise Wacht
            return
        async with transaction(self.pool, event.tenant) as tx:
            await HANDLERS[event.type](tx, event)

    async def geef_samen(self, events):
        """Delen in een keer; geeft wie wacht."""
        async with transaction(self.pool, events[0].tenant) as tx:
            wachtend = await delen.declaratiedelen_ontvangen(tx, events)
        return [event for event in events if event.event_id in wachtend]

    async def lever(self, *events):
        rij, gewacht = deque(events), 0
        while rij:
            event = rij.popleft()
            if gewacht > len(rij):
                event = event.model_copy(update={"wacht_voorbij": True})
            try:
                await self.geef(event)
                gewacht = 0
            except Wacht:
                assert not event.wacht_voorbij
                rij.append(event)
                gewacht += 1
            except (Retry, asyncpg.DeadlockDetectedError):
                rij.appendleft(event)
        await self.wacht_uit()

    async def wacht_uit(self):
        """Wat klaarligt en aan de beurt is, en daarna wat op een feit wachtte dat niet meer komt."""
        was, nog = None, await self._klaarliggend()
        while was != nog:
            async with transaction(self.pool, OVERAL) as tx:
                # Chassis runs a job in one process at a time.
                if not await tx.fetchval("select pg_try_advisory_xact_lock(12)"):
                    return
                await klaarliggend.judge_waiting(tx)
                await klaarliggend.judge_waiting(tx)
                for tabel in ("declaratiedeel", "kop_wacht"):
                    await tx.execute(f"update {tabel} set klaar_at = klaar_at - interval '10 s'")
                await klaarliggend.judge_waiting(tx)
            was, nog = nog, await self._klaarliggend()

    async def _klaarliggend(self):
        async with transaction(self.pool, OVERAL) as tx:
            return await tx.fetchval(
                "select (select count(*) from kop_wacht) + (select count(*) from declaratiedeel where not beoordeeld)"
            )

    def contracten(self, tarief_cent=5875):
        rij = {"aanbieder": A1, "variant": "inspanning", "geldig_vanaf": "2025-01-01"}
        begeleiding = {
            "product_categorie": "02",
            "product_code": "02A05",
            "eenheid": "04",
            "tarief_cent": tarief_cent,
        }
        dagdeel = {"product_categorie": "07", "product_code": "07A12", "eenheid": "16", "tarief_cent": 4250}
        return self.gebeurtenis("toewijzing.contracten_vastgelegd", {"contracten": [rij | begeleiding, rij | dagdeel]})

    def toewijzing(self, nummer=610001, client_id=CLIENT, **anders):
        basis = {
            "toewijzing_nummer": nummer, "versie": 1, "aanbieder": A1,
            "product": {"categorie": "02", "code": "02A05"},
            "omvang": {"volume": 3, "eenheid": "04", "frequentie": "2"}, "budget_cent": None,
            "ingangsdatum": "2026-02-02", "einddatum": "2026-07-31", "reden_wijziging": None,
            "variant": "inspanning", "status": "goedgekeurd",
        }  # fmt: skip
        return self.gebeurtenis("toewijzing.toewijzing_vastgelegd", basis | anders, client_id)

    def declaratie(self, ontvangst, delen, maand="2026-02", nummer=None, vorig=None):
        """Kop en delen van een 323, zoals knooppunt ze geeft; `delen` is {client: [prestatie]}.

        `vorig`: het ontvangstnummer van de vorige 323 van deze aanbieder.
        """
        bericht_id = f"bericht-{ontvangst}"
        eind = {"2026-01": 31, "2026-02": 28, "2026-03": 31, "2026-04": 30, "2026-05": 31}[maand]
        periode = {"begindatum": f"{maand}-01", "einddatum": f"{maand}-{eind}"}
        gedeeld = {
            "bericht_id": bericht_id, "ontvangstnummer": ontvangst, "declaratie_periode": periode,
            "declaratie_nummer": nummer or f"DN{ontvangst}", "declaratie_dagtekening": "2026-04-07",
        }  # fmt: skip
        totaal = sum((-1 if p["debet_credit"] == "C" else 1) * p["ingediend_cent"] for d in delen.values() for p in d)
        kop = self.gebeurtenis(
            "knooppunt.declaratie_ontvangen",
            gedeeld | {"identificatie": f"ID{ontvangst}", "dagtekening": "2026-04-07", "delen": len(delen),
                       "ontvangen_at": "2026-04-07T08:00:00Z", "totaal_ingediend_cent": totaal,
                       "antwoord_uiterlijk": "2026-04-21", "vorig_ontvangstnummer": vorig,
                       "clienten": pack(map(fingerprint, delen)),
                       "referenties": pack(fingerprint(p["referentie_nummer"]) for d in delen.values() for p in d)},
        )  # fmt: skip
        gezien, dubbel = set(), {}
        for n, regels in enumerate(delen.values()):
            dubbel[n] = [r for r, p in enumerate(regels) if p["referentie_nummer"] in gezien]
            gezien |= {p["referentie_nummer"] for p in regels}
        return [kop] + [
            self.gebeurtenis(
                "knooppunt.declaratiedeel_ontvangen",
                gedeeld
                | {
                    "deel": n,
                    "dubbele_regels": dubbel[n],
                    "prestaties": [p | {"regel": r} for r, p in enumerate(regels)],
                },
                client_id,
            )
            for n, (client_id, regels) in enumerate(delen.items())
        ]

    async def uit(self, type_, bericht_id):
        """De data van wat over dit bericht is gepubliceerd."""
        rijen = await self.pool.fetch("select bericht from outbox where type = $1 order by id", type_)
        alle = [json.loads(r["bericht"])["data"] for r in rijen]
        return [data for data in alle if data["bericht_id"] == bericht_id]

    async def einde(self, ontvangst):
        """De afsluiting van een declaratie: precies een."""
        (einde,) = await self.uit("declaratie.declaratie_afgehandeld", f"bericht-{ontvangst}")
        return einde

    async def codes(self, ontvangst):
        """Per deel en regel de retourcodes."""
        delen = await self.uit("declaratie.declaratiedeel_beoordeeld", f"bericht-{ontvangst}")
        return {(d["deel"], p["regel"]): p["retourcodes"] for d in delen for p in d["prestaties"]}


@asynccontextmanager
async def leeg_spel(postgres_dsn):
    """Een lege database met het schema van declaratie, als de rol van de dienst."""
    dsn = await verse_database(postgres_dsn, "declaratie")
    pool = await asyncpg.create_pool(
        als_rol(dsn, "declaratie"), min_size=1, max_size=8, init=init_connection,
        server_settings=connection_options("declaratie", "proef"),
    )  # fmt: skip
    yield Spel(pool)
    await pool.close()
    await ruim_op(postgres_dsn, dsn)


@pytest_asyncio.fixture
async def spel(postgres_dsn):
    async with leeg_spel(postgres_dsn) as een:
        yield een


@pytest_asyncio.fixture
async def ander_spel(postgres_dsn):
    """Een tweede, om mee te vergelijken."""
    async with leeg_spel(postgres_dsn) as een:
        yield een


@pytest_asyncio.fixture
async def gemeente_http(spel, uitgever, monkeypatch):
    """De routes van declaratie op dit spel; geeft een client en een functie die een token tekent."""
    url, teken_token = uitgever
    for naam, waarde in {"OMGEVING": "lokaal", "ISSUER": url, "KAFKA": "127.0.0.1:1", "DSN": "-"}.items():
        monkeypatch.setenv(f"ZORGKETEN_{naam}", waarde)
    app = bouw()
    app.api.state.pool = spel.pool

    def als(sub="anna", **claims):
        claims = claims or {"gemeente": GOES, "rollen": ["financien"]}
        return {"Authorization": f"Bearer {teken_token(sub=sub, **claims)}"}

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app.api), base_url="http://d") as http:
        yield http, als
