"""What the tests of services share: a real issuer, and a real vault."""

import asyncio
import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import asyncpg
import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from chassis import kluis as kluizen

KLUIS_WACHTWOORD = "kluis-proef"


@pytest.fixture(scope="session")
def kluis_dsn(postgres_dsn):
    """The dsn of role zk_kluis in the vault of this session."""
    asyncio.run(kluizen.maak(postgres_dsn, KLUIS_WACHTWOORD))
    plaats = kluizen.kluis_dsn(postgres_dsn).rpartition("@")[2]
    return f"postgresql://zk_kluis:{KLUIS_WACHTWOORD}@{plaats}"


@pytest_asyncio.fixture
async def kluis(kluis_dsn, postgres_dsn, monkeypatch):
    """The vault of this process, open. Its keys outlive a test; that someone is forgotten does not."""
    await _niemand_vergeten(postgres_dsn)
    for naam, waarde in (("PSEUDONIEM", b"p" * 32), ("GEGEVENS", b"g" * 32)):
        monkeypatch.setenv(f"ZORGKETEN_SLEUTEL_{naam}", base64.b64encode(waarde).decode())
    monkeypatch.setenv("ZORGKETEN_SLEUTEL_KLUIS", f"1:{base64.b64encode(b'k' * 32).decode()}")
    await kluizen.kluis.open(kluis_dsn, "proef")
    yield kluizen.kluis
    await kluizen.kluis.close()


async def _niemand_vergeten(postgres_dsn):
    """A vault remembers for ever whom it forgot, and every test of the session uses the same test BSNs."""
    eigenaar = await asyncpg.connect(kluizen.kluis_dsn(postgres_dsn), server_settings={"search_path": "kluis"})
    await eigenaar.execute("delete from vernietigd")
    await eigenaar.close()
    kluizen.kluis._cache.clear()


@pytest.fixture(scope="session")
def uitgever():
    """An issuer that serves its JWKS over HTTP; gives its url and a function that signs."""
    sleutel = ECKey.generate_key("P-256", {"kid": "proef", "use": "sig"})
    jwks = json.dumps(KeySet([sleutel]).as_dict(private=False)).encode()

    class Antwoord(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(jwks)

        def log_message(self, *_):
            return

    server = HTTPServer(("127.0.0.1", 0), Antwoord)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"

    def teken(**claims):
        nu = int(time.time())
        basis = {"iss": url, "aud": "zorgketen", "sub": "proef", "iat": nu, "exp": nu + 600}
        return jwt.encode({"alg": "ES256", "kid": "proef"}, basis | claims, sleutel, algorithms=["ES256"])

    yield url, teken
    server.shutdown()
