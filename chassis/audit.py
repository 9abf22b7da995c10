"""The access log: one row per access, in its transaction, in a chain of hashes that shows what was tampered with.

The links are made by the database (migration 0003): a service may add rows and nothing else.
"""

from dataclasses import dataclass
from typing import Any

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from chassis.inbox import lock_keys


@dataclass(frozen=True)
class Toegang:
    """One access: `wie` did `handeling` with the data of a client, or of all clients in `onderwerp`.

    `namens` is the gemeente or AGB of the caller, `onderwerp` the id of what was looked at, such as a bericht_id.
    """

    gemeente: str
    wie: str
    namens: str
    handeling: str
    client_id: str | None = None
    onderwerp: str | None = None


async def log_toegang(
    tx: Tx, toegang: Toegang, *, topic: str | None = None, keten: str | None = None
) -> dict[str, Any]:
    """Add the row and give it. The last thing before the commit: until then it keeps others of its chain waiting.

    With a `topic` it is published as `<service>.toegang_vastgelegd`, for the back office to keep a copy.
    """
    key = toegang.client_id or toegang.onderwerp or toegang.gemeente
    if topic is not None:
        # The client before the chain, as everywhere: two that lock in another order wait for each other for ever.
        await lock_keys(tx, (key,))
    rij = await tx.fetchrow(
        """insert into toegang (gemeente, client_id, wie, namens, handeling, onderwerp, gebeurd_at)
           values ($1, $2, $3, $4, $5, $6, $7)
           returning current_schema() as service, volgnummer, wie, namens, handeling, onderwerp, gebeurd_at,
                     encode(vorige, 'hex') as vorige, encode(schakel, 'hex') as schakel""",
        toegang.gemeente, toegang.client_id, toegang.wie, toegang.namens, toegang.handeling, toegang.onderwerp,
        clock.now(),
    )  # fmt: skip
    regel = dict(rij or {})
    service = regel.pop("service")
    if topic is not None:
        await outbox.add(
            tx,
            topic=topic,
            type=f"{service}.toegang_vastgelegd",
            key=key,
            gemeente=toegang.gemeente,
            client_id=toegang.client_id,
            keten=keten or toegang.onderwerp,
            data=regel,
        )
    return regel


async def gebroken(tx: Tx, gemeente: str) -> list[tuple[str, int]]:
    """(namens, volgnummer) where a chain of this gemeente does not hold: an altered row, or one before it is gone."""
    rijen = await tx.fetch(
        """with rij as (
               select *, lag(volgnummer, 1, 0::bigint) over keten as voor,
                      lag(schakel, 1, ''::bytea) over keten as vorige_schakel
               from toegang where gemeente = $1 window keten as (partition by namens order by volgnummer))
           select namens, volgnummer from rij
           where volgnummer <> voor + 1 or vorige <> vorige_schakel
              or schakel <> toegang_schakel(vorige, gemeente, volgnummer, client_id, wie, namens, handeling,
                                            onderwerp, gebeurd_at)
           union
           select namens, volgnummer from toegang_kop as kop
           where gemeente = $1 and not exists (
               select from toegang t where t.gemeente = kop.gemeente and t.namens = kop.namens
               and t.volgnummer = kop.volgnummer and t.schakel = kop.schakel)
           order by 1, 2""",
        gemeente,
    )
    return [(rij["namens"], rij["volgnummer"]) for rij in rijen]
