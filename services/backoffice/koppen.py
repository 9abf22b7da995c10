"""Security headers on every answer of backoffice, also on refusals and on the live stream."""

from __future__ import annotations

from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

VEILIGE_KOPPEN = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class VeiligeRoute(APIRoute):
    """A route whose answers, whoever makes them, carry the headers."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def met_koppen(message: Message) -> None:
            if message["type"] == "http.response.start":
                koppen = MutableHeaders(scope=message)
                for naam, waarde in VEILIGE_KOPPEN.items():
                    koppen[naam] = waarde
                # What a municipality sees may not stay behind in a cache; assets say so themselves.
                koppen.setdefault("Cache-Control", "no-store")
            await send(message)

        await super().handle(scope, receive, met_koppen)
