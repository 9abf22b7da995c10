"""A provider's webhook hears, signed, that something lies in its mailbox: from a 301 in the chain to a call outside."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from lokaal.spel import wacht_tot
from tests.chain.spel import GOES, VAN_BESTAND, begeleiding, een_bsn, een_client

AGB = VAN_BESTAND["webhook"]


def test_een_301_in_de_postbus_belt_de_webhook_en_zegt_niet_wat(keten):
    gehoord = []

    class Antwoord(BaseHTTPRequestHandler):
        def do_POST(self):
            gehoord.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            return

    server = HTTPServer(("127.0.0.1", 0), Antwoord)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        body = {"url": f"http://127.0.0.1:{server.server_port}/sein", "aanleidingen": ["postbus_nieuw"]}
        antwoord = keten.vraag("PUT", "notifications", "/v1/webhooks/keten", AGB, json=body)
        assert antwoord.status_code == 200, antwoord.text
        bsn = een_bsn()
        indicatie = keten.indicatie(GOES, een_client(bsn), [begeleiding(aanbieder=AGB)])
        keten.wacht_op_301(AGB, indicatie["toewijzing_nummers"])
        koppen, inhoud = wacht_tot(lambda: gehoord[0] if gehoord else None, "de webhook wordt gebeld")
        kenmerk = json.loads(inhoud)["kenmerk"]
        assert json.loads(inhoud) == {"type": "nieuws", "kenmerk": kenmerk, "aanleidingen": ["postbus_nieuw"]}
        mac = hmac.new(
            antwoord.json()["geheim"].encode(), koppen["Zorgketen-Tijdstip"].encode() + b"." + inhoud, hashlib.sha256
        )
        assert koppen["Zorgketen-Handtekening"] == f"sha256={mac.hexdigest()}"

        def verteld():
            rijen = keten.vraag("GET", "notifications", "/v1/notificaties?kanaal=webhook", AGB).json()["notificaties"]
            return [r for r in rijen if r["notificatie_id"] == kenmerk and r["status"] == "verzonden"] or None

        assert len(wacht_tot(verteld, "de oproep staat in de lijst")) == 1
        assert keten.vraag("DELETE", "notifications", "/v1/webhooks/keten", AGB).status_code == 204
    finally:
        server.shutdown()
