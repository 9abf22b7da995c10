"""Showing the bytes of a message to a person or a party; every look is logged (NEN 7513)."""

from typing import Any

from chassis.audit import Toegang, log_toegang
from chassis.auth import Caller
from chassis.db import Tx
from chassis.errors import Problem
from chassis.kluis import Vergeten
from services.knooppunt.contracts import BERICHTEN
from services.knooppunt.handlers import bewaren


async def toon(tx: Tx, wie: Caller, rij: dict[str, Any], handeling: str) -> bytes:
    """The bytes of a message, with the row of this look in the same transaction; Problem 410 when forgotten."""
    bericht_id: str = rij["bericht_id"]
    try:
        raw = await bewaren.inhoud(tx, bericht_id)
    except Vergeten:
        raise Problem(
            410,
            "bericht_vergeten",
            "De gegevens in dit bericht zijn vernietigd.",
            "U kunt dit bericht niet meer ophalen. Vraag de gemeente waarom.",
        ) from None
    toegang = Toegang(
        gemeente=rij["gemeente"],
        wie=wie.sub,
        namens=wie.gemeente or rij["aanbieder"],
        handeling=handeling,
        client_id=rij["client_id"],
        onderwerp=bericht_id,
    )
    # A 325 holds the clients of its 323: under that number the look is found with each of them.
    await log_toegang(tx, toegang, topic=BERICHTEN, keten=rij["op_bericht"] or bericht_id)
    return raw
