"""What is parked: why, since when, what is behind it; try it, let one or many go, or set one aside."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from chassis.auth import Caller
from chassis.db import Pool, transaction
from chassis.http import Database
from chassis.rechten import Wie

from .. import geparkeerd, toegang, werkvoorraad
from ..buren import Buren, DienstWeg
from ..handlers import taken
from ..koppen import VeiligeRoute
from ..store import taak
from .weergave import toon

PER_PAGINA = 50
TEGELIJK_MAX = 50
BEHEERDER = "beheerder"
MAILERS = frozenset({"consulent", "beheerder"})

router = APIRouter(include_in_schema=False, route_class=VeiligeRoute)


@router.get("/parkeerplaats")
async def toon_parkeerplaats(
    request: Request,
    db: Database,
    wie: Wie,
    stand: Annotated[str, Query(max_length=10)] = "open",
    gedaan: Annotated[int, Query(ge=0, le=TEGELIJK_MAX)] = 0,
    gemaild: Annotated[int, Query(ge=0, le=1)] = 0,
    verdeeld: Annotated[int, Query(ge=0, le=TEGELIJK_MAX)] = 0,
) -> Response:
    kant = "opgelost" if stand == "opgelost" else "open"
    return await _lijst(request, db, wie, stand=kant, gedaan=gedaan, gemaild=bool(gemaild), verdeeld=verdeeld)


async def _lijst(
    request: Request,
    db: Pool,
    wie: Caller,
    *,
    status: int = 200,
    stand: str = "open",
    gedaan: int = 0,
    gemaild: bool = False,
    verdeeld: int = 0,
    proeven: dict[str, list[str]] | None = None,
    redenen: list[str] | None = None,
    gekozen: list[str] | None = None,
) -> Response:
    buren = Buren(request.app.state.settings)
    rijen, weg = await geparkeerd.lees(buren, wie.token, wie.gemeente or "", stand=stand, limit=PER_PAGINA)
    getoond = await werkvoorraad.met_behandelaars(db, wie, rijen[:PER_PAGINA])
    async with transaction(db, wie.tenant) as tx:
        namen = await taak.list_behandelaars(tx, wie.gemeente or "")
    bezorgingen, mails = await geparkeerd.onbezorgd(buren, wie.token, limit=PER_PAGINA)
    return toon(
        "parkeerplaats.html",
        status=status,
        wie=wie,
        hier="parkeerplaats",
        rijen=getoond,
        namen=namen,
        meer=len(rijen) > PER_PAGINA,
        weg=weg,
        bezorgingen=bezorgingen,
        mails=mails,
        mag_mailen=not MAILERS.isdisjoint(wie.rollen),
        stand=stand,
        gedaan=gedaan,
        gemaild=gemaild,
        verdeeld=verdeeld,
        proeven=proeven or {},
        redenen=redenen or [],
        gekozen=gekozen or [],
        mag=BEHEERDER in wie.rollen,
    )


@router.post("/parkeerplaats/mail")
async def verstuur_mail(
    request: Request, db: Database, wie: Wie, notificatie_id: Annotated[str, Form(max_length=36)] = ""
) -> Response:
    """Try an e-mail or a call of a webhook that was given up once more."""
    toegang.eis_eigen_pagina(request)
    try:
        antwoord = await geparkeerd.verstuur_mail(Buren(request.app.state.settings), wie.token, UUID(notificatie_id))
        redenen = [] if antwoord.gelukt else antwoord.redenen
    except ValueError:
        redenen = ["Dit bericht is er niet."]
    except DienstWeg:
        redenen = ["Een dienst antwoordt niet. Probeer het over een paar minuten opnieuw."]
    if redenen:
        return await _lijst(request, db, wie, status=422, redenen=redenen)
    return RedirectResponse("/parkeerplaats?gemaild=1", status_code=303)


@router.post("/parkeerplaats")
async def doe(
    request: Request,
    db: Database,
    wie: Wie,
    handeling: Annotated[str, Form(max_length=20)] = "",
    gekozen: Annotated[list[str] | None, Form(max_length=TEGELIJK_MAX)] = None,
    toelichting: Annotated[str, Form(max_length=300)] = "",
    behandelaar: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    toegang.eis_eigen_pagina(request)
    buren, ids = Buren(request.app.state.settings), gekozen or []
    if not ids:
        return await _lijst(request, db, wie, status=422, redenen=["Kies eerst een of meer berichten."])
    if handeling == "toedeling":
        return await _verdeel(request, db, wie, ids, behandelaar.strip())
    pad, inhoud = {"proef": "opnieuw?proef=true", "opnieuw": "opnieuw"}.get(handeling, "afsluiting"), None
    if pad == "afsluiting":
        fout = _keur(toelichting)
        if fout:
            return await _lijst(request, db, wie, status=422, redenen=[fout], gekozen=ids)
        inhoud = {"toelichting": toelichting.strip()}
    gelukt, redenen = await _vraag_elk(buren, wie, ids, pad, inhoud)
    if handeling == "proef" or redenen:
        proeven = {id_: geparkeerd.vertel_proef(wat) for id_, wat in gelukt.items()} if handeling == "proef" else {}
        return await _lijst(
            request, db, wie, status=422 if redenen else 200, proeven=proeven, redenen=redenen, gekozen=ids
        )
    return RedirectResponse(f"/parkeerplaats?gedaan={len(gelukt)}", status_code=303)


async def _verdeel(request: Request, db: Pool, wie: Caller, ids: list[str], behandelaar: str) -> Response:
    """Give these to a colleague, or to nobody. Only what is parked here now can be given."""
    buren, gemeente = Buren(request.app.state.settings), wie.gemeente or ""
    gevonden, _ = await geparkeerd.lees(buren, wie.token, gemeente)
    taken_ids = {rij["id"]: UUID(rij["taak_id"]) for rij in gevonden}
    redenen = [] if behandelaar.isprintable() else ["Vul een naam in."]
    if not set(ids) <= taken_ids.keys():
        redenen.append("Dit bericht staat hier niet geparkeerd.")
    if redenen:
        return await _lijst(request, db, wie, status=422, redenen=redenen, gekozen=ids)
    async with transaction(db, wie.tenant) as tx:
        for id_ in ids:
            await taken.wijs_toe(tx, gemeente, wie.sub, taken_ids[id_], behandelaar or None)
    return RedirectResponse(f"/parkeerplaats?verdeeld={len(ids)}", status_code=303)


async def _vraag_elk(
    buren: Buren, wie: Caller, ids: list[str], pad: str, inhoud: Any
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The answer per event that it worked for, and why it did not for the others."""
    gelukt: dict[str, dict[str, Any]] = {}
    redenen: list[str] = []
    for id_ in ids:
        try:
            antwoord = await geparkeerd.vraag(buren, wie.token, id_, pad, inhoud)
        except DienstWeg:
            redenen.append("Een dienst antwoordt niet. Probeer het over een paar minuten opnieuw.")
            continue
        if antwoord is None or not antwoord.gelukt:
            redenen += ["Dit bericht staat hier niet geparkeerd."] if antwoord is None else antwoord.redenen
        else:
            gelukt[id_] = antwoord.inhoud
    return gelukt, list(dict.fromkeys(redenen))


def _keur(toelichting: str) -> str | None:
    """Why this explanation may not be kept; None when it may."""
    if not toelichting.strip():
        return "Schrijf op waarom dit bericht niet meer nodig is."
    return "In de tekst staat een BSN. Dat mag niet." if taken.heeft_bsn(toelichting) else None
