"""SQL van opdrachten: de 301's die verzonden zijn en wat de 302 ervan zei."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chassis.db import Tx


@dataclass(frozen=True, slots=True)
class Opdracht:
    """Een 301 aan een aanbieder over een client."""

    opdracht_id: str
    aanbieder: str
    client_id: str
    status: str
    bericht_id: str | None


async def add_opdracht(
    tx: Tx,
    gemeente: str,
    opdracht: Opdracht,
    regels: Iterable[tuple[int, int, str | None]],
    gemaakt_at: datetime,
) -> None:
    """Legt een 301 vast met de (nummer, versie, referentie_aanbieder) die erin staan."""
    await tx.execute(
        "INSERT INTO opdracht (opdracht_id, gemeente, aanbieder, client_id, status, gemaakt_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        opdracht.opdracht_id,
        gemeente,
        opdracht.aanbieder,
        opdracht.client_id,
        opdracht.status,
        gemaakt_at,
    )
    await tx.executemany(
        "INSERT INTO opdracht_regel (opdracht_id, gemeente, nummer, versie, referentie_aanbieder)"
        " VALUES ($1, $2, $3, $4, $5)",
        [(opdracht.opdracht_id, gemeente, *regel) for regel in regels],
    )


async def load_opdracht(tx: Tx, gemeente: str, opdracht_id: str) -> Opdracht | None:
    """De opdracht met dit id, als zij van deze gemeente is."""
    rij = await tx.fetchrow(
        "SELECT opdracht_id, aanbieder, client_id, status, bericht_id FROM opdracht"
        " WHERE gemeente = $1 AND opdracht_id = $2",
        gemeente,
        opdracht_id,
    )
    return None if rij is None else Opdracht(**dict(rij))


async def load_verzonden(tx: Tx, gemeente: str, client_id: str) -> frozenset[tuple[int, int]]:
    """OP087: (nummer, versie) uit elke 301 van deze client die niet is afgekeurd."""
    rijen = await tx.fetch(
        """SELECT DISTINCT r.nummer, r.versie FROM opdracht o JOIN opdracht_regel r USING (opdracht_id)
           WHERE o.gemeente = $1 AND o.client_id = $2 AND o.status <> 'afgekeurd'""",
        gemeente,
        client_id,
    )
    return frozenset((r["nummer"], r["versie"]) for r in rijen)


async def load_geweigerde_referenties(tx: Tx, gemeente: str, client_id: str) -> dict[tuple[int, int], str]:
    """TR379: per (nummer, versie) de referentie waarmee een 301 haar droeg die is afgekeurd."""
    rijen = await tx.fetch(
        """SELECT r.nummer, r.versie, r.referentie_aanbieder FROM opdracht o JOIN opdracht_regel r USING (opdracht_id)
           WHERE o.gemeente = $1 AND o.client_id = $2 AND o.status = 'afgekeurd'
             AND r.referentie_aanbieder IS NOT NULL ORDER BY o.volgorde""",
        gemeente,
        client_id,
    )
    return {(r["nummer"], r["versie"]): r["referentie_aanbieder"] for r in rijen}


async def load_statussen(tx: Tx, opdracht_id: str) -> dict[tuple[int, int], set[str]]:
    """Per (nummer, versie) van deze opdracht: de status van elke opdracht waarin die versie staat."""
    rijen = await tx.fetch(
        """SELECT r.nummer, r.versie, o.status FROM opdracht_regel hier
           JOIN opdracht_regel r
             ON (r.gemeente, r.nummer, r.versie) = (hier.gemeente, hier.nummer, hier.versie)
           JOIN opdracht o ON o.opdracht_id = r.opdracht_id
           WHERE hier.opdracht_id = $1""",
        opdracht_id,
    )
    statussen: dict[tuple[int, int], set[str]] = {}
    for rij in rijen:
        statussen.setdefault((rij["nummer"], rij["versie"]), set()).add(rij["status"])
    return statussen


async def set_status(tx: Tx, opdracht_id: str, status: str) -> None:
    """De uitkomst van de 302."""
    await tx.execute("UPDATE opdracht SET status = $2 WHERE opdracht_id = $1", opdracht_id, status)


async def set_bericht(tx: Tx, gemeente: str, opdracht_id: str, bericht_id: str) -> None:
    """Knooppunt legde de 301 in de postbus."""
    await tx.execute(
        "UPDATE opdracht SET bericht_id = $3 WHERE gemeente = $1 AND opdracht_id = $2",
        gemeente,
        opdracht_id,
        bericht_id,
    )
