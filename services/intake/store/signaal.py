"""SQL of signals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.db import Tx


@dataclass(frozen=True, slots=True)
class Signaal:
    """A signal; `verzegeld` is closed with the key of `houder`."""

    signaal_id: str
    team: str
    status: str
    toestemming: str
    anoniem: bool
    melding_id: str | None
    ontvangen_at: datetime
    houder: str
    verzegeld: bytes


_VELDEN = ", ".join(Signaal.__slots__)


async def add_signaal(tx: Tx, gemeente: str, signaal: Signaal) -> None:
    """A new signal."""
    waarden = [getattr(signaal, veld) for veld in Signaal.__slots__]
    plekken = ", ".join(f"${n}" for n in range(2, len(waarden) + 2))
    await tx.execute(f"INSERT INTO signaal (gemeente, {_VELDEN}) VALUES ($1, {plekken})", gemeente, *waarden)


async def load_signaal(tx: Tx, gemeente: str, signaal_id: str, team: str | None) -> Signaal | None:
    """A signal of this gemeente, and of this team when one is named."""
    rij = await tx.fetchrow(
        f"""SELECT {_VELDEN} FROM signaal
            WHERE gemeente = $1 AND signaal_id = $2 AND ($3::text IS NULL OR team = $3)""",
        gemeente,
        signaal_id,
        team,
    )
    return None if rij is None else Signaal(**dict(rij))


async def set_signaal(tx: Tx, gemeente: str, signaal: Signaal) -> None:
    """What became of a signal."""
    await tx.execute(
        """UPDATE signaal SET status = $3, melding_id = $4, houder = $5, verzegeld = $6
           WHERE gemeente = $1 AND signaal_id = $2""",
        gemeente,
        signaal.signaal_id,
        signaal.status,
        signaal.melding_id,
        signaal.houder,
        signaal.verzegeld,
    )


async def load_pagina(
    tx: Tx, gemeente: str, status: str | None, team: str | None, na: int, limit: int
) -> list[dict[str, Any]]:
    """Signals after place `na`, oldest first, without what they say."""
    rijen = await tx.fetch(
        """SELECT volgorde, signaal_id, team, status, toestemming, anoniem, melding_id, ontvangen_at FROM signaal
           WHERE gemeente = $1 AND volgorde > $2 AND ($3::text IS NULL OR status = $3)
             AND ($4::text IS NULL OR team = $4)
           ORDER BY volgorde LIMIT $5""",
        gemeente,
        na,
        status,
        team,
        limit,
    )
    return [dict(rij) for rij in rijen]
