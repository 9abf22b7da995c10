"""SQL of the copies of the access logs. Every read takes the caller's gemeente (G15)."""

from __future__ import annotations

from typing import Any

from chassis.db import Tx

from ..contracts import ToegangVastgelegd


async def insert_logboek(
    tx: Tx, service: str, gemeente: str, client_id: str | None, keten: str | None, rij: ToegangVastgelegd
) -> None:
    await tx.execute(
        """INSERT INTO logboek (service, gemeente, client_id, keten, volgnummer, wie, namens, handeling, onderwerp,
                                gebeurd_at, vorige, schakel)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
           ON CONFLICT (service, gemeente, namens, volgnummer) DO NOTHING""",
        service,
        gemeente,
        client_id,
        keten,
        rij.volgnummer,
        rij.wie,
        rij.namens,
        rij.handeling,
        rij.onderwerp,
        rij.gebeurd_at,
        bytes.fromhex(rij.vorige),
        bytes.fromhex(rij.schakel),
    )


_VAN_CLIENT = """(client_id = $2 OR (client_id IS NULL AND keten IN (
                      SELECT bericht_id FROM gebeurtenis
                      WHERE gemeente = $1 AND client_id = $2 AND bericht_id IS NOT NULL)))"""


async def is_bekend(tx: Tx, gemeente: str, client_id: str) -> bool:
    """Whether this client is of this gemeente: something happened, or a look succeeded. A refused look says nothing."""
    return bool(
        await tx.fetchval(
            """SELECT EXISTS (SELECT FROM gebeurtenis WHERE gemeente = $1 AND client_id = $2)
                   OR EXISTS (SELECT FROM logboek WHERE gemeente = $1 AND client_id = $2
                              AND handeling <> 'inzage_geweigerd')""",
            gemeente,
            client_id,
        )
    )


async def list_logboek(
    tx: Tx, gemeente: str, client_id: str | None, *, voor: int | None, limit: int
) -> list[dict[str, Any]]:
    """Newest first: looks at this client, and at messages with more clients that held this one; or (None) all."""
    wie = "$2::text IS NULL" if client_id is None else _VAN_CLIENT
    rijen = await tx.fetch(
        f"""SELECT volgnr, service, client_id, wie, namens, handeling, onderwerp, gebeurd_at FROM logboek
            WHERE gemeente = $1 AND ($3::bigint IS NULL OR volgnr < $3) AND {wie}
            ORDER BY volgnr DESC LIMIT $4""",
        gemeente,
        client_id,
        voor,
        limit,
    )
    return [dict(rij) for rij in rijen]
