"""SQL on mandates and blocks: who may act for a provider, and who is shut out."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from chassis.db import Tx

OVERAL = "*"
"""The gemeente of a block by the operator: it holds for all."""


async def load_stand(
    tx: Tx, sub: str, agb_lijst: Sequence[str], aanbieders: Sequence[str], vandaag: date
) -> tuple[set[str], set[tuple[str, str]]]:
    """AGBs with a mandate for this vendor today, and the blocks (gemeente, AGB) on these providers, in one question."""
    rijen = await tx.fetch(
        """select aanbieder, null as gemeente from mandaat
           where sub = $1 and aanbieder = any($2::text[]) and geldig_vanaf <= $4
             and (geldig_tot is null or geldig_tot >= $4)
           union all
           select aanbieder, gemeente from blokkade where aanbieder = any($3::text[])""",
        sub,
        list(agb_lijst),
        list(aanbieders),
        vandaag,
    )
    mandaten = {rij["aanbieder"] for rij in rijen if rij["gemeente"] is None}
    return mandaten, {(rij["gemeente"], rij["aanbieder"]) for rij in rijen if rij["gemeente"] is not None}


async def save_mandaat(
    tx: Tx, aanbieder: str, sub: str, vanaf: date, tot: date | None, door: str, at: datetime
) -> None:
    """Let a vendor act for a provider, from and up to and including these days."""
    await tx.execute(
        """insert into mandaat (aanbieder, sub, geldig_vanaf, geldig_tot, gegeven_door, gegeven_at)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (aanbieder, sub) do update set geldig_vanaf = excluded.geldig_vanaf,
               geldig_tot = excluded.geldig_tot, gegeven_door = excluded.gegeven_door,
               gegeven_at = excluded.gegeven_at""",
        aanbieder,
        sub,
        vanaf,
        tot,
        door,
        at,
    )


async def delete_mandaat(tx: Tx, aanbieder: str, sub: str) -> bool:
    """Withdraw a mandate; false when there is none."""
    weg = await tx.fetchval("delete from mandaat where aanbieder = $1 and sub = $2 returning true", aanbieder, sub)
    return bool(weg)


async def load_mandaten(tx: Tx, aanbieder: str) -> list[dict[str, Any]]:
    """The mandates that a provider gave."""
    rijen = await tx.fetch(
        "select sub, geldig_vanaf, geldig_tot from mandaat where aanbieder = $1 order by sub", aanbieder
    )
    return [dict(rij) for rij in rijen]


async def save_blokkade(tx: Tx, gemeente: str, aanbieder: str, reden: str, door: str, at: datetime) -> None:
    """Shut a provider out; a block that is there already stays as it is."""
    await tx.execute(
        """insert into blokkade (gemeente, aanbieder, reden, gezet_door, gezet_at) values ($1, $2, $3, $4, $5)
           on conflict do nothing""",
        gemeente,
        aanbieder,
        reden,
        door,
        at,
    )


async def delete_blokkade(tx: Tx, gemeente: str, aanbieder: str) -> bool:
    """Let a provider in again; false when this party did not shut it out."""
    weg = await tx.fetchval(
        "delete from blokkade where gemeente = $1 and aanbieder = $2 returning true", gemeente, aanbieder
    )
    return bool(weg)


async def load_blokkades(tx: Tx, gemeente: str) -> list[dict[str, Any]]:
    """The blocks that this party set."""
    rijen = await tx.fetch(
        "select aanbieder, reden, gezet_door, gezet_at from blokkade where gemeente = $1 order by aanbieder",
        gemeente,
    )
    return [dict(rij) for rij in rijen]
