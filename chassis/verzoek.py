"""What a request must be before a route sees it: of a bounded size, in time, and JSON that means one thing."""

import asyncio
import json
import math
from contextlib import suppress
from typing import Any, NoReturn

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.errors import Bevinding, Problem

BYTES_MAX = 5 * 1024 * 1024
WEGGOOIEN_BYTES_MAX = 4 * BYTES_MAX
"""A client that sends a little too much is heard out, because one that is cut off never sees the answer."""
STROOM_BYTES_MAX = 32 * 1024 * 1024
"""A route that reads another kind of body piece by piece has a limit of its own; this one is the last resort."""
_NAMEN_MAX = 1000
"""Names in one object: every unknown one would be a finding of its own."""
_STROOM = {"application/xml", "text/xml", "application/soap+xml"}
_ZONDER_LICHAAM = {"GET", "HEAD", "OPTIONS"}
_UITHOREN_S = 5.0
_UITHOREN_BYTES = 64 * 1024 * 1024


class Uithoren:
    """Hears a client out that still sends when its answer closes the connection; within bounds of time and bytes.

    A socket that is closed with unread bytes is reset, and a reset takes the answer away before the client reads it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _ZONDER_LICHAAM:
            await self._app(scope, receive, send)
            return
        komt_meer, sluit = True, False

        async def hoor() -> Message:
            nonlocal komt_meer
            bericht = await receive()
            komt_meer = bericht["type"] == "http.request" and bericht.get("more_body", False)
            return bericht

        async def zeg(bericht: Message) -> None:
            nonlocal sluit
            if bericht["type"] == "http.response.start":
                sluit = any(naam.lower() == b"connection" and waarde == b"close" for naam, waarde in bericht["headers"])
            elif sluit and komt_meer and not bericht.get("more_body", False):
                await send({**bericht, "more_body": True})
                await uit()
                bericht = {"type": "http.response.body"}
            await send(bericht)

        async def uit() -> None:
            gehoord = 0
            with suppress(TimeoutError):
                async with asyncio.timeout(_UITHOREN_S):
                    while komt_meer and gehoord < _UITHOREN_BYTES:
                        gehoord += len((await hoor()).get("body", b""))

        await self._app(scope, hoor, zeg)


class Verzoek:
    """Holds every body against its limits, and every JSON against the one reading that all parsers agree on."""

    def __init__(self, app: ASGIApp, traag_s: float) -> None:
        self._app = app
        self._traag_s = traag_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _ZONDER_LICHAAM:
            await self._app(scope, receive, send)
            return
        koppen = dict(scope["headers"])
        soort, _, rest = koppen.get(b"content-type", b"").decode("latin-1").lower().partition(";")
        if soort.strip() in _STROOM:
            await self._app(scope, _begrensd(receive), send)
            return
        try:
            async with asyncio.timeout(self._traag_s):
                lichaam = await _lees(koppen, receive)
        except TimeoutError:
            raise Problem(
                408, "te_langzaam", "Het verzoek kwam te langzaam binnen.",
                "Stuur het verzoek opnieuw over een snellere verbinding.", headers={"Connection": "close"},
            ) from None  # fmt: skip
        if lichaam and (soort.strip() == "application/json" or soort.strip().endswith("+json")):
            _eis_utf_8(rest, koppen)
            _toets_json(lichaam)
        berichten: list[Message] = [{"type": "http.request", "body": lichaam, "more_body": False}]

        async def opnieuw() -> Message:
            return berichten.pop() if berichten else await receive()

        await self._app(scope, opnieuw, send)


async def _lees(koppen: dict[bytes, bytes], receive: Receive) -> bytes:
    lengte = koppen.get(b"content-length", b"")
    if lengte.isdigit() and int(lengte[:20]) > WEGGOOIEN_BYTES_MAX:
        raise _te_groot()
    lichaam, gelezen = bytearray(), 0
    while True:
        bericht = await receive()
        if bericht["type"] == "http.disconnect":
            raise ClientDisconnect
        gelezen += len(bericht.get("body", b""))
        if gelezen <= BYTES_MAX:
            lichaam += bericht.get("body", b"")
        if gelezen > WEGGOOIEN_BYTES_MAX or (gelezen > BYTES_MAX and not bericht.get("more_body", False)):
            raise _te_groot()
        if not bericht.get("more_body", False):
            return bytes(lichaam)


def _begrensd(receive: Receive) -> Receive:
    gelezen = 0

    async def lees() -> Message:
        nonlocal gelezen
        bericht = await receive()
        gelezen += len(bericht.get("body", b""))
        if gelezen > STROOM_BYTES_MAX:
            raise _te_groot()
        return bericht

    return lees


def _te_groot() -> Problem:
    # The rest of the body is not read, so the connection cannot be used again.
    return Problem(
        413, "te_groot", "Het verzoek is te groot.", "Stuur minder gegevens tegelijk.", headers={"Connection": "close"}
    )


def _eis_utf_8(parameters: str, koppen: dict[bytes, bytes]) -> None:
    tekenset = parameters.partition("charset=")[2].partition(";")[0].strip("\"' ")
    codering = koppen.get(b"content-encoding", b"identity").strip().lower()
    if tekenset not in ("", "utf-8", "utf8") or codering not in (b"", b"identity"):
        raise Problem(
            415, "soort_niet_ondersteund", "Alleen JSON in UTF-8 zonder compressie wordt gelezen.",
            "Stuur de JSON in UTF-8 en zonder Content-Encoding.",
        )  # fmt: skip


def _toets_json(lichaam: bytes) -> None:
    """Refuse what parsers read in different ways: double keys, NaN and infinity, half characters, other encodings."""
    try:
        waarde = json.loads(
            lichaam.decode("utf-8"),
            object_pairs_hook=_zonder_dubbele,
            parse_constant=_geen_getal,
            parse_float=_eindig,
        )
        if b"\\u" in lichaam:
            json.dumps(waarde, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise Problem(
            400,
            "onleesbare_json",
            "De inhoud is geen eenduidige JSON.",
            "Stuur JSON in UTF-8 zonder BOM, met elke naam een keer en met gewone getallen.",
            [Bevinding(regel="json_invalid", pad="#", melding="Dit is geen geldige JSON.",
                       volgende_stap="Verbeter de JSON en stuur het verzoek opnieuw.")],
        ) from None  # fmt: skip


def _zonder_dubbele(paren: list[tuple[str, Any]]) -> dict[str, Any]:
    uit = dict(paren)
    if len(uit) != len(paren) or len(uit) > _NAMEN_MAX:
        raise ValueError("dubbele naam, of te veel namen")
    return uit


def _geen_getal(_: str) -> NoReturn:
    raise ValueError("geen getal")


def _eindig(tekst: str) -> float:
    getal = float(tekst)
    if math.isinf(getal):
        raise ValueError("geen eindig getal")
    return getal
