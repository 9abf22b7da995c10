"""What the services that check tokens share: a real issuer."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet


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
