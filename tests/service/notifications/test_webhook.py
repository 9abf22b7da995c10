"""A webhook says that there is something, signed, and is tried again until it is heard or visibly given up."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import threading
import time
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from chassis.clock import clock
from chassis.db import OVERAL, Pool, Tenant, transaction
from services.notifications import bellen
from services.notifications.domain import handtekening, poging
from services.notifications.handlers import melden
from tests.service.notifications.test_notificatie_versturen import BACKOFFICE, een_event, een_termijn

AGB = {"Authorization": "Bearer 75750101"}
ANDER = {"Authorization": "Bearer 75750202"}
GEHEIM = "een-geheim-van-de-ontvanger-zelf-0123456789"


class Ontvanger:
    """Somebody's own HTTP server; `antwoord` is its status."""

    def __init__(self) -> None:
        self.gehoord: list[tuple[dict[str, str], bytes]] = []
        self.antwoord = 204
        ik = self

        class Antwoord(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                ik.gehoord.append((dict(self.headers), body))
                self.send_response(ik.antwoord)
                self.send_header("Location", "http://127.0.0.1:9/ergens-anders")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Antwoord)
        self.url = f"http://localhost:{self.server.server_port}/sein"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def ontvanger() -> Iterator[Ontvanger]:
    ontvanger = Ontvanger()
    yield ontvanger
    ontvanger.server.shutdown()


async def bel(pool: Pool, *, lokaal: bool = True) -> None:
    await bellen.bel_wachtende(pool, door="proef", lokaal=lokaal)


async def verwerk(pool: Pool, handler: Any, event: Any, **anders: Any) -> None:
    async with transaction(pool, event.tenant) as tx:
        await handler(tx, event, **anders)


async def post_erbij(pool: Pool, agb: str = "75750101") -> None:
    await verwerk(pool, melden.meld_postbus, een_event("knooppunt.bericht_verzonden", {}, aanbieder=agb))


async def nog_een_keer(pool: Pool, pogingen: int) -> None:
    """As if so many attempts were made, and the next one is due."""
    async with transaction(pool, OVERAL) as tx:
        await tx.execute("UPDATE notificatie SET pogingen = $1, volgende_poging_at = clock_timestamp()", pogingen)


async def oproepen(api: httpx.AsyncClient, **koppen: Any) -> list[dict[str, Any]]:
    antwoord = await api.get("/v1/notificaties?kanaal=webhook", **koppen)
    assert antwoord.status_code == 200, antwoord.text
    return list(antwoord.json()["notificaties"])


