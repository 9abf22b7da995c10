"""SQL on the sealed client blocks."""

from chassis.db import Tx


async def leg_vast(tx: Tx, client_id: str, gemeente: str, volgnummer: int, verzegeld: bytes) -> None:
    """Keep the newest block of a client, as sealed as it came."""
    await tx.execute(
        "insert into client (client_id, gemeente, volgnummer, verzegeld) values ($1, $2, $3, $4)"
        " on conflict (client_id) do update"
        " set volgnummer = excluded.volgnummer, verzegeld = excluded.verzegeld"
        " where client.volgnummer <= excluded.volgnummer",
        client_id,
        gemeente,
        volgnummer,
        verzegeld,
    )


async def verzegeld(tx: Tx, client_id: str, na: int = 0) -> bytes | None:
    """The sealed block of a client from volgnummer `na` on, or nothing yet."""
    blok: bytes | None = await tx.fetchval(
        "select verzegeld from client where client_id = $1 and volgnummer >= $2", client_id, na
    )
    return blok
