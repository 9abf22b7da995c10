"""SQL van starts en stops van levering."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.db import Tx
from services.toewijzing.domain.levering import Levering, Start, Stop
from services.toewijzing.domain.toewijzing import Product


@dataclass(frozen=True, slots=True)
class Plek:
    """Waar levering bij hoort: een client bij een aanbieder van een gemeente."""

    gemeente: str
    aanbieder: str
    client_id: str


def _start(rij: Any) -> Start:
    product = rij["product_categorie"]
    return Start(rij["nummer"], None if product is None else Product(product, rij["product_code"]), rij["begindatum"])


def _levering(rijen: Iterable[Any]) -> Levering:
    starts, stops = set(), set()
    for rij in rijen:
        if rij["einddatum"] is None:
            starts.add(_start(rij))
        else:
            stops.add(Stop(_start(rij), rij["reden_beeindiging"], rij["einddatum"]))
    return Levering(frozenset(starts), frozenset(stops))


# A stop has an einddatum, a start has none.
_NIET_VERWIJDERD = """
SELECT aanbieder, nummer, product_categorie, product_code, begindatum, NULL AS reden_beeindiging,
       NULL::date AS einddatum FROM levering_start WHERE gemeente = $1 AND {waar} AND NOT verwijderd
UNION ALL
SELECT aanbieder, nummer, product_categorie, product_code, begindatum, reden_beeindiging, einddatum
FROM levering_stop WHERE gemeente = $1 AND {waar} AND NOT verwijderd"""


async def load_leveringen(tx: Tx, gemeente: str, client_id: str) -> dict[str, Levering]:
    """Alle niet-verwijderde starts en stops van een client, per aanbieder die er heeft."""
    rijen = await tx.fetch(_NIET_VERWIJDERD.format(waar="client_id = $2"), gemeente, client_id)
    per_aanbieder: dict[str, list[Any]] = {}
    for rij in rijen:
        per_aanbieder.setdefault(rij["aanbieder"], []).append(rij)
    return {aanbieder: _levering(eigen) for aanbieder, eigen in per_aanbieder.items()}


async def load_alle_leveringen(tx: Tx, gemeente: str, client_ids: Iterable[str]) -> Levering:
    """Die van al deze clienten bij elkaar, voor een overzicht."""
    return _levering(
        await tx.fetch(_NIET_VERWIJDERD.format(waar="client_id = ANY($2::text[])"), gemeente, list(client_ids))
    )


async def add_start(tx: Tx, plek: Plek, bericht_id: str, start: Start, toewijzing_ingangsdatum: date | None) -> None:
    """Legt een start vast."""
    await tx.execute(
        """INSERT INTO levering_start (gemeente, aanbieder, client_id, nummer, product_categorie,
               product_code, begindatum, toewijzing_ingangsdatum, bericht_id)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        *_sleutel(plek, start),
        toewijzing_ingangsdatum,
        bericht_id,
    )


async def add_stop(tx: Tx, plek: Plek, bericht_id: str, stop: Stop, toewijzing_ingangsdatum: date | None) -> None:
    """Legt een stop vast."""
    await tx.execute(
        """INSERT INTO levering_stop (gemeente, aanbieder, client_id, nummer, product_categorie,
               product_code, begindatum, toewijzing_ingangsdatum, bericht_id, reden_beeindiging, einddatum)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        *_sleutel(plek, stop.start),
        toewijzing_ingangsdatum,
        bericht_id,
        stop.reden,
        stop.einddatum,
    )


async def delete_start(tx: Tx, plek: Plek, start: Start) -> None:
    """StatusAanlevering 3: de start telt niet meer, de rij blijft."""
    await tx.execute(
        """UPDATE levering_start SET verwijderd = true
           WHERE gemeente = $1 AND aanbieder = $2 AND client_id = $3 AND nummer IS NOT DISTINCT FROM $4
             AND product_categorie IS NOT DISTINCT FROM $5 AND product_code IS NOT DISTINCT FROM $6
             AND begindatum = $7 AND NOT verwijderd""",
        *_sleutel(plek, start),
    )


async def delete_stop(tx: Tx, plek: Plek, stop: Stop) -> None:
    """StatusAanlevering 3: de stop telt niet meer, de rij blijft."""
    await tx.execute(
        """UPDATE levering_stop SET verwijderd = true
           WHERE gemeente = $1 AND aanbieder = $2 AND client_id = $3 AND nummer IS NOT DISTINCT FROM $4
             AND product_categorie IS NOT DISTINCT FROM $5 AND product_code IS NOT DISTINCT FROM $6
             AND begindatum = $7 AND reden_beeindiging = $8 AND einddatum = $9 AND NOT verwijderd""",
        *_sleutel(plek, stop.start),
        stop.reden,
        stop.einddatum,
    )


def _sleutel(plek: Plek, start: Start) -> tuple[Any, ...]:
    product = start.product
    return (
        plek.gemeente,
        plek.aanbieder,
        plek.client_id,
        start.nummer,
        product.categorie if product else None,
        product.code if product else None,
        start.begindatum,
    )
