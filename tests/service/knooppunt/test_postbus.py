"""The mailbox: ETag, waiting for something, and a webhook that says there is something."""

import asyncio
import hashlib
import hmac
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from chassis.db import OVERAL, transaction
from services.knooppunt.handlers import opdrachten, seinen
from tests.service.knooppunt.spel import A1, A2, opdracht, vastgelegd


async def leg_neer(knooppunt, opdracht_id="opdracht-1"):
    await knooppunt.verwerk(opdrachten.client_vastgelegd, await vastgelegd())
    await knooppunt.verwerk(opdrachten.bericht_opgesteld, opdracht(opdracht_id))


async def vraag(knooppunt, pad, etag=None, agb=A1):
    koppen = knooppunt._kop(agb) | ({"If-None-Match": etag} if etag else {})
    return await knooppunt.http.get(pad, headers=koppen)


async def test_lijst_en_xml_hebben_een_etag_en_ongewijzigd_is_304(knooppunt):
    await leg_neer(knooppunt)
    lijst = await vraag(knooppunt, "/v1/postbus")
    assert (await vraag(knooppunt, "/v1/postbus", lijst.headers["etag"])).status_code == 304
    pad = f"/v1/postbus/{lijst.json()['berichten'][0]['bericht_id']}"
    xml = await vraag(knooppunt, pad)
    ongewijzigd = await vraag(knooppunt, pad, xml.headers["etag"])
    assert (ongewijzigd.status_code, ongewijzigd.content) == (304, b"")
    await leg_neer(knooppunt, "opdracht-2")
    assert (await vraag(knooppunt, "/v1/postbus", lijst.headers["etag"])).status_code == 200
    assert (await vraag(knooppunt, pad, xml.headers["etag"], A2)).status_code == 404, "not even a 304 for another"


async def test_wachten_eindigt_zodra_er_iets_is_en_houdt_geen_verbinding_vast(knooppunt):
    wachtend = [asyncio.create_task(vraag(knooppunt, "/v1/postbus?wacht=30")) for _ in range(20)]
    leeg = asyncio.create_task(vraag(knooppunt, "/v1/postbus?wacht=1", agb=A2))
    # More waiters than the pool has connections: what comes must still get in.
    assert len(wachtend) > knooppunt.pool.get_max_size()
    await leg_neer(knooppunt)
    async with asyncio.timeout(10):
        antwoorden = await asyncio.gather(*wachtend)
        assert (await leeg).json()["berichten"] == []
    assert {len(antwoord.json()["berichten"]) for antwoord in antwoorden} == {1}
    direct = await asyncio.wait_for(vraag(knooppunt, "/v1/postbus?wacht=30"), 5)
    assert direct.json()["berichten"]


class Ontvanger:
    """A provider's own HTTP server; refuses the first calls."""

    def __init__(self, weiger):
        self.gehoord, self.iets = [], threading.Event()
        ik = self

        class Antwoord(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                ik.gehoord.append((dict(self.headers), body))
                self.send_response(500 if len(ik.gehoord) <= weiger else 204)
                self.end_headers()

            def log_message(self, *_):
                return

        self.server = HTTPServer(("127.0.0.1", 0), Antwoord)
        self.url = f"http://127.0.0.1:{self.server.server_port}/sein"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def ontvanger():
    ontvanger = Ontvanger(weiger=1)
    yield ontvanger
    ontvanger.server.shutdown()


async def test_webhook_zegt_dat_er_iets_is_getekend_en_opnieuw_tot_het_gehoord_is(knooppunt, ontvanger):
    antwoord = await knooppunt.http.put("/v1/webhook", json={"url": ontvanger.url}, headers=knooppunt._kop(A1))
    geheim = antwoord.json()["geheim"]
    async with transaction(knooppunt.pool, OVERAL) as tx:
        assert geheim.encode() not in await tx.fetchval("select geheim from webhook")
    await leg_neer(knooppunt)
    sein = seinen.seiner(lambda: knooppunt.pool)

    async def gemeld():
        async with transaction(knooppunt.pool, OVERAL) as tx:
            await sein(tx)
        async with transaction(knooppunt.pool, OVERAL) as tx:
            return await tx.fetchval("select gemeld_tot from webhook") > 0

    async with asyncio.timeout(20):
        while not await gemeld():  # noqa: ASYNC110 - a condition with a deadline
            await asyncio.sleep(0.05)
    assert len(ontvanger.gehoord) == 2
    koppen, body = ontvanger.gehoord[-1]
    assert body == b'{"type": "postbus.nieuw"}'
    verwacht = hmac.new(geheim.encode(), koppen["Zorgketen-Tijdstip"].encode() + b"." + body, hashlib.sha256)
    assert koppen["Zorgketen-Handtekening"] == f"sha256={verwacht.hexdigest()}"
    assert await gemeld() and len(ontvanger.gehoord) == 2, "told once"


async def test_webhook_gaat_niet_naar_een_ander_protocol(knooppunt):
    for url in ("http://example.org/x", "ftp://example.org/x", "https://u:p@example.org/", "https://[::1"):
        antwoord = await knooppunt.http.put("/v1/webhook", json={"url": url}, headers=knooppunt._kop(A1))
        assert antwoord.status_code == 422 and url not in antwoord.text


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "127.0.0.1", "[::1]", "192.168.1.1"])
async def test_webhook_belt_in_productie_geen_intern_adres(monkeypatch, host):
    monkeypatch.setenv("ZORGKETEN_OMGEVING", "productie")
    with pytest.raises(seinen.AdresNietToegestaan):
        await seinen._toets_bestemming(f"https://{host}/x")
