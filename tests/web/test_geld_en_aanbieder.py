"""Declaraties, Grip op Wmo, beheer and the provider's side in a real browser, over the real neighbours."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from chassis.clock import clock
from tests.web import geld, kwaad
from tests.web.buurt import GOES, THOLEN, Buurt, buurt
from tests.web.geld import BUUR, CLIENT, GEEN_GEGEVENS, KENMERKEN, een_305
from tests.web.spel import A1, KOPPEN, leg_beeld_vast

Kantoor: TypeAlias = Any
"""The fixture `kantoor` of conftest."""


@pytest.fixture(scope="module", autouse=True)
def gevuld(kantoor: Kantoor, postgres_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The neighbours and what happened at them, on a day in the autumn of 2026."""
    klok = tmp_path_factory.mktemp("klok") / "klok.json"
    offset = dt.datetime.fromisoformat("2026-11-25T09:00:00+01:00") - dt.datetime.now(dt.UTC)
    klok.write_text(json.dumps({"versie": 1, "offset_s": offset.total_seconds()}))
    clock.configure(str(klok), omgeving="lokaal")

    async def alles(b: Buurt) -> None:
        await geld.vul(b)
        await kwaad.vul(b)

    with buurt(kantoor, postgres_dsn, alles):
        geld.meld(kantoor)
        yield


def open_als(browser: Browser, kantoor: Kantoor, *, javascript: bool = True, **wie: Any) -> Page:
    """A page of somebody who is signed in."""
    context = browser.new_context(base_url=kantoor.url, java_script_enabled=javascript)
    koekje = {"name": "zorgketen_token", "value": kantoor.token(**wie), "url": kantoor.url}
    context.add_cookies([koekje])
    return context.new_page()


def keur(pagina: Page, naam: str) -> None:
    """Nothing to scroll sideways on a phone, at 200% and on a laptop, and no violation for axe."""
    for breedte in (390, 640, 1280):
        pagina.set_viewport_size({"width": breedte, "height": 900})
        assert pagina.evaluate("document.documentElement.scrollWidth") <= breedte, f"{naam}: {breedte}"
    gevonden = Axe().run(pagina).response["violations"]
    assert [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in gevonden] == [], naam
    leg_beeld_vast(pagina, naam)
    pagina.set_viewport_size({"width": 1280, "height": 900})


def naar(pagina: Page, wat: Any, hoogstens: int = 90) -> None:
    """By Tab alone; what has the focus shows it."""
    for _ in range(hoogstens):
        if wat.evaluate("e => e === document.activeElement"):
            assert "none" not in wat.evaluate("e => getComputedStyle(e).outlineStyle")
            return
        pagina.keyboard.press("Tab")
    raise AssertionError("not reached by keyboard")


def test_declaratie_legt_elke_afgekeurde_regel_uit_met_toetsenbord(kantoor: Kantoor, browser: Browser) -> None:
    pagina = open_als(browser, kantoor, gemeente=GOES)
    pagina.goto("/declaraties?periode=2026-03")
    rij = pagina.locator("[data-declaratie]")
    expect(rij).to_have_count(1)
    expect(rij).to_contain_text("9321")
    expect(rij).to_contain_text("30 regels")
    naar(pagina, pagina.get_by_role("link", name=re.compile("^Open")))
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Declaratie over maart 2026")
    regels = pagina.locator("[data-regel]")
    expect(regels).to_have_count(25)
    eerste = regels.first
    expect(eerste).to_contain_text("9321 Het volume past niet in deze periode.")
    expect(eerste).to_contain_text("9389 Voor dit product en deze periode is al een regel goedgekeurd.")
    expect(eerste).to_contain_text("Het gaat om de eerdere regel R-3-0.")
    expect(eerste).to_contain_text("Toegewezen in deze maand: 18 uur. Daarvan is nu nog 16 uur over.")
    pagina.get_by_role("link", name="Volgende regels").click()
    expect(regels).to_have_count(5)
    pagina.get_by_role("link", name="Alle regels").click()
    expect(regels.first).to_contain_text("Toegekend")
    expect(pagina.get_by_role("cell", name="februari 2026")).to_be_visible()
    with pagina.expect_download() as download:
        pagina.get_by_role("link", name="Download het antwoord (325)").click()
    assert download.value.suggested_filename.startswith("325-")
    pagina.context.close()


