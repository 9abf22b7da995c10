"""The work list, and one task with what can be decided right there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from chassis.auth import Caller
from chassis.clock import clock
from chassis.db import Pool, transaction
from chassis.errors import Problem
from chassis.http import Database
from chassis.rechten import Wie
from schemas.iwmo.codes import REDEN_AFWIJZING_VERZOEK

from .. import toegang, werkvoorraad
from ..buren import Buren, DienstWeg
from ..domain.taken import SOORTEN
from ..handlers import taken
from ..koppen import VeiligeRoute
from ..store import taak
from .weergave import toon

PER_PAGINA = 50
GEDAAN = {
    "toekenning": "Het verzoek is toegekend. De aanbieder krijgt een toewijzing.",
    "onderzoek": "De aanbieder krijgt bericht dat u het verzoek onderzoekt.",
    "afwijzing": "Het verzoek is afgewezen. De aanbieder krijgt bericht.",
    "herzending": "De toewijzing is opnieuw verzonden.",
    "toedeling": "De taak is verdeeld.",
    "notitie": "De notitie is bewaard.",
    "afhandeling": "De taak is afgehandeld.",
}

router = APIRouter(include_in_schema=False, route_class=VeiligeRoute)


@router.get("/werkvoorraad")
async def toon_werkvoorraad(
    request: Request,
    db: Database,
    wie: Wie,
    soort: Annotated[str, Query(max_length=20)] = "",
    aanbieder: Annotated[str, Query(max_length=8)] = "",
    behandelaar: Annotated[str, Query(max_length=100)] = "",
    na: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    return await _lijst(request, db, wie, {"soort": soort, "aanbieder": aanbieder, "behandelaar": behandelaar}, na)


async def _lijst(
    request: Request,
    db: Pool,
    wie: Caller,
    keuze: dict[str, str],
    na: str = "",
    *,
    status: int = 200,
    fout: str | None = None,
) -> Response:
    rijen, volgende = await werkvoorraad.lees(
        db,
        wie,
        buren=Buren(request.app.state.settings),
        soort=keuze["soort"] or None,
        aanbieder=keuze["aanbieder"] or None,
        behandelaar=keuze["behandelaar"] or None,
        na=na or None,
        limit=PER_PAGINA,
    )
    async with transaction(db, wie.tenant) as tx:
        namen = await taak.list_behandelaars(tx, wie.gemeente or "")
        aanbieders = await taak.list_aanbieders(tx, wie.gemeente or "")
        vervangingen = await taak.list_vervangingen(tx, wie.gemeente or "", clock.today())
    gekozen = {naam: waarde for naam, waarde in keuze.items() if waarde}
    return toon(
        "werkvoorraad.html",
        status=status,
        fout=fout,
        wie=wie,
        hier="werkvoorraad",
        keuze=keuze,
        gefilterd=bool(gekozen),
        taken=rijen,
        volgende=urlencode(gekozen | {"na": volgende}) if volgende else "",
        soorten=SOORTEN,
        aanbieders=aanbieders,
        namen=namen,
        vervangingen=vervangingen,
        vandaag=clock.today(),
    )


@router.post("/werkvoorraad/vervanging")
async def vervang(
    request: Request,
    db: Database,
    wie: Wie,
    afwezig: Annotated[str, Form(max_length=100)] = "",
    vervanger: Annotated[str, Form(max_length=100)] = "",
    t_m: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    toegang.eis_eigen_pagina(request)
    afwezig, vervanger = afwezig.strip(), vervanger.strip()
    try:
        dag = dt.date.fromisoformat(t_m)
        if not (afwezig and vervanger and (afwezig + vervanger).isprintable()):
            raise ValueError
        async with transaction(db, wie.tenant) as tx:
            await taken.vervang(tx, wie.gemeente or "", afwezig, vervanger, dag)
    except ValueError:
        fout = "Vul in wie er afwezig is, wie vervangt en tot en met welke dag."
    except Problem as problem:
        fout = f"{problem.title} {problem.volgende_stap}"
    else:
        return RedirectResponse("/werkvoorraad", status_code=303)
    leeg = {"soort": "", "aanbieder": "", "behandelaar": ""}
    return await _lijst(request, db, wie, leeg, status=422, fout=fout)


@router.get("/werkvoorraad/{taak_id}")
async def toon_taak(
    db: Database, wie: Wie, taak_id: UUID, gedaan: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    return await _taak(db, wie, taak_id, gedaan=GEDAAN.get(gedaan))


@dataclass(frozen=True)
class Formulier:
    """What a person filled in at a task; `sleutel` came with the page, so a double click is one command."""

    handeling: str
    sleutel: str
    tekst: str
    behandelaar: str
    reden: str
    ingangsdatum: str
    einddatum: str


def formulier(
    handeling: Annotated[str, Form(max_length=20)] = "",
    sleutel: Annotated[str, Form(max_length=64)] = "",
    tekst: Annotated[str, Form(max_length=500)] = "",
    behandelaar: Annotated[str, Form(max_length=100)] = "",
    reden: Annotated[str, Form(max_length=2)] = "",
    ingangsdatum: Annotated[str, Form(max_length=10)] = "",
    einddatum: Annotated[str, Form(max_length=10)] = "",
) -> Formulier:
    """The fields of the forms of a task; a form sends only its own."""
    return Formulier(
        handeling, sleutel, tekst.strip(), behandelaar.strip(), reden, ingangsdatum.strip(), einddatum.strip()
    )


@router.post("/werkvoorraad/{taak_id}")
async def doe(
    request: Request, db: Database, wie: Wie, taak_id: UUID, invoer: Annotated[Formulier, Depends(formulier)]
) -> Response:
    toegang.eis_eigen_pagina(request)
    try:
        async with transaction(db, wie.tenant) as tx:
            rij = werkvoorraad.toon(await taken.load_open(tx, wie.gemeente or "", taak_id), clock.today())
        redenen = await _doe(Buren(request.app.state.settings), db, wie, rij, invoer)
    except DienstWeg:
        redenen = ["Dit lukt nu niet. Er is niets veranderd of verzonden. Probeer het over een paar minuten opnieuw."]
    except Problem as problem:
        if problem.status == 404:
            return _niet_gevonden(wie)
        redenen = [f"{problem.title} {problem.volgende_stap}"]
    if redenen:
        return await _taak(db, wie, taak_id, status=422, redenen=redenen)
    return RedirectResponse(f"/werkvoorraad/{taak_id}?gedaan={quote(invoer.handeling)}", status_code=303)


async def _doe(buren: Buren, db: Pool, wie: Caller, rij: dict[str, Any], invoer: Formulier) -> list[str]:
    """Do what the form asks; gives why not, in plain words."""
    gemeente, taak_id = wie.gemeente or "", UUID(rij["taak_id"])
    opdracht = _opdracht(rij, invoer)
    if opdracht is not None:
        pad, inhoud = opdracht
        antwoord = await buren.vraag(wie.token, "toewijzing", "POST", pad, inhoud, sleutel=invoer.sleutel or None)
        if not antwoord.gelukt:
            return antwoord.redenen
    elif invoer.handeling in ("notitie", "afhandeling") and not invoer.tekst:
        return ["Schrijf op wat uw collega's moeten weten."]
    elif invoer.handeling == "toedeling" and not invoer.behandelaar.isprintable():
        return ["Vul een naam in."]
    async with transaction(db, wie.tenant) as tx:
        if opdracht is not None:
            await taken.noteer_besluit(tx, gemeente, wie.sub, taak_id, invoer.handeling)
        elif invoer.handeling == "toedeling":
            await taken.wijs_toe(tx, gemeente, wie.sub, taak_id, invoer.behandelaar or None)
        elif invoer.handeling == "notitie":
            await taken.noteer(tx, gemeente, wie.sub, taak_id, invoer.tekst)
        elif invoer.handeling == "afhandeling":
            await taken.handel_af(tx, gemeente, wie.sub, taak_id, invoer.tekst)
        else:
            return ["Kies wat u wilt doen."]
    return []


def _opdracht(rij: dict[str, Any], invoer: Formulier) -> tuple[str, dict[str, Any]] | None:
    """The command at toewijzing behind this choice; None when the choice is one of our own."""
    if invoer.handeling not in rij["handelingen"] or invoer.handeling == "afhandeling":
        return None
    if invoer.handeling == "herzending":
        # Any of them: the 301 holds all that this provider must know of the client (OP087).
        nummers = rij["toewijzing_nummers"]
        return (f"/v1/toewijzingen/{nummers[0]}/herzending", {}) if nummers else None
    inhoud: dict[str, Any] = {}
    if invoer.handeling == "afwijzing":
        inhoud = {"reden": invoer.reden}
    elif invoer.handeling == "toekenning":
        data = {"ingangsdatum": invoer.ingangsdatum, "einddatum": invoer.einddatum}
        anders = {naam: dag for naam, dag in data.items() if dag}
        inhoud = {"afwijking": anders} if anders else {}
    return f"/v1/verzoeken/{rij['verzoek_id']}/{invoer.handeling}", inhoud


async def _taak(
    db: Pool,
    wie: Caller,
    taak_id: UUID,
    *,
    status: int = 200,
    redenen: list[str] | None = None,
    gedaan: str | None = None,
) -> Response:
    gemeente = wie.gemeente or ""
    async with transaction(db, wie.tenant) as tx:
        rij = await taak.load_taak(tx, gemeente, clock.today(), taak_id)
        stappen = await taak.list_stappen(tx, gemeente, taak_id)
        namen = await taak.list_behandelaars(tx, gemeente)
    if rij is None:
        return _niet_gevonden(wie)
    return toon(
        "taak.html",
        status=status,
        wie=wie,
        hier="werkvoorraad",
        taak=werkvoorraad.toon(rij, clock.today()),
        stappen=stappen,
        namen=namen,
        redenen=redenen or [],
        gedaan=gedaan,
        sleutel=str(uuid4()),
        afwijsredenen=REDEN_AFWIJZING_VERZOEK,
    )


def _niet_gevonden(wie: Caller) -> Response:
    uitleg = "We vinden bij uw gemeente geen taak met dit kenmerk."
    return toon("fout.html", status=404, wie=wie, hier="werkvoorraad", kop="Taak niet gevonden", uitleg=uitleg)
