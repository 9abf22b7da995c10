"""The pages in a real browser: sign in, follow the flow, read a case; safe, and without JavaScript."""

from __future__ import annotations

import uuid
from typing import Any, TypeAlias

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.spel import A1, ANDERE, CLIENT, KOPPEN, leg_beeld_vast, meld_aan, ontvangen, speel_keten

Kantoor: TypeAlias = Any
"""The fixture `kantoor` of conftest."""

XSS = "<img src=x onerror=document.title='stuk'>"


@pytest.fixture(scope="module", autouse=True)
def gevuld(kantoor: Kantoor) -> None:
    speel_keten(kantoor, CLIENT)
    speel_keten(kantoor, ANDERE, gemeente="0716")


def test_inloggen_zet_een_koekje_dat_scripts_niet_lezen(pagina: Page) -> None:
    (koekje,) = pagina.context.cookies()
    assert koekje["httpOnly"] and koekje["sameSite"] == "Strict"
    leg_beeld_vast(pagina, "stroom")
    pagina.set_viewport_size({"width": 1280, "height": 900})
    pagina.get_by_role("button", name="Uitloggen").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Inloggen")
    leg_beeld_vast(pagina, "inloggen")
    assert pagina.context.cookies() == []


def test_stroom_loopt_live_mee_en_kan_pauzeren(pagina: Page, kantoor: Kantoor) -> None:
    expect(pagina.get_by_role("status")).to_have_text("De lijst loopt mee.")
    eerste = pagina.locator("[data-stroom] tr").first
    kantoor.meld("toewijzing.instellingen_vastgelegd", {})
    expect(eerste).to_contain_text("De instellingen van de gemeente zijn gewijzigd.")
    pagina.get_by_role("button", name="Pauzeer").click()
    kantoor.meld("toewijzing.contracten_vastgelegd", {"contracten": [1, 2]})
    expect(pagina.get_by_role("status")).to_contain_text("1 nieuw")
    expect(eerste).not_to_contain_text("contracten")
    pagina.get_by_role("button", name="Verder").click()
    expect(eerste).to_contain_text("De contracten zijn vastgelegd: 2 regels.")


def test_xss_wordt_tekst_ook_live(pagina: Page, kantoor: Kantoor) -> None:
    kantoor.meld("knooppunt.bericht_ontvangen", ontvangen(XSS, str(uuid.uuid4())), client_id=CLIENT, aanbieder=XSS)
    expect(pagina.locator("[data-stroom] tr").first).to_contain_text(XSS)
    pagina.reload()
    expect(pagina.locator("[data-stroom] tr").first).to_contain_text(XSS)
    assert "stuk" not in pagina.title() and pagina.locator("main img").count() == 0


def test_zaak_toont_de_keten_in_gewone_taal(pagina: Page) -> None:
    pagina.goto(f"/zaken/{CLIENT}")
    tijdlijn = pagina.locator(".tijdlijn")
    for zin in (
        "De gemeente heeft besloten dat de inwoner hulp krijgt",
        "De toewijzing is verzonden naar de aanbieder.",
        "De start van de zorg is afgekeurd.",
        "De zorg bij toewijzing 610001 is begonnen.",
        "De gemeente betaalt € 235,00 voor deze inwoner.",
    ):
        expect(tijdlijn).to_contain_text(zin)
    expect(pagina.get_by_text("9326").first).to_be_visible()
    expect(pagina.locator(".aan-zet li")).to_have_count(1)
    leg_beeld_vast(pagina, "zaak")


@pytest.mark.parametrize("pad", ["/stroom", "/zaken", f"/zaken/{CLIENT}"])
def test_op_een_telefoon_schuift_de_pagina_niet_opzij(pagina: Page, pad: str) -> None:
    pagina.set_viewport_size({"width": 390, "height": 800})
    pagina.goto(pad)
    assert pagina.evaluate("document.documentElement.scrollWidth") <= 390
    assert pagina.evaluate("document.documentElement.lang") == "nl"


def test_toetsenbord_eerste_stap_slaat_het_menu_over(pagina: Page) -> None:
    pagina.keyboard.press("Tab")
    expect(pagina.locator(".sla-over")).to_be_focused()
    pagina.keyboard.press("Enter")
    expect(pagina.locator("#inhoud")).to_be_focused()


def test_zonder_javascript_een_gewone_lijst_met_filter(kantoor: Kantoor, browser: Browser) -> None:
    context = browser.new_context(base_url=kantoor.url, java_script_enabled=False)
    pagina = context.new_page()
    meld_aan(pagina, kantoor)
    pagina.get_by_label("Soort bericht").select_option("WMO301")
    pagina.get_by_role("button", name="Toon").click()
    expect(pagina.locator("[data-stroom] tr")).to_have_count(1)
    expect(pagina.get_by_role("button", name="Pauzeer")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("pad", ["/", "/stroom", "/v1/stroom", "/static/backoffice.css", "/static/x", "/niets"])
def test_elk_antwoord_heeft_een_csp_zonder_unsafe(kantoor: Kantoor, pad: str) -> None:
    koppen = httpx.get(kantoor.url + pad, trust_env=False).headers
    assert "default-src 'none'" in koppen["content-security-policy"]
    assert "unsafe" not in koppen["content-security-policy"]
    assert koppen["x-content-type-options"] == "nosniff" and koppen["referrer-policy"] == "no-referrer"


def test_g15_een_andere_gemeente_ziet_niets(kantoor: Kantoor) -> None:
    with httpx.Client(base_url=kantoor.url, trust_env=False) as client:
        client.headers["Authorization"] = f"Bearer {kantoor.token(gemeente='0664')}"
        assert client.get(f"/v1/zaken/{ANDERE}").status_code == 404
        assert client.get(f"/zaken/{ANDERE}").status_code == 404
        assert {g["client_id"] for g in client.get("/v1/stroom?limit=500").json()["gebeurtenissen"]} <= {
            CLIENT,
            None,
        }
        assert client.get(f"/v1/zaken/{CLIENT}").json()["aan_zet"][0]["wie"].startswith("Aanbieder")
        client.headers["Authorization"] = f"Bearer {kantoor.token(agb=A1)}"
        assert client.get("/v1/stroom").status_code == 403
        client.headers["Authorization"] = "Bearer onzin"
        assert client.get("/v1/stroom").status_code == 401
        assert client.get("/stroom").status_code == 303


def test_csrf_een_formulier_van_elders_wordt_geweigerd(kantoor: Kantoor) -> None:
    token = kantoor.token(gemeente="0664")
    with httpx.Client(base_url=kantoor.url, trust_env=False, cookies={"zorgketen_token": token}) as client:
        for koppen in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elders.example"}, {}):
            for pad in ("/", "/uit", "/zaken"):
                assert client.post(pad, headers=koppen, data={"token": token}).status_code == 403
        zoek = client.post("/zaken", headers=KOPPEN, data={"bsn": "123456789"})
        assert zoek.status_code == 422 and "123456789" not in zoek.text
        assert client.post("/zaken", headers=KOPPEN, data={"bsn": "999990019"}).status_code in (422, 503)
