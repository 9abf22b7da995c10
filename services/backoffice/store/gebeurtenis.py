"""SQL of the read model. Every read takes the caller's gemeente: nothing of another municipality (G15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.db import Pool, Tx
from chassis.kafka import Event

from ..domain.regel import Regel


@dataclass(frozen=True)
class Filter:
    """What a person wants to see of the event flow; None is everything."""

    type: str | None = None
    soort: str | None = None
    aanbieder: str | None = None
    bericht_id: str | None = None
    status: str | None = None

    def past(self, rij: Mapping[str, Any]) -> bool:
        """Whether a person who filters so wants to see this row."""
        return all(waarde is None or rij[veld] == waarde for veld, waarde in vars(self).items())


_VAN_EVENT = ("event_id", "type", "gemeente", "aanbieder", "client_id", "keten", "gebeurd_at")
_VAN_REGEL = ("soort", "status", "bericht_id", "telt", "samenvatting")

TELLING_VENSTER = dt.timedelta(days=7)
"""The strip of counts is about the past week: what is going on, and as fast after ten years as on the first day."""


def _waar(gemeente: str, keuze: Filter) -> tuple[str, list[str]]:
    """The condition with nothing in it but what is asked, so that each filter finds its own index; and its values."""
    gevraagd = {veld: waarde for veld, waarde in vars(keuze).items() if waarde is not None}
    eisen = ["gemeente = $1", *(f"{veld} = ${n}" for n, veld in enumerate(gevraagd, 2))]
    return " AND ".join(eisen), [gemeente, *gevraagd.values()]


def _interval(duur: dt.timedelta) -> str:
    return f"interval '{int(duur.total_seconds())} seconds'"


async def insert_gebeurtenissen(tx: Tx, regels: Sequence[tuple[Event, Regel]]) -> set[str]:
    """Write rows in their order, in one statement; gives the event_ids that were not there yet."""
    details = [
        {
            "codes": regel.codes,
            "aan_zet": regel.aan_zet,
            "uiterlijk": regel.uiterlijk,
            "onderwerp": regel.onderwerp,
            "velden": regel.velden,
        }
        for _, regel in regels
    ]
    nieuw = await tx.fetch(
        """INSERT INTO gebeurtenis (event_id, type, gemeente, aanbieder, client_id, keten, gebeurd_at,
                                    soort, status, bericht_id, telt, samenvatting, details)
           SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                                $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::bool[], $12::text[],
                                $13::jsonb[])
           ON CONFLICT (event_id) DO NOTHING RETURNING event_id""",
        *([getattr(event, veld) for event, _ in regels] for veld in _VAN_EVENT),
        *([getattr(regel, veld) for _, regel in regels] for veld in _VAN_REGEL),
        details,
    )
    return {rij["event_id"] for rij in nieuw}


async def list_gebeurtenissen(tx: Tx, gemeente: str, keuze: Filter, *, voor: int | None, limit: int) -> Sequence[Any]:
    """Newest first; `voor` is the cursor: only rows before it."""
    waar, waarden = _waar(gemeente, keuze)
    n = len(waarden)
    if n > 1:
        # A plan for any value reads all rows to find a rare one: this one is made for the value that is asked.
        await tx.execute("SET LOCAL plan_cache_mode = force_custom_plan")
    return await tx.fetch(
        f"SELECT * FROM gebeurtenis WHERE {waar} AND volgnr < ${n + 1} ORDER BY volgnr DESC LIMIT ${n + 2}",
        *waarden,
        2**62 if voor is None else voor,
        limit,
    )


async def list_nieuwe(
    tx: Tx, gemeente: str, keuze: Filter, *, na: int, venster: dt.timedelta, limit: int
) -> Sequence[Any]:
    """Rows that became visible lately, oldest first.

    Numbers commit out of order, so "after my last number" would lose rows: a window of time is read again and
    again, and the caller leaves out what it has shown. The window stands in the statement: of a parameter, or of a
    clock that runs on, the planner expects a third of all rows.
    """
    waar, waarden = _waar(gemeente, keuze)
    n = len(waarden)
    return await tx.fetch(
        f"""SELECT * FROM (
                SELECT * FROM gebeurtenis
                WHERE {waar} AND volgnr > ${n + 1} AND ontvangen_at > now() - {_interval(venster)}
                ORDER BY volgnr DESC LIMIT ${n + 2}) AS laatste
            ORDER BY volgnr""",
        *waarden,
        na,
        limit,
    )


async def load_stand(pool: Pool) -> int:
    """The last number that was handed out, of whatever gemeente: another than before says that there may be a row."""
    return int(await pool.fetchval("SELECT last_value FROM gebeurtenis_volgnr_seq"))


async def count_berichten(tx: Tx, gemeente: str) -> dict[str, tuple[int, int]]:
    """Per message kind of the past week: how many messages, and how many of them were (partly) refused."""
    rijen = await tx.fetch(
        f"""SELECT soort, count(DISTINCT bericht_id) FILTER (WHERE telt) AS aantal,
                  count(DISTINCT bericht_id) FILTER (WHERE status = 'afgekeurd') AS afgekeurd
           FROM gebeurtenis
           WHERE gemeente = $1 AND ontvangen_at > now() - {_interval(TELLING_VENSTER)} AND soort IS NOT NULL
                 AND bericht_id IS NOT NULL AND (telt OR status = 'afgekeurd')
           GROUP BY soort""",
        gemeente,
    )
    return {rij["soort"]: (rij["aantal"], rij["afgekeurd"]) for rij in rijen}


async def list_aanbieders(tx: Tx, gemeente: str) -> list[str]:
    """Every provider that ever had an event: from one to the next by the index, not by way of all rows."""
    rijen = await tx.fetch(
        """WITH RECURSIVE een AS (
               (SELECT aanbieder FROM gebeurtenis WHERE gemeente = $1 AND aanbieder IS NOT NULL
                ORDER BY aanbieder LIMIT 1)
               UNION ALL
               SELECT (SELECT g.aanbieder FROM gebeurtenis g WHERE g.gemeente = $1 AND g.aanbieder > een.aanbieder
                       ORDER BY g.aanbieder LIMIT 1)
               FROM een WHERE een.aanbieder IS NOT NULL)
           SELECT aanbieder FROM een WHERE aanbieder IS NOT NULL""",
        gemeente,
    )
    return [rij["aanbieder"] for rij in rijen]


async def is_beantwoord(tx: Tx, gemeente: str, bericht_id: str) -> bool:
    """Whether an answer to this message was sent."""
    return bool(
        await tx.fetchval(
            """SELECT EXISTS (SELECT FROM gebeurtenis WHERE gemeente = $1 AND type = 'knooppunt.bericht_verzonden'
                              AND details ->> 'onderwerp' = $2)""",
            gemeente,
            bericht_id,
        )
    )


async def list_zaak(tx: Tx, gemeente: str, client_id: str, limit: int) -> Sequence[Any]:
    """A client's chain, oldest first: own events, and answers to messages that held this client.

    Services have no common number, so time orders here; it decides nothing, it only shows.
    """
    return await tx.fetch(
        """SELECT * FROM (
               SELECT * FROM gebeurtenis WHERE gemeente = $1 AND client_id = $2
               UNION ALL
               SELECT g.* FROM (SELECT DISTINCT bericht_id FROM gebeurtenis
                                WHERE gemeente = $1 AND client_id = $2 AND bericht_id IS NOT NULL) AS b
                    JOIN gebeurtenis g ON g.bericht_id = b.bericht_id
               WHERE g.gemeente = $1 AND g.client_id IS NULL) AS zaak
           ORDER BY gebeurd_at, volgnr LIMIT $3""",
        gemeente,
        client_id,
        limit,
    )
