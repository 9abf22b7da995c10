"""SQL van koppen en delen van declaraties."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from chassis.db import Tx
from services.declaratie.contracts import DeclaratieOntvangen


async def lock_aanbieder(tx: Tx, gemeente: str, aanbieder: str) -> None:
    """TR333, TR318: koppen van een aanbieder worden een voor een aangenomen."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('kop:' || $1::text || ':' || $2::text, 0))",
        gemeente,
        aanbieder,
    )


async def lock_bericht(tx: Tx, bericht_id: str) -> None:
    """De kop: geen deel van dit bericht wordt intussen aangenomen."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('bericht:' || $1::text, 0))", bericht_id)


async def try_share_berichten(tx: Tx, bericht_ids: Collection[str]) -> bool:
    """Een deel wacht niet op de kop: het houdt zijn client al vast en de kop wil die hebben."""
    verkregen: bool = await tx.fetchval(
        """SELECT bool_and(pg_try_advisory_xact_lock_shared(hashtextextended('bericht:' || b, 0)))
           FROM unnest($1::text[]) AS b""",
        list(bericht_ids),
    )
    return verkregen


async def load_status(tx: Tx, bericht_id: str) -> str | None:
    """None zolang de kop er niet is."""
    status: str | None = await tx.fetchval("SELECT status FROM declaratie WHERE bericht_id = $1", bericht_id)
    return status


async def nummer_bekend(tx: Tx, gemeente: str, aanbieder: str, declaratie_nummer: str) -> bool:
    """TR333: geweigerde declaraties tellen niet mee."""
    bekend: bool = await tx.fetchval(
        """SELECT EXISTS (SELECT 1 FROM declaratie WHERE gemeente = $1 AND aanbieder = $2
           AND declaratie_nummer = $3 AND status <> 'afgekeurd')""",
        gemeente,
        aanbieder,
        declaratie_nummer,
    )
    return bekend


async def load_vorige_periode(tx: Tx, gemeente: str, aanbieder: str, ontvangstnummer: int) -> date | None:
    """De laatste DeclaratiePeriode die voor dit bericht is ontvangen, in welke volgorde ook bezorgd."""
    periode: date | None = await tx.fetchval(
        """SELECT max(periode_begin) FROM declaratie WHERE gemeente = $1 AND aanbieder = $2
           AND ontvangstnummer < $3 AND status <> 'afgekeurd'""",
        gemeente,
        aanbieder,
        ontvangstnummer,
    )
    return periode


async def add_declaratie(tx: Tx, gemeente: str, aanbieder: str, kop: DeclaratieOntvangen, codes: list[str]) -> None:
    """Neemt de kop aan, of legt vast waarom zij is geweigerd."""
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
    """Van de koppen die er zijn: status en laatste dag van de DeclaratiePeriode."""
    rijen = await tx.fetch(
        "SELECT bericht_id, status, periode_eind FROM declaratie WHERE bericht_id = ANY($1::text[])",
        list(bericht_ids),
    )
    return {r["bericht_id"]: (r["status"], r["periode_eind"]) for r in rijen}


async def load_clienten(tx: Tx, bericht_id: str) -> list[str]:
    """De clienten van wie al een deel van dit bericht klaarligt."""
    rijen = await tx.fetch("SELECT DISTINCT client_id FROM declaratiedeel WHERE bericht_id = $1", bericht_id)
    return [r["client_id"] for r in rijen]


async def delete_delen(tx: Tx, bericht_id: str) -> None:
    """De delen van een geweigerde declaratie: het bericht telt als niet verzonden."""
    await tx.execute("DELETE FROM declaratiedeel WHERE bericht_id = $1", bericht_id)


async def count_delen(tx: Tx, bericht_id: str, aantal: int, toegekend_cent: int, nu: datetime) -> Any | None:
    """Telt beoordeelde delen bij; geeft de declaratie terug als zij hiermee compleet is, een keer."""
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
    """Hoe vaak elke code is gegeven, op clienten en regels samen."""
    rijen = await tx.fetch(
        """SELECT code, count(*) AS aantal FROM (
               SELECT unnest(client_codes) AS code FROM declaratiedeel WHERE bericht_id = $1
               UNION ALL SELECT unnest(retourcodes) FROM prestatie WHERE bericht_id = $1) c
           GROUP BY code ORDER BY code""",
        bericht_id,
    )
    return {r["code"]: r["aantal"] for r in rijen}


async def save_antwoord(tx: Tx, bericht_id: str, antwoord_bericht_id: str) -> None:
    """De 325 op deze declaratie."""
    await tx.execute(
        "UPDATE declaratie SET antwoord_bericht_id = $2 WHERE bericht_id = $1",
        bericht_id,
        antwoord_bericht_id,
    )