def test_grip_elk_cijfer_leidt_naar_zijn_zaken_zonder_javascript(kantoor: Kantoor, browser: Browser) -> None:
    pagina = open_als(browser, kantoor, javascript=False, gemeente=GOES)
    pagina.goto("/grip?jaar=2026")
    rij = pagina.locator("tr[data-categorie='02']")
    expect(rij).to_contain_text("€ 9.000,00")
    cijfers = {kop: rij.locator(f"td[data-label='{kop}'] a") for kop in ("Toegezegd", "Besteed")}
    bedragen = {kop: cel.inner_text() for kop, cel in cijfers.items()}
    assert bedragen["Besteed"] == "€ 822,50"
    expect(rij.locator("td[data-label='Verwacht']")).to_contain_text("tussen")
    expect(rij.locator(".stand")).to_contain_text("% van plafond")
    cijfers["Besteed"].click()
    geval = pagina.locator("tbody tr")
    expect(geval).to_have_count(1)
    for kop, bedrag in bedragen.items():
        expect(geval.locator(f"td[data-label='{kop}']")).to_have_text(bedrag)
    assert geval.get_by_role("link").get_attribute("href") == f"/zaken/{CLIENT}"
    pagina.goto("/grip?jaar=2026")
    team = pagina.locator("tbody tr").filter(has=pagina.get_by_role("rowheader", name="west"))
    for kop, aantal in {"Meldingen": 60, "Zonder toewijzing": 20, "Onderzoek": "50 dagen"}.items():
        expect(team.locator(f"td[data-label='{kop}']")).to_have_text(str(aantal))
    expect(pagina.get_by_text("€ 20.000,00")).to_be_visible()
    team.locator("td[data-label='Zonder toewijzing'] a").click()
    expect(pagina.locator("tbody tr")).to_have_count(20)
    pagina.goto("/grip/meldingen?jaar=2026")
    expect(pagina.locator("tbody tr")).to_have_count(50)
    pagina.get_by_role("link", name="Volgende meldingen").click()
    expect(pagina.locator("tbody tr")).to_have_count(10)
    pagina.goto("/grip?jaar=2026")
    pagina.get_by_role("link", name=re.compile("veel minder of meer gebruikt")).click()
    expect(pagina.locator("tbody tr")).to_have_count(1)
    pagina.context.close()
    with httpx.Client(base_url=kantoor.url, trust_env=False, headers=kop_van(kantoor, gemeente=GOES)) as client:
        csv = client.get("/grip/budgetten.csv?jaar=2026").text.splitlines()
        assert csv[1].startswith("0664;2026;02;900000;") and ";82250;" in csv[1]
        open_cijfers = client.get("/grip/open-cijfers.csv?jaar=2026")
        assert "<10" in open_cijfers.text and "82250" not in open_cijfers.text, "less than ten residents: hidden"
        svg = client.get("/grip/grafiek.svg?jaar=2026")
        assert svg.headers["content-type"] == "image/svg+xml" and svg.text.count("<rect") == 25


