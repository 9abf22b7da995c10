"""What a provider sees of its own messages, as the screen shows it: the same truth that the municipality has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from .domain.taal import WACHT_OP, datum, moment, nog, soort_lang
from .presentatie import betekenis, gemeente_naam

STATUSSEN = {
    "ontvangen": ("Ontvangen", "wacht"),
    "gecontroleerd": ("Gecontroleerd", "wacht"),
    "in_behandeling": ("In behandeling", "wacht"),
    "beantwoord": ("Beantwoord", "goed"),
    "afgekeurd": ("Afgekeurd", "afgekeurd"),
    "nieuw": ("Nieuw", "wacht"),
}
RICHTINGEN = {"verzonden": "Door u verzonden", "ontvangen": "Aan u gestuurd"}
STAPPEN = {
    "ontvangen": "Ontvangen door de gemeente",
    "verzonden": "Klaargezet in uw postbus",
    "opgehaald": "Door u opgehaald",
    "bevestigd": "Ontvangst door u bevestigd",
    "beantwoord": "Beantwoord",
    "termijn_verstreken": "De termijn voor het antwoord ging voorbij",
    "SENT": "Onderweg naar uw systeem",
    "DELIVERED": "Afgeleverd bij uw systeem",
    "FAULTED": "Uw systeem weigerde het bericht",
    "OVERDUE": "De termijn voor het antwoord ging voorbij",
    "ANSWERED": "Beantwoord",
}
TERMIJN_LOOPT = frozenset({"loopt", "nadert", "verstreken"})


def toon_bericht(bericht: Mapping[str, Any]) -> dict[str, Any]:
    """A message of the list, or one with its timeline and findings."""
    naam, kleur = STATUSSEN.get(bericht["status"], (str(bericht["status"]).replace("_", " "), "info"))
    uit = {
        **bericht,
        "soort_naam": soort_lang(bericht["soort"]),
        "gemeente_naam": gemeente_naam(bericht["gemeente"]),
        "richting_naam": RICHTINGEN[bericht["richting"]],
        "stand": naam,
        "kleur": kleur,
        "moment": _moment(bericht["gemaakt_at"]),
    }
    if "tijdlijn" in bericht:
        uit["tijdlijn"] = [
            {"zin": STAPPEN.get(stap["stap"], stap["stap"]), "moment": _moment(stap["at"])}
            for stap in bericht["tijdlijn"]
        ]
        uit["bevindingen"] = [toon_bevinding(b) for b in bericht["bevindingen"]]
    return uit


def toon_post(bericht: Mapping[str, Any]) -> dict[str, Any]:
    """A message in the mailbox."""
    return {
        **bericht,
        "soort_naam": soort_lang(bericht["soort"]),
        "gemeente_naam": gemeente_naam(bericht["afzender"]),
        "moment": _moment(bericht["gemaakt_at"]),
        "opgehaald": _moment(bericht["opgehaald_at"]),
    }


def toon_bevinding(bevinding: Mapping[str, Any]) -> dict[str, Any]:
    """A finding with the label of its code, and where it is."""
    code, regelnummer = bevinding.get("retourcode"), bevinding.get("regelnummer")
    return {
        "regel": bevinding.get("regel", ""),
        "code": code,
        "betekenis": betekenis(code) if code else None,
        "melding": bevinding.get("melding", ""),
        "volgende_stap": bevinding.get("volgende_stap", ""),
        "pad": bevinding.get("pad", ""),
        "regelnummer": regelnummer,
    }


def toon_termijn(termijn: Mapping[str, Any], vandaag: dt.date) -> dict[str, Any]:
    """A term: who must act, for what, and how much time there is."""
    uiterlijk = dt.date.fromisoformat(str(termijn["uiterlijk"]))
    return {
        "toewijzing_nummer": None,
        **termijn,
        "zin": WACHT_OP.get(termijn["soort"], "een antwoord"),
        "wie_naam": "U" if termijn["wie"] == "aanbieder" else f"Gemeente {gemeente_naam(str(termijn['gemeente']))}",
        "dag": datum(uiterlijk),
        "uiterlijk": uiterlijk,
        "nog": nog(uiterlijk, vandaag),
        "te_laat": uiterlijk < vandaag,
    }


def toon_reden(rij: Mapping[str, Any]) -> dict[str, Any]:
    """Why messages were refused, and how often."""
    return {
        **rij,
        "betekenis": betekenis(rij["code"]),
        "soort_naam": soort_lang(rij["soort"]),
        "laatst": datum(rij["laatst"].date()),
    }


def _moment(waarde: str | None) -> str | None:
    return None if waarde is None else moment(dt.datetime.fromisoformat(waarde))
