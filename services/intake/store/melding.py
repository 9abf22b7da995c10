"""SQL of cases: the head for lists, the steps as they were, the letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis.db import Tx


@dataclass(frozen=True, slots=True)
class Kop:
    """What of a case can be read without a key."""

    melding_id: str
    client_id: str
    team: str
    status: str
    spoed: bool
    kwetsbaar: bool
    open_risico: bool
    uitkomst: str | None
    bespaard_cent: int | None
    stappen: int
    instellingen_versie: int
    gemeld_at: datetime
    gemeld_op: date
    begonnen_op: date | None
    afgesloten_op: date | None


_KOP = ", ".join(Kop.__slots__)


async def add_melding(tx: Tx, gemeente: str, kop: Kop) -> None:
    """A new case; its first step follows."""
    waarden = [getattr(kop, veld) for veld in Kop.__slots__]
    plekken = ", ".join(f"${n}" for n in range(2, len(waarden) + 2))
    await tx.execute(f"INSERT INTO melding (gemeente, {_KOP}) VALUES ($1, {plekken})", gemeente, *waarden)


async def set_kop(tx: Tx, gemeente: str, kop: Kop) -> None:
    """The head after a step."""
    await tx.execute(
        """UPDATE melding SET team = $3, status = $4, spoed = $5, kwetsbaar = $6, open_risico = $7, uitkomst = $8,
               bespaard_cent = $9, stappen = $10, begonnen_op = $11, afgesloten_op = $12
           WHERE gemeente = $1 AND melding_id = $2""",
        gemeente,
        kop.melding_id,
        kop.team,
        kop.status,
        kop.spoed,
        kop.kwetsbaar,
        kop.open_risico,
        kop.uitkomst,
        kop.bespaard_cent,
        kop.stappen,
        kop.begonnen_op,
        kop.afgesloten_op,
    )


async def load_kop(tx: Tx, gemeente: str, melding_id: str, team: str | None) -> Kop | None:
    """The head of a case of this gemeente, and of this team when one is named."""
    rij = await tx.fetchrow(
        f"SELECT {_KOP} FROM melding WHERE gemeente = $1 AND melding_id = $2 AND ($3::text IS NULL OR team = $3)",
        gemeente,
        melding_id,
        team,
    )
    return None if rij is None else Kop(**dict(rij))


@dataclass(frozen=True, slots=True)
class Rij:
    """A step as it is kept; `verzegeld` is bound to its case and number."""

    volgnummer: int
    stap: str
    door: str
    dag: date
    gedaan_at: datetime
    verzegeld: bytes


async def add_stap(tx: Tx, gemeente: str, melding_id: str, rij: Rij) -> None:
    """The next step of a case."""
    await tx.execute(
        """INSERT INTO melding_stap (gemeente, melding_id, volgnummer, stap, door, dag, gedaan_at, verzegeld)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        gemeente,
        melding_id,
        rij.volgnummer,
        rij.stap,
        rij.door,
        rij.dag,
        rij.gedaan_at,
        rij.verzegeld,
    )


async def load_stappen(tx: Tx, gemeente: str, melding_id: str) -> list[Rij]:
    """All steps of a case, in order."""
    rijen = await tx.fetch(
        f"""SELECT {", ".join(Rij.__slots__)} FROM melding_stap WHERE gemeente = $1 AND melding_id = $2
            ORDER BY volgnummer""",
        gemeente,
        melding_id,
    )
    return [Rij(**dict(rij)) for rij in rijen]


@dataclass(frozen=True, slots=True)
class Keuze:
    """Which cases somebody wants to see; None is all of them."""

    status: str | None = None
    team: str | None = None
    client_id: str | None = None
    spoed: bool | None = None
    uitkomst: str | None = None


async def load_pagina(tx: Tx, gemeente: str, keuze: Keuze, na: int, limit: int) -> list[dict[str, Any]]:
    """Cases after place `na`, oldest first."""
    rijen = await tx.fetch(
        f"""SELECT volgorde, {_KOP} FROM melding
            WHERE gemeente = $1 AND volgorde > $2 AND ($3::text IS NULL OR status = $3)
              AND ($4::text IS NULL OR team = $4) AND ($5::text IS NULL OR client_id = $5)
              AND ($6::boolean IS NULL OR spoed = $6) AND ($7::text IS NULL OR uitkomst = $7)
            ORDER BY volgorde LIMIT $8""",
        gemeente,
        na,
        keuze.status,
        keuze.team,
        keuze.client_id,
        keuze.spoed,
        keuze.uitkomst,
        limit,
    )
    return [dict(rij) for rij in rijen]


async def load_drukte(tx: Tx, gemeente: str, sinds: date) -> dict[str, dict[str, Any]]:
    """Per team: how many cases are open and how many wait for their first conversation, since when the oldest waits,
    and how many days those that began since `sinds` waited on average."""
    rijen = await tx.fetch(
        """SELECT team, count(*) FILTER (WHERE status <> 'afgesloten') AS open,
                  count(*) FILTER (WHERE status = 'ontvangen') AS wachtend,
                  min(gemeld_op) FILTER (WHERE status = 'ontvangen') AS oudste_gemeld_op,
                  round(avg(begonnen_op - gemeld_op) FILTER (WHERE begonnen_op >= $2), 1)::float8
                      AS gemiddeld_gewacht_dagen
           FROM melding WHERE gemeente = $1 GROUP BY team""",
        gemeente,
        sinds,
    )
    return {rij["team"]: dict(rij) for rij in rijen}


async def add_brief(
    tx: Tx, gemeente: str, melding_id: str, versie: int, sjabloon_versie: int, verzegeld: bytes, nu: datetime
) -> None:
    """The letter of one version of the decision; the key of the table refuses a second."""
    await tx.execute(
        """INSERT INTO brief (gemeente, melding_id, versie, sjabloon_versie, verzegeld, gemaakt_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        gemeente,
        melding_id,
        versie,
        sjabloon_versie,
        verzegeld,
        nu,
    )


async def load_brief(tx: Tx, gemeente: str, melding_id: str, versie: int | None) -> tuple[int, bytes, datetime] | None:
    """(versie, sealed letter, when it was made) of a version, or of the last one; None when there is none."""
    rij = await tx.fetchrow(
        """SELECT versie, verzegeld, gemaakt_at FROM brief
           WHERE gemeente = $1 AND melding_id = $2 AND ($3::int IS NULL OR versie = $3) ORDER BY versie DESC LIMIT 1""",
        gemeente,
        melding_id,
        versie,
    )
    return None if rij is None else (rij["versie"], rij["verzegeld"], rij["gemaakt_at"])


async def load_indicaties(tx: Tx, gemeente: str, indicatie_ids: Sequence[str]) -> list[dict[str, Any]]:
    """What became of the indicaties of a case, oldest first."""
    rijen = await tx.fetch(
        """SELECT indicatie_id, status, toewijzing_nummers, bevindingen FROM indicatie
           WHERE gemeente = $1 AND indicatie_id = ANY($2::text[]) ORDER BY ontvangen_at""",
        gemeente,
        list(indicatie_ids),
    )
    return [dict(rij) for rij in rijen]
