"""A connection: closed when the head of a request does not come, and answered as a problem when it is no HTTP."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from chassis.http import HEADERS
from chassis.log import log

_GEEN_HTTP = json.dumps(
    {
        "type": "about:blank",
        "title": "Het verzoek is geen geldige HTTP.",
        "status": 400,
        "code": "geen_http",
        "volgende_stap": "Controleer de software waarmee het verzoek is gemaakt.",
        "bevindingen": [],
    }
).encode()


def protocol(traag_s: float) -> type[asyncio.Protocol]:
    """The HTTP/1.1 of uvicorn, with a term of `traag_s` for the head of every request."""

    class Verbinding(H11Protocol):
        _term: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._term = self.loop.call_later(traag_s, self._te_traag)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state is not h11.IDLE:
                self._stop()
            elif self._term is None:
                self._term = self.loop.call_later(traag_s, self._te_traag)

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop()
            super().connection_lost(exc)

        def _stop(self) -> None:
            if self._term is not None:
                self._term.cancel()
                self._term = None

        def _te_traag(self) -> None:
            self._term = None
            # Between two requests the keep-alive of uvicorn is in charge; an answer under way is never cut off.
            if self.cycle is None or self.cycle.response_complete:
                log.info("verzoek_geweigerd", code="te_langzaam")
                self.transport.close()

        def send_400_response(self, msg: str) -> None:
            log.info("verzoek_geweigerd", code="geen_http", status=400)
            koppen = [*HEADERS.items(), (b"content-type", b"application/problem+json"), (b"connection", b"close"),
                      (b"content-length", str(len(_GEEN_HTTP)).encode())]  # fmt: skip
            antwoord = h11.Response(status_code=400, headers=koppen, reason=b"Bad Request")
            # Half-way an answer there is nothing more to say.
            with suppress(h11.LocalProtocolError):
                for event in (antwoord, h11.Data(data=_GEEN_HTTP), h11.EndOfMessage()):
                    self.transport.write(self.conn.send(event) or b"")
            self.transport.close()

    return Verbinding
