"""SQL of the figures: meldingen per team, and why messages of providers were refused. Every read names its tenant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from chassis.db import Tx
from chassis.kafka import Event

from ..domain.grip import ONDERZOEK_DAGEN, ZONDER_TOEWIJZING, Meldingstap
from ..domain.taken import GEBRUIK, SIGNAAL

MIJLPALEN = ("ontvangen", "afgerond", "besloten", "afgesloten")
WAT = {
    "alle": "true",
    "open": "status <> 'afgesloten' AND besloten_op IS NULL",
    "zonder": f"uitkomst = '{ZONDER_TOEWIJZING}'",
    "laat": f"coalesce(afgerond_op, afgesloten_op, $7::date) - ontvangen_op > {ONDERZOEK_DAGEN}",
}
"""Which meldingen are behind a figure, as SQL of our own; $7 is today."""


async def volg_melding(tx: Tx, gemeente: str, client_id: str, stap: Meldingstap, dag: dt.date) -> None:
    """Add a step to the row of its melding, in whatever order steps come."""
    dagen = [dag if stap.mijlpaal == mijlpaal else None for mijlpaal in MIJLPALEN]
    await tx.execute(
        """INSERT INTO melding AS m (gemeente, melding_id, client_id, team, status, uitkomst, bespaard_cent,
                                     volgnummer, ontvangen_op, afgerond_op, besloten_op, afgesloten_op)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
           ON CONFLICT (gemeente, melding_id) DO UPDATE SET
               team = CASE WHEN excluded.volgnummer > m.volgnummer THEN excluded.team ELSE m.team END,
               status = CASE WHEN excluded.volgnummer > m.volgnummer THEN excluded.status ELSE m.status END,
               uitkomst = CASE WHEN excluded.volgnummer > m.volgnummer THEN excluded.uitkomst ELSE m.uitkomst END,
               bespaard_cent =
                   CASE WHEN excluded.volgnummer > m.volgnummer THEN excluded.bespaard_cent ELSE m.bespaard_cent END,
               volgnummer = greatest(m.volgnummer, excluded.volgnummer),
               ontvangen_op = least(m.ontvangen_op, excluded.ontvangen_op),
               afgerond_op = least(m.afgerond_op, excluded.afgerond_op),
               besloten_op = least(m.besloten_op, excluded.besloten_op),
               afgesloten_op = least(m.afgesloten_op, excluded.afgesloten_op)""",
        gemeente,
        stap.melding_id,
        client_id,
        stap.team,
        stap.status,
        stap.uitkomst,
        stap.bespaard_cent,
        stap.volgnummer,
        *dagen,
    )


async def add_afkeuringen(tx: Tx, rijen: Sequence[tuple[Event, str, str]]) -> None:
    """(event, kind of message, retourcode): once each."""
    await tx.executemany(
        """INSERT INTO afkeuring (event_id, code, gemeente, aanbieder, soort, gebeurd_at)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING""",
        [
            (event.event_id, code, event.gemeente, event.aanbieder, soort, event.gebeurd_at)
            for event, soort, code in rijen
        ],
    )


async def list_teams(tx: Tx, gemeente: str, jaar: int, vandaag: dt.date) -> list[dict[str, Any]]:
    """Per team of the meldingen that came in this year: how many, how long (median days), how many are late."""
    rijen = await tx.fetch(
        f"""SELECT team, count(*)::int AS meldingen,
                   count(*) FILTER (WHERE {WAT["open"]})::int AS open,
                   count(*) FILTER (WHERE {WAT["zonder"]})::int AS zonder,
                   count(*) FILTER (WHERE {WAT["laat"].replace("$7", "$4")})::int AS laat,
                   coalesce(sum(bespaard_cent) FILTER (WHERE {WAT["zonder"]}), 0)::bigint AS bespaard_cent,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY afgerond_op - ontvangen_op) AS onderzoek_dagen,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY besloten_op - ontvangen_op) AS besluit_dagen
            FROM melding WHERE gemeente = $1 AND ontvangen_op BETWEEN $2 AND $3
            GROUP BY team ORDER BY team""",
        gemeente,
        dt.date(jaar, 1, 1),
        dt.date(jaar, 12, 31),
        vandaag,
    )
    return [dict(rij) for rij in rijen]


async def list_meldingen(
    tx: Tx,
    gemeente: str,
    jaar: int,
    *,
    wat: str,
    team: str | None,
    na: tuple[dt.date, str] | None,
    limit: int,
    vandaag: dt.date,
) -> list[dict[str, Any]]:
    """The meldingen behind a figure (`wat` is a key of WAT), the oldest first, after this (day, id)."""
    dag, id_ = na or (dt.date.min, "")
    rijen = await tx.fetch(
        f"""SELECT melding_id, client_id, team, status, uitkomst, bespaard_cent, ontvangen_op, afgerond_op,
                   besloten_op, afgesloten_op, coalesce(afgerond_op, afgesloten_op, $7::date) - ontvangen_op AS dagen
            FROM melding
            WHERE gemeente = $1 AND ontvangen_op BETWEEN $2 AND $3 AND ($4::text IS NULL OR team = $4)
              AND (ontvangen_op, melding_id) > ($5, $6) AND {WAT[wat]}
            ORDER BY ontvangen_op, melding_id LIMIT $8""",
        gemeente,
        dt.date(jaar, 1, 1),
        dt.date(jaar, 12, 31),
        team,
        dag,
        id_,
        vandaag,
        limit,
    )
    return [dict(rij) for rij in rijen]


async def list_gebruik(tx: Tx, gemeente: str, *, limit: int) -> list[dict[str, Any]]:
    """Open signals about toewijzingen that are long used much less or more than promised, the oldest first."""
    rijen = await tx.fetch(
        f"""SELECT taak_id, zin, nummers, client_id, aanbieder, ontstaan_at FROM taak
            WHERE gemeente = $1 AND soort = '{SIGNAAL}' AND onderwerp LIKE '{GEBRUIK}%' AND gesloten_at IS NULL
            ORDER BY ontstaan_at, taak_id LIMIT $2""",
        gemeente,
        limit,
    )
    return [dict(rij) for rij in rijen]


async def count_gebruik(tx: Tx, gemeente: str) -> int:
    """How many of those signals there are."""
    return int(
        await tx.fetchval(
            f"""SELECT count(*) FROM taak
                WHERE gemeente = $1 AND soort = '{SIGNAAL}' AND onderwerp LIKE '{GEBRUIK}%' AND gesloten_at IS NULL""",
            gemeente,
        )
    )


async def list_redenen(tx: Tx, aanbieders: Sequence[str], sinds: dt.datetime, limit: int) -> list[dict[str, Any]]:
    """Why messages of these providers were refused, the most frequent first."""
    rijen = await tx.fetch(
        """SELECT code, soort, count(*)::int AS aantal, max(gebeurd_at) AS laatst FROM afkeuring
           WHERE aanbieder = ANY ($1::text[]) AND gebeurd_at >= $2
           GROUP BY code, soort ORDER BY aantal DESC, code, soort LIMIT $3""",
        list(aanbieders),
        sinds,
        limit,
    )
    return [dict(rij) for rij in rijen]