def kop_van(kantoor: Kantoor, **wie: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {kantoor.token(**wie)}"}


def test_beheer_eerst_het_gevolg_dan_de_wijziging_zonder_javascript(kantoor: Kantoor, browser: Browser) -> None:
    pagina = open_als(browser, kantoor, javascript=False, gemeente=GOES)
    pagina.goto("/beheer")
    tabel = pagina.get_by_role("table", name="Contracten die nu vastliggen")
    expect(tabel.get_by_role("row")).to_have_count(3)
    vak = pagina.get_by_role("region", name="Tarieven verhogen of verlagen")
    vak.get_by_label("Percentage").fill("drie")
    vak.get_by_label("Gaat in op").fill("2027-01-01")
    vak.get_by_role("button").click()
    expect(pagina.get_by_role("alert")).to_contain_text("Vul een getal in")
    keur_vorm = pagina.get_by_role("region", name="Tarieven verhogen of verlagen")
    keur_vorm.get_by_label("Percentage").fill("3,5")
    keur_vorm.get_by_role("button").click()
    gevolg = pagina.locator(".aan-zet")
    expect(gevolg).to_contain_text("Er is nog niets veranderd.")
    expect(gevolg).to_contain_text("€ 60,81 per uur")
    expect(tabel).not_to_contain_text("60,81")
    gevolg.get_by_role("button", name="Voer door").click()
    expect(pagina.get_by_role("status")).to_contain_text("De contracten zijn gewijzigd.")
    expect(tabel.get_by_role("row")).to_have_count(5)
    expect(pagina.get_by_role("table", name="Wanneer de contracten veranderden").get_by_role("row")).to_have_count(3)

    pagina.goto("/beheer/budgetten?jaar=2025")
    veld = pagina.get_by_label("Begeleiding (02)")
    expect(veld).to_have_value("9000,00")
    veld.fill("1.250.000,5")
    pagina.get_by_role("button", name="Leg de plafonds vast").click()
    expect(pagina.get_by_role("status")).to_contain_text("De plafonds van 2025 zijn vastgelegd.")
    expect(pagina.get_by_role("table").locator("tbody tr").first).to_contain_text("€ 1.250.000,50")
    pagina.goto("/beheer/instellingen")
    pagina.get_by_label("Aanbieders mogen om een wijziging vragen (317)").uncheck()
    pagina.get_by_role("button", name="Leg vast").click()
    expect(pagina.get_by_role("table").locator("tbody tr").first).to_contain_text("wijziging vragen (317): nee")
    pagina.context.close()

    lezer = open_als(browser, kantoor, gemeente=GOES, rollen=["consulent"])
    lezer.goto("/beheer")
    expect(lezer.get_by_role("button", name="Bekijk het gevolg")).to_have_count(0)
    lezer.context.close()
    koekje = {"zorgketen_token": kantoor.token(gemeente=GOES, rollen=["consulent"])}
    with httpx.Client(base_url=kantoor.url, trust_env=False, cookies=koekje, headers=KOPPEN) as client:
        for pad in ("/beheer", "/beheer/budgetten", "/beheer/instellingen"):
            assert client.post(pad, data={"soort": "indexatie"}).headers["location"] == "/", pad


def test_aanbieder_haalt_op_bevestigt_en_controleert_met_toetsenbord(kantoor: Kantoor, browser: Browser) -> None:
    context = browser.new_context(base_url=kantoor.url)
    pagina = context.new_page()
    pagina.goto("/")
    pagina.get_by_label("Toegangscode").fill(kantoor.token(agb=A1))
    pagina.get_by_role("button", name="Inloggen").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Overzicht")
    expect(pagina.locator(".menu li")).to_have_text(["Overzicht", "Berichten", "Bericht controleren"])
    redenen = pagina.get_by_role("table", name=re.compile("^Redenen van afkeuring")).locator("tbody tr")
    expect(redenen).to_have_count(2)
    expect(redenen.first).to_contain_text("2 ×")
    expect(redenen.first).to_contain_text("9326")
    termijnen = pagina.get_by_role("table", name=re.compile("^Termijnen"))
    expect(termijnen).to_contain_text("Gemeente Goes")
    expect(termijnen).to_contain_text("Het antwoord van de gemeente op de declaratie")
    post = pagina.locator("[data-post]")
    expect(post).to_have_count(1)
    with pagina.expect_download() as download:
        post.get_by_role("link", name=re.compile("^Download")).click()
    assert b"Testduin" in download.value.path().read_bytes()
    naar(pagina, post.get_by_role("button", name=re.compile("^Bevestig")))
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_role("status")).to_contain_text("De ontvangst is bevestigd.")
    expect(post).to_have_count(0)

    pagina.get_by_role("link", name="Berichten", exact=True).click()
    expect(pagina.locator("[data-bericht]")).to_have_count(2)
    pagina.get_by_label("Richting").select_option("verzonden")
    pagina.get_by_role("button", name="Toon").click()
    pagina.get_by_role("link", name=re.compile("^Open")).click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Start zorg (305)")
    expect(pagina.locator(".tijdlijn")).to_contain_text("Ontvangen door de gemeente")

    pagina.get_by_role("link", name="Bericht controleren").click()
    kapot = een_305().replace(b"Testduin", b"").replace(b"2026-02-04", b"2026-02-31")
    pagina.get_by_label("Bestand met het bericht").set_input_files(
        {"name": "kapot.xml", "mimeType": "application/xml", "buffer": kapot}
    )
    naar(pagina, pagina.get_by_role("button", name="Controleer"))
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_role("alert")).to_contain_text("gevonden")
    expect(pagina.locator(".parkeerlijst")).to_contain_text("Regel in het bestand:")
    keur(pagina, "aanbieder-controle-fout")
    pagina.get_by_label("Bestand met het bericht").set_input_files(
        {"name": "goed.xml", "mimeType": "application/xml", "buffer": een_305()}
    )
    pagina.get_by_role("button", name="Controleer").click()
    expect(pagina.get_by_role("heading", level=2)).to_have_text("Uitslag: Start zorg (305)")
    context.close()


