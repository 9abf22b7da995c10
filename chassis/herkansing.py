"""Parked events that a person lets go again, and what is parked behind them: in order, each in its transaction.

A row stays parked until it is done, so a new event of the same client keeps lining up behind it: order per client
holds all the way.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chassis import inbox, trace
from chassis.db import GEEN, Pool, Tx, act_for, transaction
from chassis.envelope import Event, parse
from chassis.errors import Wacht
from chassis.inbox import ACHTER, Herkomst
from chassis.kafka import AGAIN, BAD_DATA, Subscription, call
from chassis.log import log

_POLL_S = 1.0
_PROEF_MAX = 200

VERWERKT, WACHT, BLIJFT, RUST = "verwerkt", "wacht", "blijft_geparkeerd", "niet_vrijgegeven"

_EERSTE = """select *, coalesce(klant, geparkeerd_id::text) as rij from geparkeerd
             where topic = $1 and opgelost_at is null and coalesce(klant, geparkeerd_id::text) = $2
             order by geparkeerd_id limit 1"""


@dataclass
class Proef:
    """What letting a parked event go would do now, it and what is parked behind it.

    `uitkomsten`: how many events end how; `gebeurtenissen`: how many events of each type would be published.
    """

    uitkomst: str
    reden: str | None = None
    uitkomsten: Counter[str] = field(default_factory=Counter)
    gebeurtenissen: Counter[str] = field(default_factory=Counter)


class _Terug(Exception):
    """Rolls the transaction back."""


async def let_go(tx: Tx, rij: Mapping[str, Any], wie: str) -> None:
    """Let this row go: it is offered to its handler soon, and then what is parked behind it."""
    await tx.execute(
        "update geparkeerd set vrijgegeven_at = now(), vrijgegeven_door = $2 where geparkeerd_id = $1",
        rij["geparkeerd_id"], wie,
    )  # fmt: skip


async def set_aside(tx: Tx, geparkeerd_id: int, wie: str, toelichting: str) -> None:
    """A person says that this row needs nothing more; its bytes stay, and what is behind it goes on."""
    await tx.execute(
        """update geparkeerd set opgelost_at = now(), afloop = 'afgesloten', toelichting = $3, vrijgegeven_door = $2
           where geparkeerd_id = $1""",
        geparkeerd_id, wie, toelichting,
    )  # fmt: skip


async def first_of(tx: Tx, topic: str, rij: str) -> Mapping[str, Any] | None:
    """The first open row of a line of parked events: those of one client, or one event without a client."""
    found: Any = await tx.fetchrow(_EERSTE, topic, rij)
    return None if found is None else dict(found)


async def rehearse(pool: Pool, sub: Subscription, geparkeerd_id: int) -> Proef:
    """The same handlers on the facts of now, in a transaction that is always rolled back."""
    proef = Proef(RUST)
    try:
        async with transaction(pool, GEEN) as tx:
            rij: Any = await tx.fetchrow(
                "select topic, coalesce(klant, geparkeerd_id::text) as rij from geparkeerd where geparkeerd_id = $1",
                geparkeerd_id,
            )
            await tx.execute("update geparkeerd set vrijgegeven_at = now() where geparkeerd_id = $1", geparkeerd_id)
            vanaf = await tx.fetchval("select coalesce(max(id), 0) from outbox")
            for poging in range(_PROEF_MAX):
                uitkomst, reden = await _offer(tx, sub, rij["rij"])
                if uitkomst == RUST:
                    break
                if poging == 0:
                    proef.uitkomst, proef.reden = uitkomst, reden
                proef.uitkomsten[uitkomst] += 1
                if uitkomst == BLIJFT:
                    break
            for row in await tx.fetch("select bericht from outbox where id > $1", vanaf):
                proef.gebeurtenissen[json.loads(row["bericht"])["type"]] += 1
            raise _Terug
    except _Terug:
        return proef


async def _offer(tx: Tx, sub: Subscription, rij: str) -> tuple[str, str | None]:
    """Offer the first row of a line to its handler; the outcome, and the reason when it stays parked."""
    await inbox.lock_keys(tx, (rij,))
    row = await first_of(tx, sub.topic, rij)
    # Behind a row that is solved the line moves by itself; a row with a fault of its own waits for a person.
    if row is None or (row["vrijgegeven_at"] is None and row["reden"] != ACHTER):
        return RUST, None
    event, reden = parse(row["ruw"], row["sleutel"])
    if event is None or event.type not in sub.types:
        return await _stays(tx, row, reden or "soort_onbekend")
    if event.client_id is None and row["sleutel"]:
        # Of a thing without a client the key of the record is what the consume loop locks.
        await inbox.lock_keys(tx, (row["sleutel"].decode("utf-8", "replace"),))
    await act_for(tx, event.tenant)
    try:
        async with tx.transaction():
            if await call(tx, sub, [event], row["traceparent"]):
                raise Wacht
    except Wacht:
        await _put_aside(tx, row, event)
        return WACHT, None
    except AGAIN:
        raise
    except BAD_DATA:
        return await _stays(tx, row, "onbruikbaar")
    except Exception as error:
        # Not the end of the process, as in the consume loop: it is parked already, and a person looks at it.
        log.error("herkansing_mislukt", topic=sub.topic, type=event.type, fout=type(error).__name__)
        return await _stays(tx, row, "onverwachte_fout")
    await _solved(tx, row)
    return VERWERKT, None


async def _stays(tx: Tx, row: Mapping[str, Any], reden: str) -> tuple[str, str]:
    await tx.execute(
        "update geparkeerd set reden = $2, vrijgegeven_at = null where geparkeerd_id = $1", row["geparkeerd_id"], reden
    )
    return BLIJFT, reden


async def _solved(tx: Tx, row: Mapping[str, Any]) -> None:
    await tx.execute(
        "update geparkeerd set opgelost_at = now(), afloop = 'verwerkt' where geparkeerd_id = $1", row["geparkeerd_id"]
    )


async def _put_aside(tx: Tx, row: Mapping[str, Any], event: Event) -> None:
    bron = Herkomst(row["topic"], row["partitie"], row["positie"], row["sleutel"], row["ruw"], row["traceparent"])
    await inbox.put_aside(tx, bron, event_id=event.event_id, klant=row["klant"] or event.event_id)
    await _solved(tx, row)


async def _heads(pool: Pool, topics: list[str]) -> list[tuple[str, str]]:
    async with transaction(pool, GEEN) as tx:
        rows = await tx.fetch(
            """select topic, rij from (
                   select distinct on (topic, coalesce(klant, geparkeerd_id::text))
                          topic, coalesce(klant, geparkeerd_id::text) as rij, vrijgegeven_at, reden, geparkeerd_id
                   from geparkeerd where opgelost_at is null and topic = any($1::text[])
                   order by topic, coalesce(klant, geparkeerd_id::text), geparkeerd_id) eerste
               where vrijgegeven_at is not null or reden = $2 order by geparkeerd_id limit 1000""",
            topics, ACHTER,
        )  # fmt: skip
    return [(row["topic"], row["rij"]) for row in rows]


async def keep_going(pool: Pool, subs: list[Subscription]) -> None:
    """Offer what was let go, and what is behind it, for ever."""
    per_topic = {sub.topic: sub for sub in subs}
    while True:
        try:
            for topic, rij in await _heads(pool, list(per_topic)):
                with trace.continued(None, "herkansing"):
                    await _line(pool, per_topic[topic], rij)
        except AGAIN as error:
            log.warning("herkansing_opnieuw", fout=type(error).__name__)
        await asyncio.sleep(_POLL_S)


async def _line(pool: Pool, sub: Subscription, rij: str) -> None:
    """Offer a line, first to last, until it is empty or one stays."""
    while True:
        async with transaction(pool, GEEN) as tx:
            uitkomst, reden = await _offer(tx, sub, rij)
        if uitkomst in (VERWERKT, WACHT):
            log.info("herkansing", topic=sub.topic, uitkomst=uitkomst)
            sub.told(rij, uitkomst)
            continue
        if uitkomst == BLIJFT:
            log.warning("herkansing_blijft", topic=sub.topic, reden=reden)
        return
