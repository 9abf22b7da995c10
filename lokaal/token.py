"""The local issuer: signs tokens, and shows the key to check them with. Production trusts another issuer."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

AUDIENCE = "zorgketen"
GELDIG_S = 12 * 3600
ROLLEN_GEMEENTE = ("consulent", "wijkteam", "kwaliteit", "financien", "beheerder", "toezichthouder")
ROLLEN_AANBIEDER = ("aanbieder",)
ROLLEN_KETEN = ("keten", "beheerder")


def onderteken(
    sleutel: str,
    issuer: str,
    *,
    agb: str | None = None,
    agb_lijst: Sequence[str] = (),
    gemeente: str | None = None,
    keten: bool = False,
    rollen: Sequence[str] | None = None,
    sub: str | None = None,
    team: str | None = None,
) -> str:
    """A token on the real clock for one municipality (`gemeente`, 4 digits), for a provider (`agb`, 8 digits)
    or its vendor (`agb_lijst`), or for the chain's own operator (`keten`).

    Without `rollen` it carries all roles of its kind. Raises ValueError for anything else.
    """
    agbs = [*([] if agb is None else [agb]), *agb_lijst]
    if [bool(agbs), gemeente is not None, keten].count(True) != 1:
        raise ValueError("kies --agb, --gemeente of --keten")
    for code, lengte in [*((een, 8) for een in agbs), *([] if gemeente is None else [(gemeente, 4)])]:
        if len(code) != lengte or not (code.isascii() and code.isdigit()):
            raise ValueError("een AGB heeft 8 cijfers, een gemeente 4")
    nu = int(time.time())
    claims: dict[str, Any] = {"iss": issuer, "aud": AUDIENCE, "iat": nu, "exp": nu + GELDIG_S}
    alle: Sequence[str]
    if gemeente is not None:
        naam, alle = f"gemeente-{gemeente}", ROLLEN_GEMEENTE
        claims |= {"gemeente": gemeente, "team": team or f"wijkteam-{gemeente}"}
    elif keten:
        naam, alle = "keten", ROLLEN_KETEN
    else:
        naam, alle = (f"agb-{agb}" if agb is not None else "leverancier"), ROLLEN_AANBIEDER
        claims |= ({} if agb is None else {"agb": agb}) | ({"agb_lijst": list(agb_lijst)} if agb_lijst else {})
    claims |= {"sub": sub or naam, "rollen": list(alle if rollen is None else rollen)}
    key = RSAKey.import_key(json.loads(sleutel))
    return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": key.kid}, claims, key)


def serve_issuer(sleutel: str, issuer: str, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """Serve /jwks.json and /.well-known/openid-configuration in the background."""
    key = RSAKey.import_key(json.loads(sleutel))
    pages: dict[str, dict[str, Any]] = {
        "/jwks.json": {"keys": [key.as_dict(private=False)]},
        "/.well-known/openid-configuration": {
            "issuer": issuer,
            "jwks_uri": f"{issuer}/jwks.json",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["token"],
            "subject_types_supported": ["public"],
        },
    }

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path.partition("?")[0])
            body = json.dumps(page or {"title": "Niet gevonden", "status": 404}).encode()
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet: the supervisor's terminal is for people."""

    server = ThreadingHTTPServer((host, port), Pages)
    threading.Thread(target=server.serve_forever, name="issuer", daemon=True).start()
    return server
