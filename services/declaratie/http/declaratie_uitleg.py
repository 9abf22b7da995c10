"""One declaratie for a screen: its sums by reason, the months before it, and its lines by page."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from chassis.db import Tx, transaction
from chassis.http import Database
from chassis.rechten import Wie
from services.declaratie.http.declaraties import Declaratie, Regel, regel, velden
from services.declaratie.http.prestaties import Grootboek, Periode, load_boek
from services.declaratie.http.prestaties import Regel as Boekregel
from services.declaratie.http.uitleg import EerdereRegel, niet_gevonden
from services.declaratie.store import lijst

router = APIRouter(prefix="/v1/declaraties/{declaratie_id}")
MAANDEN = 12
VOLUME_PERIODE, VOLUME_TOTAAL, BUDGET = "9321", "9322", "9369"


class Reden(BaseModel):
    """A retourcode in this declaratie: how many lines it refused, and what they asked for."""

    retourcode: str
    regels: int
    ingediend_cent: int


class Maand(BaseModel):
    """What the aanbieder claimed and got over a month; `afgekeurd` declaraties count in none of the sums."""

    periode: str
    declaraties: int
    afgekeurd: int
    ingediend_cent: int
    toegekend_cent: int


class Overzicht(Declaratie):
    """A declaratie without its lines, beside the last twelve months of its aanbieder (newest first)."""

    redenen: list[Reden]
    maanden: list[Maand]


class Ruimte(BaseModel):
    """What now is left where the line did not fit: of its month, of the toewijzing, or of its budget in cents."""

    soort: Literal["periode", "totaal", "budget"]
    toegewezen: int
    over: int
    eenheid: str | None


class UitgelegdeRegel(Regel):
    """A line with the earlier lines that its judgement rests on, and the room that there is."""

    vorige: EerdereRegel | None = None
    ruimte: Ruimte | None = None


class Regels(BaseModel):
    """A page of lines, in the order of the 323."""

    prestaties: list[UitgelegdeRegel]
    volgende: str | None


@router.get("/overzicht")
async def get_overzicht(db: Database, wie: Wie, declaratie_id: str) -> Overzicht:
    """Totals, the reasons of refusal, and the months before."""
    gemeente = wie.gemeente or ""
    async with transaction(db, wie.tenant) as tx:
        rij = await lijst.load_declaratie(tx, gemeente, declaratie_id)
        if rij is None:
            raise niet_gevonden()
        redenen = await lijst.load_redenen(tx, [declaratie_id])
        maanden = await lijst.load_maanden(tx, gemeente, rij["aanbieder"], MAANDEN)
    eigen = redenen.get(declaratie_id, {}).items()
    return Overzicht.model_validate(
        {
            **velden(rij, redenen),
            "redenen": [{"retourcode": c, "regels": regels, "ingediend_cent": cent} for c, (regels, cent) in eigen],
            "maanden": [{**dict(m), "periode": f"{m['periode_begin']:%Y-%m}"} for m in maanden],
        }
    )


@router.get("/prestaties")
async def get_regels(
    db: Database,
    wie: Wie,
    declaratie_id: str,
    afgekeurd: bool = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    na: Annotated[str | None, Query(pattern=r"^[0-9]{1,9}-[0-9]{1,9}$")] = None,
) -> Regels:
    """The lines, all or only the refused ones; each refused line with why."""
    gemeente = wie.gemeente or ""
    deel, _, nummer = (na or "").partition("-")
    begin = (int(deel), int(nummer)) if na else (-1, -1)
    async with transaction(db, wie.tenant) as tx:
        if await lijst.load_declaratie(tx, gemeente, declaratie_id) is None:
            raise niet_gevonden()
        rijen = await lijst.load_regels_na(tx, declaratie_id, afgekeurd=afgekeurd, na=begin, limit=limit + 1)
        boeken = await _boeken(tx, gemeente, rijen[:limit])
    laatste = rijen[limit - 1] if len(rijen) > limit else None
    return Regels(
        prestaties=[_leg_uit(rij, declaratie_id, boeken) for rij in rijen[:limit]],
        volgende=f"{laatste['deel']}-{laatste['regel']}" if laatste else None,
    )


async def _boeken(tx: Tx, gemeente: str, rijen: list[Any]) -> dict[int, Grootboek]:
    """The ledgers behind the refused lines and the credits of a page."""
    nummers = {rij["toewijzing_nummer"] for rij in rijen if rij["retourcodes"] or rij["debet_credit"] == "C"}
    boeken = {nummer: await load_boek(tx, gemeente, nummer) for nummer in sorted(nummers)}
    return {nummer: boek for nummer, boek in boeken.items() if boek is not None}


def _leg_uit(rij: Any, declaratie_id: str, boeken: dict[int, Grootboek]) -> UitgelegdeRegel:
    kaal, boek = regel(rij), boeken.get(rij["toewijzing_nummer"])
    uit = UitgelegdeRegel.model_validate(kaal.model_dump())
    if boek is None:
        return uit
    plek = (declaratie_id, rij["deel"], rij["regel"])
    in_boek: Boekregel | None = next((r for r in boek.regels if (r.declaratie_id, r.deel, r.regel) == plek), None)
    if in_boek is not None:
        uit.bevindingen, uit.vorige = in_boek.bevindingen, in_boek.vorige
    uit.ruimte = _ruimte(boek, rij["retourcodes"], rij["begindatum"])
    return uit


def _ruimte(boek: Grootboek, codes: list[str], begindatum: date) -> Ruimte | None:
    """The room where the line did not fit (TR321, TR322, TR369)."""
    if VOLUME_PERIODE in codes:
        periode = next((p for p in boek.perioden if p.begindatum <= begindatum <= p.einddatum), None)
        return _van_periode(periode, boek.eenheid)
    if VOLUME_TOTAAL in codes and boek.toegewezen_volume is not None and boek.over_volume is not None:
        return Ruimte(soort="totaal", toegewezen=boek.toegewezen_volume, over=boek.over_volume, eenheid=boek.eenheid)
    if BUDGET in codes and boek.budget_cent is not None and boek.over_cent is not None:
        return Ruimte(soort="budget", toegewezen=boek.budget_cent, over=boek.over_cent, eenheid=None)
    return None


def _van_periode(periode: Periode | None, eenheid: str | None) -> Ruimte | None:
    if periode is None or periode.toegewezen_volume is None or periode.over_volume is None:
        return None
    return Ruimte(soort="periode", toegewezen=periode.toegewezen_volume, over=periode.over_volume, eenheid=eenheid)
