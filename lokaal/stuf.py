"""The other side of a StUF route, for one machine: receives envelopes, keeps them, and answers with a Bv03.

`POST /{agb}` takes an envelope, `GET /{agb}` gives the referentienummers received, `GET /{agb}/{nummer}` the
message in it. `PUT /{agb}/storing` with a number lets that many envelopes fail first: a road that is down.
"""

from __future__ import annotations

import json
import re
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from schemas.stuf.envelop import Envelop, lees, nieuw_referentienummer, schrijf, schrijf_fout
from schemas.stuf.fouten import StufFout

_PAD = re.compile(r"/([0-9]{8})(?:/(storing|[0-9a-f-]{36}))?")


def serve_stuf(map_: Path, poort: int) -> ThreadingHTTPServer:
    """Serve on the loopback from a thread; what comes in is kept under `map_`."""
    storingen: dict[str, int] = {}
    slot = threading.Lock()

    class Tegenpartij(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            agb, _ = self._pad()
            raw = self._lichaam()
            with slot:
                storing = storingen.get(agb, 0)
                storingen[agb] = max(0, storing - 1)
            if storing:
                return self._antwoord(503, b"")
            self._antwoord(*_ontvang(map_ / agb, raw))

        def do_PUT(self) -> None:
            agb, _ = self._pad()
            with slot:
                storingen[agb] = int(self._lichaam() or b"0")
            self._antwoord(204, b"")

        def do_GET(self) -> None:
            agb, nummer = self._pad()
            if nummer:
                return self._antwoord(200, (map_ / agb / f"{nummer}.xml").read_bytes())
            namen = sorted((map_ / agb).glob("*.xml"), key=lambda pad: pad.stat().st_mtime_ns)
            self._antwoord(200, json.dumps([pad.stem for pad in namen]).encode())

        def _pad(self) -> tuple[str, str | None]:
            deel = _PAD.fullmatch(self.path)
            if deel is None:
                raise ValueError("unknown path")
            return deel[1], deel[2]

        def _lichaam(self) -> bytes:
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))

        def _antwoord(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", poort), Tegenpartij)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _ontvang(map_: Path, raw: bytes) -> tuple[int, bytes]:
    nu = datetime.now(UTC)
    try:
        envelop = lees(raw)
    except StufFout as fout:
        leeg = Envelop(berichtcode="Fo03", zender="IB", ontvanger="IB", referentienummer=nieuw_referentienummer(),
                       cross_refnummer=fout.referentienummer)  # fmt: skip
        return 500, schrijf_fout(fout, leeg, nu, "2025")
    map_.mkdir(parents=True, exist_ok=True)
    # The same number again is the same envelope: at least once there, once here.
    (map_ / f"{envelop.referentienummer}.xml").write_bytes(envelop.bestand)
    bv03 = Envelop(
        berichtcode="Bv03",
        zender=envelop.ontvanger,
        ontvanger=envelop.zender,
        referentienummer=nieuw_referentienummer(),
        cross_refnummer=envelop.referentienummer,
    )
    return 200, schrijf(bv03, nu)
