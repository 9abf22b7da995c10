"""GET /v1/prestaties: the ledger of a toewijzing per period and product, and each line with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from chassis.clock import clock
from chassis.db import Tx, transaction
from chassis.http import Database
from chassis.rechten import Wie
from services.declaratie.domain import overzicht
from services.declaratie.domain.uitleg import Boekregel, earlier_line
from services.declaratie.http.uitleg import Bevinding, EerdereRegel, bevindingen, eerdere, niet_gevonden
from services.declaratie.store import beeld, lijst

router = APIRouter(prefix="/v1")


class Regel(BaseModel):
    """A line of a declaratie with its judgement; `vorige` is the line that a credit takes back."""

    declaratie_id: str
    deel: int
    regel: int
    declaratie_nummer: str
    ontvangen_at: datetime
    referentie_nummer: str
    product: dict[str, str]
    begindatum: date
    einddatum: date
    geleverd_volume: int
    eenheid: str
    ingediend_cent: int
    debet_credit: str
    toegekend: bool
    vorige: EerdereRegel | None
    bevindingen: list[Bevinding]


class Product(BaseModel):
    """A product in a month; volumes in the `eenheid` of the ledger."""

    product: dict[str, str]
    ingediend_volume: int
    toegekend_volume: int
    gecrediteerd_volume: int
    ingediend_cent: int
    toegekend_cent: int
    gecrediteerd_cent: int


class Periode(BaseModel):
    """A month in the ledger; volumes in `eenheid`, None without a limit of its own."""

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
    producten: list[Product]


class Grootboek(BaseModel):
    """The ledger of a toewijzing."""

    toewijzing_nummer: int
    eenheid: str | None
    toegewezen_volume: int | None
    toegekend_volume: int
    over_volume: int | None
    budget_cent: int | None
    toegekend_cent: int
    over_cent: int | None
    perioden: list[Periode]
    regels: list[Regel]


@router.get("/prestaties")
async def get_prestaties(
    db: Database, wie: Wie, toewijzing_nummer: Annotated[int, Query(ge=1, le=999_999_999)]
) -> Grootboek:
    """The ledger of a toewijzing, per month."""
    async with transaction(db, wie.tenant) as tx:
        grootboek = await load_boek(tx, wie.gemeente or "", toewijzing_nummer)
    if grootboek is None:
        raise niet_gevonden()
    return grootboek


async def load_boek(tx: Tx, gemeente: str, toewijzing_nummer: int) -> Grootboek | None:
    """The ledger of a toewijzing; None when it is not of this gemeente."""
    gevonden = await beeld.load_toewijzingen(tx, gemeente, [toewijzing_nummer])
    if toewijzing_nummer not in gevonden:
        return None
    producten = await lijst.load_grootboek(tx, gemeente, toewijzing_nummer)
    regels = await lijst.load_boekregels(tx, gemeente, toewijzing_nummer)
    toewijzing = gevonden[toewijzing_nummer]
    per_maand: dict[date, list[Product]] = {}
    for rij in producten:
        per_maand.setdefault(rij["maand"], []).append(_product(rij))
    tot = max([clock.today(), *per_maand])
    perioden = [
        _periode(ruimte, per_maand.get(ruimte.begindatum.replace(day=1), []))
        for ruimte in overzicht.perioden(toewijzing, tot)
    ]
    volume = sum(r["toegekend"] - r["gecrediteerd"] for r in producten)
    cent = sum(r["toegekend_cent"] - r["gecrediteerd_cent"] for r in producten)
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
        regels=_regels(regels),
    )


def _product(rij: Any) -> Product:
    return Product(
        product={"categorie": rij["categorie"], "code": rij["code"]},
        ingediend_volume=rij["ingediend"],
        toegekend_volume=rij["toegekend"],
        gecrediteerd_volume=rij["gecrediteerd"],
        ingediend_cent=rij["ingediend_cent"],
        toegekend_cent=rij["toegekend_cent"],
        gecrediteerd_cent=rij["gecrediteerd_cent"],
    )


def _periode(ruimte: overzicht.Ruimte, producten: Sequence[Product]) -> Periode:
    toegekend = sum(p.toegekend_volume for p in producten)
    gecrediteerd = sum(p.gecrediteerd_volume for p in producten)
    return Periode(
        begindatum=ruimte.begindatum,
        einddatum=ruimte.einddatum,
        toegewezen_volume=ruimte.toegewezen,
        ingediend_volume=sum(p.ingediend_volume for p in producten),
        toegekend_volume=toegekend,
        gecrediteerd_volume=gecrediteerd,
        over_volume=None if ruimte.toegewezen is None else ruimte.toegewezen - toegekend + gecrediteerd,
        ingediend_cent=sum(p.ingediend_cent for p in producten),
        toegekend_cent=sum(p.toegekend_cent for p in producten),
        gecrediteerd_cent=sum(p.gecrediteerd_cent for p in producten),
        producten=list(producten),
    )


def _regels(rijen: Sequence[Any]) -> list[Regel]:
    """In the order of judgement; each line points at the earlier line on which its judgement rests."""
    boek = [_boekregel(rij) for rij in rijen]
    uit = []
    for plek, rij in enumerate(rijen):
        eerder = {code: eerdere(ander) for code, ander in earlier_line(boek, plek).items()}
        if rij["eerste_bericht_id"] is not None:
            eerder["8021"] = EerdereRegel(
                declaratie_id=rij["eerste_bericht_id"], referentie_nummer=rij["referentie_nummer"]
            )
        uit.append(
            Regel(
                **{k: rij[k] for k in ("deel", "regel", "declaratie_nummer", "ontvangen_at", "referentie_nummer",
                                       "begindatum", "einddatum", "eenheid", "ingediend_cent", "debet_credit")},
                declaratie_id=rij["bericht_id"],
                product={"categorie": rij["categorie"], "code": rij["code"]},
                geleverd_volume=rij["volume"],
                toegekend=not rij["retourcodes"],
                vorige=eerder.get(""),
                bevindingen=bevindingen([*rij["client_codes"], *rij["retourcodes"]], eerder),
            )
        )  # fmt: skip
    return uit


def _boekregel(rij: Any) -> Boekregel:
    return Boekregel(
        declaratie_id=rij["bericht_id"],
        referentie_nummer=rij["referentie_nummer"],
        vorig_referentie_nummer=rij["vorig_referentie_nummer"],
        product_sleutel=(rij["categorie"], rij["code"], str(rij["begindatum"]), str(rij["einddatum"])),
        is_credit=rij["debet_credit"] == "C",
        retourcodes=tuple(rij["retourcodes"]),
    )
