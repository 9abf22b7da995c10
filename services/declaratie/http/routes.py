"""GET /v1/declaraties, /v1/declaraties/{id} en /v1/prestaties (gemeente)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from chassis.clock import clock
from chassis.db import transaction
from chassis.errors import Problem
from chassis.http import Database
from chassis.rechten import Wie
from services.declaratie.domain import overzicht
from services.declaratie.store import beeld, lijst

router = APIRouter(prefix="/v1")
Status = Literal["in_behandeling", "afgehandeld", "afgekeurd"]


class Bevinding(BaseModel):
    """Een afgekeurde regel of client."""

    retourcode: str


class Regel(BaseModel):
    """Een prestatie van een declaratie met haar oordeel."""

    deel: int
    regel: int
    client_id: str
    toewijzing_nummer: int
    referentie_nummer: str
    vorig_referentie_nummer: str | None
    product: dict[str, str]
    begindatum: date
    einddatum: date
    geleverd_volume: int
    eenheid: str
    product_tarief_cent: int | None
    ingediend_cent: int
    debet_credit: str
    toegekend: bool
    bevindingen: list[Bevinding]


class Declaratie(BaseModel):
    """Totalen met teken: een creditsaldo is negatief."""

    declaratie_id: str
    aanbieder: str
    identificatie: str
    declaratie_nummer: str
    periode: str
    declaratie_dagtekening: date
    ontvangen_at: datetime
    antwoord_uiterlijk: date | None
    ingediend_cent: int
    toegekend_cent: int
    delen: int
    delen_beoordeeld: int
    bevindingen: list[Bevinding]
    status: Status
    antwoord: str | None


class DeclaratieMetRegels(Declaratie):
    """Een declaratie met al haar regels."""

    prestaties: list[Regel]


class Declaraties(BaseModel):
    """Een bladzijde."""

    declaraties: list[Declaratie]
    volgende: str | None


class Periode(BaseModel):
    """Een maand in het grootboek; volumes in `eenheid`, None als er geen eigen grens is."""

    begindatum: date
    einddatum: date
    toegewezen_volume: int | None
    ingediend_volume: int
    toegekend_volume: int
    gecrediteerd_volume: int
    over_volume: int | None
    ingediend_cent: int
    toegekend_cent: int
    gecrediteerd_cent: int


class Grootboek(BaseModel):
    """Het grootboek van een toewijzing."""

    toewijzing_nummer: int
    eenheid: str | None
    toegewezen_volume: int | None
    toegekend_volume: int
    over_volume: int | None
    budget_cent: int | None
    toegekend_cent: int
    over_cent: int | None
    perioden: list[Periode]


def _niet_gevonden() -> Problem:
    return Problem(404, "niet_gevonden", "Dit is niet gevonden.", "Controleer het nummer.")


def _onjuist(naam: str) -> Problem:
    return Problem(400, "onjuiste_waarde", f"De waarde van {naam} klopt niet.", f"Controleer {naam}.")


def _bevindingen(codes: list[str]) -> list[Bevinding]:
    return [Bevinding(retourcode=code) for code in codes]


def _velden(rij: Any) -> dict[str, Any]:
    return {
        **dict(rij),
        "periode": f"{rij['periode_begin']:%Y-%m}",
        "bevindingen": _bevindingen(rij["declaratie_codes"]),
        "antwoord": rij["antwoord_bericht_id"],
    }


def _regel(rij: Any) -> Regel:
    return Regel(
        **{k: rij[k] for k in ("deel", "regel", "client_id", "toewijzing_nummer", "referentie_nummer",
                               "vorig_referentie_nummer", "begindatum", "einddatum", "eenheid",
                               "ingediend_cent", "debet_credit")},
        product={"categorie": rij["categorie"], "code": rij["code"]},
        geleverd_volume=rij["volume"],
        product_tarief_cent=rij["tarief_cent"],
        toegekend=not rij["retourcodes"],
        bevindingen=_bevindingen([*rij["client_codes"], *rij["retourcodes"]]),
    )  # fmt: skip


@router.get("/declaraties")
async def get_declaraties(
    db: Database,
    wie: Wie,
    periode: str | None = None,
    aanbieder: str | None = None,
    status: Status | None = None,
    na: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Declaraties:
    """De declaraties van de gemeente, de nieuwste eerst."""
    try:
        maand = date.fromisoformat(f"{periode}-01") if periode else None
    except ValueError:
        raise _onjuist("periode") from None
    if na is not None and not (na.isascii() and na.isdigit() and len(na) <= 18):
        raise _onjuist("na")
    async with transaction(db, wie.tenant) as tx:
        rijen = await lijst.load_declaraties(
            tx, wie.gemeente or "", maand, aanbieder, status, int(na) if na else None, limit + 1
        )
    volgende = str(rijen[limit - 1]["ontvangstnummer"]) if len(rijen) > limit else None
    return Declaraties(declaraties=[Declaratie.model_validate(_velden(r)) for r in rijen[:limit]], volgende=volgende)


@router.get("/declaraties/{declaratie_id}")
async def get_declaratie(db: Database, wie: Wie, declaratie_id: str) -> DeclaratieMetRegels:
    """Een declaratie met haar regels; een van een ander is er niet."""
    async with transaction(db, wie.tenant) as tx:
        rij = await lijst.load_declaratie(tx, wie.gemeente or "", declaratie_id)
        if rij is None:
            raise _niet_gevonden()
        regels = await lijst.load_regels(tx, declaratie_id)
    return DeclaratieMetRegels.model_validate({**_velden(rij), "prestaties": [_regel(r) for r in regels]})


@router.get("/prestaties")
async def get_prestaties(
    db: Database, wie: Wie, toewijzing_nummer: Annotated[int, Query(ge=1, le=999_999_999)]
) -> Grootboek:
    """Het grootboek van een toewijzing, per maand."""
    async with transaction(db, wie.tenant) as tx:
        gevonden = await beeld.load_toewijzingen(tx, wie.gemeente or "", [toewijzing_nummer])
        if toewijzing_nummer not in gevonden:
            raise _niet_gevonden()
        rijen = await lijst.load_grootboek(tx, wie.gemeente or "", toewijzing_nummer)
    toewijzing = gevonden[toewijzing_nummer]
    per_maand = {r["maand"]: r for r in rijen}
    tot = max([clock.today(), *per_maand])
    perioden = [
        _periode(ruimte, per_maand.get(ruimte.begindatum.replace(day=1)))
        for ruimte in overzicht.perioden(toewijzing, tot)
    ]
    volume = sum(r["toegekend"] - r["gecrediteerd"] for r in rijen)
    cent = sum(r["toegekend_cent"] - r["gecrediteerd_cent"] for r in rijen)
    totaal, budget = overzicht.totaal(toewijzing, tot), toewijzing.budget_cent
    return Grootboek(
        toewijzing_nummer=toewijzing_nummer,
        eenheid=overzicht.maat(toewijzing),
        toegewezen_volume=totaal,
        toegekend_volume=volume,
        over_volume=None if totaal is None else totaal - volume,
        budget_cent=budget,
        toegekend_cent=cent,
        over_cent=None if budget is None else budget - cent,
        perioden=perioden,
    )


def _periode(ruimte: overzicht.Ruimte, rij: Any | None) -> Periode:
    def stand(naam: str) -> int:
        return int(rij[naam]) if rij is not None else 0

    over = None
    if ruimte.toegewezen is not None:
        over = ruimte.toegewezen - stand("toegekend") + stand("gecrediteerd")
    return Periode(
        begindatum=ruimte.begindatum,
        einddatum=ruimte.einddatum,
        toegewezen_volume=ruimte.toegewezen,
        ingediend_volume=stand("ingediend"),
        toegekend_volume=stand("toegekend"),
        gecrediteerd_volume=stand("gecrediteerd"),
        over_volume=over,
        ingediend_cent=stand("ingediend_cent"),
        toegekend_cent=stand("toegekend_cent"),
        gecrediteerd_cent=stand("gecrediteerd_cent"),
    )
