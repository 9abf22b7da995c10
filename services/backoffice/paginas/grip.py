"""Grip op Wmo: the money and the time of a municipality, and the cases behind every figure."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from chassis.clock import clock
from chassis.db import transaction
from chassis.errors import Problem
from chassis.http import Database
from chassis.rechten import Wie

from .. import grafiek
from ..buren import eis
from ..domain.taal import maand_kort
from ..presentatie import categorie
from ..store import grip
from .route import PaginaRoute, buren
from .weergave import sjablonen, toon

PER_PAGINA = 50
VRIJ = "vrij"
"""In an address: toewijzingen of which the category is still free."""
KOPPEN = {
    "alle": "Alle meldingen",
    "open": "Meldingen die nog open zijn",
    "zonder": "Opgelost zonder toewijzing",
    "laat": "Onderzoek duurt of duurde langer dan 6 weken",
}
Jaar = Annotated[int | None, Query(ge=2021, le=2100)]

router = APIRouter(prefix="/grip", include_in_schema=False, route_class=PaginaRoute)


async def _budgetten(request: Request, token: str, jaar: int) -> list[dict[str, Any]]:
    antwoord = await buren(request).lees(token, "declaratie", f"/v1/budgetten/{jaar}")
    return [
        rij
        | {
            "naam": categorie(rij["product_categorie"]),
            "sleutel": rij["product_categorie"] or VRIJ,
            "procent": _procent(rij["prognose_cent"], rij["plafond_cent"]),
            "drempel": max((s["procent"] for s in rij["signalen"]), default=None),
            "balk": grafiek.balk(rij),
        }
        for rij in antwoord.inhoud["budgetten"]
    ]


def _procent(prognose: int, plafond: int | None) -> int | None:
    return round(100 * prognose / plafond) if plafond else None


def _maanden(jaar: int, budgetten: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """Per month of the year: its name, promised and spent over all categories."""
    sommen = {f"{jaar}-{nummer:02d}": [0, 0] for nummer in range(1, 13)}
    for budget in budgetten:
        for maand in budget["maanden"]:
            sommen[maand["maand"]][0] += maand["verplicht_cent"]
            sommen[maand["maand"]][1] += maand["gerealiseerd_cent"]
    return [(maand_kort(maand), verplicht, besteed) for maand, (verplicht, besteed) in sommen.items()]


@router.get("")
async def toon_grip(request: Request, db: Database, wie: Wie, jaar: Jaar = None) -> Response:
    vandaag = clock.today()
    gekozen = jaar or vandaag.year
    budgetten = await _budgetten(request, wie.token, gekozen)
    async with transaction(db, wie.tenant) as tx:
        teams = await grip.list_teams(tx, wie.gemeente or "", gekozen, vandaag)
        gebruik = await grip.count_gebruik(tx, wie.gemeente or "")
    velden = ("verplicht_cent", "gerealiseerd_cent", "prognose_cent")
    return toon(
        "grip.html",
        wie=wie,
        hier="grip",
        jaar=gekozen,
        jaren=range(vandaag.year - 2, vandaag.year + 2),
        budgetten=budgetten,
        totaal={veld: sum(rij[veld] for rij in budgetten) for veld in velden},
        plafond=sum(rij["plafond_cent"] or 0 for rij in budgetten),
        staven=grafiek.staven(_maanden(gekozen, budgetten)),
        teams=teams,
        meldingen={
            veld: sum(t[veld] for t in teams) for veld in ("meldingen", "open", "zonder", "laat", "bespaard_cent")
        },
        gebruik=gebruik,
    )


@router.get("/toewijzingen")
async def toon_toewijzingen(
    request: Request,
    wie: Wie,
    jaar: Jaar = None,
    cat: Annotated[str, Query(alias="categorie", pattern=r"^(0[1-9]|1[0-8]|vrij)$")] = VRIJ,
    na: Annotated[int, Query(ge=0, le=999_999_999)] = 0,
) -> Response:
    """The toewijzingen behind the sums of a category."""
    gekozen, code = jaar or clock.today().year, None if cat == VRIJ else cat
    budgetten = await _budgetten(request, wie.token, gekozen)
    antwoord = await buren(request).lees(
        wie.token,
        "declaratie",
        f"/v1/budgetten/{gekozen}/toewijzingen",
        product_categorie=code,
        na=na,
        limit=PER_PAGINA,
    )
    budget = next((rij for rij in budgetten if rij["product_categorie"] == code), None)
    volgende = antwoord.inhoud["volgende"]
    return toon(
        "grip_toewijzingen.html",
        wie=wie,
        hier="grip",
        jaar=gekozen,
        naam=categorie(code),
        budget=budget,
        staven=grafiek.staven(_maanden(gekozen, [budget] if budget else [])),
        rijen=antwoord.inhoud["toewijzingen"],
        volgende=urlencode({"jaar": gekozen, "categorie": cat, "na": volgende}) if volgende else "",
    )


@router.get("/meldingen")
async def toon_meldingen(
    db: Database,
    wie: Wie,
    jaar: Jaar = None,
    wat: Annotated[str, Query(pattern="^(alle|open|zonder|laat)$")] = "alle",
    team: Annotated[str, Query(max_length=100)] = "",
    na: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The meldingen behind a figure."""
    vandaag = clock.today()
    gekozen = jaar or vandaag.year
    async with transaction(db, wie.tenant) as tx:
        rijen = await grip.list_meldingen(
            tx,
            wie.gemeente or "",
            gekozen,
            wat=wat,
            team=team or None,
            na=_plek(na),
            limit=PER_PAGINA + 1,
            vandaag=vandaag,
        )
    volgende = ""
    if len(rijen) > PER_PAGINA:
        laatste = rijen[PER_PAGINA - 1]
        plek = f"{laatste['ontvangen_op']}|{laatste['melding_id']}"
        volgende = urlencode({"jaar": gekozen, "wat": wat, "team": team, "na": plek})
    return toon(
        "grip_meldingen.html",
        wie=wie,
        hier="grip",
        jaar=gekozen,
        kop=KOPPEN[wat],
        team=team,
        rijen=rijen[:PER_PAGINA],
        volgende=volgende,
    )


