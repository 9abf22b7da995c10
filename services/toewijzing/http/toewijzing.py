"""Contracts, settings and toewijzingen, for the municipality."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query
from pydantic import (
    AwareDatetime,
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
from chassis.herhaling import once
from chassis.http import Database
from chassis.rechten import Wie
from services.toewijzing.domain.toewijzing import Omvang, Product
from services.toewijzing.domain.wijziging import Wijziging
from services.toewijzing.handlers import contract as contract_handlers
from services.toewijzing.handlers import wijziging as wijziging_handlers
from services.toewijzing.handlers.overzicht import list_toewijzingen
from services.toewijzing.store import contract as contract_store

router = APIRouter(prefix="/v1", tags=["toewijzing"])

Sleutel = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)]
Nummer = Annotated[int, Path(ge=0, le=999_999_999)]
Id = Annotated[str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
Agb = Annotated[str, Field(pattern=r"^[0-9]{8}$")]
Categorie = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-8])$")]
ProductCode = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,5}$")]
Eenheid = Literal["01", "04", "14", "16", "82", "83", "84"]
Reden = Annotated[str, Field(pattern=r"^[0-9]{2}$")]
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


class WijzigingIn(BaseModel):
    """Alleen de velden die anders worden."""

    model_config = ConfigDict(extra="forbid")
    einddatum: date | None = None
    volume: Volume | None = None
    budget_cent: Volume | None = None
    reden_wijziging: Reden
    besluit_at: AwareDatetime | None = None


class IntrekkingIn(BaseModel):
    """Eerder laten eindigen."""

    model_config = ConfigDict(extra="forbid")
    einddatum: date
    reden_wijziging: Reden


class VerwijderingIn(BaseModel):
    """Zonder velden."""

    model_config = ConfigDict(extra="forbid")


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


class HerindicatieIn(BaseModel):
    """De nieuwe inhoud; wat ontbreekt blijft als het was."""

    model_config = ConfigDict(extra="forbid")
    ingangsdatum: date
    einddatum: date | None = None
    product: ProductIn | None = None
    omvang: OmvangIn | None = None
    budget_cent: Volume | None = None


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


@router.post("/toewijzingen/{nummer}/wijziging", status_code=202)
async def post_wijziging(
    nummer: Nummer, body: WijzigingIn, wie: Wie, db: Database, sleutel: Sleutel = None
) -> dict[str, Any]:
    """OP033x1: wijzigt einddatum, volume of budget."""
    wijziging = Wijziging(
        frozenset(body.model_fields_set & {"einddatum", "volume", "budget_cent"}),
        body.reden_wijziging,
        body.einddatum,
        body.volume,
        body.budget_cent,
    )
    besluit_at: datetime | None = body.besluit_at
    async with transaction(db, wie.tenant) as tx:

        async def doe() -> dict[str, Any]:
            uitkomst = await wijziging_handlers.wijzig_toewijzing(tx, gemeente_van(wie), nummer, wijziging, besluit_at)
            return _antwoord(uitkomst)

        return await once(tx, gemeente_van(wie), sleutel, _opdracht("wijziging", nummer, body), doe)


@router.post("/toewijzingen/{nummer}/intrekking", status_code=202)
async def post_intrekking(
    nummer: Nummer, body: IntrekkingIn, wie: Wie, db: Database, sleutel: Sleutel = None
) -> dict[str, Any]:
    """OP258: laat een toewijzing eerder eindigen."""
    async with transaction(db, wie.tenant) as tx:

        async def doe() -> dict[str, Any]:
            uitkomst = await wijziging_handlers.trek_toewijzing_in(
                tx, gemeente_van(wie), nummer, body.einddatum, body.reden_wijziging
            )
            return _antwoord(uitkomst)

        return await once(tx, gemeente_van(wie), sleutel, _opdracht("intrekking", nummer, body), doe)


@router.post("/toewijzingen/{nummer}/verwijdering", status_code=202)
async def post_verwijdering(
    nummer: Nummer, wie: Wie, db: Database, body: VerwijderingIn, sleutel: Sleutel = None
) -> dict[str, Any]:
    """CS335, TR385: verwijdert een toewijzing die nooit had mogen bestaan."""
    async with transaction(db, wie.tenant) as tx:

        async def doe() -> dict[str, Any]:
            return _antwoord(await wijziging_handlers.verwijder_toewijzing(tx, gemeente_van(wie), nummer))

        return await once(tx, gemeente_van(wie), sleutel, _opdracht("verwijdering", nummer, body), doe)


@router.post("/toewijzingen/{nummer}/herindicatie", status_code=202)
async def post_herindicatie(
    nummer: Nummer, body: HerindicatieIn, wie: Wie, db: Database, sleutel: Sleutel = None
) -> dict[str, Any]:
    """OP257: beëindigt het oude nummer en begint een nieuw, in een 301."""
    nieuw = wijziging_handlers.Herindicatie(
        frozenset(body.model_fields_set),
        body.ingangsdatum,
        body.einddatum,
        None if body.product is None else Product(body.product.categorie, body.product.code),
        None if body.omvang is None else Omvang(**body.omvang.model_dump()),
        body.budget_cent,
    )
    async with transaction(db, wie.tenant) as tx:

        async def doe() -> dict[str, Any]:
            return _antwoord(await wijziging_handlers.herindiceer_toewijzing(tx, gemeente_van(wie), nummer, nieuw))

        return await once(tx, gemeente_van(wie), sleutel, _opdracht("herindicatie", nummer, body), doe)


def _antwoord(uitkomst: wijziging_handlers.Uitkomst) -> dict[str, Any]:
    return {veld: waarde for veld, waarde in asdict(uitkomst).items() if waarde is not None}


def _opdracht(soort: str, nummer: int, body: BaseModel) -> dict[str, Any]:
    return {"soort": soort, "nummer": nummer, "body": body.model_dump(mode="json", exclude_unset=True)}
