"""SQL behind what a caller may see: its own messages and its mailbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from chassis.db import Tx

Kant = Literal["aanbieder", "gemeente"]
"""The column that holds the caller; never a value from outside."""

_KOLOMMEN = (
    "bericht_id::text, richting, volgorde, soort, identificatie, gemeente, aanbieder, op_bericht::text,"
    " status, gemaakt_at, uiterlijk, antwoord::text, beantwoord_at, te_laat_at, opgehaald_at, bevestigd_at,"
    " client_id, bevindingen"
)


async def een(tx: Tx, kant: Kant, partijen: Sequence[str], bericht_id: str) -> dict[str, Any] | None:
    """A message of these parties, whichever way it went."""
    rij = await tx.fetchrow(
        f"select {_KOLOMMEN} from bericht where bericht_id = $1 and {kant} = any($2::text[])",
        bericht_id,
        list(partijen),
    )
    return dict(rij) if rij else None


async def lijst(
    tx: Tx,
    kant: Kant,
    partijen: Sequence[str],
    *,
    zonder: Iterable[tuple[str, str]] = (),
    richting: str | None,
    soort: str | None,
    status: str | None,
    na: int | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Messages of these parties, newest first, less those between the (gemeente, aanbieder) pairs in `zonder`.

    Per party along its own index, so that a page of a vendor with many providers is not a sort of all they have.
    """
    rijen = await tx.fetch(
        f"""select {_KOLOMMEN} from unnest($1::text[]) as partij (code) cross join lateral (
                select * from bericht where {kant} = partij.code and ($2::text is null or richting = $2)
                    and ($3::text is null or soort = $3) and ($4::text is null or status = $4)
                    and ($5::bigint is null or volgorde < $5) and gemeente || aanbieder <> all($7::text[])
                order by volgorde desc limit $6) b
            order by volgorde desc limit $6""",
        list(partijen),
        richting,
        soort,
        status,
        na,
        limit,
        _paren(zonder),
    )
    return [dict(rij) for rij in rijen]


async def postbus(
    tx: Tx,
    aanbieders: Sequence[str],
    *,
    zonder: Iterable[tuple[str, str]] = (),
    alleen_nieuw: bool,
    na: int | None,
    limit: int,
) -> list[dict[str, Any]]:
    """The mailbox of these providers, oldest first, less what lies between the pairs in `zonder`."""
    nieuw = " and bevestigd_at is null" if alleen_nieuw else ""
    rijen = await tx.fetch(
        f"""select {_KOLOMMEN} from unnest($1::text[]) as partij (code) cross join lateral (
                select * from bericht where richting = 'uit' and aanbieder = partij.code{nieuw}
                    and ($2::bigint is null or volgorde > $2) and gemeente || aanbieder <> all($4::text[])
                order by volgorde limit $3) b
            order by volgorde limit $3""",
        list(aanbieders),
        na,
        limit,
        _paren(zonder),
    )
    return [dict(rij) for rij in rijen]


async def haal_op(tx: Tx, aanbieders: Sequence[str], bericht_id: str, at: datetime) -> tuple[str, str] | None:
    """Note that the owner of the mailbox fetched it, the first time only; its gemeente and aanbieder."""
    return await _stempel(tx, "opgehaald_at", aanbieders, bericht_id, at)


async def bevestig(tx: Tx, aanbieders: Sequence[str], bericht_id: str, at: datetime) -> tuple[str, str] | None:
    """Note the receipt, the first time only; its gemeente and aanbieder."""
    return await _stempel(tx, "bevestigd_at", aanbieders, bericht_id, at)


async def _stempel(
    tx: Tx, kolom: Literal["opgehaald_at", "bevestigd_at"], aanbieders: Sequence[str], bericht_id: str, at: datetime
) -> tuple[str, str] | None:
    """Nothing when it is not in one of these mailboxes."""
    rij = await tx.fetchrow(
        f"update bericht set {kolom} = coalesce({kolom}, $3)"
        " where bericht_id = $1 and aanbieder = any($2::text[]) and richting = 'uit' returning gemeente, aanbieder",
        bericht_id,
        list(aanbieders),
        at,
    )
    return (rij["gemeente"], rij["aanbieder"]) if rij else None


def _paren(zonder: Iterable[tuple[str, str]]) -> list[str]:
    """Both codes have a fixed length, so joined they are one value."""
    return [gemeente + aanbieder for gemeente, aanbieder in zonder]
