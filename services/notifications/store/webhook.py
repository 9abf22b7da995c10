"""SQL of webhooks: where somebody wants to hear that there is something."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from chassis.db import Tx


async def load_webhook(tx: Tx, eigenaar: str, webhook_id: str) -> Any | None:
    """One webhook of its owner; None when it is not there (G15)."""
    return await tx.fetchrow("SELECT * FROM webhook WHERE eigenaar = $1 AND webhook_id = $2", eigenaar, webhook_id)


async def list_webhooks(tx: Tx, eigenaar: str) -> list[Any]:
    """All webhooks of an owner."""
    return await tx.fetch("SELECT * FROM webhook WHERE eigenaar = $1 ORDER BY webhook_id", eigenaar)


async def save_webhook(
    tx: Tx,
    *,
    gemeente: str | None,
    aanbieder: str | None,
    webhook_id: str,
    url: str,
    geheim: bytes,
    aanleidingen: list[str],
    gewijzigd_at: dt.datetime,
) -> Any:
    """Make or replace a webhook; gives its row. `geheim` is sealed."""
    return await tx.fetchrow(
        """INSERT INTO webhook (gemeente, aanbieder, webhook_id, url, geheim, aanleidingen, gewijzigd_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (eigenaar, webhook_id) DO UPDATE SET url = excluded.url, geheim = excluded.geheim,
               aanleidingen = excluded.aanleidingen, gewijzigd_at = excluded.gewijzigd_at
           RETURNING *""",
        gemeente,
        aanbieder,
        webhook_id,
        url,
        geheim,
        aanleidingen,
        gewijzigd_at,
    )


async def delete_webhook(tx: Tx, eigenaar: str, webhook_id: str) -> bool:
    """Tell nothing any more; False when it is not there. A call that still waits is not made."""
    weg = await tx.fetchval(
        "DELETE FROM webhook WHERE eigenaar = $1 AND webhook_id = $2 RETURNING 1", eigenaar, webhook_id
    )
    return weg is not None


async def add_nieuws(tx: Tx, eigenaar: str, aanleiding: str) -> None:
    """Something happened for this owner: its webhooks that ask for it tell so in their next call."""
    await tx.execute(
        """UPDATE webhook SET nieuws = array_append(nieuws, $2)
           WHERE eigenaar = $1 AND NOT $2 = ANY(nieuws) AND (aanleidingen = '{}' OR $2 = ANY(aanleidingen))""",
        eigenaar,
        aanleiding,
    )


async def make_oproepen(tx: Tx, nu: dt.datetime) -> None:
    """Turn what happened into one call per webhook that has none open; what happens next is in the next one."""
    await tx.execute(
        """WITH vol AS (
               SELECT eigenaar, webhook_id, nieuws FROM webhook w WHERE nieuws <> '{}' AND NOT EXISTS (
                   SELECT FROM notificatie n WHERE n.status = 'wacht' AND n.kanaal = 'webhook'
                   AND n.ontvanger = w.eigenaar AND n.webhook_id = w.webhook_id)
               FOR UPDATE SKIP LOCKED),
           geleegd AS (
               UPDATE webhook w SET nieuws = '{}' FROM vol v
               WHERE w.eigenaar = v.eigenaar AND w.webhook_id = v.webhook_id
               RETURNING w.gemeente, w.aanbieder, w.webhook_id, v.nieuws)
           INSERT INTO notificatie (gemeente, aanleiding, betreft, ontvanger_soort, ontvanger, kanaal, event_id,
                                    onderwerp, inhoud, webhook_id, gemaakt_at)
           SELECT gemeente, 'webhook', 'webhook/' || webhook_id || '/' || gen_random_uuid(),
                  CASE WHEN gemeente IS NULL THEN 'aanbieder' ELSE 'gemeente' END, coalesce(aanbieder, gemeente),
                  'webhook', '', 'Er is nieuws', array_to_string(nieuws, ' '), webhook_id, $1
           FROM geleegd""",
        nu,
    )


async def claim_oproepen(tx: Tx, *, door: str, lease_s: float, hoogstens: int) -> Sequence[Any]:
    """Calls to make now, with address and sealed secret; of a webhook that is gone both are None."""
    return await tx.fetch(
        """WITH aan_de_beurt AS (
               SELECT notificatie_id, ontvanger, webhook_id FROM notificatie
               WHERE status = 'wacht' AND kanaal = 'webhook' AND volgende_poging_at <= clock_timestamp()
               ORDER BY volgende_poging_at LIMIT $3 FOR UPDATE SKIP LOCKED)
           UPDATE notificatie n
           SET geclaimd_door = $1, volgende_poging_at = clock_timestamp() + make_interval(secs => $2)
           FROM aan_de_beurt b LEFT JOIN webhook w ON w.eigenaar = b.ontvanger AND w.webhook_id = b.webhook_id
           WHERE n.notificatie_id = b.notificatie_id
           RETURNING n.*, w.url, w.geheim""",
        door,
        lease_s,
        hoogstens,
    )
