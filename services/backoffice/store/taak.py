"""SQL of the work list: tasks, who takes them up, and who stands in for whom. Every read takes the gemeente (G15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.db import Tx

from ..domain.taken import AFKEURING, GEBRUIK, SIGNAAL, Taak, taak_id

Plek = tuple[dt.date, dt.datetime, UUID]
"""Where a task stands in the list: the day by which it is sorted, when it came up, its id."""


@dataclass(frozen=True)
class Keuze:
    """Which tasks a person wants to see; None is all. `behandelaars`: of one of these; () is of nobody."""

    soort: str | None = None
    aanbieder: str | None = None
    behandelaars: tuple[str, ...] | None = None


async def open_taak(
    tx: Tx,
    gemeente: str,
    taak: Taak,
    *,
    client_id: str | None,
    aanbieder: str | None,
    dag: dt.date,
    uiterlijk: dt.date | None,
    op: dt.datetime,
) -> None:
    """Put a task on the list, or bring its row up to date; one that was over comes back."""
    await tx.execute(
        """INSERT INTO taak AS t (gemeente, taak_id, soort, onderwerp, wie, zin, dag, uiterlijk, ontstaan_at,
                                  client_id, aanbieder, nummers, verzoek_id, codes)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
           ON CONFLICT (gemeente, taak_id) DO UPDATE
           SET zin = excluded.zin, dag = excluded.dag, uiterlijk = excluded.uiterlijk, nummers = excluded.nummers,
               codes = excluded.codes, gesloten_at = NULL,
               ontstaan_at = CASE WHEN t.gesloten_at IS NULL THEN t.ontstaan_at ELSE excluded.ontstaan_at END""",
        gemeente,
        taak_id(gemeente, taak.soort, taak.onderwerp),
        taak.soort,
        taak.onderwerp,
        taak.wie,
        taak.zin,
        dag,
        uiterlijk,
        op,
        client_id,
        aanbieder,
        list(taak.nummers),
        taak.verzoek_id,
        taak.codes,
    )


async def sluit_taak(tx: Tx, gemeente: str, id_: UUID, op: dt.datetime) -> None:
    """Take a task off the list; its row and what people did with it stay."""
    await tx.execute(
        "UPDATE taak SET gesloten_at = $3 WHERE gemeente = $1 AND taak_id = $2 AND gesloten_at IS NULL",
        gemeente,
        id_,
        op,
    )


async def streep_af(
    tx: Tx, gemeente: str, client_id: str, nummers: Sequence[int], *, gewijzigd: bool, op: dt.datetime
) -> None:
    """These numbers are no longer what a task waits for; a task that waits for no number any more is over."""
    await tx.execute(
        """WITH rest AS (
               SELECT taak_id, array(SELECT unnest(nummers) EXCEPT SELECT unnest($3::int[]) ORDER BY 1) AS nummers
               FROM taak
               WHERE gemeente = $1 AND client_id = $2 AND gesloten_at IS NULL AND nummers && $3::int[]
                     AND (soort = $4 OR ($8 AND soort = $5 AND onderwerp LIKE $6 || '%' AND ontstaan_at <= $7)))
           UPDATE taak t SET nummers = CASE WHEN rest.nummers = '{}' THEN t.nummers ELSE rest.nummers END,
               gesloten_at = CASE WHEN rest.nummers = '{}' THEN $7 END
           FROM rest WHERE t.gemeente = $1 AND t.taak_id = rest.taak_id""",
        gemeente,
        client_id,
        list(nummers),
        AFKEURING,
        SIGNAAL,
        GEBRUIK,
        op,
        gewijzigd,
    )


_TAAK = """SELECT t.*, d.behandelaar, v.vervanger FROM taak t
           LEFT JOIN toedeling d USING (gemeente, taak_id)
           LEFT JOIN vervanging v ON v.gemeente = t.gemeente AND v.afwezig = d.behandelaar AND v.t_m >= $2"""


async def list_taken(
    tx: Tx, gemeente: str, keuze: Keuze, vandaag: dt.date, *, na: Plek | None, limit: int
) -> list[dict[str, Any]]:
    """Open tasks by the day on which they are due, after place `na`."""
    rijen = await tx.fetch(
        f"""{_TAAK}
            WHERE t.gemeente = $1 AND t.gesloten_at IS NULL
              AND ($3::text IS NULL OR t.soort = $3) AND ($4::text IS NULL OR t.aanbieder = $4)
              AND ($5::text[] IS NULL OR d.behandelaar = ANY ($5) OR ($5 = '{{}}' AND d.behandelaar IS NULL))
              AND ($6::date IS NULL OR (t.dag, t.ontstaan_at, t.taak_id) > ($6, $7::timestamptz, $8::uuid))
            ORDER BY t.dag, t.ontstaan_at, t.taak_id LIMIT $9""",
        gemeente,
        vandaag,
        keuze.soort,
        keuze.aanbieder,
        None if keuze.behandelaars is None else list(keuze.behandelaars),
        *(na or (None, None, None)),
        limit,
    )
    return [dict(rij) for rij in rijen]


async def load_taak(tx: Tx, gemeente: str, vandaag: dt.date, id_: UUID) -> dict[str, Any] | None:
    """One task, also when it is over."""
    rij = await tx.fetchrow(f"{_TAAK} WHERE t.gemeente = $1 AND t.taak_id = $3", gemeente, vandaag, id_)
    return None if rij is None else dict(rij)


async def load_behandelaars(
    tx: Tx, gemeente: str, vandaag: dt.date, ids: Sequence[UUID]
) -> dict[UUID, tuple[str, str | None]]:
    """Who takes up these, and who stands in for that person; also of a parked message, which is no row of `taak`."""
    rijen = await tx.fetch(
        """SELECT d.taak_id, d.behandelaar, v.vervanger FROM toedeling d
           LEFT JOIN vervanging v ON v.gemeente = d.gemeente AND v.afwezig = d.behandelaar AND v.t_m >= $2
           WHERE d.gemeente = $1 AND d.taak_id = ANY ($3)""",
        gemeente,
        vandaag,
        list(ids),
    )
    return {rij["taak_id"]: (rij["behandelaar"], rij["vervanger"]) for rij in rijen}


async def set_behandelaar(tx: Tx, gemeente: str, id_: UUID, behandelaar: str | None) -> None:
    """Who takes up a task; None is nobody."""
    if behandelaar is None:
        await tx.execute("DELETE FROM toedeling WHERE gemeente = $1 AND taak_id = $2", gemeente, id_)
        return
    await tx.execute(
        """INSERT INTO toedeling (gemeente, taak_id, behandelaar) VALUES ($1, $2, $3)
           ON CONFLICT (gemeente, taak_id) DO UPDATE SET behandelaar = excluded.behandelaar""",
        gemeente,
        id_,
        behandelaar,
    )


async def list_behandelaars(tx: Tx, gemeente: str) -> list[str]:
    """Everybody who ever took up a task or did something with one, and who stands in for somebody."""
    rijen = await tx.fetch(
        """SELECT behandelaar AS wie FROM toedeling WHERE gemeente = $1
           UNION SELECT wie FROM taak_stap WHERE gemeente = $1
           UNION SELECT unnest(ARRAY[afwezig, vervanger]) FROM vervanging WHERE gemeente = $1 ORDER BY 1""",
        gemeente,
    )
    return [rij["wie"] for rij in rijen]


async def list_aanbieders(tx: Tx, gemeente: str) -> list[str]:
    """Providers with an open task."""
    rijen = await tx.fetch(
        """SELECT DISTINCT aanbieder FROM taak
           WHERE gemeente = $1 AND gesloten_at IS NULL AND aanbieder IS NOT NULL ORDER BY 1""",
        gemeente,
    )
    return [rij["aanbieder"] for rij in rijen]


async def add_stap(tx: Tx, gemeente: str, id_: UUID, wie: str, stap: str, tekst: str, op: dt.datetime) -> None:
    """Keep what somebody did with a task."""
    await tx.execute(
        "INSERT INTO taak_stap (gemeente, taak_id, wie, stap, tekst, gedaan_at) VALUES ($1, $2, $3, $4, $5, $6)",
        gemeente,
        id_,
        wie,
        stap,
        tekst,
        op,
    )


async def list_stappen(tx: Tx, gemeente: str, id_: UUID) -> list[dict[str, Any]]:
    """What people did with a task, newest first."""
    rijen = await tx.fetch(
        """SELECT wie, stap, tekst, gedaan_at FROM taak_stap WHERE gemeente = $1 AND taak_id = $2
           ORDER BY volgnr DESC LIMIT 200""",
        gemeente,
        id_,
    )
    return [dict(rij) for rij in rijen]


async def list_vervangingen(tx: Tx, gemeente: str, vandaag: dt.date) -> list[dict[str, Any]]:
    """Who stands in for whom, today or later."""
    rijen = await tx.fetch(
        "SELECT afwezig, vervanger, t_m FROM vervanging WHERE gemeente = $1 AND t_m >= $2 ORDER BY t_m, afwezig",
        gemeente,
        vandaag,
    )
    return [dict(rij) for rij in rijen]


async def set_vervanging(tx: Tx, gemeente: str, afwezig: str, vervanger: str, t_m: dt.date) -> None:
    """Let somebody stand in for a colleague until a day; a day in the past ends it."""
    await tx.execute(
        """INSERT INTO vervanging (gemeente, afwezig, vervanger, t_m) VALUES ($1, $2, $3, $4)
           ON CONFLICT (gemeente, afwezig) DO UPDATE SET vervanger = excluded.vervanger, t_m = excluded.t_m""",
        gemeente,
        afwezig,
        vervanger,
        t_m,
    )
