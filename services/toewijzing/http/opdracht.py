"""Commands on one toewijzing; each is refused with the rule that forbids it, or answered by a 301 that leaves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chassis.auth import Caller
from chassis.db import Pool, Tx, transaction
from chassis.herhaling import once
from chassis.http import Database
from chassis.rechten import Wie
from services.toewijzing.domain.toewijzing import Omvang, Product
from services.toewijzing.domain.wijziging import Wijziging
from services.toewijzing.handlers import wijziging
from services.toewijzing.http.toewijzing import OmvangIn, ProductIn, Sleutel, Volume, gemeente_van

router = APIRouter(prefix="/v1/toewijzingen/{nummer}", tags=["toewijzing"])

Nummer = Annotated[int, Path(ge=0, le=999_999_999)]
Reden = Annotated[str, Field(pattern=r"^[0-9]{2}$")]


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


class ZonderVelden(BaseModel):
    """Zonder velden."""

    model_config = ConfigDict(extra="forbid")


class CorrectieIn(BaseModel):
    """Wat er had moeten staan; wat ontbreekt blijft als het was."""

    model_config = ConfigDict(extra="forbid")
    ingangsdatum: date | None = None
    einddatum: date | None = None
    product: ProductIn | None = None
    omvang: OmvangIn | None = None
    budget_cent: Volume | None = None


class HerindicatieIn(CorrectieIn):
    """De nieuwe inhoud; wat ontbreekt blijft als het was."""

    ingangsdatum: date


@router.post("/wijziging", status_code=202)
async def post_wijziging(
    nummer: Nummer, body: WijzigingIn, wie: Wie, db: Database, sleutel: Sleutel = None
) -> dict[str, Any]:
    """OP033x1: wijzigt einddatum, volume of budget."""
    velden = frozenset(body.model_fields_set & {"einddatum", "volume", "budget_cent"})
    nieuw = Wijziging(velden, body.reden_wijziging, body.einddatum, body.volume, body.budget_cent)
    return await _doe(
        db, wie, sleutel, "wijziging", nummer, body,
        lambda tx, gemeente: wijziging.wijzig_toewijzing(tx, gemeente, nummer, nieuw, body.besluit_at),
    )  # fmt: skip


@router.post("/intrekking", status_code=202)
async def post_intrekking(
    nummer: Nummer, body: IntrekkingIn, wie: Wie, db: Database, sleutel: Sleutel = None
) -> dict[str, Any]:
    """OP258: laat een toewijzing eerder eindigen."""
    return await _doe(
        db, wie, sleutel, "intrekking", nummer, body,
        lambda tx, gemeente: wijziging.trek_toewijzing_in(tx, gemeente, nummer, body.einddatum, body.reden_wijziging),
    )  # fmt: skip


@router.post("/verwijdering", status_code=202)
async def post_verwijdering(
    nummer: Nummer, body: ZonderVelden, wie: Wie, db: Database, sleutel: Sleutel = None
) -> dict[str, Any]:
    """CS335, TR385: verwijdert een toewijzing die nooit had mogen bestaan."""
    return await _doe(
        db, wie, sleutel, "verwijdering", nummer, body,
        lambda tx, gemeente: wijziging.verwijder_toewijzing(tx, gemeente, nummer),
    )  # fmt: skip


@router.post("/herindicatie", status_code=202)
async def post_herindicatie(
    nummer: Nummer, body: HerindicatieIn, wie: Wie, db: Database, sleutel: Sleutel = None
) -> dict[str, Any]:
    """OP257: beëindigt het oude nummer en begint een nieuw, in een 301."""
    return await _doe(
        db, wie, sleutel, "herindicatie", nummer, body,
        lambda tx, gemeente: wijziging.herindiceer_toewijzing(tx, gemeente, nummer, _vervanging(body)),
    )  # fmt: skip


@router.post("/correctie", status_code=202)
async def post_correctie(
    nummer: Nummer, body: CorrectieIn, wie: Wie, db: Database, sleutel: Sleutel = None
) -> dict[str, Any]:
    """CS335, IV066: verwijdert het foute nummer en begint het goede, in een 301."""
    return await _doe(
        db, wie, sleutel, "correctie", nummer, body,
        lambda tx, gemeente: wijziging.corrigeer_toewijzing(tx, gemeente, nummer, _vervanging(body)),
    )  # fmt: skip


@router.post("/herzending", status_code=202)
async def post_herzending(
    nummer: Nummer, body: ZonderVelden, wie: Wie, db: Database, sleutel: Sleutel = None
) -> dict[str, Any]:
    """IV013: zendt de 301 met deze toewijzing nog eens, ongewijzigd."""
    return await _doe(
        db, wie, sleutel, "herzending", nummer, body,
        lambda tx, gemeente: wijziging.herzend_toewijzing(tx, gemeente, nummer),
    )  # fmt: skip


async def _doe(
    db: Pool,
    wie: Caller,
    sleutel: str | None,
    soort: str,
    nummer: int,
    body: BaseModel,
    neem: Callable[[Tx, str], Awaitable[wijziging.Uitkomst]],
) -> dict[str, Any]:
    opdracht = {"soort": soort, "nummer": nummer, "body": body.model_dump(mode="json", exclude_unset=True)}
    async with transaction(db, wie.tenant) as tx:

        async def doe() -> dict[str, Any]:
            uitkomst = asdict(await neem(tx, gemeente_van(wie)))
            return {veld: waarde for veld, waarde in uitkomst.items() if waarde is not None}

        return await once(tx, gemeente_van(wie), sleutel, opdracht, doe)


def _vervanging(body: CorrectieIn) -> wijziging.Vervanging:
    return wijziging.Vervanging(
        frozenset(body.model_fields_set),
        body.ingangsdatum,
        body.einddatum,
        None if body.product is None else Product(body.product.categorie, body.product.code),
        None if body.omvang is None else Omvang(**body.omvang.model_dump()),
        body.budget_cent,
    )
