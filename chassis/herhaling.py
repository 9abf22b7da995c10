"""Idempotency-Key: a command that is sent again is not done again."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from chassis.db import Tx
from chassis.errors import Problem


async def once(
    tx: Tx,
    gemeente: str,
    sleutel: str | None,
    opdracht: dict[str, Any],
    doe: Callable[[], Awaitable[dict[str, Any]]],
) -> dict[str, Any]:
    """Do a command and keep its answer, in the same transaction; without a key it is simply done.

    The same key and `opdracht` give the first answer. Raises Problem 409 for the same key with another one.
    `opdracht` is kept as a hash without a key, so it may not hold a BSN.
    """
    if sleutel is None:
        return await doe()
    afdruk = hashlib.sha256(json.dumps(opdracht, sort_keys=True, default=str).encode()).hexdigest()
    nieuw = await tx.fetchval(
        "insert into herhaalsleutel (gemeente, sleutel, afdruk) values ($1, $2, $3) on conflict do nothing returning 1",
        gemeente,
        sleutel,
        afdruk,
    )
    if nieuw is not None:
        antwoord = await doe()
        await tx.execute(
            "update herhaalsleutel set antwoord = $3 where gemeente = $1 and sleutel = $2", gemeente, sleutel, antwoord
        )
        return antwoord
    eerder = await tx.fetchrow(
        "select afdruk, antwoord from herhaalsleutel where gemeente = $1 and sleutel = $2", gemeente, sleutel
    )
    if eerder is None or eerder["afdruk"] != afdruk:
        raise Problem(
            409,
            "sleutel_hergebruikt",
            "Deze Idempotency-Key hoort bij een andere opdracht",
            "Gebruik voor elke opdracht een nieuwe sleutel.",
        )
    eerste: dict[str, Any] = eerder["antwoord"]
    return eerste
