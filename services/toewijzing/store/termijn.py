"""SQL of terms, and of the facts that the terms of a number follow from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis.db import Tx


@dataclass(frozen=True, slots=True)
class Onderwerp:
    """What a term is about. `onderwerp` is the opdracht_id, verzoek_id or number that makes it one of its kind."""

    aanbieder: str
    client_id: str
    onderwerp: str
    toewijzing_nummer: int | None = None
    bericht_id: str | None = None


@dataclass(frozen=True, slots=True)
class NieuweTermijn:
    """A term that must run; its last day is inclusive, `verloopt_at` the first instant after it."""

    over: Onderwerp
    soort: str
    wie: str
    uiterlijk: date
    nadert_at: datetime
    verloopt_at: datetime


@dataclass(frozen=True, slots=True)
class Afloop:
    """How every term of this kind and subject ended: gehaald or vervallen."""

    onderwerp: str
    soort: str
    afloop: str


async def write_termijnen(
    tx: Tx, gemeente: str, nieuw: Sequence[NieuweTermijn], aflopen: Sequence[Afloop], nu: datetime, op: datetime
) -> list[dict[str, Any]]:
    """Let terms run and end, in one statement; a kind of term of one subject either runs or ends.

    One that ended runs again where it stood, and another last day of the same ends. What was awaited came at `op`, in
    time or late; or it is awaited no longer. Gives the rows that ended or run again (`hervat`), of what was told.
    """
    if not nieuw and not aflopen:
        return []
    over = [t.over for t in nieuw]
    rijen = await tx.fetch(
        """WITH nieuw AS (
               SELECT * FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::text[], $10::text[],
                                    $11::date[], $12::timestamptz[], $13::timestamptz[])
                   AS n (aanbieder, client_id, soort, onderwerp, toewijzing_nummer, bericht_id, wie, uiterlijk,
                         nadert_at, verloopt_at)),
           vervangen AS (
               UPDATE termijn t SET status = 'vervallen', beeindigd_at = $2 FROM nieuw n
               WHERE t.gemeente = $1 AND t.soort = n.soort AND t.onderwerp = n.onderwerp AND t.uiterlijk <> n.uiterlijk
                 AND t.status IN ('loopt', 'nadert', 'verstreken') RETURNING t.*),
           beeindigd AS (
               UPDATE termijn t SET beeindigd_at = $3, status = CASE WHEN a.afloop = 'vervallen' THEN a.afloop
                   WHEN $3 < t.verloopt_at THEN 'gehaald' ELSE 'te_laat_gehaald' END
               FROM unnest($14::text[], $15::text[], $16::text[]) AS a (soort, onderwerp, afloop)
               WHERE t.gemeente = $1 AND t.soort = a.soort AND t.onderwerp = a.onderwerp
                 AND t.status IN ('loopt', 'nadert', 'verstreken') RETURNING t.*),
           gelopen AS (
           INSERT INTO termijn (gemeente, aanbieder, client_id, soort, onderwerp, toewijzing_nummer, bericht_id, wie,
               uiterlijk, nadert_at, verloopt_at)
           SELECT $1, n.* FROM nieuw n
           ON CONFLICT (gemeente, soort, onderwerp, uiterlijk) DO UPDATE
           SET beeindigd_at = NULL, status = CASE WHEN termijn.verstreken_at IS NOT NULL THEN 'verstreken'
                                                  WHEN termijn.genaderd_at IS NOT NULL THEN 'nadert' ELSE 'loopt' END
           WHERE termijn.status NOT IN ('loopt', 'nadert', 'verstreken') RETURNING *)
           SELECT *, termijn_id::text AS id FROM (
               SELECT *, false AS hervat FROM vervangen UNION ALL SELECT *, false FROM beeindigd
               UNION ALL SELECT *, true FROM gelopen) t
           WHERE genaderd_at IS NOT NULL ORDER BY hervat, volgorde""",
        gemeente,
        nu,
        op,
        [een.aanbieder for een in over],
        [een.client_id for een in over],
        [t.soort for t in nieuw],
        [een.onderwerp for een in over],
        [een.toewijzing_nummer for een in over],
        [een.bericht_id for een in over],
        [t.wie for t in nieuw],
        [t.uiterlijk for t in nieuw],
        [t.nadert_at for t in nieuw],
        [t.verloopt_at for t in nieuw],
        [a.soort for a in aflopen],
        [a.onderwerp for a in aflopen],
        [a.afloop for a in aflopen],
    )
    return [dict(rij) for rij in rijen]


async def set_verzonden(tx: Tx, gemeente: str, opdracht_id: str, verzonden_at: datetime) -> None:
    """When knooppunt laid this 301 in the mailbox: from then on the provider knows the versions in it."""
    await tx.execute(
        """WITH verzonden AS (
               UPDATE opdracht SET verzonden_at = $3 WHERE gemeente = $1 AND opdracht_id = $2 RETURNING opdracht_id)
           UPDATE toewijzing_versie v SET ontvangen_at = least(v.ontvangen_at, $3)
           FROM opdracht_regel r JOIN verzonden USING (opdracht_id)
           WHERE (v.gemeente, v.nummer, v.versie) = (r.gemeente, r.nummer, r.versie)""",
        gemeente,
        opdracht_id,
        verzonden_at,
    )


async def set_met_termijnen(tx: Tx, gemeente: str, client_id: str) -> None:
    """The numbers of this client have their terms."""
    await tx.execute(
        "UPDATE toewijzing SET met_termijnen = true WHERE gemeente = $1 AND client_id = $2 AND NOT met_termijnen",
        gemeente,
        client_id,
    )


async def load_zonder_termijnen(tx: Tx, hoogstens: int) -> list[tuple[str, str]]:
    """(gemeente, client_id) of clients with numbers of before there were terms."""
    rijen = await tx.fetch(
        "SELECT DISTINCT gemeente, client_id FROM toewijzing WHERE NOT met_termijnen ORDER BY 1, 2 LIMIT $1", hoogstens
    )
    return [(rij["gemeente"], rij["client_id"]) for rij in rijen]


async def load_aan_de_beurt(tx: Tx, nu: datetime, hoogstens: int) -> dict[str, str]:
    """Terms that near or have passed, the longest ago first: client_id by termijn_id. Nothing is locked."""
    rijen = await tx.fetch(
        """SELECT termijn_id::text, client_id FROM termijn WHERE volgende_at <= $1
           ORDER BY volgende_at, volgorde LIMIT $2""",
        nu,
        hoogstens,
    )
    return {rij["termijn_id"]: rij["client_id"] for rij in rijen}


async def lock_aan_de_beurt(tx: Tx, termijn_ids: Iterable[str], nu: datetime) -> list[dict[str, Any]]:
    """Of these terms what still nears or has passed, now that their clients are locked."""
    rijen = await tx.fetch(
        """SELECT *, termijn_id::text AS id FROM termijn
           WHERE termijn_id = ANY($1::text[]::uuid[]) AND volgende_at <= $2
           ORDER BY client_id, volgorde FOR UPDATE""",
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


async def set_te_laat(tx: Tx, opdracht_ids: Sequence[str]) -> None:
    """OP090: the 302s on these 301s are late."""
    await tx.execute("UPDATE opdracht SET te_laat = true WHERE opdracht_id = ANY($1::text[])", opdracht_ids)


@dataclass(frozen=True, slots=True)
class Keuze:
    """Which terms somebody wants to see; None is all of them. `zonder_soort`: never these."""

    status: str | None = None
    soort: str | None = None
    wie: str | None = None
    client_id: str | None = None
    toewijzing_nummer: int | None = None
    zonder_soort: str | None = None


async def load_pagina(tx: Tx, keuze: Keuze, na: int, limit: int) -> list[dict[str, Any]]:
    """Terms after place `na`, oldest first. Row-level security decides whose: of a gemeente, or of a provider."""
    rijen = await tx.fetch(
        """SELECT *, termijn_id::text AS id FROM termijn
           WHERE volgorde > $1 AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR soort = $3)
             AND ($4::text IS NULL OR wie = $4) AND ($5::text IS NULL OR client_id = $5)
             AND ($6::int IS NULL OR toewijzing_nummer = $6) AND soort IS DISTINCT FROM $7::text
           ORDER BY volgorde LIMIT $8""",
        na,
        keuze.status,
        keuze.soort,
        keuze.wie,
        keuze.client_id,
        keuze.toewijzing_nummer,
        keuze.zonder_soort,
        limit,
    )
    return [dict(rij) for rij in rijen]
