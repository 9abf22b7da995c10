"""Meldingen: van de eerste vraag tot het besluit. Elke stap is een eigen pad; wat mist staat in `bevindingen`."""

# No lazy annotations here: the routes of the steps are made in a loop, each with its own model.

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from chassis import pdf
from chassis.auth import Caller
from chassis.db import transaction
from chassis.herhaling import once
from chassis.http import Database
from chassis.rechten import Wie
from services.intake.contracts import stap as model
from services.intake.handlers.besluit import geef_spoedvoorziening, neem_besluit, toon_brief, weeg_af
from services.intake.handlers.melding import list_meldingen, list_teams, neem_melding_aan, toon_melding
from services.intake.handlers.nazorg import leg_ervaring_vast
from services.intake.handlers.termijn import list_termijnen
from services.intake.handlers.zaak import Gevolg, Medewerker, zet_stap
from services.intake.store import termijn as termijn_store
from services.intake.store.melding import Keuze

router = APIRouter(prefix="/v1", tags=["meldingen"])

Sleutel = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)]
Id = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
Na = Annotated[int, Query(ge=0, le=2**62)]
Limit = Annotated[int, Query(ge=1, le=500)]
Kort = Annotated[str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Status = Literal["ontvangen", "in_onderzoek", "onderzocht", "aangevraagd", "besloten", "afgesloten"]


class Verwacht(BaseModel):
    """Wat er nu moet gebeuren, door wie, en tot en met welke dag."""

    soort: str
    wat: str
    wie: str
    uiterlijk: str
    status: Literal["loopt", "nadert", "verstreken"]


class NaStap(BaseModel):
    """De melding na een stap."""

    melding_id: str
    client_id: str
    status: Status
    team: str
    volgnummer: int
    verwacht: list[Verwacht]
    indicatie_id: str | None = None
    versie: int | None = None
    verwijzing: int | None = None
    risico: int | None = None


def medewerker(wie: Caller) -> Medewerker:
    """Who calls. Somebody who is in a wijkteam and nothing more sees the cases of that team alone."""
    if wie.gemeente is None:
        raise AssertionError("the table of rights lets only municipalities in")
    alleen_team = "wijkteam" in wie.rollen and "consulent" not in wie.rollen
    return Medewerker(wie.gemeente, wie.sub, wie.team if alleen_team else None)


@router.post("/meldingen", status_code=201, response_model=NaStap, response_model_exclude_none=True)
async def post_melding(body: model.MeldingIn, wie: Wie, db: Database, sleutel: Sleutel = None) -> dict[str, Any]:
    """Neemt een melding aan en geeft haar aan een wijkteam."""
    async with transaction(db, wie.tenant) as tx:
        return await neem_melding_aan(tx, medewerker(wie), body, sleutel)


@router.get("/meldingen")
async def get_meldingen(
    wie: Wie,
    db: Database,
    status: Status | None = None,
    team: Kort = None,
    client_id: Kort = None,
    spoed: bool | None = None,
    uitkomst: Kort = None,
    limit: Limit = 50,
    na: Na = 0,
) -> dict[str, Any]:
    """Meldingen, de oudste eerst; een wijkteam ziet alleen de eigen."""
    wij = medewerker(wie)
    keuze = Keuze(status, team if wij.team is None else wij.team, client_id, spoed, uitkomst)
    async with transaction(db, wie.tenant) as tx:
        return await list_meldingen(tx, wij, keuze, na=na, limit=limit)


@router.get("/meldingen/{melding_id}")
async def get_melding(melding_id: Id, wie: Wie, db: Database) -> dict[str, Any]:
    """De hele melding: alle stappen, en wat er nu moet gebeuren, door wie en wanneer. De inzage wordt gelogd."""
    async with transaction(db, wie.tenant) as tx:
        return await toon_melding(tx, medewerker(wie), melding_id)


@router.get(
    "/meldingen/{melding_id}/brief", response_class=HTMLResponse, responses={200: {"content": {"application/pdf": {}}}}
)
async def get_brief(
    melding_id: Id,
    wie: Wie,
    db: Database,
    versie: Annotated[int | None, Query(ge=1, le=1000)] = None,
    vorm: Literal["html", "pdf"] = "html",
) -> Response:
    """De brief bij het besluit, als HTML of met `vorm=pdf` voor de post; zonder `versie` die van het laatste."""
    async with transaction(db, wie.tenant) as tx:
        tekst, gemaakt_at = await toon_brief(tx, medewerker(wie), melding_id, versie)
    if vorm == "html":
        return HTMLResponse(tekst)
    # Made from the one letter that is kept: there is never a second one.
    papier = await asyncio.to_thread(pdf.from_html, tekst, gemaakt_at)
    return pdf.response(papier, "brief.pdf")


@router.get("/teams")
async def get_teams(wie: Wie, db: Database) -> dict[str, Any]:
    """De teams, hoe druk ze zijn en hoe lang inwoners er wachten."""
    async with transaction(db, wie.tenant) as tx:
        return await list_teams(tx, medewerker(wie))


@router.get("/termijnen")
async def get_termijnen(
    wie: Wie,
    db: Database,
    status: Literal["loopt", "nadert", "verstreken", "gehaald", "te_laat_gehaald", "vervallen"] | None = None,
    soort: Kort = None,
    team: Kort = None,
    melding_id: Kort = None,
    limit: Limit = 50,
    na: Na = 0,
) -> dict[str, Any]:
    """Wie uiterlijk wanneer moet handelen; een wijkteam ziet alleen de eigen meldingen."""
    wij = medewerker(wie)
    keuze = termijn_store.Keuze(status, soort, team if wij.team is None else wij.team, melding_id)
    async with transaction(db, wie.tenant) as tx:
        return await list_termijnen(tx, wij.gemeente, keuze, na=na, limit=limit)


STAPPEN: Mapping[str, tuple[str, str, type[model.StapIn], Gevolg | None]] = {
    "overdracht": ("POST", "overdracht", model.OverdrachtIn, None),
    "plan": ("PUT", "plan", model.PlanIn, None),
    "spoedvoorziening": ("POST", "spoedvoorziening", model.SpoedvoorzieningIn, geef_spoedvoorziening),
    "onderzoek": ("PUT", "onderzoek", model.OnderzoekIn, None),
    "afronding": ("POST", "onderzoek/afronding", model.AfrondingIn, None),
    "afweging": ("PUT", "afweging", model.AfwegingIn, weeg_af),
    "verwijzing": ("POST", "verwijzingen", model.VerwijzingIn, None),
    "opvolging": ("POST", "verwijzingen/opvolging", model.OpvolgingIn, None),
    "aanvraag": ("POST", "aanvraag", model.AanvraagIn, None),
    "beschikking": ("POST", "beschikking", model.BeschikkingIn, neem_besluit),
    "herziening": ("POST", "beschikking/herziening", model.HerzieningIn, None),
    "bezwaar": ("POST", "bezwaar", model.BezwaarIn, None),
    "bezwaarbesluit": ("POST", "bezwaar/besluit", model.BezwaarbesluitIn, None),
    "risico": ("POST", "risicos", model.RisicoIn, None),
    "risicoafhandeling": ("POST", "risicos/afhandeling", model.RisicoafhandelingIn, None),
    "risicoakkoord": ("POST", "risicos/akkoord", model.RisicoakkoordIn, None),
    "contact": ("POST", "contacten", model.ContactIn, None),
    "ervaring": ("POST", "ervaringen", model.ErvaringIn, leg_ervaring_vast),
    "evaluatie": ("POST", "evaluaties", model.EvaluatieIn, None),
    "intrekking": ("POST", "intrekking", model.IntrekkingIn, None),
    "afsluiting": ("POST", "afsluiting", model.AfsluitingIn, None),
}
"""Per step its method, its path under a melding, what it asks, and what it brings about."""


def _maak_route(soort: str, methode: str, pad: str, vorm: type[model.StapIn], gevolg: Gevolg | None) -> None:
    async def neem(melding_id: Id, body: vorm, wie: Wie, db: Database, sleutel: Sleutel = None) -> dict[str, Any]:  # type: ignore[valid-type]
        inhoud = body.model_dump(mode="json")  # type: ignore[attr-defined]
        async with transaction(db, wie.tenant) as tx:
            wij = medewerker(wie)
            opdracht = {"soort": soort, "melding_id": melding_id, "wie": wij.team, "body": inhoud}
            return await once(
                tx, wij.gemeente, sleutel, opdracht, lambda: zet_stap(tx, wij, melding_id, soort, inhoud, gevolg)
            )

    router.add_api_route(
        f"/meldingen/{{melding_id}}/{pad}", neem, methods=[methode], name=f"{methode.lower()}_{soort}",
        description=vorm.__doc__, response_model=NaStap, response_model_exclude_none=True,
    )  # fmt: skip


for _soort, _wat in STAPPEN.items():
    _maak_route(_soort, *_wat)
