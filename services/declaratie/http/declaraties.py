"""GET /v1/declaraties and /v1/declaraties/{id} (gemeente)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from chassis.db import transaction
from chassis.errors import Problem
from chassis.http import Database
from chassis.rechten import Wie
from services.declaratie.http.uitleg import Bevinding, bevindingen, niet_gevonden
from services.declaratie.store import lijst

router = APIRouter(prefix="/v1")
Status = Literal["in_behandeling", "afgehandeld", "afgekeurd"]


class Regel(BaseModel):
    """A prestatie of a declaratie with its judgement."""

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
    """Totals with their sign: a net credit is negative. `afgekeurd`: retourcode -> lines that it refused."""

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
    afgekeurd: dict[str, int] = {}


class DeclaratieMetRegels(Declaratie):
    """A declaratie with all its lines."""

    prestaties: list[Regel]


class Declaraties(BaseModel):
    """A page."""

    declaraties: list[Declaratie]
    volgende: str | None


def _onjuist(naam: str) -> Problem:
    return Problem(400, "onjuiste_waarde", f"De waarde van {naam} klopt niet.", f"Controleer {naam}.")


def velden(rij: Any, redenen: Mapping[str, Mapping[str, tuple[int, int]]]) -> dict[str, Any]:
    """The fields of a declaratie, with what `load_redenen` gave."""
    return {
        **dict(rij),
        "periode": f"{rij['periode_begin']:%Y-%m}",
        "bevindingen": bevindingen(rij["declaratie_codes"]),
        "antwoord": rij["antwoord_bericht_id"],
        "afgekeurd": {code: regels for code, (regels, _) in redenen.get(rij["declaratie_id"], {}).items()},
    }


def regel(rij: Any) -> Regel:
    """A line as the answer shows it."""
    return Regel(
        **{k: rij[k] for k in ("deel", "regel", "client_id", "toewijzing_nummer", "referentie_nummer",
                               "vorig_referentie_nummer", "begindatum", "einddatum", "eenheid",
                               "ingediend_cent", "debet_credit")},
        product={"categorie": rij["categorie"], "code": rij["code"]},
        geleverd_volume=rij["volume"],
        product_tarief_cent=rij["tarief_cent"],
        toegekend=not rij["retourcodes"],
        bevindingen=bevindingen([*rij["client_codes"], *rij["retourcodes"]]),
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
    """The declaraties of the gemeente, the newest first."""
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
        redenen = await lijst.load_redenen(tx, [rij["declaratie_id"] for rij in rijen[:limit]])
    volgende = str(rijen[limit - 1]["ontvangstnummer"]) if len(rijen) > limit else None
    declaraties = [Declaratie.model_validate(velden(rij, redenen)) for rij in rijen[:limit]]
    return Declaraties(declaraties=declaraties, volgende=volgende)


@router.get("/declaraties/{declaratie_id}")
async def get_declaratie(db: Database, wie: Wie, declaratie_id: str) -> DeclaratieMetRegels:
    """A declaratie with its lines; one of somebody else is not there."""
    async with transaction(db, wie.tenant) as tx:
        rij = await lijst.load_declaratie(tx, wie.gemeente or "", declaratie_id)
        if rij is None:
            raise niet_gevonden()
        regels = await lijst.load_regels(tx, declaratie_id)
        redenen = await lijst.load_redenen(tx, [declaratie_id])
    return DeclaratieMetRegels.model_validate({**velden(rij, redenen), "prestaties": [regel(r) for r in regels]})
