"""Contracts, settings and toewijzingen, for the municipality."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StrictBool,
    StrictInt,
    model_validator,
)

from chassis.auth import Caller
from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Wie
from services.toewijzing.handlers import contract as contract_handlers
from services.toewijzing.handlers.overzicht import list_toewijzingen
from services.toewijzing.store import contract as contract_store

router = APIRouter(prefix="/v1", tags=["toewijzing"])

Sleutel = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)]
Id = Annotated[str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
Agb = Annotated[str, Field(pattern=r"^[0-9]{8}$")]
Categorie = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-8])$")]
ProductCode = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,5}$")]
Eenheid = Literal["01", "04", "14", "16", "82", "83", "84"]
Volume = Annotated[StrictInt, Field(ge=0, le=99_999_999)]


class ContractIn(BaseModel):
    """Een contract van de gemeente met een aanbieder over een product."""

    model_config = ConfigDict(extra="forbid")
    aanbieder: Agb
    product_categorie: Categorie
    product_code: ProductCode | None = None
    variant: Literal["inspanning", "output", "taak"]
    eenheid: Eenheid | None = None
    tarief_cent: Volume | None = None
    minuten_toegestaan: StrictBool | None = None
    leveringsvorm: Annotated[str, Field(max_length=40, pattern=r"^[^\x00-\x1f]*$")] | None = None
    geldig_vanaf: date
    geldig_tot: date | None = None

    @model_validator(mode="after")
    def _samenhang(self) -> ContractIn:
        if self.geldig_tot is not None and self.geldig_tot < self.geldig_vanaf:
            raise ValueError("geldig_tot ligt voor geldig_vanaf")
        if self.variant == "taak" and self.eenheid is not None:
            raise ValueError("een taakgericht contract heeft geen eenheid")
        return self


class Instellingen(BaseModel):
    """Keuzes van een gemeente; onbekende keuzes blijven bewaard."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JsonValue] = Field(init=False)
    verzoek_om_wijziging_toegestaan: StrictBool = True
    verzoek_om_toewijzing_toegestaan: StrictBool = True
    aansluitende_periode_verplicht: StrictBool = True


class ProductIn(BaseModel):
    """Product: specifiek met code, aspecifiek zonder."""

    model_config = ConfigDict(extra="forbid")
    categorie: Categorie
    code: ProductCode | None = None


class OmvangIn(BaseModel):
    """Omvang van een toewijzing."""

    model_config = ConfigDict(extra="forbid")
    volume: Volume
    eenheid: Eenheid
    frequentie: Literal["1", "2", "4", "6"]


def gemeente_van(wie: Caller) -> str:
    """The municipality of a caller that `caller(soort='gemeente')` let through."""
    if wie.gemeente is None:
        raise AssertionError("the table of rights lets only municipalities in")
    return wie.gemeente


@router.put("/contracten")
async def put_contracten(
    body: Annotated[list[ContractIn], Field(max_length=20_000)], wie: Wie, db: Database
) -> list[dict[str, Any]]:
    """Vervangt alle contracten van de gemeente; de geschiedenis blijft bewaard."""
    async with transaction(db, wie.tenant) as tx:
        return await contract_handlers.vervang_contracten(tx, gemeente_van(wie), [c.model_dump() for c in body])


@router.get("/contracten")
async def get_contracten(wie: Wie, db: Database) -> list[dict[str, Any]]:
    """De contracten zoals zij nu vastliggen."""
    async with transaction(db, wie.tenant) as tx:
        rijen = await contract_store.load_rijen(tx, gemeente_van(wie))
        return [contract_handlers.contract_json(r) for r in rijen]


@router.put("/instellingen")
async def put_instellingen(body: Instellingen, wie: Wie, db: Database) -> dict[str, Any]:
    """Legt de instellingen van de gemeente vast."""
    async with transaction(db, wie.tenant) as tx:
        return await contract_handlers.vervang_instellingen(tx, gemeente_van(wie), body.model_dump(mode="json"))


@router.get("/instellingen")
async def get_instellingen(wie: Wie, db: Database) -> dict[str, Any]:
    """De instellingen, of de standaard als er niets is vastgelegd."""
    async with transaction(db, wie.tenant) as tx:
        waarden = await contract_store.load_instellingen(tx, gemeente_van(wie))
        return Instellingen().model_dump(mode="json") if waarden is None else waarden


@router.get("/toewijzingen")
async def get_toewijzingen(
    wie: Wie,
    db: Database,
    client_id: Id = None,
    aanbieder: Id = None,
    status: Literal["toekomstig", "actief", "ingetrokken", "verwijderd", "verlopen"] | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    na: Annotated[int, Query(ge=0, le=999_999_999)] = 0,
) -> dict[str, Any]:
    """Toewijzingen van de gemeente, op nummer."""
    async with transaction(db, wie.tenant) as tx:
        return await list_toewijzingen(
            tx, gemeente_van(wie), client_id=client_id, aanbieder=aanbieder, status=status, na=na, limit=limit
        )
