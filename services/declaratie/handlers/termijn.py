"""The term of a 325 runs from the receipt of its 323; a clock tells, each once, that it nears and that it passed."""

from __future__ import annotations

from typing import Any

from chassis import outbox
from chassis.clock import AMSTERDAM, clock
from chassis.db import Tx
from chassis.inbox import lock_keys
from chassis.outbox import NewEvent
from chassis.termijn import add_working_days, day_begins_at, day_ends_at
from services.declaratie.contracts import TOPIC, DeclaratieOntvangen, TermijnGemeld
from services.declaratie.domain import termijn as domein
from services.declaratie.store import termijn as store

PER_RONDE_MAX = 500
"""Terms that one run of the clock tells of: a transaction of bounded size, whatever waits."""


async def await_325(tx: Tx, gemeente: str, aanbieder: str, kop: DeclaratieOntvangen) -> None:
    """OP090x4: a 323 was received. The day that knooppunt named to the provider counts, so that both see the same."""
    ontvangen = kop.ontvangen_at.astimezone(AMSTERDAM).date()
    uiterlijk = kop.antwoord_uiterlijk or add_working_days(ontvangen, domein.WERKDAGEN)
    nadert_at = day_begins_at(add_working_days(uiterlijk, -domein.NADERT_WERKDAGEN))
    await store.open_termijn(
        tx, store.Termijn(gemeente, aanbieder, kop.bericht_id, uiterlijk, nadert_at, day_ends_at(uiterlijk))
    )


async def meld_termijnen(tx: Tx) -> None:
    """The clock. A term that both nears and has passed since the last run is told of twice, in that order."""
    nu = clock.now()
    gevonden = await store.load_aan_de_beurt(tx, nu, PER_RONDE_MAX)
    if not gevonden:
        return
    # Keys before rows, as a message about them does.
    await lock_keys(tx, gevonden)
    events: list[NewEvent] = []
    standen: list[tuple[str, str, bool, bool]] = []
    for rij in await store.lock_aan_de_beurt(tx, gevonden, nu):
        nadert, verstreken = rij["genaderd_at"] is None, rij["verloopt_at"] <= nu
        events += [_event(rij, "termijn_nadert")] if nadert else []
        events += [_event(rij, "termijn_verstreken")] if verstreken else []
        standen.append((rij["id"], domein.VERSTREKEN if verstreken else domein.NADERT, nadert, verstreken))
    await store.mark_gemeld(tx, standen, nu)
    await outbox.add_many(tx, TOPIC, events)


def _event(rij: dict[str, Any], type_: str) -> NewEvent:
    return NewEvent(
        type=f"declaratie.{type_}",
        key=rij["bericht_id"],
        gemeente=rij["gemeente"],
        aanbieder=rij["aanbieder"],
        keten=rij["bericht_id"],
        data=TermijnGemeld(
            termijn_id=rij["id"],
            soort=domein.ANTWOORD_DECLARATIE,
            wie=domein.GEMEENTE,
            partij=rij["gemeente"],
            uiterlijk=rij["uiterlijk"],
            bericht_id=rij["bericht_id"],
        ),
    )
