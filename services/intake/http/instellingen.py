"""Instellingen en sociale kaart: gegevens met een datum, zodat een tweede gemeente geen code nodig heeft."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field, StrictInt

from chassis.clock import clock
from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Wie
from services.intake.contracts.stap import Cent, Code, Dag, Melder, Regel, StapIn, Tekst
from services.intake.handlers import instellingen as handlers
from services.intake.http.melding import medewerker

router = APIRouter(prefix="/v1", tags=["instellingen"])
Dagen = Annotated[StrictInt, Field(ge=0, le=365)]
Op = Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class TermijnenIn(StapIn):
    """Termijnen in kalenderdagen; nooit slechter voor de inwoner dan de wet."""

    plan: Dagen = 7
    onderzoek: Dagen = 42
    besluit: Dagen = 14
    spoed: Dagen = 1
    bezwaar: Dagen = 42
    bezwaarbesluit: Dagen = 42
    reactie: Dagen = 7
    outreach: Dagen = 2
    signaal: Dagen = 5
    ervaring: Dagen = 14
    gesprek: Dagen = 14
    evaluatie: Dagen = 14


class TeamIn(StapIn):
    """Een wijkteam; `postcodes` zijn beginnen van postcodes (44, 4461 of 4461AB)."""

    team: Code
    naam: Regel
    postcodes: Annotated[
        list[Annotated[str, Field(pattern=r"^[1-9][0-9]{0,3}([A-Z]{2})?$")]], Field(max_length=2_000)
    ] = []
    capaciteit: Annotated[StrictInt, Field(ge=1, le=10_000)] = 50


class RouteIn(StapIn):
    """Gaat voor de postcode: wie aan alles voldoet wat hier staat, gaat naar dit team."""

    team: Code
    spoed: bool | None = None
    melder: Melder | None = None
    vanaf_leeftijd: Annotated[StrictInt, Field(ge=0, le=120)] | None = None


class SjabloonIn(StapIn):
    """De tekst van een brief. In te vullen: $naam, $gemeente, $nummer, $ingangsdatum, $motivering en meer."""

    onderwerp: Regel
    alineas: Annotated[list[Tekst], Field(min_length=1, max_length=30)]


class InstellingenIn(StapIn):
    """Wat vanaf een dag geldt voor nieuwe meldingen; wat u weglaat is standaard."""

    geldig_vanaf: Dag
    gemeente_naam: Regel | None = None
    standaard_team: Code | None = None
    termijnen: TermijnenIn = TermijnenIn()
    leefgebieden: Annotated[dict[Code, Regel], Field(min_length=1, max_length=30)] | None = None
    teams: Annotated[list[TeamIn], Field(max_length=200)] = []
    routes: Annotated[list[RouteIn], Field(max_length=200)] = []
    sjablonen: Annotated[dict[Literal["toekenning", "afwijzing", "intrekking"], SjabloonIn], Field(max_length=3)] = {}


class KostenIn(StapIn):
    """Wat een plek de gemeente kost per week of per keer dat iemand komt."""

    cent: Cent
    per: Literal["week", "keer"]


class VoorzieningIn(StapIn):
    """Een plek op de sociale kaart: waar, voor hoeveel mensen, en wat het de gemeente kost."""

    code: Code
    naam: Regel
    soort: Literal["algemeen", "collectief", "informeel", "respijt", "dorp", "dagactiviteit", "vrijwilligers", "e_zorg"]
    omschrijving: Tekst | None = None
    plaats: Regel | None = None
    capaciteit: Annotated[StrictInt, Field(ge=0, le=100_000)] | None = None
    contact: Regel | None = None
    leefgebieden: Annotated[list[Code], Field(max_length=30)] = []
    kosten: KostenIn | None = None


class SocialeKaartIn(StapIn):
    """De hele sociale kaart vanaf een dag."""

    geldig_vanaf: Dag
    voorzieningen: Annotated[list[VoorzieningIn], Field(max_length=5_000)]


@router.put("/instellingen")
async def put_instellingen(body: InstellingenIn, wie: Wie, db: Database) -> dict[str, Any]:
    """Legt een versie vast; wat er was blijft staan. Twee keer hetzelfde verandert niets."""
    wij = medewerker(wie)
    waarden = body.model_dump(mode="json", exclude={"geldig_vanaf"})
    async with transaction(db, wie.tenant) as tx:
        await handlers.zet_instellingen(tx, wij.gemeente, wij.sub, body.geldig_vanaf, waarden)
        return await handlers.toon_instellingen(tx, wij.gemeente, body.geldig_vanaf)


@router.get("/instellingen")
async def get_instellingen(wie: Wie, db: Database, op: Op = None) -> dict[str, Any]:
    """Wat op een dag geldt, nu als u geen dag noemt."""
    async with transaction(db, wie.tenant) as tx:
        return await handlers.toon_instellingen(tx, medewerker(wie).gemeente, op or clock.today())


@router.put("/sociale-kaart")
async def put_sociale_kaart(body: SocialeKaartIn, wie: Wie, db: Database) -> dict[str, Any]:
    """Vervangt de sociale kaart vanaf een dag; wat er was blijft staan."""
    wij = medewerker(wie)
    kaart = body.model_dump(mode="json")["voorzieningen"]
    async with transaction(db, wie.tenant) as tx:
        await handlers.zet_sociale_kaart(tx, wij.gemeente, wij.sub, body.geldig_vanaf, kaart)
        return {"voorzieningen": await handlers.load_sociale_kaart(tx, wij.gemeente, body.geldig_vanaf)}


@router.get("/sociale-kaart")
async def get_sociale_kaart(wie: Wie, db: Database, op: Op = None) -> dict[str, Any]:
    """Waar een inwoner heen kan."""
    async with transaction(db, wie.tenant) as tx:
        kaart = await handlers.load_sociale_kaart(tx, medewerker(wie).gemeente, op or clock.today())
        return {"voorzieningen": kaart}
