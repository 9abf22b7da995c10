"""SQL of what receivers chose."""

from __future__ import annotations

import datetime as dt
from typing import Any

from chassis.db import Tx


async def load_ontvanger(tx: Tx, eigenaar: str, soort: str, wie: str) -> Any | None:
    """What this receiver chose; None for nothing."""
    return await tx.fetchrow(
        "SELECT * FROM ontvanger WHERE eigenaar = $1 AND soort = $2 AND wie = $3", eigenaar, soort, wie
    )


async def list_ontvangers(tx: Tx, eigenaar: str) -> list[Any]:
    """Every choice of a municipality or provider; not of its residents."""
    return await tx.fetch(
        "SELECT * FROM ontvanger WHERE eigenaar = $1 AND soort <> 'inwoner' ORDER BY soort, wie", eigenaar
    )


async def save_ontvanger(
    tx: Tx,
    *,
    gemeente: str | None,
    aanbieder: str | None,
    soort: str,
    wie: str,
    kanaal: str,
    email: str | None,
    adres: list[str] | None,
    stil_van: dt.time | None,
    stil_tot: dt.time | None,
    verzamelen_om: dt.time | None,
    gewijzigd_at: dt.datetime,
) -> None:
    """Replace what this receiver chose; holds for what happens from now on."""
    await tx.execute(
        """INSERT INTO ontvanger (gemeente, aanbieder, soort, wie, kanaal, email, adres, stil_van, stil_tot,
                                  verzamelen_om, gewijzigd_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
           ON CONFLICT (eigenaar, soort, wie) DO UPDATE SET kanaal = excluded.kanaal, email = excluded.email,
               adres = excluded.adres, stil_van = excluded.stil_van, stil_tot = excluded.stil_tot,
               verzamelen_om = excluded.verzamelen_om, gewijzigd_at = excluded.gewijzigd_at""",
        gemeente,
        aanbieder,
        soort,
        wie,
        kanaal,
        email,
        adres,
        stil_van,
        stil_tot,
        verzamelen_om,
        gewijzigd_at,
    )
