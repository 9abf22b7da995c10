"""Declaraties per provider and month, and one declaratie whose refused lines explain themselves."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from chassis.db import transaction
from chassis.errors import Problem
from chassis.http import Database
from chassis.rechten import Wie

from .. import declaraties, grafiek
from ..buren import eis
from ..domain.taal import maand_kort
from ..presentatie import betekenis
from ..store import gebeurtenis
from .route import PaginaRoute, buren
from .weergave import toon

PER_PAGINA = 50
REGELS_PER_PAGINA = 25
MAAND = re.compile(r"^20[0-9]{2}-(0[1-9]|1[0-2])$")
Kenmerk = Annotated[str, Path(max_length=64, pattern=r"^[0-9A-Za-z-]+$")]

router = APIRouter(include_in_schema=False, route_class=PaginaRoute)


@router.get("/declaraties")
async def toon_lijst(
    request: Request,
    db: Database,
    wie: Wie,
    periode: Annotated[str, Query(max_length=20)] = "",
    aanbieder: Annotated[str, Query(max_length=8)] = "",
    status: Annotated[str, Query(max_length=20)] = "",
    na: Annotated[str, Query(max_length=20, pattern=r"^[0-9]*$")] = "",
) -> Response:
    keuze = {"periode": periode, "aanbieder": aanbieder, "status": status}
    gekozen = {naam: waarde for naam, waarde in keuze.items() if waarde}
    fout, rijen, volgende = None, [], None
    if periode and not MAAND.match(periode):
        fout = "Vul de maand in als jaar en maand, bijvoorbeeld 2026-02."
    elif status and status not in declaraties.STATUSSEN:
        fout = "Kies een uitkomst uit de lijst."
    else:
        antwoord = await buren(request).lees(
            wie.token, "declaratie", "/v1/declaraties", **gekozen, na=na, limit=PER_PAGINA
        )
        rijen, volgende = antwoord.inhoud["declaraties"], antwoord.inhoud["volgende"]
    async with transaction(db, wie.tenant) as tx:
        aanbieders = await gebeurtenis.list_aanbieders(tx, wie.gemeente or "")
    return toon(
        "declaraties.html",
        status=422 if fout else 200,
        fout=fout,
        wie=wie,
        hier="declaraties",
        keuze=keuze,
        gefilterd=bool(gekozen),
        rijen=[declaraties.toon(rij) for rij in rijen],
        volgende=urlencode(gekozen | {"na": volgende}) if volgende else "",
        aanbieders=sorted({*aanbieders, *(rij["aanbieder"] for rij in rijen)}),
        statussen=declaraties.STATUSSEN,
    )


@router.get("/declaraties/{declaratie_id}")
async def toon_declaratie(
    request: Request,
    wie: Wie,
    declaratie_id: Kenmerk,
    regels: Annotated[str, Query(max_length=10)] = "",
    na: Annotated[str, Query(max_length=30, pattern=r"^([0-9]+-[0-9]+)?$")] = "",
) -> Response:
    pad, bron = f"/v1/declaraties/{quote(declaratie_id)}", buren(request)
    overzicht = (await bron.lees(wie.token, "declaratie", f"{pad}/overzicht")).inhoud
    alle = regels == "alle"
    pagina = (
        await bron.lees(
            wie.token,
            "declaratie",
            f"{pad}/prestaties",
            na=na,
            limit=REGELS_PER_PAGINA,
            afgekeurd=None if alle else "true",
        )
    ).inhoud
    maanden = declaraties.toon_maanden(overzicht["maanden"], overzicht["periode"])
    volgende = {"regels": "alle"} if alle else {}
    return toon(
        "declaratie.html",
        wie=wie,
        hier="declaraties",
        d=declaraties.toon(overzicht),
        redenen=[rij | {"betekenis": betekenis(rij["retourcode"])} for rij in overzicht["redenen"]],
        maanden=maanden,
        staven=grafiek.staven([(maand_kort(m["periode"]), m["ingediend_cent"], m["toegekend_cent"]) for m in maanden]),
        alle=alle,
        regels=[declaraties.toon_regel(rij) for rij in pagina["prestaties"]],
        bladert=bool(na),
        volgende=urlencode(volgende | {"na": pagina["volgende"]}) if pagina["volgende"] else "",
    )


@router.get("/declaraties/{declaratie_id}/325")
async def haal_325(request: Request, wie: Wie, declaratie_id: Kenmerk) -> Response:
    """The 325 as it went out; knooppunt logs the look."""
    bron = buren(request)
    overzicht = (await bron.lees(wie.token, "declaratie", f"/v1/declaraties/{quote(declaratie_id)}/overzicht")).inhoud
    bericht_id = overzicht["antwoord"]
    if bericht_id is None:
        raise Problem(409, "nog_geen_antwoord", "Deze declaratie heeft nog geen antwoord.", "Kijk later opnieuw.")
    bestand = await bron.haal(wie.token, "knooppunt", f"/v1/berichten/{quote(bericht_id)}/xml")
    if bestand.status >= 400:
        eis(bestand.antwoord())
    koppen = {"Content-Disposition": f'attachment; filename="325-{bericht_id}.xml"'}
    return Response(bestand.inhoud, media_type="application/xml", headers=koppen)
