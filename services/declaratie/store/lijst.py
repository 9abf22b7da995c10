"""SQL of the lists: read only, always within one gemeente."""

from __future__ import annotations

from datetime import date
from typing import Any

from chassis.db import Tx

_VELDEN = """bericht_id AS declaratie_id, aanbieder, identificatie, declaratie_nummer,
    periode_begin, periode_eind, declaratie_dagtekening, ontvangen_at, antwoord_uiterlijk, ingediend_cent,
    toegekend_cent, delen,
    delen_beoordeeld, declaratie_codes, status, antwoord_bericht_id, ontvangstnummer"""


async def load_declaraties(
    tx: Tx,
    gemeente: str,
    periode: date | None,
    aanbieder: str | None,
    status: str | None,
    na: int | None,
    limit: int,
) -> list[Any]:
    """The newest first, from the cursor (a receipt number)."""
    rijen: list[Any] = await tx.fetch(
        f"""SELECT {_VELDEN} FROM declaratie
            WHERE gemeente = $1 AND ($2::date IS NULL OR periode_begin = $2)
              AND ($3::text IS NULL OR aanbieder = $3) AND ($4::text IS NULL OR status = $4)
              AND ($5::bigint IS NULL OR ontvangstnummer < $5)
            ORDER BY ontvangstnummer DESC LIMIT $6""",
        gemeente,
        periode,
        aanbieder,
        status,
        na,
        limit,
    )
    return rijen


async def load_declaratie(tx: Tx, gemeente: str, bericht_id: str) -> Any | None:
    """None when it is not of this gemeente."""
    return await tx.fetchrow(
        f"SELECT {_VELDEN} FROM declaratie WHERE gemeente = $1 AND bericht_id = $2", gemeente, bericht_id
    )


_REGELS = """SELECT p.deel, p.regel, p.client_id, p.toewijzing_nummer, p.referentie_nummer,
       p.vorig_referentie_nummer, p.categorie, p.code, p.begindatum, p.einddatum, p.volume, p.eenheid,
       p.tarief_cent, p.ingediend_cent, p.debet_credit, p.retourcodes, d.client_codes
   FROM prestatie p JOIN declaratiedeel d USING (bericht_id, deel)
   WHERE p.bericht_id = $1"""


async def load_regels(tx: Tx, bericht_id: str) -> list[Any]:
    """All lines of a declaratie with their judgement."""
    rijen: list[Any] = await tx.fetch(f"{_REGELS} ORDER BY p.deel, p.regel", bericht_id)
    return rijen


async def load_regels_na(tx: Tx, bericht_id: str, *, afgekeurd: bool, na: tuple[int, int], limit: int) -> list[Any]:
    """The lines after this (deel, regel), all or only the refused ones."""
    alleen = "AND p.retourcodes <> '{}'" if afgekeurd else ""
    rijen: list[Any] = await tx.fetch(
        f"{_REGELS} {alleen} AND (p.deel, p.regel) > ($2, $3) ORDER BY p.deel, p.regel LIMIT $4",
        bericht_id,
        *na,
        limit,
    )
    return rijen


async def load_redenen(tx: Tx, bericht_ids: list[str]) -> dict[str, dict[str, tuple[int, int]]]:
    """Per declaratie and retourcode: how many lines it refused, and their cents (a line may have more codes)."""
    rijen = await tx.fetch(
        """SELECT bericht_id, reden, count(*)::int AS regels, sum(ingediend_cent)::bigint AS cent
           FROM prestatie, unnest(retourcodes) AS reden
           WHERE bericht_id = ANY ($1::text[]) AND retourcodes <> '{}'
           GROUP BY bericht_id, reden ORDER BY bericht_id, regels DESC, reden""",
        bericht_ids,
    )
    redenen: dict[str, dict[str, tuple[int, int]]] = {}
    for rij in rijen:
        redenen.setdefault(rij["bericht_id"], {})[rij["reden"]] = (rij["regels"], rij["cent"])
    return redenen