async def test_webhook_van_een_aanbieder_hoort_getekend_dat_er_post_is_en_niet_wat(
    pool: Pool, api: httpx.AsyncClient, ontvanger: Ontvanger
) -> None:
    body = {"url": ontvanger.url}
    gemaakt = await api.put("/v1/webhooks/ecd", json=body, headers=AGB)
    assert gemaakt.status_code == 200, gemaakt.text
    geheim = gemaakt.json()["geheim"]
    assert len(geheim) >= 32
    # The secret is shown once and kept closed; the same again changes nothing.
    for antwoord in (
        await api.put("/v1/webhooks/ecd", json=body, headers=AGB),
        await api.get("/v1/webhooks/ecd", headers=AGB),
    ):
        assert "geheim" not in antwoord.json() and antwoord.json()["url"] == ontvanger.url
    async with transaction(pool, OVERAL) as tx:
        assert geheim.encode() not in await tx.fetchval("SELECT geheim FROM webhook")

    await bel(pool)
    assert ontvanger.gehoord == [], "nothing happened yet"
    for _ in range(5):
        await post_erbij(pool)
    await post_erbij(pool, "75750202")
    await bel(pool)
    ((koppen, inhoud),) = ontvanger.gehoord
    (rij,) = await oproepen(api, headers=AGB)
    assert json.loads(inhoud) == {"type": "nieuws", "kenmerk": rij["notificatie_id"], "aanleidingen": ["postbus_nieuw"]}
    assert koppen["Zorgketen-Kenmerk"] == rij["notificatie_id"] and koppen["Host"] == ontvanger.url.split("/")[2]
    tijdstip = koppen["Zorgketen-Tijdstip"]
    # As a receiver does it, with nothing of ours.
    mac = hmac.new(geheim.encode(), tijdstip.encode() + b"." + inhoud, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(koppen["Zorgketen-Handtekening"], f"sha256={mac}")
    assert abs(time.time() - int(tijdstip)) < handtekening.GELDIG_S, "within the window against replay"
    assert (rij["status"], rij["ontvanger"], rij["pogingen"]) == ("verzonden", "75750101", 1)
    assert await oproepen(api) == [], "of no municipality"

    await bel(pool)
    assert len(ontvanger.gehoord) == 1, "told once"
    await post_erbij(pool)
    await bel(pool)
    assert len(ontvanger.gehoord) == 2, "what came later is told too"


async def test_webhook_die_niet_luistert_wordt_dode_post_en_kan_opnieuw(
    pool: Pool, api: httpx.AsyncClient, ontvanger: Ontvanger
) -> None:
    nieuw = {"url": ontvanger.url, "geheim": GEHEIM}
    assert "geheim" not in (await api.put("/v1/webhooks/ecd", json=nieuw, headers=AGB)).json(), "it is known already"
    await post_erbij(pool)
    for status, fout in ((500, "webhook_weigert"), (302, "webhook_weigert")):
        ontvanger.antwoord = status
        await nog_een_keer(pool, 0)
        await bel(pool)
        (rij,) = await oproepen(api, headers=AGB)
        assert (rij["status"], rij["laatste_fout"], rij["pogingen"]) == ("wacht", fout, 1)
        wacht_s = (dt.datetime.fromisoformat(rij["volgende_poging_at"]) - dt.datetime.now(dt.UTC)).total_seconds()
        assert wacht_s <= 2, "backs off"
    await post_erbij(pool)
    await bel(pool)
    assert len(await oproepen(api, headers=AGB)) == 1, "one call at a time, whatever happens meanwhile"

    await nog_een_keer(pool, poging.POGINGEN_MAX - 1)
    await bel(pool)
    (dood,) = await oproepen(api, headers=AGB)
    assert (dood["status"], dood["volgende_poging_at"]) == ("mislukt", None)
    ontvanger.antwoord, gehoord = 204, len(ontvanger.gehoord)
    pad = f"/v1/notificaties/{dood['notificatie_id']}/opnieuw"
    assert (await api.post(pad, headers=ANDER)).status_code == 404
    assert (await api.post(pad)).status_code == 404
    assert (await api.post(pad, headers=AGB)).json()["status"] == "wacht"
    await bel(pool)
    assert {rij["status"] for rij in await oproepen(api, headers=AGB)} == {"verzonden"}
    kenmerken = [json.loads(inhoud)["kenmerk"] for _, inhoud in ontvanger.gehoord[gehoord:]]
    assert dood["notificatie_id"] in kenmerken, "under the same reference"
    koppen = ontvanger.gehoord[-1][0]
    assert koppen["Zorgketen-Handtekening"] == handtekening.onderteken(
        GEHEIM.encode(), int(koppen["Zorgketen-Tijdstip"]), ontvanger.gehoord[-1][1]
    )


async def test_webhook_van_een_gemeente_kiest_waarover_en_verwijderd_is_stil(
    pool: Pool, api: httpx.AsyncClient, ontvanger: Ontvanger
) -> None:
    for naam, waarover in (("alles", []), ("budget", ["budget_bereikt"])):
        antwoord = await api.put(f"/v1/webhooks/{naam}", json={"url": ontvanger.url, "aanleidingen": waarover})
        assert antwoord.status_code == 200, antwoord.text
    bericht_id = str(uuid.uuid4())
    for _ in range(2):
        await verwerk(pool, melden.meld_termijn, een_termijn(bericht_id), backoffice=BACKOFFICE)
        await bel(pool)
    (een,) = [json.loads(inhoud) for _, inhoud in ontvanger.gehoord]
    assert een["aanleidingen"] == ["termijn_verstreken"], "one cause, one call"
    assert not {bericht_id, "A" * 26, "75750101"} & set(str(een).replace("'", " ").split()), "no content"
    assert [w["webhook_id"] for w in (await api.get("/v1/webhooks")).json()["webhooks"]] == ["alles", "budget"]

    await verwerk(pool, melden.meld_termijn, een_termijn(str(uuid.uuid4())), backoffice=BACKOFFICE)
    for _ in range(2):
        weg = await api.delete("/v1/webhooks/alles")
    assert weg.status_code == 404, "gone is gone"
    await bel(pool)
    assert len(ontvanger.gehoord) == 1


@pytest.mark.parametrize("methode", ["GET", "DELETE"])
async def test_g15_webhook_van_een_ander_is_er_niet(api: httpx.AsyncClient, methode: str) -> None:
    await api.put("/v1/webhooks/mijn", json={"url": "http://localhost:1/"}, headers=AGB)
    for koppen in (ANDER, {}):
        assert (await api.request(methode, "/v1/webhooks/mijn", headers=koppen)).status_code == 404
        assert (await api.get("/v1/webhooks", headers=koppen)).json() == {"webhooks": []}
    assert (await api.get("/v1/webhooks/mijn", headers=AGB)).status_code == 200


async def test_webhook_adres_buiten_lokaal_alleen_https_en_openbaar(
    pool: Pool, api: httpx.AsyncClient, ontvanger: Ontvanger, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api.put("/v1/webhooks/a", json={"url": ontvanger.url}, headers=AGB)
    monkeypatch.setenv("ZORGKETEN_OMGEVING", "productie")
    fout = ["http://example.org/x", "ftp://example.org/x", "https://u:p@example.org/", "https://[::1", "https:///x",
            "https://example.org:0/", "https://voor beeld.example/", "https://example.org:99999/"]  # fmt: skip
    for url in fout:
        antwoord = await api.put("/v1/webhooks/b", json={"url": url}, headers=AGB)
        assert antwoord.status_code == 422 and url not in antwoord.text, url
    # The name was fine when it was recorded; where it leads to now is judged at each call.
    await post_erbij(pool)
    await bel(pool, lokaal=False)
    (rij,) = await oproepen(api, headers=AGB)
    assert rij["laatste_fout"] == "adres_niet_toegestaan" and ontvanger.gehoord == []
    await nog_een_keer(pool, poging.GEWEIGERD_MAX - 1)
    await bel(pool, lokaal=False)
    assert (await oproepen(api, headers=AGB))[0]["status"] == "mislukt", "waiting does not help here"


@pytest.mark.parametrize(
    "host",
    ["10.0.0.1", "169.254.169.254", "127.0.0.1", "[::1]", "192.168.1.1", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]",
     "[fd00::1]", "0.0.0.0", "224.0.0.1", "100.64.0.1", "2130706433", "localhost"],
)  # fmt: skip
async def test_webhook_belt_geen_intern_adres_hoe_het_ook_geschreven_is(host: str) -> None:
    with pytest.raises((bellen.AdresNietToegestaan, OSError)):
        await bellen.kies_bestemming(f"https://{host}/x", lokaal=False)


async def test_webhook_gaat_naar_het_adres_dat_beoordeeld_is() -> None:
    url, host = await bellen.kies_bestemming("https://93.184.215.14/x?y=1", lokaal=False)
    assert (url, host) == ("https://93.184.215.14:443/x?y=1", "93.184.215.14")
    url, host = await bellen.kies_bestemming("http://localhost:8099/x", lokaal=True)
    assert host == "localhost:8099" and url.rpartition(":")[0] in ("http://127.0.0.1", "http://[::1]")


async def test_webhook_zonder_sleutel_is_een_duidelijke_fout(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZORGKETEN_SLEUTEL_WEBHOOKS")
    antwoord = await api.put("/v1/webhooks/a", json={"url": "http://localhost:1/"}, headers=AGB)
    assert (antwoord.status_code, antwoord.json()["code"]) == (503, "webhooks_niet_ingericht")


async def test_g15_rijen_van_een_webhook_ziet_alleen_de_eigenaar(pool: Pool, api: httpx.AsyncClient) -> None:
    await api.put("/v1/webhooks/a", json={"url": "http://localhost:1/"}, headers=AGB)
    assert clock.now()
    for tenant, aantal in (
        (Tenant("0664"), 0),
        (Tenant(aanbieders=("75750202",)), 0),
        (Tenant(aanbieders=("75750101",)), 1),
    ):
        async with transaction(pool, tenant) as tx:
            assert await tx.fetchval("SELECT count(*) FROM webhook") == aantal
