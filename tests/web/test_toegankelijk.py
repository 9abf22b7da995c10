"""WCAG 2.1 AA on every page and state, on a laptop, at 200% and on a phone; with the keyboard, and without JavaScript."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.web.spel import A1, CLIENT, leg_beeld_vast, meld_aan, speel_keten

Kantoor: TypeAlias = Any
"""The fixture `kantoor` of conftest."""

LANG = "Stichting Samenwerkende Zorgorganisaties Oosterschelde-Zuidwestelijk-Kustgebied"
GELE = "1676"
"""A gemeente in which nothing happened yet."""
VERZOEK = {"verzoek_id": "v-web", "soort": "vot", "referentie_aanbieder": "R", "bericht_id": "b",
           "reageer_uiterlijk": "2026-03-09", "besluit_uiterlijk": "2026-04-27"}  # fmt: skip


def een_termijn(n: int, **anders: Any) -> dict[str, Any]:
    return {"termijn_id": f"t{n}", "soort": "start", "wie": "aanbieder", "partij": A1, "uiterlijk": f"2026-03-{n % 28 + 1:02d}",
            "toewijzing_nummer": 610001, "bericht_id": None, "verzoek_id": None, "afloop": None} | anders  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def gevuld(kantoor: Kantoor) -> None:
    speel_keten(kantoor, CLIENT)
    wie = {"client_id": CLIENT, "aanbieder": A1}
    kantoor.meld("toewijzing.verzoek_gewijzigd", VERZOEK | {"status": "ingediend"}, **wie)
    afkeuring = {"opdracht_id": "o-web", "bericht_id": "b", "soort": "WMO301", "retourcodes": ["9385"]}
    kantoor.meld("toewijzing.bericht_afgekeurd", afkeuring | {"toewijzing_nummers": [610001, 610002]}, **wie)
    kantoor.meld("toewijzing.indicatie_geweigerd", {"indicatie_id": "i-web", "bevindingen": []}, **wie)
    for n in range(60):
        kantoor.meld("toewijzing.termijn_nadert", een_termijn(n), **wie)
    nieuw = een_termijn(99)
    kantoor.parkeer("toewijzing.termijn_nadert", nieuw, "onbruikbaar", **wie)
    kantoor.parkeer("toewijzing.termijn_verstreken", nieuw | {"naam": LANG}, "achter_geparkeerd", **wie)
    kantoor.parkeer("toewijzing.termijn_nadert", {}, "onbruikbaar", client_id="C" * 26)


def taken(kantoor: Kantoor) -> dict[str, str]:
    """The path of the first task of each kind."""
    koppen = {"Authorization": f"Bearer {kantoor.token(gemeente='0664')}"}
    antwoord = httpx.get(f"{kantoor.url}/v1/werkvoorraad?limit=500", headers=koppen, trust_env=False, timeout=30)
    rijen = antwoord.json()["werkvoorraad"]
    return {rij["soort"]: f"/werkvoorraad/{rij['taak_id']}" for rij in reversed(rijen) if rij["soort"] != "geparkeerd"}


def keur(pagina: Page, naam: str) -> None:
    """No violation for axe, and nothing to scroll sideways, at each width."""
    for breedte in (1280, 640, 390):
        pagina.set_viewport_size({"width": breedte, "height": 900})
        assert pagina.evaluate("document.documentElement.scrollWidth") <= breedte, f"{naam}: {breedte}"
        if breedte != 640:
            gevonden = Axe().run(pagina).response["violations"]
            uitleg = [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in gevonden]
            assert uitleg == [], f"{naam}: {breedte}"
    leg_beeld_vast(pagina, naam)
    pagina.set_viewport_size({"width": 1280, "height": 900})


def test_wcag_elke_bladzijde_met_veel_gegevens(pagina: Page, kantoor: Kantoor) -> None:
    per_soort = taken(kantoor)
    for naam, pad in {
        "stroom": "/stroom", "stroom-niets": "/stroom?status=goed&aanbieder=1", "zoek": "/zaken", "zaak": f"/zaken/{CLIENT}",
        "zaak-onbekend": f"/zaken/{'D' * 26}", "werkvoorraad": "/werkvoorraad", "werkvoorraad-een": "/werkvoorraad?soort=verzoek",
        "werkvoorraad-niets": "/werkvoorraad?aanbieder=1", "taak-onbekend": "/werkvoorraad/00000000-0000-4000-8000-000000000000",
        "parkeerplaats": "/parkeerplaats", "parkeerplaats-opgelost": "/parkeerplaats?stand=opgelost",
        "logboek": "/logboek", "logboek-fout": "/logboek?client_id=999990019",
        **{f"taak-{soort}": pad for soort, pad in per_soort.items()},
    }.items():  # fmt: skip
        pagina.goto(pad)
        keur(pagina, naam)
    pagina.goto("/parkeerplaats")
    pagina.locator("details summary").first.click()
    pagina.get_by_role("button", name="Bied opnieuw aan").click()
    expect(pagina.get_by_role("alert")).to_have_text("Kies eerst een of meer berichten.")
    for hokje in pagina.get_by_role("checkbox").all():
        hokje.check()
    pagina.get_by_role("button", name="Probeer zonder gevolg").click()
    keur(pagina, "parkeerplaats-proef")
    pagina.goto(per_soort["signaal"])
    pagina.get_by_label("Wat is er gedaan").fill("Het BSN is 999990019")
    pagina.get_by_role("button", name="Handel af").click()
    expect(pagina.get_by_role("alert")).to_contain_text("In de tekst staat een BSN")
    keur(pagina, "taak-fout")


def test_wcag_zonder_gegevens_en_buiten(kantoor: Kantoor, browser: Browser) -> None:
    context = browser.new_context(base_url=kantoor.url)
    pagina = context.new_page()
    pagina.goto("/")
    keur(pagina, "inloggen")
    pagina.get_by_label("Toegangscode").fill("onzin")
    pagina.get_by_role("button", name="Inloggen").click()
    keur(pagina, "inloggen-fout")
    meld_aan(pagina, kantoor, GELE)
    for naam in ("stroom", "werkvoorraad", "parkeerplaats"):
        pagina.goto(f"/{naam}")
        expect(pagina.locator(".leeg").first).to_be_visible()
        keur(pagina, f"{naam}-leeg")
    context.close()


def test_toetsenbord_alleen_van_werkvoorraad_tot_afgehandeld(pagina: Page) -> None:
    """Every step with Tab, Enter and letters; what has the focus shows it."""

    def naar(wat: Any, hoogstens: int = 60) -> None:
        for _ in range(hoogstens):
            if wat.evaluate("e => e === document.activeElement"):
                assert "none" not in wat.evaluate("e => getComputedStyle(e).outlineStyle")
                return
            pagina.keyboard.press("Tab")
        raise AssertionError("not reached by keyboard")

    pagina.goto("/werkvoorraad?soort=signaal")
    naar(pagina.get_by_role("link", name=re.compile("^Open")).first)
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Signaal")
    naar(pagina.get_by_label("Wat is er gedaan"))
    pagina.keyboard.type("Nieuw besluit genomen")
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_role("status")).to_contain_text("De taak is afgehandeld.")
    expect(pagina.locator(".stappen")).to_contain_text("handelde af: Nieuw besluit genomen")


def test_zonder_javascript_verdelen_vervangen_en_opnieuw_aanbieden(kantoor: Kantoor, browser: Browser) -> None:
    context = browser.new_context(base_url=kantoor.url, java_script_enabled=False)
    pagina = context.new_page()
    meld_aan(pagina, kantoor)
    pagina.goto(taken(kantoor)["verzoek"])
    pagina.get_by_label("Naam").fill(LANG)
    pagina.get_by_role("button", name="Leg vast").click()
    expect(pagina.locator(".stappen")).to_contain_text(f"legde de taak bij: {LANG}")
    pagina.get_by_role("button", name="Ken toe").click()
    expect(pagina.get_by_role("alert")).to_contain_text("Er is niets veranderd of verzonden.")
    pagina.goto("/werkvoorraad")
    pagina.get_by_label("Wie is er niet").fill(LANG)
    pagina.get_by_label("Tot en met").fill("2099-01-01")
    pagina.get_by_role("button", name="Leg vervanging vast").click()
    pagina.get_by_label("Wie doet het").select_option("mijn")
    pagina.get_by_role("button", name="Toon", exact=True).click()
    expect(pagina.locator("[data-taak]")).to_have_count(1)
    expect(pagina.locator("[data-taak]")).to_contain_text("vervangen door gemeente-0664")
    leg_beeld_vast(pagina, "werkvoorraad-mijn")

    pagina.goto("/parkeerplaats")
    eerste = pagina.locator(".parkeerlijst > li").first
    expect(eerste).to_contain_text(re.compile(r"Wacht erachter:\s*1"))
    expect(eerste).not_to_contain_text(LANG)
    # Somebody takes it up; who looks at their own work sees it there.
    eerste.get_by_role("checkbox").check()
    pagina.get_by_label("Wie doet het").fill("parkeerwacht")
    pagina.get_by_role("button", name="Verdeel").click()
    expect(pagina.get_by_role("status").filter(has_text="verdeeld")).to_have_text("1 bericht verdeeld.")
    expect(eerste).to_contain_text(re.compile(r"Wie doet het:\s*parkeerwacht"))
    pagina.goto("/werkvoorraad?behandelaar=parkeerwacht")
    expect(pagina.locator("[data-taak]")).to_have_count(1)
    expect(pagina.locator("[data-taak]")).to_contain_text("Geparkeerd bericht")
    pagina.goto("/parkeerplaats")
    eerste.get_by_role("checkbox").check()
    pagina.get_by_role("button", name="Probeer zonder gevolg").click()
    expect(pagina.get_by_role("status").filter(has_text="Proef")).to_contain_text("2 × wordt verwerkt")
    pagina.get_by_role("button", name="Bied opnieuw aan").click()
    expect(pagina.get_by_role("status").first).to_contain_text("1 bericht verwerkt.")
    for _ in range(100):
        pagina.goto("/parkeerplaats")
        if pagina.locator(".parkeerlijst > li").count() == 1:
            break
    expect(pagina.locator(".parkeerlijst > li")).to_have_count(1)
    pagina.goto("/parkeerplaats?stand=opgelost")
    expect(pagina.locator(".parkeerlijst")).to_contain_text("Verwerkt na een nieuwe poging van gemeente-0664.")
    pagina.goto(f"/zaken/{CLIENT}")
    einde = pagina.locator(".stap__zin").filter(
        has_text="De termijn is voorbij voor de melding dat de zorg is begonnen."
    )
    expect(einde).to_have_count(1)
    context.close()


def test_nen7513_een_geweigerde_inzage_staat_in_het_logboek(pagina: Page, kantoor: Kantoor, browser: Browser) -> None:
    koppen = {"Authorization": f"Bearer {kantoor.token(gemeente='0664', sub='nieuwsgierig')}"}
    for pad in (f"/v1/zaken/{'E' * 26}", f"/zaken/{'E' * 26}"):
        assert httpx.get(kantoor.url + pad, headers=koppen, trust_env=False).status_code == 404
    context = browser.new_context(base_url=kantoor.url)
    toezicht = context.new_page()
    toezicht.goto("/")
    toezicht.get_by_label("Toegangscode").fill(
        kantoor.token(gemeente="0664", rollen=["toezichthouder"], sub="toezicht")
    )
    toezicht.get_by_role("button", name="Inloggen").click()
    expect(toezicht.get_by_role("heading", level=1)).to_have_text("Logboek")
    expect(toezicht.locator(".menu li")).to_have_text(["Logboek"])
    geweigerd = toezicht.locator("tbody tr").filter(has_text="nieuwsgierig")
    expect(geweigerd).to_have_count(2)
    expect(geweigerd.first).to_contain_text("Wilde kijken, maar dat mocht niet")
    keur(toezicht, "logboek-toezichthouder")
    ander = kantoor.token(gemeente="0664", rollen=["toezichthouder"], sub="zonder-recht")
    koppen = {"Authorization": f"Bearer {ander}"}
    assert httpx.get(f"{kantoor.url}/v1/zaken/{CLIENT}", headers=koppen, trust_env=False).status_code == 403
    toezicht.goto(f"/logboek?client_id={CLIENT}")
    expect(toezicht.locator("tbody tr").filter(has_text="zonder-recht")).to_contain_text("Wilde kijken")
    context.close()
