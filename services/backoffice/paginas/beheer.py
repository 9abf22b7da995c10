"""Beheer: contracts, products, ceilings and settings with their history; a change goes to the service that owns it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from chassis.auth import Caller
from chassis.clock import clock
from chassis.rechten import Wie
from schemas.iwmo.codes import EENHEID, PRODUCT_CATEGORIE

from .. import beheer, toegang
from ..buren import eis
from ..presentatie import categorie
from .route import PaginaRoute, buren
from .weergave import toon

PER_PAGINA = 50
VERANDERT_CONTRACTEN = frozenset({"beheerder", "kwaliteit"})
VERANDERT_BUDGETTEN = frozenset({"financien", "beheerder"})
EENHEDEN = ("01", "04", "14", "16", "82", "83", "84")
"""The units that a contract may have."""
Jaar = Annotated[int | None, Query(ge=2021, le=2100)]

router = APIRouter(prefix="/beheer", include_in_schema=False, route_class=PaginaRoute)


@dataclass(frozen=True)
class Formulier:
    """A change of contracts as it was filled in; `stap` is `proef` (only show) or `doe`."""

    soort: str
    aanbieder: str
    categorie: str
    code: str
    dag: str
    procent: str
    variant: str
    eenheid: str
    tarief: str
    stap: str
    sleutel: str


def formulier(
    soort: Annotated[str, Form(max_length=20)] = "",
    aanbieder: Annotated[str, Form(max_length=20)] = "",
    categorie: Annotated[str, Form(max_length=2)] = "",
    code: Annotated[str, Form(max_length=10)] = "",
    dag: Annotated[str, Form(max_length=10)] = "",
    procent: Annotated[str, Form(max_length=20)] = "",
    variant: Annotated[str, Form(max_length=20)] = "inspanning",
    eenheid: Annotated[str, Form(max_length=2)] = "",
    tarief: Annotated[str, Form(max_length=20)] = "",
    stap: Annotated[str, Form(max_length=10)] = "proef",
    sleutel: Annotated[str, Form(max_length=64)] = "",
) -> Formulier:
    """The fields of the forms; each sends only its own."""
    return Formulier(
        soort, aanbieder.strip(), categorie, code.strip(), dag, procent.strip(), variant, eenheid, tarief.strip(), stap,
        sleutel,
    )  # fmt: skip


@router.get("")
async def toon_contracten(
    request: Request,
    wie: Wie,
    aanbieder: Annotated[str, Query(max_length=8)] = "",
    cat: Annotated[str, Query(alias="categorie", max_length=2)] = "",
    vanaf: Annotated[int, Query(ge=0, le=100_000)] = 0,
    gedaan: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    return await _contracten(request, wie, aanbieder=aanbieder, cat=cat, vanaf=vanaf, gedaan=bool(gedaan))


async def _contracten(
    request: Request,
    wie: Caller,
    *,
    aanbieder: str = "",
    cat: str = "",
    vanaf: int = 0,
    gedaan: bool = False,
    status: int = 200,
    redenen: list[str] | None = None,
    proef: dict[str, Any] | None = None,
    invoer: Formulier | None = None,
) -> Response:
    bron = buren(request)
    alle = (await bron.lees(wie.token, "toewijzing", "/v1/contracten")).lijst
    geschiedenis = (await bron.lees(wie.token, "toewijzing", "/v1/contracten/geschiedenis")).inhoud["versies"]
    gevonden = [c for c in alle if aanbieder in ("", c["aanbieder"]) and cat in ("", c["product_categorie"])]
    gekozen = {naam: waarde for naam, waarde in (("aanbieder", aanbieder), ("categorie", cat)) if waarde}
    verder = vanaf + PER_PAGINA < len(gevonden)
    return toon(
        "beheer.html",
        status=status,
        wie=wie,
        hier="beheer",
        deel="contracten",
        mag=not VERANDERT_CONTRACTEN.isdisjoint(wie.rollen),
        keuze={"aanbieder": aanbieder, "categorie": cat},
        gefilterd=bool(gekozen),
        aantal=len(gevonden),
        vanaf=vanaf,
        contracten=[beheer.toon_contract(c) for c in gevonden[vanaf : vanaf + PER_PAGINA]],
        volgende=urlencode(gekozen | {"vanaf": vanaf + PER_PAGINA}) if verder else "",
        aanbieders=sorted({c["aanbieder"] for c in alle}),
        categorieen=PRODUCT_CATEGORIE,
        eenheden={code: EENHEID[code] for code in EENHEDEN if code in EENHEID},
        varianten=beheer.VARIANTEN,
        geschiedenis=geschiedenis,
        gedaan=gedaan,
        redenen=redenen or [],
        proef=proef,
        invoer=None if invoer is None else {veld.name: getattr(invoer, veld.name) for veld in fields(invoer)},
        sleutel=str(uuid4()),
    )


@router.post("")
async def wijzig_contracten(request: Request, wie: Wie, invoer: Annotated[Formulier, Depends(formulier)]) -> Response:
    toegang.eis_eigen_pagina(request)
    try:
        opdracht = beheer.contractwijziging(vars(invoer))
    except beheer.Onjuist as fout:
        return await _contracten(request, wie, status=422, redenen=[str(fout)], invoer=invoer)
    doen = invoer.stap == "doe"
    antwoord = await buren(request).vraag(
        wie.token,
        "toewijzing",
        "POST",
        f"/v1/contracten/wijzigingen{'' if doen else '?proef=true'}",
        opdracht,
        sleutel=invoer.sleutel or None if doen else None,
    )
    if not antwoord.gelukt:
        return await _contracten(request, wie, status=422, redenen=antwoord.redenen, invoer=invoer)
    if doen:
        return RedirectResponse("/beheer?gedaan=ja", status_code=303)
    return await _contracten(request, wie, proef=_proef(antwoord.inhoud), invoer=invoer)


def _proef(inhoud: dict[str, Any]) -> dict[str, Any]:
    """What a change would do, ready to show."""
    return inhoud | {
        "vervallen": [beheer.toon_contract(c) for c in inhoud["vervallen"]],
        "nieuw": [beheer.toon_contract(c) for c in inhoud["nieuw"]],
    }


@router.get("/producten")
async def toon_producten(request: Request, wie: Wie) -> Response:
    alle = (await buren(request).lees(wie.token, "toewijzing", "/v1/contracten")).lijst
    rijen = beheer.producten(alle, clock.today())
    return toon("beheer_producten.html", wie=wie, hier="beheer", deel="producten", rijen=rijen)


@router.get("/budgetten")
async def toon_budgetten(
    request: Request, wie: Wie, jaar: Jaar = None, gedaan: Annotated[str, Query(max_length=10)] = ""
) -> Response:
    return await _budgetten(request, wie, jaar or clock.today().year, gedaan=bool(gedaan))


async def _budgetten(
    request: Request,
    wie: Caller,
    jaar: int,
    *,
    status: int = 200,
    fout: str | None = None,
    ingevuld: dict[str, str] | None = None,
    gedaan: bool = False,
) -> Response:
    bron = buren(request)
    nu = (await bron.lees(wie.token, "declaratie", f"/v1/budgetten/{jaar}")).inhoud["budgetten"]
    geschiedenis = (await bron.lees(wie.token, "declaratie", f"/v1/budgetten/{jaar}/geschiedenis")).inhoud
    plafonds = {rij["product_categorie"]: beheer.bedrag(rij["plafond_cent"]) for rij in nu if rij["product_categorie"]}
    return toon(
        "beheer_budgetten.html",
        status=status,
        fout=fout,
        wie=wie,
        hier="beheer",
        deel="budgetten",
        mag=not VERANDERT_BUDGETTEN.isdisjoint(wie.rollen),
        jaar=jaar,
        jaren=range(clock.today().year - 2, clock.today().year + 2),
        velden=[(code, naam, (ingevuld or plafonds).get(code, "")) for code, naam in PRODUCT_CATEGORIE.items()],
        geschiedenis=[rij | {"naam": categorie(rij["product_categorie"])} for rij in geschiedenis["plafonds"]],
        gedaan=gedaan,
    )


@router.post("/budgetten")
async def wijzig_budgetten(request: Request, wie: Wie) -> Response:
    toegang.eis_eigen_pagina(request)
    velden = await request.form(max_fields=50, max_files=0)
    ingevuld = {code: str(velden.get(f"plafond_{code}", ""))[:30].strip() for code in PRODUCT_CATEGORIE}
    tekst = str(velden.get("jaar", ""))
    jaar = int(tekst) if tekst.isascii() and tekst.isdigit() and 2021 <= int(tekst[:5]) <= 2100 else clock.today().year
    try:
        plafonds = [
            {"product_categorie": code, "plafond_cent": beheer.cent(bedrag)}
            for code, bedrag in ingevuld.items()
            if bedrag
        ]
    except beheer.Onjuist as fout:
        return await _budgetten(request, wie, jaar, status=422, fout=str(fout), ingevuld=ingevuld)
    antwoord = await buren(request).vraag(
        wie.token, "declaratie", "PUT", f"/v1/budgetten/{jaar}", {"budgetten": plafonds}
    )
    if not antwoord.gelukt:
        reden = " ".join(antwoord.redenen)
        return await _budgetten(request, wie, jaar, status=422, fout=reden, ingevuld=ingevuld)
    return RedirectResponse(f"/beheer/budgetten?jaar={jaar}&gedaan=ja", status_code=303)


@router.get("/instellingen")
async def toon_instellingen(request: Request, wie: Wie, gedaan: Annotated[str, Query(max_length=10)] = "") -> Response:
    bron = buren(request)
    nu = (await bron.lees(wie.token, "toewijzing", "/v1/instellingen")).inhoud
    geschiedenis = (await bron.lees(wie.token, "toewijzing", "/v1/instellingen/geschiedenis")).inhoud["versies"]
    intake = (await bron.lees(wie.token, "intake", "/v1/instellingen")).inhoud
    return toon(
        "beheer_instellingen.html",
        wie=wie,
        hier="beheer",
        deel="instellingen",
        mag=not VERANDERT_CONTRACTEN.isdisjoint(wie.rollen),
        keuzes=beheer.KEUZES,
        nu=nu,
        geschiedenis=geschiedenis,
        intake=intake,
        gedaan=bool(gedaan),
    )


@router.post("/instellingen")
async def wijzig_instellingen(request: Request, wie: Wie) -> Response:
    toegang.eis_eigen_pagina(request)
    velden = await request.form(max_fields=20, max_files=0)
    bron = buren(request)
    # What this form does not know stays as it is.
    nu = (await bron.lees(wie.token, "toewijzing", "/v1/instellingen")).inhoud
    nieuw = nu | {naam: naam in velden for naam in beheer.KEUZES}
    eis(await bron.vraag(wie.token, "toewijzing", "PUT", "/v1/instellingen", nieuw))
    return RedirectResponse("/beheer/instellingen?gedaan=ja", status_code=303)
