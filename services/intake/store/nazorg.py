"""SQL of what residents answered about their help, and of the case behind a toewijzing."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from chassis.db import Tx


@dataclass(frozen=True, slots=True)
class Ervaring:
    """Three answers, 1 to 5, about help at its start or after its stop; no word that was said."""

    aanbieder: str
    toewijzing_nummer: int
    moment: str
    kanaal: str
    gegeven_op: date
    doel: int
    omgang: int
    inspraak: int


_VELDEN = tuple(veld.name for veld in fields(Ervaring))


async def add_ervaring(tx: Tx, gemeente: str, melding_id: str, ervaring: Ervaring) -> None:
    """The answers of a resident; the key of the table refuses a second set for the same moment."""
    plekken = ", ".join(f"${n}" for n in range(3, len(_VELDEN) + 3))
    await tx.execute(
        f"INSERT INTO ervaring (gemeente, melding_id, {', '.join(_VELDEN)}) VALUES ($1, $2, {plekken})",
        gemeente,
        melding_id,
        *(getattr(ervaring, veld) for veld in _VELDEN),
    )


async def load_ervaringen(tx: Tx, toewijzing_nummer: int | None, na: int, limit: int) -> list[dict[str, Any]]:
    """The answers that the tenant may see (G15), oldest first."""
    rijen = await tx.fetch(
        f"""SELECT volgorde, gemeente, {", ".join(_VELDEN)} FROM ervaring
            WHERE volgorde > $1 AND ($2::int IS NULL OR toewijzing_nummer = $2) ORDER BY volgorde LIMIT $3""",
        na,
        toewijzing_nummer,
        limit,
    )
    return [dict(rij) for rij in rijen]


async def load_melding_van(tx: Tx, gemeente: str, toewijzing_nummer: int) -> str | None:
    """The case that this toewijzing came from; None when it came from another system."""
    melding_id: str | None = await tx.fetchval(
        "SELECT melding_id FROM indicatie WHERE gemeente = $1 AND toewijzing_nummers @> ARRAY[$2::int]",
        gemeente,
        toewijzing_nummer,
    )
    return melding_id
