"""SQL of terms: one per 323, until its 325 lies in the mailbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis.db import Tx


@dataclass(frozen=True, slots=True)
class Termijn:
    """The last day is inclusive; `verloopt_at` is the first instant after it."""

    gemeente: str
    aanbieder: str
    bericht_id: str
    uiterlijk: date
    nadert_at: datetime
    verloopt_at: datetime


async def open_termijn(tx: Tx, een: Termijn) -> None:
    """Let a term run; of the same 323 once."""
    await tx.execute(
        """INSERT INTO termijn (gemeente, aanbieder, bericht_id, uiterlijk, nadert_at, verloopt_at)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING""",
        een.gemeente,
        een.aanbieder,
        een.bericht_id,
        een.uiterlijk,
        een.nadert_at,
        een.verloopt_at,
    )


async def close_termijn(tx: Tx, gemeente: str, bericht_id: str, op: datetime) -> None:
    """The 325 was laid in the mailbox at this instant, in time or late."""
    await tx.execute(
        """UPDATE termijn SET beeindigd_at = $3,
               status = CASE WHEN $3 < verloopt_at THEN 'gehaald' ELSE 'te_laat_gehaald' END
           WHERE gemeente = $1 AND bericht_id = $2 AND status IN ('loopt', 'nadert', 'verstreken')""",
        gemeente,
        bericht_id,
        op,
    )


async def load_aan_de_beurt(tx: Tx, nu: datetime, hoogstens: int) -> list[str]:
    """bericht_ids of terms that near or have passed, the longest ago first. Nothing is locked."""
    rijen = await tx.fetch(
        "SELECT bericht_id FROM termijn WHERE volgende_at <= $1 ORDER BY volgende_at, volgorde LIMIT $2", nu, hoogstens
    )
    return [r["bericht_id"] for r in rijen]


async def lock_aan_de_beurt(tx: Tx, bericht_ids: Iterable[str], nu: datetime) -> list[dict[str, Any]]:
    """Of these terms what still nears or has passed, locked."""
    rijen = await tx.fetch(
        """SELECT *, termijn_id::text AS id FROM termijn WHERE bericht_id = ANY($1::text[]) AND volgende_at <= $2
           ORDER BY bericht_id FOR UPDATE""",
        list(bericht_ids),
        nu,
    )
    return [dict(r) for r in rijen]


async def mark_gemeld(tx: Tx, standen: Sequence[tuple[str, str, bool, bool]], nu: datetime) -> None:
    """Per term its id, its new status, and whether it was told now that it nears, and that it passed."""
    await tx.execute(
        """UPDATE termijn SET status = s.status,
               genaderd_at = CASE WHEN s.nadert THEN $5 ELSE genaderd_at END,
               verstreken_at = CASE WHEN s.verstreken THEN $5 ELSE verstreken_at END
           FROM unnest($1::text[]::uuid[], $2::text[], $3::bool[], $4::bool[]) AS s (id, status, nadert, verstreken)
           WHERE termijn_id = s.id""",
        *([stand[i] for stand in standen] for i in range(4)),
        nu,
    )


async def load_pagina(
    tx: Tx, status: str | None, aanbieder: str | None, bericht_id: str | None, na: int, limit: int
) -> list[dict[str, Any]]:
    """Terms after place `na`, oldest first. Row-level security decides whose: of a gemeente, or of a provider."""
    rijen = await tx.fetch(
        """SELECT *, termijn_id::text AS id FROM termijn
           WHERE volgorde > $1 AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR aanbieder = $3)
             AND ($4::text IS NULL OR bericht_id = $4)
           ORDER BY volgorde LIMIT $5""",
        na,
        status,
        aanbieder,
        bericht_id,
        limit,
    )
    return [dict(r) for r in rijen]
