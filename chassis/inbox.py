"""Tables behind the consume loop: seen, locked, parked, waiting. Every function takes a transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prometheus_client import Gauge

from chassis.db import Tx

_WAITING = Gauge("zorgketen_wachtend", "Events die op een voorganger wachten", ["topic"])


ACHTER = "achter_geparkeerd"
"""The reason of an event with no fault of its own: one of the same client is parked before it."""


@dataclass(frozen=True)
class Herkomst:
    """Where an event came from, with its bytes exactly as they were."""

    topic: str
    partitie: int
    positie: int
    sleutel: bytes | None
    ruw: bytes | None
    traceparent: str | None = None

    @property
    def plek(self) -> tuple[int, int]:
        """Where it is in its topic."""
        return self.partitie, self.positie


@dataclass(frozen=True)
class Wachtend:
    """An event that waits; `voorbij` when its time is over."""

    volgorde: int
    event_id: str
    ruw: bytes
    traceparent: str | None
    partitie: int
    positie: int
    voorbij: bool


async def lock_client(tx: Tx, gemeente: str, client_id: str) -> None:
    """Lock the row of a client first, so that everything of one client happens in one order.

    A client_id already belongs to one gemeente; it is named so that no caller forgets whose client it is.
    """
    await lock_keys(tx, (client_id,))


async def lock_keys(tx: Tx, keys: Iterable[str]) -> None:
    """Lock the rows of these keys in one fixed order, so that two batches never deadlock."""
    # An update that never holds still locks the row it found: one round trip, and no new row version.
    await tx.execute(
        """insert into klanten_slot (klant) select unnest($1::text[]) order by 1
           on conflict (klant) do update set klant = excluded.klant where false""",
        sorted(set(keys)),
    )


async def admit(
    tx: Tx, topic: str, slots: Iterable[str], event_ids: list[str], klanten: list[str]
) -> tuple[set[str], set[str]]:
    """Lock the rows of these slots and enter events in the inbox, in one round trip.

    Gives the event_ids that were not there yet, and which of these clients have one parked. Nothing of a locked client
    is parked in between.
    """
    row: Any = await tx.fetchrow("select * from inbox_opnemen($1, $2, $3, $4)", topic, list(slots), event_ids, klanten)
    return set(row["nieuw"]), set(row["geparkeerd"])


async def prepare_months(tx: Tx) -> None:
    """Make the partitions of the next months; a month without one still goes to `inbox_overig`."""
    await tx.fetchval("select inbox_maanden_vooruit()")


async def parked(tx: Tx, topic: str, klant: str) -> bool:
    """Whether this client has an open parked event of this topic."""
    return bool(
        await tx.fetchval(
            "select exists (select from geparkeerd where topic = $1 and opgelost_at is null and klant = $2)",
            topic,
            klant,
        )
    )


async def park(
    tx: Tx, bron: Herkomst, reden: str, *, event_id: str | None, klant: str | None, type: str | None
) -> None:
    """Park an event with its bytes; `reden` is a code, never a value. Parking it twice is parking it once.

    One that was let go, waited for a predecessor and fails after all is parked again.
    """
    await tx.execute(
        """insert into geparkeerd (topic, partitie, positie, event_id, klant, type, reden, sleutel, ruw,
                                   traceparent)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (topic, partitie, positie, (coalesce(event_id, md5(coalesce(ruw, ''::bytea))))) do update
           set reden = excluded.reden, opgelost_at = null, afloop = null, vrijgegeven_at = null
           where geparkeerd.event_id is not null""",
        bron.topic, bron.partitie, bron.positie, event_id, klant, type, reden, bron.sleutel, bron.ruw,
        bron.traceparent,
    )  # fmt: skip


async def put_aside(tx: Tx, bron: Herkomst, *, event_id: str, klant: str) -> None:
    """Let an event wait; what comes after it goes on (OP080: it may be what this one waits for)."""
    await tx.execute(
        """insert into wachtrij (topic, klant, event_id, partitie, positie, ruw, traceparent)
           values ($1, $2, $3, $4, $5, $6, $7)""",
        bron.topic, klant, event_id, bron.partitie, bron.positie, bron.ruw or b"", bron.traceparent,
    )  # fmt: skip


async def waiting_heads(tx: Tx, topics: list[str]) -> list[tuple[str, str]]:
    """(topic, client) of what waits on these topics, longest waiting first."""
    rows = await tx.fetch(
        """select topic, klant, min(volgorde) from wachtrij where topic = any($1::text[])
           group by topic, klant order by 3 limit 2000""",
        topics,
    )
    heads = [(row["topic"], row["klant"]) for row in rows]
    for topic in topics:
        _WAITING.labels(topic).set(sum(head[0] == topic for head in heads))
    return heads


async def next_waiting(tx: Tx, topic: str, klant: str, na: int, wait: timedelta) -> Wachtend | None:
    """The client's first waiting event after volgorde `na`; the caller has locked the client's row."""
    row: Any = await tx.fetchrow(
        """select volgorde, event_id, ruw, traceparent, partitie, positie,
                  clock_timestamp() - sinds >= $3 as voorbij
           from wachtrij where topic = $1 and klant = $2 and volgorde > $4 order by volgorde limit 1""",
        topic,
        klant,
        wait,
        na,
    )
    return None if row is None else Wachtend(**dict(row))


async def stop_waiting(tx: Tx, volgorde: int) -> None:
    """An event waits no longer."""
    await tx.execute("delete from wachtrij where volgorde = $1", volgorde)
