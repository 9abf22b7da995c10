"""Contracts in bulk, with a preview of the toewijzingen that the change touches."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StrictInt

from chassis.db import transaction
from chassis.herhaling import once
from chassis.http import Database
from chassis.rechten import Wie
from services.toewijzing.domain import contract as domein
from services.toewijzing.domain.contract import Contractregel, Keuze
from services.toewijzing.handlers.contract import Verander, wijzig_contracten
from services.toewijzing.http.toewijzing import Agb, Categorie, ContractIn, ProductCode, Sleutel, gemeente_van
from services.toewijzing.store import contract as store

router = APIRouter(prefix="/v1/contracten", tags=["contracten"])


class _KeuzeIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    aanbieder: Agb | None = None
    product_categorie: Categorie | None = None
    product_code: ProductCode | None = None

    @property
    def keuze(self) -> Keuze:
        return Keuze(self.aanbieder, self.product_categorie, self.product_code)


class Indexatie(_KeuzeIn):
    """Tarieven omhoog met `promille` (35 = 3,5%) vanaf dag `per`; een negatief getal verlaagt."""

    soort: Literal["indexatie"]
    per: date
    promille: Annotated[StrictInt, Field(ge=-1000, le=1000)]


class Beeindiging(_KeuzeIn):
    """De contracten van een aanbieder eindigen op `laatste_dag`."""

    soort: Literal["beeindiging"]
    aanbieder: Agb
    laatste_dag: date


class Toevoeging(BaseModel):
    """Een nieuwe aanbieder of een nieuw product, naast wat er is."""

    model_config = ConfigDict(extra="forbid")
    soort: Literal["toevoeging"]
    contracten: Annotated[list[ContractIn], Field(min_length=1, max_length=20_000)]


class Vervanging(Toevoeging):
    """Alle contracten, zoals PUT /v1/contracten."""

    soort: Literal["vervanging"]  # type: ignore[assignment]


ContractwijzigingIn = Annotated[Indexatie | Beeindiging | Toevoeging | Vervanging, Field(discriminator="soort")]


@router.post("/wijzigingen", status_code=202, responses={200: {"description": "Alleen getoond"}})
async def post_contractwijziging(
    body: ContractwijzigingIn,
    wie: Wie,
    db: Database,
    antwoord: Response,
    proef: bool = False,
    sleutel: Sleutel = None,
) -> dict[str, Any]:
    """Wijzigt veel contracten tegelijk; met `proef=true` alleen tonen welke toewijzingen dat raakt (200)."""
    gemeente = gemeente_van(wie)
    async with transaction(db, wie.tenant) as tx:

        async def doe() -> dict[str, Any]:
            return {"soort": body.soort} | await wijzig_contracten(tx, gemeente, _verandering(body), proef=proef)

        if proef:
            antwoord.status_code = 200
        opdracht = {"soort": "contractwijziging", "body": body.model_dump(mode="json", exclude_unset=True)}
        return await once(tx, gemeente, None if proef else sleutel, opdracht, doe)


def _verandering(body: Indexatie | Beeindiging | Toevoeging | Vervanging) -> Verander:
    if isinstance(body, Indexatie):
        return lambda regels: domein.indexeer(regels, body.keuze, body.per, body.promille)
    if isinstance(body, Beeindiging):
        return lambda regels: domein.beeindig(regels, body.keuze, body.laatste_dag)
    nieuw = [Contractregel(**contract.model_dump()) for contract in body.contracten]
    if isinstance(body, Vervanging):
        return lambda _: nieuw
    return lambda regels: domein.voeg_toe(regels, nieuw)


@router.get("/geschiedenis")
async def get_contract_geschiedenis(
    wie: Wie, db: Database, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> dict[str, Any]:
    """When the contracts changed, the newest first, and how many lines that touched."""
    async with transaction(db, wie.tenant) as tx:
        return {"versies": await store.load_contract_geschiedenis(tx, gemeente_van(wie), limit), "volgende": None}


instellingen = APIRouter(prefix="/v1/instellingen", tags=["instellingen"])


@instellingen.get("/geschiedenis")
async def get_instelling_geschiedenis(
    wie: Wie, db: Database, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> dict[str, Any]:
    """Every version of the settings, the newest first."""
    async with transaction(db, wie.tenant) as tx:
        return {"versies": await store.load_instelling_geschiedenis(tx, gemeente_van(wie), limit), "volgende": None}