def test_aanbieder_controleert_zonder_javascript(kantoor: Kantoor, browser: Browser) -> None:
    pagina = open_als(browser, kantoor, javascript=False, agb=A1)
    pagina.goto("/aanbieder/controle")
    pagina.get_by_label("Bestand met het bericht").set_input_files(
        {"name": "x.xml", "mimeType": "application/xml", "buffer": b"<geen/>"}
    )
    pagina.get_by_role("button", name="Controleer").click()
    expect(pagina.get_by_role("alert")).to_contain_text("gevonden")
    pagina.context.close()


def test_parkeerplaats_toont_ook_wat_niet_aankwam(kantoor: Kantoor, browser: Browser) -> None:
    pagina = open_als(browser, kantoor, javascript=False, gemeente=GOES)
    pagina.goto("/parkeerplaats")
    gestrand = pagina.locator("[data-bezorging]")
    expect(gestrand).to_have_count(1)
    expect(gestrand).to_contain_text("IB021")
    mail = pagina.locator("[data-mail]")
    expect(mail).to_contain_text("mailserver onbereikbaar")
    mail.get_by_role("button", name=re.compile("^Verstuur opnieuw")).click()
    expect(pagina.get_by_role("status").first).to_contain_text("Het bericht gaat opnieuw weg.")
    expect(mail).to_have_count(0)
    pagina.context.close()
    pagina = open_als(browser, kantoor, gemeente=GOES)
    pagina.goto("/parkeerplaats")
    keur(pagina, "parkeerplaats-bezorgingen")
    pagina.context.close()


def test_g15_een_ander_ziet_niets(kantoor: Kantoor) -> None:
    with httpx.Client(base_url=kantoor.url, trust_env=False, timeout=30) as client:
        client.headers.update(kop_van(kantoor, gemeente=GOES))
        for pad in ("", "/325"):
            assert client.get(f"/declaraties/{KENMERKEN['buur']}{pad}").status_code == 404
        for pad in ("/declaraties", "/grip/toewijzingen?jaar=2026&categorie=02", "/grip/budgetten.csv?jaar=2026"):
            tekst = client.get(pad).text
            assert KENMERKEN["buur"] not in tekst and BUUR not in tekst and "620002" not in tekst, pad
        client.headers.update(kop_van(kantoor, gemeente=THOLEN))
        assert "Er zijn geen toewijzingen waarvan" in client.get("/grip/gebruik").text
        assert CLIENT not in client.get("/grip/meldingen?jaar=2026").text
        client.headers.update(kop_van(kantoor, agb=A1))
        for pad in ("postbus", "berichten"):
            assert client.get(f"/aanbieder/{pad}/{KENMERKEN['post_a2']}").status_code == 404
        assert client.post(f"/aanbieder/postbus/{KENMERKEN['post_a2']}", headers=KOPPEN).status_code == 404
        begin = client.get("/aanbieder").text
        assert "9326" in begin and "9019" not in begin
        for pad in ("/grip", "/declaraties", "/beheer", "/stroom"):
            assert client.get(pad).headers["location"] == "/", pad
        client.headers.update(kop_van(kantoor, gemeente=GOES))
        assert client.get("/aanbieder").headers["location"] == "/"


