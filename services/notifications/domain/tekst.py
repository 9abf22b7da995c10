"""Turns a template and facts into the text of a notification: plain text, never a BSN, a name or a client_id (G18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

from .ontvanger import HELPT, TOON, VRAAGT

_MAANDEN = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
            "november", "december")  # fmt: skip
_BERICHTEN = {
    "WMO301": "toewijzing (301)",
    "WMO302": "antwoord op een toewijzing (302)",
    "WMO305": "startbericht (305)",
    "WMO306": "antwoord op een startbericht (306)",
    "WMO307": "stopbericht (307)",
    "WMO308": "antwoord op een stopbericht (308)",
    "WMO319": "antwoord op een verzoek (319)",
    "WMO323": "declaratie (323)",
    "WMO325": "antwoord op een declaratie (325)",
}
SLOT = {VRAAGT: "U mag ons altijd iets vragen. Vragen mag.", HELPT: "Dank u wel. Uw hulp telt."}
"""The last words of each tone."""


@dataclass(frozen=True, slots=True)
class Sjabloon:
    """Words with `$velden` for one kind of receiver. A line that names an empty field is left out."""

    ontvanger: str
    onderwerp: str
    inhoud: str


@dataclass(frozen=True, slots=True)
class Tekst:
    """Subject and body, ready to send."""

    onderwerp: str
    inhoud: str


def vul(sjabloon: Sjabloon, velden: Mapping[str, str], gemeente: str) -> Tekst:
    """The text for one receiver, with the last words of its tone; raises KeyError for a field that is not given."""
    regels = []
    for regel in sjabloon.inhoud.strip().splitlines():
        vorm = Template(regel)
        if all(velden[naam] for naam in vorm.get_identifiers()):
            regels.append(vorm.substitute(velden))
    inhoud = "\n".join(regels)
    while "\n\n\n" in inhoud:
        inhoud = inhoud.replace("\n\n\n", "\n\n")
    slot = SLOT[TOON[sjabloon.ontvanger]]
    groet = f"Dit is een automatisch bericht van de Zorgketen van gemeente {gemeente}.\n"
    return Tekst(Template(sjabloon.onderwerp).substitute(velden), f"{inhoud.strip()}\n\n{slot}\n\n{groet}")


def bericht_naam(soort: str) -> str:
    """A message kind in words: `WMO301` -> `toewijzing (301)`."""
    return _BERICHTEN.get(soort, "bericht")


def datum_in_woorden(datum: dt.date) -> str:
    """2026-02-05 -> 5 februari 2026."""
    return f"{datum.day} {_MAANDEN[datum.month - 1]} {datum.year}"


def euro(cent: int) -> str:
    """95512345 -> € 955.123,45."""
    heel, rest = divmod(abs(cent), 100)
    return f"{'-' if cent < 0 else ''}€ {heel:,}".replace(",", ".") + f",{rest:02d}"
