"""The letter with a decision: HTML, in the words of the municipality (domain.instellingen.Sjabloon) or in ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from string import Template
from typing import Any

from schemas.iwmo.codes import PRODUCT_CATEGORIE
from services.intake.domain.fout import Fout
from services.intake.domain.instellingen import Sjabloon

VELDEN = ("naam", "gemeente", "nummer", "datum", "ingangsdatum", "einddatum", "motivering", "grond", "bezwaar_tot")
"""What a template may name."""
STANDAARD: Mapping[str, Sjabloon] = {
    "toekenning": Sjabloon(
        "U krijgt hulp van de gemeente",
        (
            "U heeft ons om hulp gevraagd. Wij hebben met u gesproken over wat u nodig heeft. U krijgt hulp.",
            "$motivering",
            "De hulp begint op $ingangsdatum. Hieronder staat welke hulp u krijgt en wat het doel is.",
        ),
    ),
    "afwijzing": Sjabloon(
        "U krijgt geen hulp van de gemeente",
        (
            "U heeft ons om hulp gevraagd. Wij hebben met u gesproken over wat u nodig heeft. U krijgt deze hulp niet.",
            "Waarom niet? $motivering",
        ),
    ),
    "intrekking": Sjabloon("Uw hulp van de gemeente stopt", ("Uw hulp stopt op $ingangsdatum.", "$motivering")),
}
_MAANDEN = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
            "november", "december")  # fmt: skip
_EENHEDEN = {
    "01": ("minuut", "minuten"), "04": ("uur", "uur"), "14": ("etmaal", "etmalen"), "16": ("dagdeel", "dagdelen"),
    "82": ("stuk", "stuks"), "83": ("euro", "euro"), "84": ("stuk", "stuks"),
}  # fmt: skip
_FREQUENTIES = {"1": "per dag", "2": "per week", "4": "per maand", "6": "in totaal"}


def in_woorden(dag: date) -> str:
    """2026-02-02 -> 2 februari 2026."""
    return f"{dag.day} {_MAANDEN[dag.month - 1]} {dag.year}"


def toets_sjabloon(soort: str, sjabloon: Sjabloon) -> list[Fout]:
    """A template names nothing that cannot be filled in."""
    fouten = []
    for n, tekst in enumerate((sjabloon.onderwerp, *sjabloon.alineas)):
        vorm = Template(tekst)
        if not vorm.is_valid() or set(vorm.get_identifiers()) - set(VELDEN):
            pad = f"/sjablonen/{soort}/" + ("onderwerp" if n == 0 else f"alineas/{n - 1}")
            fouten.append(
                Fout(
                    "SJABLOON",
                    pad,
                    "Deze tekst noemt iets wat niet in te vullen is.",
                    f"Kies uit: {', '.join(VELDEN)}.",
                )
            )
    return fouten


def schrijf(sjabloon: Sjabloon, velden: Mapping[str, str], producten: Sequence[Mapping[str, Any]], slot: str) -> str:
    """The whole letter as HTML; everything that is filled in is escaped. A paragraph without text is left out."""

    def vul(tekst: str) -> str:
        return escape(Template(tekst).safe_substitute({veld: velden.get(veld, "") for veld in VELDEN}).strip())

    alineas = [f"<p>{tekst}</p>" for alinea in sjabloon.alineas if (tekst := vul(alinea))]
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="nl">\n<head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{vul(sjabloon.onderwerp)}</title></head>\n<body>\n<main>",
            f"<p>{escape(velden['gemeente'])}, {escape(velden['datum'])}<br>Kenmerk: {escape(velden['nummer'])}</p>",
            f"<h1>{vul(sjabloon.onderwerp)}</h1>",
            f"<p>Beste {escape(velden['naam'])},</p>",
            *alineas,
            *_hulp(producten),
            "<h2>Op welke wet is dit besluit gebaseerd?</h2>",
            f"<p>{escape(velden['grond'])}</p>",
            f"<p>{escape(slot)}</p>" if slot else "",
            "<h2>Bent u het er niet mee eens?</h2>",
            f"<p>Bel ons eerst. Dan leggen wij het uit. U kunt ook bezwaar maken, tot en met "
            f"{escape(velden['bezwaar_tot'])}. Schrijf dan een brief aan {escape(velden['gemeente'])}. Zet erin "
            "waarom u het er niet mee eens bent. Daar mag u gratis hulp bij krijgen van een onafhankelijke "
            "cliëntondersteuner.</p>",
            f"<p>Met vriendelijke groet,<br>{escape(velden['gemeente'])}</p>",
            "</main>\n</body>\n</html>\n",
        ]
    )


def _hulp(producten: Sequence[Mapping[str, Any]]) -> list[str]:
    if not producten:
        return []
    regels = [f"<li>{escape(_regel(product))}</li>" for product in producten]
    return ["<h2>Welke hulp krijgt u?</h2>", "<ul>", *regels, "</ul>"]


def _regel(product: Mapping[str, Any]) -> str:
    omvang = product.get("omvang")
    hoeveel = ""
    if omvang:
        enkel, meer = _EENHEDEN[omvang["eenheid"]]
        eenheid = enkel if omvang["volume"] == 1 else meer
        hoeveel = f"{omvang['volume']} {eenheid} {_FREQUENTIES[omvang['frequentie']]}, "
    vanaf = in_woorden(date.fromisoformat(product["ingangsdatum"]))
    eind = product.get("einddatum")
    tot = f" tot en met {in_woorden(date.fromisoformat(eind))}" if eind else ""
    naam = PRODUCT_CATEGORIE.get((product.get("product") or {}).get("categorie", ""), "Hulp")
    wijze = "Deze hulp krijgt u op afstand, met beeld en geluid. " if product.get("wijze") == "e_zorg" else ""
    return f"{naam}: {hoeveel}vanaf {vanaf}{tot}. {wijze}Het doel: {product['doel']}"