def test_wcag_elke_bladzijde(kantoor: Kantoor, browser: Browser) -> None:
    for wie, paginas in (
        ({"gemeente": GOES}, {
            "declaraties": "/declaraties", "declaraties-fout": "/declaraties?periode=maart",
            "declaratie": f"/declaraties/{KENMERKEN['fout']}",
            "declaratie-onbekend": "/declaraties/bestaat-niet", "grip": "/grip?jaar=2026",
            "grip-toewijzingen": "/grip/toewijzingen?jaar=2026&categorie=02", "grip-meldingen": "/grip/meldingen?jaar=2026",
            "grip-gebruik": "/grip/gebruik", "beheer": "/beheer", "beheer-producten": "/beheer/producten",
            "beheer-budgetten": "/beheer/budgetten?jaar=2026", "beheer-instellingen": "/beheer/instellingen",
        }),
        ({"gemeente": GEEN_GEGEVENS}, {
            "declaraties-leeg": "/declaraties", "grip-leeg": "/grip",
            "beheer-leeg": "/beheer", "beheer-budgetten-leeg": "/beheer/budgetten",
        }),
        ({"agb": A1}, {"aanbieder": "/aanbieder", "aanbieder-berichten": "/aanbieder/berichten",
                       "aanbieder-bericht": f"/aanbieder/berichten/{KENMERKEN['post']}"}),
        ({"agb": "75750909"}, {"aanbieder-leeg": "/aanbieder",
                               "aanbieder-controle": "/aanbieder/controle"}),
    ):  # fmt: skip
        pagina = open_als(browser, kantoor, **wie)
        for naam, pad in paginas.items():
            pagina.goto(pad)
            assert pagina.get_by_role("heading", level=1).is_visible(), naam
            assert naam.endswith("leeg") <= pagina.locator(".leeg").first.is_visible(), naam
            keur(pagina, naam)
        pagina.context.close()


def test_een_dienst_die_weg_is_geeft_een_gewone_pagina(kantoor: Kantoor) -> None:
    url = kantoor.buren["declaratie"]
    kantoor.buren["declaratie"] = "http://127.0.0.1:9"
    try:
        antwoord = httpx.get(f"{kantoor.url}/grip", headers=kop_van(kantoor, gemeente=GOES), trust_env=False)
    finally:
        kantoor.buren["declaratie"] = url
    assert antwoord.status_code == 503 and "Een dienst antwoordt nu niet." in antwoord.text
    assert "unsafe" not in antwoord.headers["content-security-policy"]


def test_xss_wat_een_ander_invult_is_overal_alleen_tekst(kantoor: Kantoor, browser: Browser) -> None:
    """One corpus through the fields of messages and forms, the handlers and the read model, into every page."""
    gezien = ""
    for wie, paden in kwaad.paginas().items():
        pagina = open_als(browser, kantoor, **({"gemeente": wie} if len(wie) == 4 else {"agb": wie}))
        pagina.on("dialog", lambda venster: pytest.fail(f"script ran: {venster.message}"))
        for pad in paden:
            antwoord = pagina.goto(pad)
            assert antwoord is not None and antwoord.status in (200, 404, 422), f"{pad}: {antwoord and antwoord.status}"
            regels = antwoord.headers["content-security-policy"]
            assert "default-src 'none'" in regels and "unsafe" not in regels, pad
            assert pagina.evaluate(kwaad.LEEFT) == kwaad.DOOD, pad
            gezien += pagina.evaluate(kwaad.TEKST)
        if len(wie) == 8:
            pagina.goto("/aanbieder/controle")
            bestand = {"name": kwaad.CORPUS[0], "mimeType": "application/xml", "buffer": kwaad.KAPOT}
            pagina.get_by_label("Bestand met het bericht").set_input_files(bestand)
            pagina.get_by_role("button", name="Controleer").click()
            expect(pagina.get_by_role("alert")).to_contain_text("gevonden")
            assert pagina.evaluate(kwaad.LEEFT) == kwaad.DOOD
        pagina.context.close()
    assert [tekst for tekst in (*kwaad.CORPUS, *kwaad.KORT) if tekst not in gezien] == [], (
        "shown nowhere: proves nothing"
    )
