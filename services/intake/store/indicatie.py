"""SQL van clienten, indicaties, en herhaalde opdrachten."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from chassis.db import Tx


async def save_client(tx: Tx, gemeente: str, client_id: str, verzegeld: bytes, nu: datetime) -> None:
    """De laatste gegevens van de client, verzegeld."""
    await tx.execute(
        """INSERT INTO client (gemeente, client_id, verzegeld, vastgelegd_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (gemeente, client_id)
           DO UPDATE SET verzegeld = excluded.verzegeld, vastgelegd_at = excluded.vastgelegd_at""",
        gemeente,
        client_id,
        verzegeld,
        nu,
    )


async def add_client(tx: Tx, gemeente: str, client_id: str, verzegeld: bytes, nu: datetime) -> None:
    """A client that is not known yet; what is known of one stays, for it changes by a gebeurtenis alone."""
    await tx.execute(
        """INSERT INTO client (gemeente, client_id, verzegeld, vastgelegd_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (gemeente, client_id) DO NOTHING""",
        gemeente,
        client_id,
        verzegeld,
        nu,
    )


async def load_client(tx: Tx, gemeente: str, client_id: str) -> bytes | None:
    """Het verzegelde blok, of None als de gemeente deze client niet kent."""
    verzegeld: bytes | None = await tx.fetchval(
        "SELECT verzegeld FROM client WHERE gemeente = $1 AND client_id = $2", gemeente, client_id
    )
    return verzegeld


async def add_indicatie(
    tx: Tx,
    gemeente: str,
    client_id: str,
    indicatie_id: str,
    melding_id: str | None,
    beschikking: dict[str, Any],
    producten: list[dict[str, Any]],
    nu: datetime,
) -> None:
    """Een ontvangen indicatie."""
    await tx.execute(
        """INSERT INTO indicatie (indicatie_id, gemeente, client_id, beschikking, producten, status,
               bevindingen, ontvangen_at, melding_id)
           VALUES ($1, $2, $3, $4, $5, 'ontvangen', $6, $7, $8)""",
        indicatie_id,
        gemeente,
        client_id,
        beschikking,
        producten,
        [],
        nu,
        melding_id,
    )


async def load_indicatie(tx: Tx, gemeente: str, indicatie_id: str) -> dict[str, Any] | None:
    """Status, nummers en bevindingen van een indicatie van deze gemeente."""
    rij = await tx.fetchrow(
        """SELECT indicatie_id, client_id, status, toewijzing_nummers, bevindingen FROM indicatie
           WHERE gemeente = $1 AND indicatie_id = $2""",
        gemeente,
        indicatie_id,
    )
    return None if rij is None else dict(rij)


async def set_toegewezen(tx: Tx, gemeente: str, indicatie_id: str, nummers: list[int]) -> None:
    """De indicatie kreeg toewijzingsnummers."""
    await tx.execute(
        """UPDATE indicatie SET status = 'toegewezen', toewijzing_nummers = $3, bevindingen = $4
           WHERE gemeente = $1 AND indicatie_id = $2""",
        gemeente,
        indicatie_id,
        nummers,
        [],
    )


async def set_geweigerd(tx: Tx, gemeente: str, indicatie_id: str, bevindingen: list[dict[str, Any]]) -> None:
    """De indicatie kon geen toewijzing worden."""
    await tx.execute(
        """UPDATE indicatie SET status = 'geweigerd', bevindingen = $3
           WHERE gemeente = $1 AND indicatie_id = $2""",
        gemeente,
        indicatie_id,
        bevindingen,
    )


async def save_toewijzing(
    tx: Tx,
    gemeente: str,
    client_id: str,
    nummer: int,
    versie: int,
    aanbieder: str,
    einddatum: date | None,
    status: str,
    *,
    verwijderd: bool,
) -> None:
    """A version of a toewijzing as toewijzing told it; what it says last about that version holds."""
    await tx.execute(
        """INSERT INTO toewijzing (gemeente, nummer, versie, client_id, aanbieder, einddatum, verwijderd, status)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (gemeente, nummer, versie) DO UPDATE SET status = excluded.status""",
        gemeente,
        nummer,
        versie,
        client_id,
        aanbieder,
        einddatum,
        verwijderd,
        status,
    )


async def load_actueel(tx: Tx, gemeente: str, client_id: str, vandaag: date) -> list[dict[str, Any]]:
    """The toewijzingen of a client that hold today or later: `{toewijzing_nummer, aanbieder}`, by number."""
    rijen = await tx.fetch(
        """SELECT nummer AS toewijzing_nummer, aanbieder FROM (
               SELECT DISTINCT ON (nummer) * FROM toewijzing
               WHERE gemeente = $1 AND client_id = $2 AND status <> 'afgekeurd' ORDER BY nummer, versie DESC) laatste
           WHERE NOT verwijderd AND (einddatum IS NULL OR einddatum >= $3) ORDER BY nummer""",
        gemeente,
        client_id,
        vandaag,
    )
    return [dict(rij) for rij in rijen]
