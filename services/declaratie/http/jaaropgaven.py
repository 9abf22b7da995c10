"""GET /v1/jaaropgaven/{jaar}: per aanbieder what was awarded and paid over a year of care, for the accountant."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query
from pydantic import BaseModel

from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Wie
from services.declaratie.http.csv import table
from services.declaratie.store import betaling as store

router = APIRouter(prefix="/v1", tags=["betalen"])


class ProductOpgave(BaseModel):
    """What was awarded for a product over a year of care, and taken back of it."""

    product_categorie: str
    product_code: str
    clienten: int
    toegekend_cent: int
    gecrediteerd_cent: int
    netto_cent: int


class Opgave(BaseModel):
    """The statement of an aanbieder: `netto_cent` is `betaald_cent` plus `openstaand_cent`."""

    aanbieder: str
    producten: list[ProductOpgave]
    netto_cent: int
    betaald_cent: int
    openstaand_cent: int


class Jaaropgave(BaseModel):
    """Per aanbieder, over the months in which the care was given."""

    jaar: int
    opgaven: list[Opgave]


@router.get("/jaaropgaven/{jaar}", responses={200: {"content": {"text/csv": {}}}}, response_model=Jaaropgave)
async def get_jaaropgave(
    db: Database,
    wie: Wie,
    jaar: Annotated[int, Path(ge=2021, le=2100)],
    aanbieder: Annotated[str | None, Query(pattern=r"^[0-9]{8}$")] = None,
    accept: Annotated[str, Header()] = "application/json",
) -> Any:
    """The statement per aanbieder for the accountant, as JSON or text/csv."""
    async with transaction(db, wie.tenant) as tx:
        producten, betaald = await store.load_jaaropgave(tx, wie.gemeente or "", jaar, aanbieder)
    per_aanbieder: dict[str, list[ProductOpgave]] = {}
    for rij in producten:
        velden = {**dict(rij), "product_categorie": rij["categorie"], "product_code": rij["code"]}
        per_aanbieder.setdefault(rij["aanbieder"], []).append(ProductOpgave.model_validate(velden))
    opgaven = [
        Opgave(
            aanbieder=rij["aanbieder"],
            producten=per_aanbieder[rij["aanbieder"]],
            netto_cent=sum(p.netto_cent for p in per_aanbieder[rij["aanbieder"]]),
            betaald_cent=rij["betaald_cent"],
            openstaand_cent=rij["openstaand_cent"],
        )
        for rij in betaald
    ]
    if "text/csv" not in accept:
        return Jaaropgave(jaar=jaar, opgaven=opgaven)
    kop = ("jaar", "aanbieder", "product_categorie", "product_code", "clienten", "toegekend_cent",
           "gecrediteerd_cent", "netto_cent")  # fmt: skip
    rijen = [
        (jaar, o.aanbieder, p.product_categorie, p.product_code, p.clienten, p.toegekend_cent, p.gecrediteerd_cent,
         p.netto_cent)
        for o in opgaven
        for p in o.producten
    ]  # fmt: skip
    return table(kop, rijen, f"jaaropgave-{jaar}")
