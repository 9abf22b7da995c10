"""What happened to a resident, told to a running back office; and a person who signs in."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

Kantoor = Any
"""The fixture `kantoor` of conftest."""

A1 = "75750101"
CLIENT = "ABCDEFGHIJKLMNOPQRSTUVWX23"
ANDERE = "ZBCDEFGHIJKLMNOPQRSTUVWX23"
KOPPEN = {"Sec-Fetch-Site": "same-origin"}


def speel_keten(kantoor: Kantoor, client_id: str, gemeente: str = "0664") -> None:
    """A client's chain: besluit, 301, 302, 305 refused and good, 306, declaratie partly refused, 325."""
    b = {naam: str(uuid.uuid4()) for naam in ("301", "302", "305", "305b", "306", "306b", "323", "325", "o")}
    wie = {"client_id": client_id, "aanbieder": A1, "gemeente": gemeente}
    product = {"aanbieder": A1, "product": {"categorie": "02", "code": "02A05"}, "ingangsdatum": "2026-02-02"}
    toewijzing = {"toewijzing_nummer": 610001, "versie": 1, "product": product["product"]}
    toewijzing |= {"ingangsdatum": "2026-02-02", "einddatum": "2026-07-31"}
    regels = [{"regel": n, "toewijzing_nummer": 610001, "ingediend_cent": 23500} for n in (0, 1)]
    retour = {"toewijzing_nummer": 610001, "retourcodes": ["0200"]}
    stappen: list[tuple[str, dict[str, Any]]] = [
        ("intake.indicatie_vastgesteld", {"beschikking": {"nummer": "42"}, "producten": [product]}),
        ("toewijzing.indicatie_toegewezen", {"indicatie_id": "i", "toewijzing_nummers": [610001]}),
        ("toewijzing.toewijzing_vastgelegd", toewijzing | {"status": "verzonden"}),
        (
            "knooppunt.bericht_verzonden",
            verzonden("WMO301", b["301"], opdracht_id=b["o"], uiterlijk="2026-02-05"),
        ),
        (
            "knooppunt.bericht_ontvangen",
            ontvangen("WMO302", b["302"], b["o"], toegewezen_producten=[retour]),
        ),
        ("toewijzing.toewijzing_vastgelegd", toewijzing | {"status": "goedgekeurd"}),
        ("knooppunt.bericht_ontvangen", ontvangen("WMO305", b["305"], start_producten=[])),
        ("toewijzing.bericht_beoordeeld", oordeel(b["305"], {"StartProduct[1]": ["9326"]})),
        ("knooppunt.bericht_verzonden", verzonden("WMO306", b["306"], op_bericht=b["305"])),
        ("knooppunt.bericht_ontvangen", ontvangen("WMO305", b["305b"], start_producten=[])),
        ("toewijzing.bericht_beoordeeld", oordeel(b["305b"], {})),
        ("knooppunt.bericht_verzonden", verzonden("WMO306", b["306b"], op_bericht=b["305b"])),
        (
            "toewijzing.levering_gewijzigd",
            {
                "toewijzing_nummer": 610001,
                "levering": "gestart",
                "begindatum": "2026-02-02",
                "einddatum": None,
            },
        ),
        (
            "knooppunt.declaratiedeel_ontvangen",
            {"bericht_id": b["323"], "deel": 0, "prestaties": [r | {"debet_credit": "D"} for r in regels]},
        ),
        (
            "declaratie.declaratiedeel_beoordeeld",
            {
                "bericht_id": b["323"],
                "client_codes": [],
                "toegekend_cent": 23500,
                "prestaties": [regels[0] | {"retourcodes": []}, regels[1] | {"retourcodes": ["8017"]}],
            },
        ),
    ]
    for type_, data in stappen:
        kantoor.meld(type_, data, **wie)
    kop = {
        "bericht_id": b["323"],
        "declaratie_nummer": "D2026-02",
        "totaal_ingediend_cent": 47000,
        "delen": 1,
    }
    kantoor.meld(
        "knooppunt.declaratie_ontvangen",
        kop | {"antwoord_uiterlijk": "2026-03-20"},
        aanbieder=A1,
        gemeente=gemeente,
    )
    klaar = {"periode": "2026-02", "ingediend_cent": 47000, "toegekend_cent": 23500, "afgekeurd": {"8017": 1}}
    kantoor.meld("declaratie.declaratie_afgehandeld", kop | klaar, aanbieder=A1, gemeente=gemeente)
    kantoor.meld(
        "knooppunt.bericht_verzonden",
        verzonden("WMO325", b["325"], op_bericht=b["323"]),
        aanbieder=A1,
        gemeente=gemeente,
    )


def verzonden(
    soort: str,
    id_: str,
    *,
    op_bericht: str | None = None,
    opdracht_id: str | None = None,
    uiterlijk: str | None = None,
) -> dict[str, Any]:
    data = {"bericht_id": id_, "soort": soort, "identificatie": "K7Q2M", "op_bericht": op_bericht}
    return data | {"opdracht_id": opdracht_id, "antwoord_uiterlijk": uiterlijk}


def ontvangen(soort: str, id_: str, opdracht_id: str | None = None, **inhoud: Any) -> dict[str, Any]:
    return {
        "bericht_id": id_,
        "soort": soort,
        "identificatie": "ST01",
        "opdracht_id": opdracht_id,
        "inhoud": inhoud,
    }


def oordeel(id_: str, codes: dict[str, list[str]]) -> dict[str, Any]:
    return {"bericht_id": id_, "soort": "WMO305", "header_codes": [], "codes": codes, "bevindingen": []}


def meld_aan(pagina: Page, kantoor: Kantoor, gemeente: str = "0664") -> None:
    pagina.goto("/")
    pagina.get_by_label("Toegangscode").fill(kantoor.token(gemeente=gemeente))
    pagina.get_by_role("button", name="Inloggen").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Berichtenstroom")


def leg_beeld_vast(pagina: Page, naam: str) -> None:
    """With ZORGKETEN_BEELDEN=<folder> the tests leave pictures of the pages, laptop and phone."""
    map_ = os.environ.get("ZORGKETEN_BEELDEN")
    for breedte in (1280, 390) if map_ else ():
        pagina.set_viewport_size({"width": breedte, "height": 900})
        pagina.screenshot(path=str(Path(map_ or "") / f"{naam}-{breedte}.png"), full_page=True)
