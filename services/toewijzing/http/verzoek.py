"""Verzoeken of providers: what was asked, and what the municipality decides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from chassis.db import Tx, transaction
from chassis.herhaling import once
from chassis.http import Database
from chassis.rechten import Wie
from services.toewijzing.domain.toewijzing import Omvang, Product
from services.toewijzing.handlers import besluit
from services.toewijzing.handlers.verzoek import list_verzoeken
from services.toewijzing.http.toewijzing import (
    Id,
    OmvangIn,
    ProductIn,
    Sleutel,
    Volume,
    gemeente_van,
)

router = APIRouter(prefix="/v1/verzoeken", tags=["verzoeken"])

VerzoekId = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9-]+$")]


class AfwijkingIn(BaseModel):
    """Where the grant differs from what was asked."""

    model_config = ConfigDict(extra="forbid")
    product: ProductIn | None = None
    omvang: OmvangIn | None = None
    ingangsdatum: date | None = None
    einddatum: date | None = None
    budget_cent: Volume | None = None


class ToekenningIn(BaseModel):
    """Grant as asked, or with a deviation."""

    model_config = ConfigDict(extra="forbid")
    afwijking: AfwijkingIn | None = None


class OnderzoekIn(BaseModel):
    """Without fields."""

    model_config = ConfigDict(extra="forbid")


class AfwijzingIn(BaseModel):
    """WJ759."""

    model_config = ConfigDict(extra="forbid")
    reden: Annotated[str, Field(pattern=r"^[0-9]{1,2}$")]


@router.get("")
async def get_verzoeken(
    wie: Wie,
    db: Database,
    client_id: Id = None,
    status: Literal["ingediend", "in_onderzoek", "toegewezen", "afgewezen", "vervallen"] | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    na: Annotated[int, Query(ge=0, le=2**62)] = 0,
) -> dict[str, Any]:
    """Verzoeken of the municipality, oldest first; one row per ReferentieAanbieder."""
    async with transaction(db, wie.tenant) as tx:
        return await list_verzoeken(tx, gemeente_van(wie), client_id=client_id, status=status, na=na, limit=limit)


@router.post("/{verzoek_id}/toekenning", status_code=202)
async def post_toekenning(
    verzoek_id: VerzoekId, body: ToekenningIn, wie: Wie, db: Database, sleutel: Sleutel = None
) -> dict[str, Any]:
    """Grant a verzoek; a 301 with its ReferentieAanbieder follows (TR379)."""
    afwijking = _afwijking(body.afwijking)
    async with transaction(db, wie.tenant) as tx:
        return await _besluit(
            tx, wie, sleutel, "toekenning", verzoek_id, body,
            lambda gemeente: besluit.ken_toe(tx, gemeente, verzoek_id, afwijking),
        )  # fmt: skip


@router.post("/{verzoek_id}/onderzoek", status_code=202)
async def post_onderzoek(
    verzoek_id: VerzoekId, body: OnderzoekIn, wie: Wie, db: Database, sleutel: Sleutel = None
) -> dict[str, Any]:
    """Tell that the verzoek is being looked into; a 319 with antwoord 2 follows (TR360: once)."""
    async with transaction(db, wie.tenant) as tx:
        return await _besluit(
            tx, wie, sleutel, "onderzoek", verzoek_id, body,
            lambda gemeente: besluit.onderzoek(tx, gemeente, verzoek_id),
        )  # fmt: skip


@router.post("/{verzoek_id}/afwijzing", status_code=202)
async def post_afwijzing(
    verzoek_id: VerzoekId, body: AfwijzingIn, wie: Wie, db: Database, sleutel: Sleutel = None
) -> dict[str, Any]:
    """Refuse a verzoek with a reason; a 319 with antwoord 1 follows (CD085)."""
    async with transaction(db, wie.tenant) as tx:
        return await _besluit(
            tx, wie, sleutel, "afwijzing", verzoek_id, body,
            lambda gemeente: besluit.wijs_af(tx, gemeente, verzoek_id, body.reden),
        )  # fmt: skip


async def _besluit(
    tx: Tx,
    wie: Wie,
    sleutel: str | None,
    soort: str,
    verzoek_id: str,
    body: BaseModel,
    neem: Callable[[str], Awaitable[besluit.Besluit]],
) -> dict[str, Any]:
    async def doe() -> dict[str, Any]:
        return asdict(await neem(gemeente_van(wie)))

    opdracht = {"soort": soort, "verzoek_id": verzoek_id, "body": body.model_dump(mode="json", exclude_unset=True)}
    return await once(tx, gemeente_van(wie), sleutel, opdracht, doe)


def _afwijking(body: AfwijkingIn | None) -> besluit.Afwijking:
    if body is None:
        return besluit.Afwijking(frozenset())
    return besluit.Afwijking(
        frozenset(body.model_fields_set),
        None if body.product is None else Product(body.product.categorie, body.product.code),
        None if body.omvang is None else Omvang(**body.omvang.model_dump()),
        body.ingangsdatum,
        body.einddatum,
        body.budget_cent,
    )
