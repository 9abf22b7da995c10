"""SQL of the terms of cases and signals (ADR 0017)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis.db import Tx


@dataclass(frozen=True, slots=True)
class Loopt:
    """A term that must run; its last day is inclusive, `verloopt_at` the first instant after it."""

    soort: str
    nummer: int
    uiterlijk: date
    nadert_at: datetime
    verloopt_at: datetime


@dataclass(frozen=True, slots=True)
class Onderwerp:
    """Whose terms these are: a melding_id or signaal_id, its client when there is one, and its team of now."""

    onderwerp: str
    client_id: str | None
    team: str


async def open_termijnen(tx: Tx, gemeente: str, over: Onderwerp, lopend: Sequence[Loopt], nu: datetime) -> None:
    """Let these run; another last day of the same ends, and one that ended goes on where it stood."""
    await tx.executemany(
        """UPDATE termijn SET status = 'vervallen', beeindigd_at = $6
           WHERE gemeente = $1 AND onderwerp = $2 AND soort = $3 AND nummer = $4 AND uiterlijk <> $5
             AND status IN ('loopt', 'nadert', 'verstreken')""",
        [(gemeente, over.onderwerp, t.soort, t.nummer, t.uiterlijk, nu) for t in lopend],
    )
    await tx.executemany(
        """INSERT INTO termijn (gemeente, onderwerp, client_id, team, soort, nummer, uiterlijk, nadert_at, verloopt_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (gemeente, onderwerp, soort, nummer, uiterlijk) DO UPDATE
           SET team = excluded.team, beeindigd_at = NULL,
               status = CASE WHEN termijn.verstreken_at IS NOT NULL THEN 'verstreken'
                             WHEN termijn.genaderd_at IS NOT NULL THEN 'nadert' ELSE 'loopt' END""",
        [
            (
                gemeente,
                over.onderwerp,
                over.client_id,
                over.team,
                t.soort,
                t.nummer,
                t.uiterlijk,
                t.nadert_at,
                t.verloopt_at,
            )
            for t in lopend
        ],
    )


async def close_termijnen(
    tx: Tx, gemeente: str, onderwerp: str, klaar: Sequence[tuple[str, int, str]], nu: datetime
) -> None:
    """(soort, nummer, gehaald or vervallen): what was awaited came, in time or late, or is awaited no longer."""
    await tx.executemany(
        """UPDATE termijn SET beeindigd_at = $6,
               status = CASE WHEN $5 = 'vervallen' THEN $5 WHEN $6 < verloopt_at THEN 'gehaald'
                             ELSE 'te_laat_gehaald' END
           WHERE gemeente = $1 AND onderwerp = $2 AND soort = $3 AND nummer = $4
             AND status IN ('loopt', 'nadert', 'verstreken')""",
        [(gemeente, onderwerp, soort, nummer, afloop, nu) for soort, nummer, afloop in klaar],
    )


async def load_lopend(tx: Tx, gemeente: str, onderwerp: str) -> list[dict[str, Any]]:
    """What is awaited in a case, the first day first."""
    rijen = await tx.fetch(
        """SELECT soort, nummer, uiterlijk, status FROM termijn
           WHERE gemeente = $1 AND onderwerp = $2 AND status IN ('loopt', 'nadert', 'verstreken')
           ORDER BY uiterlijk, soort, nummer""",
        gemeente,
        onderwerp,
    )
    return [dict(rij) for rij in rijen]


async def load_aan_de_beurt(tx: Tx, nu: datetime, hoogstens: int) -> dict[str, str]:
    """Terms that near or have passed, the longest ago first: the key to lock by termijn_id. Nothing is locked."""
    rijen = await tx.fetch(
        """SELECT termijn_id::text, coalesce(client_id, onderwerp) AS sleutel FROM termijn WHERE volgende_at <= $1
           ORDER BY volgende_at, volgorde LIMIT $2""",
        nu,
        hoogstens,
    )
    return {rij["termijn_id"]: rij["sleutel"] for rij in rijen}


async def lock_aan_de_beurt(tx: Tx, termijn_ids: Iterable[str], nu: datetime) -> list[dict[str, Any]]:
    """Of these terms what still nears or has passed, now that their clients are locked."""
    rijen = await tx.fetch(
        """SELECT *, termijn_id::text AS id FROM termijn
           WHERE termijn_id = ANY($1::text[]::uuid[]) AND volgende_at <= $2 ORDER BY volgorde FOR UPDATE""",
        list(termijn_ids),
        nu,
    )
    return [dict(rij) for rij in rijen]


async def mark_gemeld(tx: Tx, standen: Sequence[tuple[str, str, bool, bool]], nu: datetime) -> None:
    """Per term its id, its new status, and whether it was told now that it nears, and that it passed."""
    await tx.execute(
        """UPDATE termijn SET status = s.status,
               genaderd_at = CASE WHEN s.nadert THEN $5 ELSE genaderd_at END,
               verstreken_at = CASE WHEN s.verstreken THEN $5 ELSE verstreken_at END,
               beeindigd_at = CASE WHEN s.status = 'vervallen' THEN $5 ELSE beeindigd_at END
           FROM unnest($1::text[]::uuid[], $2::text[], $3::bool[], $4::bool[]) AS s (id, status, nadert, verstreken)
           WHERE termijn_id = s.id""",
        *([stand[i] for stand in standen] for i in range(4)),
        nu,
    )


async def end_all(tx: Tx, gemeente: str, onderwerp: str, nu: datetime) -> None:
    """Nothing of this can be awaited any more: its client was forgotten."""
    await tx.execute(
        """UPDATE termijn SET status = 'vervallen', beeindigd_at = $3
           WHERE gemeente = $1 AND onderwerp = $2 AND status IN ('loopt', 'nadert', 'verstreken')""",
        gemeente,
        onderwerp,
        nu,
    )


@dataclass(frozen=True, slots=True)
class Keuze:
    """Which terms somebody wants to see; None is all of them."""

    status: str | None = None
    soort: str | None = None
    team: str | None = None
    onderwerp: str | None = None


async def load_pagina(tx: Tx, gemeente: str, keuze: Keuze, na: int, limit: int) -> list[dict[str, Any]]:
    """Terms after place `na`, oldest first."""
    rijen = await tx.fetch(
        """SELECT *, termijn_id::text AS id FROM termijn
           WHERE gemeente = $1 AND volgorde > $2 AND ($3::text IS NULL OR status = $3)
             AND ($4::text IS NULL OR soort = $4) AND ($5::text IS NULL OR team = $5)
             AND ($6::text IS NULL OR onderwerp = $6)
           ORDER BY volgorde LIMIT $7""",
        gemeente,
        na,
        keuze.status,
        keuze.soort,
        keuze.team,
        keuze.onderwerp,
        limit,
    )
    return [dict(rij) for rij in rijen]
