"""Taking in a body of XML: never more than the limit, and only what says it is XML."""

import asyncio

from fastapi import Request

from chassis.errors import Problem
from schemas.iwmo.bericht import NietLeesbaar
from services.knooppunt import domain
from services.knooppunt.handlers.lezen import Gelezen, bevindingen, lees

SOORTEN_INHOUD = {"application/xml", "text/xml"}
MAX_WACHT_S = 30.0
TRAAGST_BYTES_PER_S = 100_000
"""A body may take 30 s, and as much longer as what arrived so far needs on a slow line."""


async def lees_lichaam(request: Request) -> bytes:
    """The bytes of the body; refuses above 25 MB while reading (OP179), other types and encodings."""
    soort = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if soort not in SOORTEN_INHOUD or request.headers.get("content-encoding", "identity") != "identity":
        raise Problem(
            415,
            "inhoud_niet_ondersteund",
            "Alleen ongecomprimeerde XML wordt aangenomen.",
            "Stuur het bericht met Content-Type application/xml en zonder Content-Encoding.",
        )
    lengte = request.headers.get("content-length", "")
    if lengte.isdigit() and int(lengte) > domain.MAX_BYTES:
        raise _te_groot()
    raw = bytearray()
    stroom = request.stream()
    klok = asyncio.get_running_loop().time
    begin_s = klok()
    while True:
        over_s = begin_s + MAX_WACHT_S + len(raw) / TRAAGST_BYTES_PER_S - klok()
        try:
            stuk = await asyncio.wait_for(anext(stroom), max(over_s, 0.0))
        except StopAsyncIteration:
            return bytes(raw)
        except TimeoutError:
            raise Problem(
                408,
                "te_langzaam",
                "Het bericht kwam te langzaam binnen.",
                "Stuur het bericht opnieuw over een snellere verbinding.",
                headers={"Connection": "close"},
            ) from None
        if len(raw) + len(stuk) > domain.MAX_BYTES:
            raise _te_groot()
        raw += stuk


async def ontleed(raw: bytes) -> Gelezen:
    """The message in these bytes; what is wrong by the XSD as a problem with all findings (level 1)."""
    try:
        return await lees(raw)
    except NietLeesbaar as fout:
        raise niet_leesbaar(fout) from None


def niet_leesbaar(fout: NietLeesbaar) -> Problem:
    """Level 1 as a problem document; nothing was received and no retour follows."""
    return Problem(
        fout.status,
        "bericht_niet_leesbaar",
        "Dit is geen geldig iWmo-bericht; het is niet ontvangen.",
        "Herstel alle genoemde punten en stuur het bericht opnieuw.",
        bevindingen(fout.bevindingen),
    )


def _te_groot() -> Problem:
    return Problem(
        413,
        "bericht_te_groot",
        "Het bericht is groter dan 25 MB.",
        "Verdeel de inhoud over meer berichten van elk hoogstens 25 MB.",
        # The rest of the body is not read, so the connection cannot be used again.
        headers={"Connection": "close"},
    )
