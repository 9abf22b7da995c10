"""One process of a service over HTTP: tokens, problem+json without values, probes, metrics."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from lokaal.proces import free_port

PROCES = """
from fastapi import APIRouter
from pydantic import BaseModel
from chassis import outbox
from chassis.app import App
from chassis.db import transaction
from chassis.http import Database
from chassis.rechten import Recht, Wie

class Vraag(BaseModel, extra="forbid"):
    bsn: str
    aantal: int

router = APIRouter()

@router.post("/v1/proef")
async def proef(vraag: Vraag, db: Database, wie: Wie) -> dict[str, str]:
    async with transaction(db, wie.tenant) as tx:
        await tx.execute("insert into klanten_slot (klant, volgnummer) values ($1, $2)", vraag.bsn, vraag.aantal)
        return {"event_id": await outbox.add(tx, topic="x", type="y", key="k", gemeente=wie.gemeente, data={})}

@router.get("/v1/stuk/{ding}")
async def stuk(ding: str) -> None:
    raise KeyError(ding)

app = App("proef", {
    "POST /v1/proef": Recht(gemeente=frozenset({"consulent"})),
    "GET /v1/stuk/{ding}": Recht(openbaar=True),
})
app.http(router)
app.run()
"""


@pytest.fixture
def sleutel() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "k1", "alg": "RS256", "use": "sig"})


@pytest.fixture
def issuer(sleutel: RSAKey) -> Iterator[str]:
    sleutels = json.dumps(KeySet([sleutel]).as_dict(private=False)).encode()

    class Antwoord(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(sleutels)

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Antwoord)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def basis(dsn: str, issuer: str, tmp_path: Path) -> Iterator[str]:
    poort = free_port()
    programma = tmp_path / "proef.py"
    programma.write_text(PROCES)
    env = {
        **os.environ, "PYTHONPATH": os.getcwd(), "ZORGKETEN_OMGEVING": "lokaal", "ZORGKETEN_POORT": str(poort),
        "ZORGKETEN_DSN": dsn, "ZORGKETEN_KAFKA": "127.0.0.1:1", "ZORGKETEN_ISSUER": issuer,
    }  # fmt: skip
    with (tmp_path / "uit.log").open("w") as uit:
        proces = subprocess.Popen([sys.executable, str(programma)], env=env, stdout=uit, stderr=uit)
    url = f"http://127.0.0.1:{poort}"
    einde = time.monotonic() + 45
    while True:
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                break
        except httpx.HTTPError:
            pass
        assert time.monotonic() < einde, (tmp_path / "uit.log").read_text()
        assert proces.poll() is None, (tmp_path / "uit.log").read_text()
    yield url
    proces.terminate()
    proces.wait(15)
    tekst = (tmp_path / "uit.log").read_text()
    assert "999990018" not in tekst and "Traceback" not in tekst
    assert '"event": "gestopt"' in tekst
    for regel in tekst.splitlines():
        json.loads(regel)


def test_een_proces_over_http(basis: str, sleutel: RSAKey, issuer: str) -> None:
    def token(**anders: Any) -> dict[str, str]:
        claims = {"sub": "u", "iss": issuer, "aud": "zorgketen", "exp": int(time.time()) + 60, "gemeente": "0664",
                  "rollen": ["consulent"], **anders}  # fmt: skip
        return {"Authorization": "Bearer " + jwt.encode({"alg": "RS256", "kid": "k1"}, claims, sleutel)}

    def stuur(inhoud: Any, **anders: Any) -> httpx.Response:
        return httpx.post(f"{basis}/v1/proef", json=inhoud, headers=token(**anders))

    goed = {"bsn": "x1", "aantal": 1}
    antwoord = stuur(goed)
    assert antwoord.status_code == 200 and antwoord.headers["api-version"] == "1.0.0"
    assert httpx.post(f"{basis}/v1/proef", json=goed).status_code == 401
    for fout in (
        {"exp": int(time.time()) - 60}, {"aud": "anders"}, {"iss": "http://kwaad"}, {"gemeente": "664"},
        {"exp": None}, {"rollen": "consulent"},
    ):  # fmt: skip
        assert stuur(goed, **fout).status_code == 401, fout
    assert stuur(goed, rollen=["financien"]).status_code == 403
    assert stuur(goed, gemeente=None, agb="75750101").status_code == 403
    geen = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0."
    assert httpx.post(f"{basis}/v1/proef", headers={"Authorization": f"Bearer {geen}"}).status_code == 401

    for slecht in ({"bsn": "999990018", "aantal": "999990018x"}, {"bsn": 999990018, "aantal": 1, "999990018": 1},
                   {"bsn": "999990018\x00", "aantal": 1}, {"bsn": "y", "aantal": 2**70}):  # fmt: skip
        antwoord = stuur(slecht)
        assert antwoord.status_code == 422, antwoord.text
        assert antwoord.headers["content-type"] == "application/problem+json"
        assert "999990018" not in antwoord.text
    assert {"pad": "#/aantal"}.items() <= stuur({"bsn": "z", "aantal": "x"}).json()["bevindingen"][0].items()

    antwoord = httpx.get(f"{basis}/v1/stuk/999990018")
    assert antwoord.status_code == 500 and antwoord.json()["code"] == "interne_fout"
    assert httpx.get(f"{basis}/v1/niets").json()["code"] == "niet_gevonden"
    for ruw in (b"{", b"[" * 100_000, b"\xff", b""):
        antwoord = httpx.post(f"{basis}/v1/proef", content=ruw, headers=token())
        assert antwoord.status_code in (400, 422) and "bevindingen" in antwoord.json()
    assert httpx.get(f"{basis}/healthz").json()["klok_versie"] == 0
    assert "zorgketen_http_total" in httpx.get(f"{basis}/metrics").text
    assert httpx.get(f"{basis}/openapi.json").json()["openapi"].startswith("3.1")
