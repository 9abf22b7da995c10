"""SQL of routes, StUF envelopes and deliveries."""

from datetime import datetime
from typing import Any

from chassis.db import Tx


async def lock_referentienummer(tx: Tx, referentienummer: str) -> None:
    """One at a time per envelope, so that one sent twice at once is received once."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended('stuf:' || $1::text, 0))", referentienummer)


async def envelop(tx: Tx, referentienummer: str) -> dict[str, Any] | None:
    """The envelope with this referentienummer, in either direction."""
    rij = await tx.fetchrow(
        "select richting, gemeente, aanbieder, sha256, bericht_id::text, antwoord from envelop"
        " where referentienummer = $1",
        referentienummer,
    )
    return dict(rij) if rij else None


async def add_envelop(
    tx: Tx,
    referentienummer: str,
    richting: str,
    gemeente: str,
    aanbieder: str,
    bericht_id: str | None,
    at: datetime,
    sha256: bytes | None = None,
    antwoord: bytes | None = None,
) -> None:
    """Record an envelope; what came in with the receipt that it was given."""
    await tx.execute(
        "insert into envelop (referentienummer, richting, gemeente, aanbieder, bericht_id, gemaakt_at, sha256,"
        " antwoord)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        referentienummer,
        richting,
        gemeente,
        aanbieder,
        bericht_id,
        at,
        sha256,
        antwoord,
    )


async def envelop_van(tx: Tx, bericht_id: str, richting: str) -> str | None:
    """The referentienummer under which a message travelled."""
    nummer: str | None = await tx.fetchval(
        "select referentienummer from envelop where bericht_id = $1 and richting = $2", bericht_id, richting
    )
    return nummer


async def route(tx: Tx, gemeente: str, aanbieder: str) -> dict[str, Any] | None:
    """The route of a municipality to a provider, when there is one."""
    rij = await tx.fetchrow(
        "select soort, url, certificaat from route where gemeente = $1 and aanbieder = $2", gemeente, aanbieder
    )
    return dict(rij) if rij else None


async def set_route(
    tx: Tx, gemeente: str, aanbieder: str, soort: str, url: str | None, certificaat: str | None, at: datetime
) -> None:
    """Record the route to a provider; what is on its way already keeps trying over the new one."""
    await tx.execute(
        "insert into route (gemeente, aanbieder, soort, url, certificaat, gewijzigd_at)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (gemeente, aanbieder) do update"
        " set soort = excluded.soort, url = excluded.url, certificaat = excluded.certificaat,"
        " gewijzigd_at = excluded.gewijzigd_at",
        gemeente,
        aanbieder,
        soort,
        url,
        certificaat,
        at,
    )


async def add_bezorging(tx: Tx, bericht_id: str, referentienummer: str, gemeente: str, aanbieder: str) -> None:
    """A message to deliver; due at once."""
    await tx.execute(
        "insert into bezorging (bericht_id, referentienummer, gemeente, aanbieder, volgende_at)"
        " values ($1, $2, $3, $4, clock_timestamp())",
        bericht_id,
        referentienummer,
        gemeente,
        aanbieder,
    )


async def claim_bezorgingen(tx: Tx, lease_s: float, hoogstens: int) -> list[dict[str, Any]]:
    """Deliveries that are due, each for one process: it comes back by itself when that one dies."""
    rijen = await tx.fetch(
        "update bezorging b set pogingen = pogingen + 1, volgende_at = clock_timestamp() + make_interval(secs => $1)"
        " from bericht m, route r"
        " where b.bericht_id in (select bericht_id from bezorging where bezorgd_at is null and gestrand_at is null"
        " and volgende_at <= clock_timestamp() order by volgende_at limit $2 for update skip locked)"
        " and m.bericht_id = b.bericht_id and r.gemeente = b.gemeente and r.aanbieder = b.aanbieder"
        " and r.soort = 'stuf'"
        " returning b.bericht_id::text, b.referentienummer, b.gemeente, b.aanbieder, b.pogingen, m.soort, m.client_id,"
        " m.op_bericht::text, m.gemaakt_at, r.url, r.certificaat",
        lease_s,
        hoogstens,
    )
    return [dict(rij) for rij in rijen]


async def set_bezorgd(tx: Tx, bericht_id: str, at: datetime) -> None:
    """A Bv03 came: that is the receipt, so the message is no longer new in the mailbox."""
    await tx.execute("update bezorging set bezorgd_at = coalesce(bezorgd_at, $2) where bericht_id = $1", bericht_id, at)
    await tx.execute(
        "update bericht set opgehaald_at = coalesce(opgehaald_at, $2), bevestigd_at = coalesce(bevestigd_at, $2)"
        " where bericht_id = $1",
        bericht_id,
        at,
    )


async def set_gestrand(tx: Tx, referentienummer: str, at: datetime, foutcode: str) -> bool:
    """A Fo03 or Fo01 came: it stays in the mailbox and is not sent again; false when it is unknown."""
    return bool(
        await tx.fetchval(
            "update bezorging set gestrand_at = coalesce(gestrand_at, $2), foutcode = $3 where referentienummer = $1"
            " returning true",
            referentienummer,
            at,
            foutcode,
        )
    )


async def stel_uit(tx: Tx, bericht_id: str, wacht_s: float) -> None:
    """Try again after so many seconds."""
    await tx.execute(
        "update bezorging set volgende_at = clock_timestamp() + make_interval(secs => $2) where bericht_id = $1",
        bericht_id,
        wacht_s,
    )


async def bezorging(tx: Tx, bericht_id: str) -> dict[str, Any] | None:
    """How the delivery of a message goes."""
    rij = await tx.fetchrow(
        "select pogingen, bezorgd_at, gestrand_at, foutcode from bezorging where bericht_id = $1", bericht_id
    )
    return dict(rij) if rij else None


async def gestrande_bezorgingen(tx: Tx, gemeente: str, hoogstens: int) -> list[dict[str, Any]]:
    """Deliveries that the other side refused, of messages that nobody fetched since; oldest first."""
    rijen = await tx.fetch(
        "select b.bericht_id::text, b.aanbieder, b.pogingen, b.gestrand_at, b.foutcode, m.soort, m.identificatie"
        " from bezorging b join bericht m using (bericht_id)"
        " where b.gemeente = $1 and b.gestrand_at is not null and b.bezorgd_at is null and m.bevestigd_at is null"
        " order by b.gestrand_at, b.bericht_id limit $2",
        gemeente,
        hoogstens,
    )
    return [dict(rij) for rij in rijen]
