"""SQL of headers and parts of declaraties."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from chassis.db import Tx
from services.declaratie.contracts import DeclaratieOntvangen


async def lock_aanbieder(tx: Tx, gemeente: str, aanbieder: str) -> None:
    """TR333, TR318: headers of an aanbieder are accepted one by one."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('kop:' || $1::text || ':' || $2::text, 0))",
        gemeente,
        aanbieder,
    )


async def lock_bericht(tx: Tx, bericht_id: str) -> None:
    """The header: no part of this message is accepted meanwhile."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('bericht:' || $1::text, 0))", bericht_id)


async def try_share_berichten(tx: Tx, bericht_ids: Collection[str]) -> bool:
    """A part does not wait for the header: it holds its client already, and the header wants that one."""
    verkregen: bool = await tx.fetchval(
        """SELECT bool_and(pg_try_advisory_xact_lock_shared(hashtextextended('bericht:' || b, 0)))
           FROM unnest($1::text[]) AS b""",
        list(bericht_ids),
    )
    return verkregen


async def load_status(tx: Tx, bericht_id: str) -> str | None:
    """None as long as the header is not there."""
    status: str | None = await tx.fetchval("SELECT status FROM declaratie WHERE bericht_id = $1", bericht_id)
    return status


async def nummer_bekend(tx: Tx, gemeente: str, aanbieder: str, declaratie_nummer: str) -> bool:
    """TR333: refused declaraties do not count."""
    bekend: bool = await tx.fetchval(
        """SELECT EXISTS (SELECT 1 FROM declaratie WHERE gemeente = $1 AND aanbieder = $2
           AND declaratie_nummer = $3 AND status <> 'afgekeurd')""",
        gemeente,
        aanbieder,
        declaratie_nummer,
    )
    return bekend


async def load_vorige_periode(tx: Tx, gemeente: str, aanbieder: str, ontvangstnummer: int) -> date | None:
    """The last DeclaratiePeriode that was received before this message, in whatever order delivered."""
    periode: date | None = await tx.fetchval(
        """SELECT max(periode_begin) FROM declaratie WHERE gemeente = $1 AND aanbieder = $2
           AND ontvangstnummer < $3 AND status <> 'afgekeurd'""",
        gemeente,
        aanbieder,
        ontvangstnummer,
    )
    return periode


async def add_declaratie(tx: Tx, gemeente: str, aanbieder: str, kop: DeclaratieOntvangen, codes: list[str]) -> None:
    """Accept the header, or record why it was refused."""
    await tx.execute(
        """INSERT INTO declaratie (bericht_id, gemeente, aanbieder, ontvangstnummer, identificatie,
               declaratie_nummer, periode_begin, periode_eind, declaratie_dagtekening, ontvangen_at,
               antwoord_uiterlijk, ingediend_cent, delen, declaratie_codes, status, clienten, referenties)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)""",
        kop.bericht_id,
        gemeente,
        aanbieder,
        kop.ontvangstnummer,
        kop.identificatie,
        kop.declaratie_nummer,
        kop.declaratie_periode.begindatum,
        kop.declaratie_periode.einddatum,
        kop.declaratie_dagtekening,
        kop.ontvangen_at,
        kop.antwoord_uiterlijk,
        kop.totaal_ingediend_cent,
        kop.delen,
        codes,
        "afgekeurd" if codes else "in_behandeling",
        kop.clienten,
        kop.referenties,
    )


async def load_koppen(tx: Tx, bericht_ids: Collection[str]) -> dict[str, tuple[str, date]]:
    """Of the headers that are there: status and last day of the DeclaratiePeriode."""
    rijen = await tx.fetch(
        "SELECT bericht_id, status, periode_eind FROM declaratie WHERE bericht_id = ANY($1::text[])",
        list(bericht_ids),
    )
    return {r["bericht_id"]: (r["status"], r["periode_eind"]) for r in rijen}


async def load_clienten(tx: Tx, bericht_id: str) -> list[str]:
    """The clients of whom a part of this message lies ready already."""
    rijen = await tx.fetch("SELECT DISTINCT client_id FROM declaratiedeel WHERE bericht_id = $1", bericht_id)
    return [r["client_id"] for r in rijen]


async def delete_delen(tx: Tx, bericht_id: str) -> None:
    """The parts of a refused declaratie: the message counts as never sent."""
    await tx.execute("DELETE FROM declaratiedeel WHERE bericht_id = $1", bericht_id)


async def count_delen(tx: Tx, bericht_id: str, aantal: int, toegekend_cent: int, nu: datetime) -> Any | None:
    """Add judged parts; gives the declaratie when it is complete by them, once."""
    return await tx.fetchrow(
        """UPDATE declaratie SET delen_beoordeeld = delen_beoordeeld + $2,
               toegekend_cent = toegekend_cent + $3,
               status = CASE WHEN delen_beoordeeld + $2 = delen THEN 'afgehandeld' ELSE status END,
               afgehandeld_at = CASE WHEN delen_beoordeeld + $2 = delen THEN $4::timestamptz END,
               clienten = CASE WHEN delen_beoordeeld + $2 < delen THEN clienten END,
               referenties = CASE WHEN delen_beoordeeld + $2 < delen THEN referenties END
           WHERE bericht_id = $1 AND status = 'in_behandeling'
           RETURNING CASE WHEN status = 'afgehandeld' THEN bericht_id END AS compleet, gemeente, aanbieder,
               declaratie_nummer, periode_begin, ingediend_cent, toegekend_cent, delen""",
        bericht_id,
        aantal,
        toegekend_cent,
        nu,
    )


async def load_afgekeurd(tx: Tx, bericht_id: str) -> dict[str, int]:
    """How often each code was given, on clients and lines together."""
    rijen = await tx.fetch(
        """SELECT code, count(*) AS aantal FROM (
               SELECT unnest(client_codes) AS code FROM declaratiedeel WHERE bericht_id = $1
               UNION ALL SELECT unnest(retourcodes) FROM prestatie WHERE bericht_id = $1) c
           GROUP BY code ORDER BY code""",
        bericht_id,
    )
    return {r["code"]: r["aantal"] for r in rijen}


async def save_antwoord(tx: Tx, bericht_id: str, antwoord_bericht_id: str) -> None:
    """The 325 on this declaratie."""
    await tx.execute(
        "UPDATE declaratie SET antwoord_bericht_id = $2 WHERE bericht_id = $1",
        bericht_id,
        antwoord_bericht_id,
    )
