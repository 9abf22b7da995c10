"""SQL of the queue and the record of every notification."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chassis.db import Tx


@dataclass(frozen=True, slots=True)
class Nieuw:
    """A notification to be. `betreft` is the business key (domain.ontvanger.sleutel)."""

    gemeente: str
    aanleiding: str
    betreft: str
    ontvanger_soort: str
    ontvanger: str
    kanaal: str
    event_id: str
    aanbieder: str | None
    client_id: str | None
    keten: str | None
    onderwerp: str
    inhoud: str
    gemaakt_at: dt.datetime
    traceparent: str | None
    niet_voor_at: dt.datetime | None = None
    verzamelen: bool = False
    adres: list[str] | None = None


_KOLOMMEN = tuple(Nieuw.__slots__)
_INSERT = f"""
INSERT INTO notificatie ({", ".join(_KOLOMMEN)}, status, verzonden_at)
SELECT {", ".join(f"${n}" for n in range(1, len(_KOLOMMEN) + 3))}
ON CONFLICT (gemeente, aanleiding, betreft) DO NOTHING RETURNING notificatie_id"""


async def insert_notificatie(tx: Tx, nieuw: Nieuw) -> bool:
    """Queue a notification; False when its cause is known for this receiver: the business key, kept for good (G2).

    What is only for the list is there at once: nothing has to be sent.
    """
    klaar = nieuw.kanaal == "in_app"
    waarden = [getattr(nieuw, kolom) for kolom in _KOLOMMEN]
    rij = await tx.fetchval(_INSERT, *waarden, "verzonden" if klaar else "wacht", nieuw.gemaakt_at if klaar else None)
    return rij is not None


async def claim_emails(tx: Tx, *, door: str, nu: dt.datetime, lease_s: float, hoogstens: int) -> Sequence[Any]:
    """E-mails to send now, oldest first, for this process alone until the lease ends; with `email`.

    Back-off and the lease run on the real clock, so Postgres judges them; quiet hours on the clock of the service.
    A team without an address of its own is reached at that of its municipality.
    """
    return await tx.fetch(
        """WITH aan_de_beurt AS (
               SELECT notificatie_id FROM notificatie
               WHERE status = 'wacht' AND kanaal = 'email' AND NOT verzamelen
                 AND volgende_poging_at <= clock_timestamp() AND (niet_voor_at IS NULL OR niet_voor_at <= $2)
               ORDER BY volgende_poging_at LIMIT $4 FOR UPDATE SKIP LOCKED)
           UPDATE notificatie n
           SET geclaimd_door = $1, volgende_poging_at = clock_timestamp() + make_interval(secs => $3)
           FROM aan_de_beurt b WHERE n.notificatie_id = b.notificatie_id
           RETURNING n.*, coalesce(
               (SELECT o.email FROM ontvanger o
                WHERE o.soort = n.ontvanger_soort AND o.wie = coalesce(n.ontvanger, n.gemeente)
                  AND o.eigenaar = CASE n.ontvanger_soort WHEN 'aanbieder' THEN n.ontvanger ELSE n.gemeente END),
               (SELECT o.email FROM ontvanger o WHERE o.soort = 'gemeente' AND o.eigenaar = n.gemeente)) AS email""",
        door,
        nu,
        lease_s,
        hoogstens,
    )


async def release_claims(tx: Tx, door: str) -> None:
    """What a process of this name was sending when it died is free again, without waiting for its lease."""
    await tx.execute(
        """UPDATE notificatie SET volgende_poging_at = clock_timestamp(), geclaimd_door = NULL
           WHERE status = 'wacht' AND geclaimd_door = $1""",
        door,
    )


async def release(tx: Tx, notificatie_ids: Sequence[Any]) -> None:
    """These were claimed and not tried."""
    await tx.execute(
        """UPDATE notificatie SET volgende_poging_at = clock_timestamp(), geclaimd_door = NULL
           WHERE notificatie_id = ANY($1::uuid[]) AND status = 'wacht'""",
        notificatie_ids,
    )


async def wait_for_no_disk(tx: Tx) -> None:
    """A mark that a crash of Postgres loses costs a repeat under the same reference; waiting costs every e-mail."""
    await tx.execute("SET LOCAL synchronous_commit = off")


async def mark_verzonden(tx: Tx, notificatie_id: Any, verzonden_at: dt.datetime) -> None:
    """It was accepted, and what went along in it too."""
    await tx.execute(
        """UPDATE notificatie SET status = 'verzonden', pogingen = pogingen + 1, verzonden_at = $2, laatste_fout = NULL,
                  geclaimd_door = NULL
           WHERE notificatie_id = $1""",
        notificatie_id,
        verzonden_at,
    )
    await tx.execute("UPDATE notificatie SET verzonden_at = $2 WHERE bundel_id = $1", notificatie_id, verzonden_at)


async def mark_mislukt(
    tx: Tx,
    notificatie_id: Any,
    *,
    fout: str,
    wachttijd: dt.timedelta,
    opgegeven: bool,
    weigeringen: int | None = None,
) -> None:
    """An attempt failed: try again after `wachttijd`, or leave it to a person (`mislukt`, the dead letter).

    `weigeringen`: how often it was refused now; None leaves that as it was.
    """
    await tx.execute(
        """UPDATE notificatie SET status = CASE WHEN $4 THEN 'mislukt' ELSE 'wacht' END, laatste_fout = $2,
                  pogingen = pogingen + 1, weigeringen = coalesce($5, weigeringen), geclaimd_door = NULL,
                  volgende_poging_at = clock_timestamp() + $3::interval
           WHERE notificatie_id = $1""",
        notificatie_id,
        fout,
        wachttijd,
        opgegeven,
        weigeringen,
    )


_WACHT_OM_FOUT = """status = 'wacht' AND laatste_fout = $1 AND geclaimd_door IS NULL
             AND volgende_poging_at > clock_timestamp()"""


async def has_waiting(tx: Tx, fout: str) -> bool:
    """Whether anything waits because of this fault."""
    return bool(await tx.fetchval(f"SELECT EXISTS (SELECT FROM notificatie WHERE {_WACHT_OM_FOUT})", fout))


async def make_due(tx: Tx, fout: str) -> None:
    """What waits because of this fault need wait no longer."""
    await tx.execute(f"UPDATE notificatie SET volgende_poging_at = clock_timestamp() WHERE {_WACHT_OM_FOUT}", fout)


async def lock_te_verzamelen(tx: Tx, nu: dt.datetime) -> Sequence[Any]:
    """What is due for a digest, by receiver, oldest first."""
    return await tx.fetch(
        """SELECT * FROM notificatie WHERE status = 'wacht' AND verzamelen AND niet_voor_at <= $1
           ORDER BY gemeente, ontvanger_soort, ontvanger, volgnr LIMIT 1000 FOR UPDATE SKIP LOCKED""",
        nu,
    )


async def bundle(tx: Tx, notificatie_ids: Sequence[Any], gemeente: str, betreft: str) -> None:
    """These go along in the digest with this business key."""
    await tx.execute(
        """UPDATE notificatie SET status = 'verzameld', bundel_id = (
               SELECT notificatie_id FROM notificatie WHERE gemeente = $2 AND aanleiding = 'verzameld' AND betreft = $3)
           WHERE notificatie_id = ANY($1::uuid[])""",
        notificatie_ids,
        gemeente,
        betreft,
    )


async def reset_poging(tx: Tx, notificatie_id: str) -> Any | None:
    """Queue a notification of the tenant again, by itself and at once; None when it is not there (G15).

    What is only in the list is simply still there.
    """
    return await tx.fetchrow(
        """UPDATE notificatie SET status = CASE kanaal WHEN 'in_app' THEN status ELSE 'wacht' END,
                  pogingen = 0, weigeringen = 0,
                  volgende_poging_at = clock_timestamp(), niet_voor_at = NULL, verzamelen = false, bundel_id = NULL
           WHERE notificatie_id = $1::text::uuid RETURNING *""",
        notificatie_id,
    )


@dataclass(frozen=True, slots=True)
class Keuze:
    """Which notifications; what is None does not choose."""

    status: str | None = None
    kanaal: str | None = None
    ontvanger_soort: str | None = None
    client_id: str | None = None


async def list_notificaties(
    tx: Tx, *, gemeente: str | None, aanbieder: str | None, keuze: Keuze, na: int | None, limit: int
) -> Sequence[Any]:
    """All that a municipality told, or what a provider was told, newest first."""
    wiens = "gemeente = $1" if gemeente is not None else "ontvanger_soort = 'aanbieder' AND ontvanger = $1"
    return await tx.fetch(
        f"""SELECT * FROM notificatie WHERE {wiens} AND ($2::bigint IS NULL OR volgnr < $2)
             AND ($4::text IS NULL OR status = $4) AND ($5::text IS NULL OR kanaal = $5)
             AND ($6::text IS NULL OR ontvanger_soort = $6) AND ($7::text IS NULL OR client_id = $7)
           ORDER BY volgnr DESC LIMIT $3""",
        gemeente if gemeente is not None else aanbieder,
        na,
        limit,
        keuze.status,
        keuze.kanaal,
        keuze.ontvanger_soort,
        keuze.client_id,
    )


async def batch_brieven(tx: Tx, batch_id: str, nu: dt.datetime, hoogstens: int) -> int:
    """Give the letters of the tenant that wait to the post, as one batch; gives how many."""
    rijen = await tx.fetch(
        """UPDATE notificatie SET status = 'verzonden', batches = array_append(batches, $1::text::uuid),
                  verzonden_at = $2,
                  pogingen = pogingen + 1
           WHERE notificatie_id IN (SELECT notificatie_id FROM notificatie WHERE status = 'wacht' AND kanaal = 'brief'
                                    ORDER BY volgnr LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING 1""",
        batch_id,
        nu,
        hoogstens,
    )
    return len(rijen)


async def load_batch(tx: Tx, batch_id: str) -> Sequence[Any]:
    """The letters of a batch of the tenant, always in the same order."""
    return await tx.fetch(
        "SELECT * FROM notificatie WHERE batches @> ARRAY[$1::text::uuid] AND batches <> '{}' ORDER BY volgnr", batch_id
    )
