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

_FILTER = """gemeente = $1 AND ($2::text IS NULL OR type = $2) AND ($3::text IS NULL OR soort = $3)
       AND ($4::text IS NULL OR aanbieder = $4) AND ($5::text IS NULL OR bericht_id = $5)
       AND ($6::text IS NULL OR status = $6)"""


def _waarden(gemeente: str, keuze: Filter) -> tuple[str | None, ...]:
    return (gemeente, keuze.type, keuze.soort, keuze.aanbieder, keuze.bericht_id, keuze.status)


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
    return await tx.fetch(
        f"""SELECT * FROM gebeurtenis WHERE {_FILTER} AND ($7::bigint IS NULL OR volgnr < $7)
            ORDER BY volgnr DESC LIMIT $8""",
        *_waarden(gemeente, keuze),
        voor,
        limit,
    )


async def list_nieuwe(
    tx: Tx, gemeente: str, keuze: Filter, *, na: int, venster: dt.timedelta, limit: int
) -> Sequence[Any]:
    """Rows that became visible lately, oldest first.

    Numbers commit out of order, so "after my last number" would lose rows: a window of time is read again and
    again, and the caller leaves out what it has shown.
    """
    return await tx.fetch(
        f"""SELECT * FROM (
                SELECT * FROM gebeurtenis
                WHERE {_FILTER} AND volgnr > $7 AND ontvangen_at > clock_timestamp() - $8::interval
                ORDER BY volgnr DESC LIMIT $9) AS laatste
            ORDER BY volgnr""",
        *_waarden(gemeente, keuze),
        na,
        venster,
        limit,
    )


async def load_stand(pool: Pool) -> int:
    """The last number that was handed out, of whatever gemeente: another than before says that there may be a row."""
    return int(await pool.fetchval("SELECT last_value FROM gebeurtenis_volgnr_seq"))


async def count_berichten(tx: Tx, gemeente: str) -> dict[str, tuple[int, int]]:
    """Per message kind: how many messages, and how many of them were (partly) refused."""
    rijen = await tx.fetch(
        """SELECT soort, count(DISTINCT bericht_id) FILTER (WHERE telt) AS aantal,
                  count(DISTINCT bericht_id) FILTER (WHERE status = 'afgekeurd') AS afgekeurd
           FROM gebeurtenis
           WHERE gemeente = $1 AND soort IS NOT NULL AND bericht_id IS NOT NULL
                 AND (telt OR status = 'afgekeurd')
           GROUP BY soort""",
        gemeente,
    )
    return {rij["soort"]: (rij["aantal"], rij["afgekeurd"]) for rij in rijen}


async def list_aanbieders(tx: Tx, gemeente: str) -> list[str]:
    rijen = await tx.fetch(
        "SELECT DISTINCT aanbieder FROM gebeurtenis WHERE gemeente = $1 AND aanbieder IS NOT NULL ORDER BY 1",
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
        """SELECT * FROM gebeurtenis
           WHERE gemeente = $1 AND (client_id = $2 OR (client_id IS NULL AND bericht_id IN (
                 SELECT bericht_id FROM gebeurtenis
                 WHERE gemeente = $1 AND client_id = $2 AND bericht_id IS NOT NULL)))
           ORDER BY gebeurd_at, volgnr LIMIT $3""",
        gemeente,
        client_id,
        limit,
    )