def _plek(cursor: str) -> tuple[dt.date, str] | None:
    if not cursor:
        return None
    dag, _, melding_id = cursor.partition("|")
    try:
        return dt.date.fromisoformat(dag), melding_id
    except ValueError:
        raise Problem(422, "cursor_ongeldig", "Dit adres klopt niet.", "Begin opnieuw bij Grip op Wmo.") from None


@router.get("/gebruik")
async def toon_gebruik(db: Database, wie: Wie) -> Response:
    """The toewijzingen that are long used much less, or more, than was promised."""
    async with transaction(db, wie.tenant) as tx:
        rijen = await grip.list_gebruik(tx, wie.gemeente or "", limit=PER_PAGINA + 1)
    return toon("grip_gebruik.html", wie=wie, hier="grip", rijen=rijen[:PER_PAGINA], meer=len(rijen) > PER_PAGINA)


@router.get("/budgetten.csv")
async def geef_csv(request: Request, wie: Wie, jaar: Jaar = None) -> Response:
    """The figures of the page as a table; amounts in whole cents."""
    gekozen = jaar or clock.today().year
    velden = (
        "plafond_cent",
        "verplicht_cent",
        "gerealiseerd_cent",
        "prognose_cent",
        "prognose_laag_cent",
        "prognose_hoog_cent",
    )
    tekst = io.StringIO()
    schrijver = csv.writer(tekst, delimiter=";", lineterminator="\r\n")
    schrijver.writerow(("gemeente", "jaar", "product_categorie", *velden))
    for rij in await _budgetten(request, wie.token, gekozen):
        bedragen = ("" if rij[veld] is None else rij[veld] for veld in velden)
        schrijver.writerow((wie.gemeente, gekozen, rij["product_categorie"] or "", *bedragen))
    return _bestand(tekst.getvalue(), "text/csv; charset=utf-8", f"grip-{wie.gemeente}-{gekozen}.csv")


@router.get("/open-cijfers.csv")
async def geef_open_cijfers(request: Request, wie: Wie, jaar: Jaar = None) -> Response:
    """What may be published: groups of less than ten residents are hidden by the owner of the figures."""
    gekozen = jaar or clock.today().year
    bestand = await buren(request).haal(wie.token, "declaratie", f"/v1/open-cijfers/{gekozen}", soort="text/csv")
    if bestand.status >= 400:
        eis(bestand.antwoord())
    naam = f"open-cijfers-{wie.gemeente}-{gekozen}.csv"
    return _bestand(bestand.inhoud.decode(), "text/csv; charset=utf-8", naam)


@router.get("/grafiek.svg")
async def geef_grafiek(request: Request, wie: Wie, jaar: Jaar = None) -> Response:
    """The chart of the page as a picture."""
    gekozen = jaar or clock.today().year
    staven = grafiek.staven(_maanden(gekozen, await _budgetten(request, wie.token, gekozen)))
    svg = sjablonen.get_template("grafiek.svg").render(staven=staven, jaar=gekozen, gemeente=wie.gemeente)
    return _bestand(svg, "image/svg+xml", f"grip-{wie.gemeente}-{gekozen}.svg")


def _bestand(inhoud: str, soort: str, naam: str) -> Response:
    return Response(inhoud, media_type=soort, headers={"Content-Disposition": f'attachment; filename="{naam}"'})
