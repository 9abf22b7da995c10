"""SQL van contracten, instellingen en herhaalde opdrachten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chassis.db import Tx
from services.toewijzing.domain.inhoud import Contract

VELDEN = (
    "aanbieder",
    "product_categorie",
    "product_code",
    "variant",
    "eenheid",
    "tarief_cent",
    "minuten_toegestaan",
    "leveringsvorm",
    "geldig_vanaf",
    "geldig_tot",
)


async def lock_gemeente(tx: Tx, gemeente: str) -> None:
    """Houdt de volgorde per gemeente vast tot de commit."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('gemeente:' || $1::text, 0))", gemeente)


async def load_rijen(tx: Tx, gemeente: str) -> list[dict[str, Any]]:
    """De contracten die nu vastliggen, in de volgorde waarin zij zijn opgegeven."""
    rijen = await tx.fetch(
        "SELECT aanbieder, product_categorie, product_code, variant, eenheid, tarief_cent,"
        " minuten_toegestaan, leveringsvorm, geldig_vanaf, geldig_tot FROM contract"
        " WHERE gemeente = $1 AND vervallen_at IS NULL ORDER BY contract_id",
        gemeente,
    )
    return [dict(r) for r in rijen]


async def load_contracten(tx: Tx, gemeente: str, aanbieders: Sequence[str]) -> list[Contract]:
    """De contracten van deze aanbieders als domeinwaarden, de nauwkeurigste (met code) eerst."""
    rijen = await tx.fetch(
        """SELECT aanbieder, product_categorie, product_code, variant, geldig_vanaf, geldig_tot FROM contract
           WHERE gemeente = $1 AND aanbieder = ANY($2::text[]) AND vervallen_at IS NULL
           ORDER BY product_code IS NULL, contract_id""",
        gemeente,
        list(aanbieders),
    )
    return [Contract(**dict(r)) for r in rijen]


async def replace_contracten(tx: Tx, gemeente: str, contracten: Sequence[dict[str, Any]], nu: datetime) -> None:
    """De vorige lijst vervalt en blijft bewaard."""
    await tx.execute("UPDATE contract SET vervallen_at = $2 WHERE gemeente = $1 AND vervallen_at IS NULL", gemeente, nu)
    await tx.executemany(
        """INSERT INTO contract (gemeente, vastgelegd_at, aanbieder, product_categorie, product_code, variant,
               eenheid, tarief_cent, minuten_toegestaan, leveringsvorm, geldig_vanaf, geldig_tot)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)""",
        [(gemeente, nu, *(c[veld] for veld in VELDEN)) for c in contracten],
    )


async def load_instellingen(tx: Tx, gemeente: str) -> dict[str, Any] | None:
    """De laatste instellingen; None als er nooit iets is vastgelegd."""
    waarden: dict[str, Any] | None = await tx.fetchval(
        "SELECT waarden FROM instellingen WHERE gemeente = $1 ORDER BY versie DESC LIMIT 1", gemeente
    )
    return waarden


async def add_instellingen(tx: Tx, gemeente: str, waarden: dict[str, Any], nu: datetime) -> None:
    """Een nieuwe versie van de instellingen."""
    await tx.execute(
        """INSERT INTO instellingen (gemeente, versie, waarden, vastgelegd_at)
           SELECT $1, coalesce(max(versie), 0) + 1, $2, $3 FROM instellingen WHERE gemeente = $1""",
        gemeente,
        waarden,
        nu,
    )


async def load_contract_geschiedenis(tx: Tx, gemeente: str, limit: int) -> list[dict[str, Any]]:
    """Per instant at which the contracts changed, the newest first: how many lines there are since, and how many
    were not there before or no longer are."""
    rijen = await tx.fetch(
        f"""WITH lijst AS (
               SELECT vastgelegd_at AS at, {", ".join(VELDEN)} FROM contract WHERE gemeente = $1),
            stand AS (SELECT DISTINCT at FROM lijst ORDER BY at DESC LIMIT $2 + 1),
            paar AS (SELECT at, lead(at) OVER (ORDER BY at DESC) AS vorige FROM stand)
            SELECT p.at AS vastgelegd_at,
                   (SELECT count(*) FROM lijst WHERE at = p.at)::int AS regels,
                   (SELECT count(*) FROM (SELECT {", ".join(VELDEN)} FROM lijst WHERE at = p.at
                    EXCEPT ALL SELECT {", ".join(VELDEN)} FROM lijst WHERE at = p.vorige) n)::int AS nieuw,
                   (SELECT count(*) FROM (SELECT {", ".join(VELDEN)} FROM lijst WHERE at = p.vorige
                    EXCEPT ALL SELECT {", ".join(VELDEN)} FROM lijst WHERE at = p.at) w)::int AS vervallen
            FROM paar p ORDER BY p.at DESC LIMIT $2""",
        gemeente,
        limit,
    )
    return [dict(r) for r in rijen]


async def load_instelling_geschiedenis(tx: Tx, gemeente: str, limit: int) -> list[dict[str, Any]]:
    """The versions of the settings, the newest first."""
    rijen = await tx.fetch(
        "SELECT versie, waarden, vastgelegd_at FROM instellingen WHERE gemeente = $1 ORDER BY versie DESC LIMIT $2",
        gemeente,
        limit,
    )
    return [dict(r) for r in rijen]
