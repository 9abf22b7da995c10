"""Taking in a body of XML: never more than the limit, and only what says it is XML."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from tempfile import SpooledTemporaryFile

from fastapi import Request

from chassis.errors import Problem
from schemas.iwmo.bericht import NietLeesbaar
from services.knooppunt import domain
from services.knooppunt.geheugen import geef_terug
from services.knooppunt.handlers.lezen import GROOT_BYTES, Gelezen, bevindingen, lees
from services.knooppunt.http.grenzen import grote_upload

SOORTEN_INHOUD = {"application/xml", "text/xml"}
TEKENSETS = {"", "utf-8", "utf8"}
XML_LICHAAM = {"requestBody": {"required": True, "content": {"application/xml": {"schema": {"type": "string"}}}}}
"""What the OpenAPI document says of such a body."""
TRAAGST_BYTES_PER_S = 100_000
"""A body may take `traag_s` of the settings, and as much longer as what arrived so far needs on a slow line."""


class _Geheugen:
    """How many bytes of big bodies may be in memory together; a body waits on disk for its turn."""

    def __init__(self, bytes_max: int) -> None:
        self._vrij = bytes_max
        self._weer_vrij = asyncio.Condition()

    @asynccontextmanager
    async def plaats(self, nodig: int) -> AsyncIterator[None]:
        async with self._weer_vrij:
            await self._weer_vrij.wait_for(lambda: self._vrij >= nodig)
            self._vrij -= nodig
        try:
            yield
        finally:
            async with self._weer_vrij:
                self._vrij += nodig
                self._weer_vrij.notify_all()


_geheugen = _Geheugen(domain.MAX_BYTES + 4 * GROOT_BYTES)


@asynccontextmanager
async def lichaam(request: Request) -> AsyncIterator[bytes]:
    """The bytes of the body; refuses above 25 MB while reading (OP179), other types and encodings.

    A big body is held back until there is memory for it, and gives that up at the end of the block.
    """
    gezegd = _eis_xml(request)
    # Of unknown length: it may be large.
    plaats = nullcontext() if gezegd is not None and gezegd <= GROOT_BYTES else grote_upload()
    with plaats, SpooledTemporaryFile(max_size=GROOT_BYTES) as bestand:
        lengte = await _ontvang(request, bestand)
        bestand.seek(0)
        if lengte <= GROOT_BYTES:
            yield bestand.read()
            return
        async with _geheugen.plaats(lengte):
            # What the last big body left behind makes room for this one.
            await asyncio.to_thread(geef_terug)
            yield await asyncio.to_thread(bestand.read)


def _eis_xml(request: Request) -> int | None:
    """Refuse what is not plain XML of at most 25 MB by its headers; gives the length that they say."""
    soort, *rest = (deel.strip().lower() for deel in request.headers.get("content-type", "").split(";"))
    tekenset = next((deel.partition("=")[2].strip("\"' ") for deel in rest if deel.startswith("charset")), "")
    codering = request.headers.get("content-encoding", "identity").strip().lower()
    if soort not in SOORTEN_INHOUD or tekenset not in TEKENSETS or codering not in ("", "identity"):
        raise Problem(
            415,
            "inhoud_niet_ondersteund",
            "Alleen ongecomprimeerde XML in UTF-8 wordt aangenomen.",
            "Stuur het bericht met Content-Type application/xml en zonder Content-Encoding.",
            headers={"Connection": "close"},
        )
    lengte = request.headers.get("content-length", "")
    gezegd = int(lengte[:20]) if lengte.isdigit() else None
    if gezegd is not None and gezegd > domain.MAX_BYTES:
        raise _te_groot()
    return gezegd


async def _ontvang(request: Request, bestand: SpooledTemporaryFile[bytes]) -> int:
    """Write the body as it comes in; gives its length."""
    traag_s = request.app.state.settings.traag_s
    klok = asyncio.get_running_loop().time
    begin_s, lengte = klok(), 0
    stroom = request.stream()
    while True:
        over_s = begin_s + traag_s + lengte / TRAAGST_BYTES_PER_S - klok()
        try:
            stuk = await asyncio.wait_for(anext(stroom), max(over_s, 0.0))
        except StopAsyncIteration:
            return lengte
        except TimeoutError:
            raise Problem(
                408,
                "te_langzaam",
                "Het bericht kwam te langzaam binnen.",
                "Stuur het bericht opnieuw over een snellere verbinding.",
                headers={"Connection": "close"},
            ) from None
        lengte += len(stuk)
        if lengte > domain.MAX_BYTES:
            raise _te_groot()
        bestand.write(stuk)


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
