"""SQL van de lijsten: alleen lezen, altijd binnen een gemeente."""

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
    """De nieuwste eerst, vanaf de cursor (een ontvangstnummer)."""
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
    """None als zij niet van deze gemeente is."""
    return await tx.fetchrow(
        f"SELECT {_VELDEN} FROM declaratie WHERE gemeente = $1 AND bericht_id = $2", gemeente, bericht_id
    )


async def load_regels(tx: Tx, bericht_id: str) -> list[Any]:
    """Alle regels van een declaratie met hun oordeel."""
    rijen: list[Any] = await tx.fetch(
        """SELECT p.deel, p.regel, p.client_id, p.toewijzing_nummer, p.referentie_nummer,
               p.vorig_referentie_nummer, p.categorie, p.code, p.begindatum, p.einddatum, p.volume, p.eenheid,
               p.tarief_cent, p.ingediend_cent, p.debet_credit, p.retourcodes, d.client_codes
           FROM prestatie p JOIN declaratiedeel d USING (bericht_id, deel)
           WHERE p.bericht_id = $1 ORDER BY p.deel, p.regel""",
        bericht_id,
    )
    return rijen


async def load_grootboek(tx: Tx, gemeente: str, nummer: int) -> list[Any]:
    """Per maand: ingediend (debet), toegekend en gecrediteerd, in de maat van het grootboek."""
    rijen: list[Any] = await tx.fetch(
        """WITH geclaimd AS (
               SELECT date_trunc('month', begindatum)::date AS maand,
                      sum(CASE WHEN eenheid = '04' THEN volume * 60 ELSE volume END)::bigint AS volume,
                      sum(ingediend_cent)::bigint AS cent
               FROM prestatie WHERE gemeente = $1 AND toewijzing_nummer = $2 AND debet_credit = 'D'
               GROUP BY 1),
           geboekt AS (
               SELECT maand,
                      coalesce(sum(volume) FILTER (WHERE soort = 'toegekend'), 0)::bigint AS toegekend,
                      coalesce(sum(bedrag_cent) FILTER (WHERE soort = 'toegekend'), 0)::bigint
                          AS toegekend_cent,
                      coalesce(-sum(volume) FILTER (WHERE soort = 'gecrediteerd'), 0)::bigint AS gecrediteerd,
                      coalesce(-sum(bedrag_cent) FILTER (WHERE soort = 'gecrediteerd'), 0)::bigint
                          AS gecrediteerd_cent
               FROM grootboek WHERE gemeente = $1 AND toewijzing_nummer = $2 GROUP BY 1)
           SELECT maand, coalesce(g.volume, 0) AS ingediend, coalesce(g.cent, 0) AS ingediend_cent,
                  coalesce(toegekend, 0) AS toegekend, coalesce(toegekend_cent, 0) AS toegekend_cent,
                  coalesce(gecrediteerd, 0) AS gecrediteerd,
                  coalesce(gecrediteerd_cent, 0) AS gecrediteerd_cent
           FROM geclaimd g FULL JOIN geboekt USING (maand) ORDER BY maand""",
        gemeente,
        nummer,
    )
    return rijen
