"""SQL behind what a caller may see: its own messages and its mailbox."""

from datetime import datetime
from typing import Any, Literal

from chassis.db import Tx

Kant = Literal["aanbieder", "gemeente"]
"""The column that holds the caller; never a value from outside."""

_KOLOMMEN = (
    "bericht_id::text, richting, volgorde, soort, identificatie, gemeente, aanbieder, op_bericht::text,"
    " status, gemaakt_at, uiterlijk, antwoord::text, beantwoord_at, te_laat_at, opgehaald_at, bevestigd_at,"
    " bevindingen"
)


async def een(tx: Tx, kant: Kant, partij: str, bericht_id: str) -> dict[str, Any] | None:
    """A message of this party, whichever way it went."""
    rij = await tx.fetchrow(
        f"select {_KOLOMMEN} from bericht where bericht_id = $1 and {kant} = $2", bericht_id, partij
    )
    return dict(rij) if rij else None


async def lijst(
    tx: Tx,
    kant: Kant,
    partij: str,
    *,
    richting: str | None,
    soort: str | None,
    status: str | None,
    na: int | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Messages of this party, newest first."""
    rijen = await tx.fetch(
        f"select {_KOLOMMEN} from bericht where {kant} = $1 and ($2::text is null or richting = $2)"
        " and ($3::text is null or soort = $3) and ($4::text is null or status = $4)"
        " and ($5::bigint is null or volgorde < $5) order by volgorde desc limit $6",
        partij,
        richting,
        soort,
        status,
        na,
        limit,
    )
    return [dict(rij) for rij in rijen]


async def postbus(tx: Tx, aanbieder: str, *, alleen_nieuw: bool, na: int | None, limit: int) -> list[dict[str, Any]]:
    """The mailbox of a provider, oldest first."""
    nieuw = " and bevestigd_at is null" if alleen_nieuw else ""
    rijen = await tx.fetch(
        f"select {_KOLOMMEN} from bericht where richting = 'uit' and aanbieder = $1{nieuw}"
        " and ($2::bigint is null or volgorde > $2) order by volgorde limit $3",
        aanbieder,
        na,
        limit,
    )
    return [dict(rij) for rij in rijen]


async def haal_op(tx: Tx, aanbieder: str, bericht_id: str, at: datetime) -> bool:
    """Note that the owner of the mailbox fetched it; false when it is not in that mailbox."""
    return bool(
        await tx.fetchval(
            "update bericht set opgehaald_at = coalesce(opgehaald_at, $3)"
            " where bericht_id = $1 and aanbieder = $2 and richting = 'uit' returning true",
            bericht_id,
            aanbieder,
            at,
        )
    )


async def bevestig(tx: Tx, aanbieder: str, bericht_id: str, at: datetime) -> bool:
    """Note the receipt, the first time only; false when it is not in that mailbox."""
    return bool(
        await tx.fetchval(
            "update bericht set bevestigd_at = coalesce(bevestigd_at, $3)"
            " where bericht_id = $1 and aanbieder = $2 and richting = 'uit' returning true",
            bericht_id,
            aanbieder,
            at,
        )
    )


async def leg_inzage_vast(tx: Tx, bericht_id: str, sub: str, at: datetime) -> None:
    """Log who looked into a message, in the transaction of the look."""
    await tx.execute("insert into inzage (bericht_id, sub, gezien_at) values ($1, $2, $3)", bericht_id, sub, at)