async def load_maanden(tx: Tx, gemeente: str, aanbieder: str, hoogstens: int) -> list[Any]:
    """What this aanbieder claimed and got per DeclaratiePeriode, the newest first; refused declaraties count apart."""
    rijen: list[Any] = await tx.fetch(
        """SELECT periode_begin, count(*)::int AS declaraties,
               coalesce(sum(ingediend_cent) FILTER (WHERE status <> 'afgekeurd'), 0)::bigint AS ingediend_cent,
               coalesce(sum(toegekend_cent), 0)::bigint AS toegekend_cent,
               count(*) FILTER (WHERE status = 'afgekeurd')::int AS afgekeurd
           FROM declaratie WHERE gemeente = $1 AND aanbieder = $2
           GROUP BY periode_begin ORDER BY periode_begin DESC LIMIT $3""",
        gemeente,
        aanbieder,
        hoogstens,
    )
    return rijen


GROOTBOEK = """
WITH geclaimd AS (
    SELECT date_trunc('month', begindatum)::date AS maand, categorie, code,
           sum(CASE WHEN eenheid = '04' THEN volume * 60 ELSE volume END)::bigint AS volume,
           sum(ingediend_cent)::bigint AS cent
    FROM prestatie WHERE gemeente = $1 AND toewijzing_nummer = $2 AND debet_credit = 'D'
    GROUP BY 1, 2, 3),
geboekt AS (
    SELECT g.maand, p.categorie, p.code,
           sum(g.volume) FILTER (WHERE g.soort = 'toegekend') AS toegekend,
           sum(g.bedrag_cent) FILTER (WHERE g.soort = 'toegekend') AS toegekend_cent,
           -sum(g.volume) FILTER (WHERE g.soort = 'gecrediteerd') AS gecrediteerd,
           -sum(g.bedrag_cent) FILTER (WHERE g.soort = 'gecrediteerd') AS gecrediteerd_cent
    FROM grootboek g JOIN prestatie p USING (bericht_id, deel, regel)
    WHERE g.gemeente = $1 AND g.toewijzing_nummer = $2 GROUP BY 1, 2, 3)
SELECT maand, categorie, code, coalesce(g.volume, 0) AS ingediend, coalesce(g.cent, 0) AS ingediend_cent,
       coalesce(toegekend, 0)::bigint AS toegekend, coalesce(toegekend_cent, 0)::bigint AS toegekend_cent,
       coalesce(gecrediteerd, 0)::bigint AS gecrediteerd, coalesce(gecrediteerd_cent, 0)::bigint AS gecrediteerd_cent
FROM geclaimd g FULL JOIN geboekt USING (maand, categorie, code) ORDER BY maand, categorie, code"""


async def load_grootboek(tx: Tx, gemeente: str, nummer: int) -> list[Any]:
    """Per month and product: claimed (debet), awarded and credited, in the measure of the ledger."""
    rijen: list[Any] = await tx.fetch(GROOTBOEK, gemeente, nummer)
    return rijen


BOEKREGELS = """
SELECT p.bericht_id, p.deel, p.regel, d.declaratie_nummer, d.ontvangen_at, p.referentie_nummer,
       p.vorig_referentie_nummer, p.categorie, p.code, p.begindatum, p.einddatum, p.volume, p.eenheid,
       p.ingediend_cent, p.debet_credit, p.retourcodes, c.client_codes, eerste.bericht_id AS eerste_bericht_id
FROM prestatie p
JOIN declaratie d USING (bericht_id)
JOIN declaratiedeel c USING (bericht_id, deel)
LEFT JOIN LATERAL (
    SELECT e.bericht_id FROM prestatie e JOIN declaratie ed USING (bericht_id)
    WHERE '8021' = ANY (p.retourcodes) AND e.gemeente = p.gemeente AND e.aanbieder = p.aanbieder
      AND e.referentie_nummer = p.referentie_nummer
      AND (e.bericht_id, e.deel, e.regel) <> (p.bericht_id, p.deel, p.regel)
    ORDER BY ed.ontvangstnummer LIMIT 1) eerste ON true
WHERE p.gemeente = $1 AND p.toewijzing_nummer = $2
ORDER BY d.ontvangstnummer, p.deel, p.debet_credit, p.regel"""
"""OP366: in a part the credits ('C') before the debets ('D')."""


async def load_boekregels(tx: Tx, gemeente: str, nummer: int) -> list[Any]:
    """All lines on a toewijzing, in the order in which they were judged."""
    rijen: list[Any] = await tx.fetch(BOEKREGELS, gemeente, nummer)
    return rijen
