"""SQL of what a municipality sets for itself: versions with the day from which they hold."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from chassis.db import Tx
from chassis.inbox import lock_keys


async def add_document(
    tx: Tx, gemeente: str, soort: str, geldig_vanaf: date, waarden: Any, door: str, nu: datetime
) -> int | None:
    """Adds a version and gives its number; None when this already holds on that day."""
    await lock_keys(tx, (gemeente,))
    versie, al = await load_document(tx, gemeente, soort, geldig_vanaf)
    if versie and al == waarden:
        return None
    nieuw: int = await tx.fetchval(
        """INSERT INTO document (gemeente, soort, versie, geldig_vanaf, waarden, door, vastgelegd_at)
           SELECT $1, $2, coalesce(max(versie), 0) + 1, $3, $4, $5, $6 FROM document WHERE gemeente = $1 AND soort = $2
           RETURNING versie""",
        gemeente,
        soort,
        geldig_vanaf,
        waarden,
        door,
        nu,
    )
    return nieuw


async def load_document(tx: Tx, gemeente: str, soort: str, op: date) -> tuple[int, Any]:
    """The version that holds on a day, and what it says; (0, {}) when there is none."""
    rij = await tx.fetchrow(
        """SELECT versie, waarden FROM document WHERE gemeente = $1 AND soort = $2 AND geldig_vanaf <= $3
           ORDER BY geldig_vanaf DESC, versie DESC LIMIT 1""",
        gemeente,
        soort,
        op,
    )
    return (0, {}) if rij is None else (rij["versie"], rij["waarden"])


async def load_versie(tx: Tx, gemeente: str, soort: str, versie: int) -> Any:
    """What a version says; {} for version 0."""
    waarden = await tx.fetchval(
        "SELECT waarden FROM document WHERE gemeente = $1 AND soort = $2 AND versie = $3", gemeente, soort, versie
    )
    return waarden or {}
