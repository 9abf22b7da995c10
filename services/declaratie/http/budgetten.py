"""PUT and GET /v1/budgetten/{jaar}: the ceiling per category, and what of it is promised, spent and expected."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, StrictInt

from chassis.clock import AMSTERDAM, clock
from chassis.db import Tx, transaction
from chassis.errors import Bevinding, Problem
from chassis.http import Database
from chassis.rechten import Wie
from services.declaratie.domain.budget import Bestedingen, prognose_band
from services.declaratie.handlers.budget import save_plafonds
from services.declaratie.store import budget

router = APIRouter(prefix="/v1/budgetten", tags=["budgetten"])
Jaar = Annotated[int, Path(ge=2021, le=2100)]
Categorie = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-8])$")]


class PlafondIn(BaseModel):
    """The ceiling of a product category."""

    model_config = ConfigDict(extra="forbid")
    product_categorie: Categorie
    plafond_cent: Annotated[StrictInt, Field(ge=0, le=10**13)]


class BudgettenIn(BaseModel):
    """All ceilings of a year: they replace the ones before."""

    model_config = ConfigDict(extra="forbid")
    budgetten: Annotated[list[PlafondIn], Field(max_length=18)]


class Signaal(BaseModel):
    """A threshold that the forecast reached."""

    procent: int
    plafond_cent: int
    prognose_cent: int
    gemeld_at: datetime


class Maand(BaseModel):
    """A month of care (`2026-02`) in a category."""

    maand: str
    verplicht_cent: int
    gerealiseerd_cent: int


class Budget(BaseModel):
    """A category. Without `product_categorie`: toewijzingen of which the category is still free (generiek).

    The forecast has a band, from the leanest to the fullest month that was claimed; without claims it has none.
    """

    product_categorie: str | None
    plafond_cent: int | None
    verplicht_cent: int
    gerealiseerd_cent: int
    prognose_cent: int
    prognose_laag_cent: int | None
    prognose_hoog_cent: int | None
    over_cent: int | None
    signalen: list[Signaal]
    maanden: list[Maand]


class Budgetten(BaseModel):
    """How a year stands at the end of `peildatum`."""

    jaar: int
    peildatum: date
    budgetten: list[Budget]


@router.put("/{jaar}")
async def put_budgetten(db: Database, wie: Wie, jaar: Jaar, body: BudgettenIn) -> Budgetten:
    """Record the ceilings and give how the year stands; earlier ceilings can still be seen."""
    plafonds = {b.product_categorie: b.plafond_cent for b in body.budgetten}
    if len(plafonds) != len(body.budgetten):
        raise Problem(
            422, "ongeldige_invoer", "Het verzoek bevat fouten.", "Noem elke categorie een keer.",
            [Bevinding(regel="dubbele_categorie", pad="#/budgetten", melding="Een categorie staat er twee keer in.",
                       volgende_stap="Noem elke categorie een keer.")],
        )  # fmt: skip
    async with transaction(db, wie.tenant) as tx:
        await save_plafonds(tx, wie.gemeente or "", jaar, plafonds, wie.sub)
        return await _stand(tx, wie.gemeente or "", jaar, None)


@router.get("/{jaar}")
async def get_budgetten(db: Database, wie: Wie, jaar: Jaar, peildatum: date | None = None) -> Budgetten:
    """How a year stands: now, or as was known at the end of a day in the past."""
    async with transaction(db, wie.tenant) as tx:
        return await _stand(tx, wie.gemeente or "", jaar, peildatum)


async def _stand(tx: Tx, gemeente: str, jaar: int, peildatum: date | None) -> Budgetten:
    vandaag = clock.today()
    if peildatum is not None and not date(2000, 1, 1) <= peildatum <= vandaag:
        raise Problem(400, "onjuiste_waarde", "De waarde van peildatum klopt niet.", "Kies een dag tot en met vandaag.")
    dag = peildatum or vandaag
    voor = datetime.combine(dag + timedelta(days=1), time(), AMSTERDAM)
    plafonds = await budget.load_plafonds(tx, gemeente, jaar, voor)
    bestedingen = await budget.load_bestedingen(tx, gemeente, jaar, voor)
    maanden = await budget.load_maanden(tx, gemeente, jaar, voor)
    signalen: dict[str, list[Signaal]] = {}
    for rij in await budget.load_signalen(tx, gemeente, jaar, voor):
        signalen.setdefault(rij["categorie"], []).append(Signaal.model_validate(dict(rij)))
    categorieen: list[str | None] = [*sorted(plafonds.keys() | {c for c in bestedingen if c is not None})]
    if None in bestedingen:
        categorieen.append(None)
    return Budgetten(
        jaar=jaar,
        peildatum=dag,
        budgetten=[
            _budget(
                c,
                plafonds.get(c or ""),
                bestedingen.get(c, Bestedingen()),
                maanden.get(c, []),
                signalen.get(c or "", []),
            )
            for c in categorieen
        ],
    )


def _budget(
    categorie: str | None,
    plafond: int | None,
    stand: Bestedingen,
    maanden: list[tuple[date, Bestedingen]],
    signalen: list[Signaal],
) -> Budget:
    laag, hoog = prognose_band(stand, (cijfers for _, cijfers in maanden)) or (None, None)
    return Budget(
        product_categorie=categorie,
        plafond_cent=plafond,
        verplicht_cent=stand.verplicht_cent,
        gerealiseerd_cent=stand.gerealiseerd_cent,
        prognose_cent=stand.prognose_cent,
        prognose_laag_cent=laag,
        prognose_hoog_cent=hoog,
        over_cent=None if plafond is None else plafond - stand.prognose_cent,
        signalen=signalen,
        maanden=[
            Maand(
                maand=f"{maand:%Y-%m}",
                verplicht_cent=cijfers.verplicht_cent,
                gerealiseerd_cent=cijfers.gerealiseerd_cent,
            )
            for maand, cijfers in maanden
        ],
    )
