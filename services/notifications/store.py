"""SQL of notifications: the queue of e-mails and the recipients."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from chassis.db import Tx


async def insert_notificatie(
    tx: Tx,
    *,
    gemeente: str,
    aanleiding: str,
    betreft: str,
    event_id: str,
    aanbieder: str | None,
    client_id: str | None,
    keten: str | None,
    onderwerp: str,
    inhoud: str,
    gemaakt_at: dt.datetime,
    traceparent: str | None,
) -> bool:
    """Queue one e-mail; False when (aanleiding, betreft) is known: the business key, kept for good (G2)."""
    rij = await tx.fetchval(
        """INSERT INTO notificatie (gemeente, aanleiding, betreft, event_id, aanbieder, client_id, keten,
                                    onderwerp, inhoud, gemaakt_at, traceparent)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
           ON CONFLICT (gemeente, aanleiding, betreft) DO NOTHING
           RETURNING notificatie_id""",
        gemeente,
        aanleiding,
        betreft,
        event_id,
        aanbieder,
        client_id,
        keten,
        onderwerp,
        inhoud,
        gemaakt_at,
        traceparent,
    )
    return rij is not None


async def lock_due(tx: Tx, limit: int) -> Sequence[Any]:
    """E-mails to send now, oldest first. Back-off runs on the real clock, so Postgres judges it."""
    return await tx.fetch(
        """SELECT n.*, v.email FROM notificatie n LEFT JOIN voorkeur v USING (gemeente)
           WHERE n.status = 'wacht' AND n.volgende_poging_at <= clock_timestamp()
           ORDER BY n.volgende_poging_at LIMIT $1 FOR UPDATE OF n SKIP LOCKED""",
        limit,
    )


async def mark_verzonden(tx: Tx, notificatie_id: Any, verzonden_at: dt.datetime) -> None:
    await tx.execute(
        """UPDATE notificatie SET status = 'verzonden', pogingen = pogingen + 1, verzonden_at = $2, laatste_fout = NULL
           WHERE notificatie_id = $1""",
        notificatie_id,
        verzonden_at,
    )


async def mark_mislukt(tx: Tx, notificatie_id: Any, *, fout: str, wachttijd: dt.timedelta, opgegeven: bool) -> None:
    """An attempt failed: try again after `wachttijd`, or leave it to a person."""
    await tx.execute(
        """UPDATE notificatie SET status = CASE WHEN $4 THEN 'mislukt' ELSE 'wacht' END, laatste_fout = $2,
                  pogingen = pogingen + 1, volgende_poging_at = clock_timestamp() + $3::interval
           WHERE notificatie_id = $1""",
        notificatie_id,
        fout,
        wachttijd,
        opgegeven,
    )


async def make_due(tx: Tx, fout: str) -> None:
    """What waits because of this fault need wait no longer."""
    await tx.execute(
        """UPDATE notificatie SET volgende_poging_at = clock_timestamp()
           WHERE status = 'wacht' AND laatste_fout = $1 AND volgende_poging_at > clock_timestamp()""",
        fout,
    )


async def reset_poging(tx: Tx, gemeente: str, notificatie_id: str) -> Any | None:
    """Queue an own notification again; None when it is not there or belongs to another municipality (G15)."""
    return await tx.fetchrow(
        """UPDATE notificatie SET status = 'wacht', pogingen = 0, volgende_poging_at = clock_timestamp()
           WHERE gemeente = $1 AND notificatie_id = $2::text::uuid RETURNING *""",
        gemeente,
        notificatie_id,
    )


async def list_notificaties(tx: Tx, gemeente: str, *, na: int | None, limit: int) -> Sequence[Any]:
    return await tx.fetch(
        """SELECT * FROM notificatie WHERE gemeente = $1 AND ($2::bigint IS NULL OR volgnr < $2)
           ORDER BY volgnr DESC LIMIT $3""",
        gemeente,
        na,
        limit,
    )


async def save_voorkeur(tx: Tx, gemeente: str, email: str, gewijzigd_at: dt.datetime) -> None:
    await tx.execute(
        """INSERT INTO voorkeur (gemeente, email, gewijzigd_at) VALUES ($1, $2, $3)
           ON CONFLICT (gemeente) DO UPDATE SET email = $2, gewijzigd_at = $3""",
        gemeente,
        email,
        gewijzigd_at,
    )
