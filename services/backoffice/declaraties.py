"""Declaraties as the screen shows them: what was claimed and awarded, and why a line was refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.iwmo.codes import EENHEID

from .domain.taal import aantal, datum, euro, maand
from .presentatie import betekenis

STATUSSEN = {
    "in_behandeling": ("Wordt beoordeeld", "wacht"),
    "afgehandeld": ("Beoordeeld", "goed"),
    "afgekeurd": ("Hele declaratie afgekeurd", "afgekeurd"),
}
REDENEN_IN_LIJST = 3
MINUUT = "01"


def toon(declaratie: Mapping[str, Any]) -> dict[str, Any]:
    """One declaratie, ready to show."""
    naam, kleur = STATUSSEN[declaratie["status"]]
    codes = declaratie["afgekeurd"]
    if declaratie["status"] == "afgehandeld" and codes:
        naam, kleur = "Deels afgekeurd", "afgekeurd"
    redenen = [{"code": code, "betekenis": betekenis(code), "regels": regels} for code, regels in codes.items()]
    redenen = [
        *({"code": b["retourcode"], "betekenis": b["melding"], "regels": 0} for b in declaratie["bevindingen"]),
        *redenen,
    ]
    return {
        **declaratie,
        "maand": maand(declaratie["periode"]),
        "stand": naam,
        "kleur": kleur,
        "verschil_cent": declaratie["ingediend_cent"] - declaratie["toegekend_cent"],
        "redenen_kort": redenen[:REDENEN_IN_LIJST],
        "redenen_meer": max(len(redenen) - REDENEN_IN_LIJST, 0),
    }


def toon_regel(regel: Mapping[str, Any]) -> dict[str, Any]:
    """One line: what was claimed, and per finding what is wrong, what to do and which earlier line it met."""
    eenheid = EENHEID.get(regel["eenheid"], regel["eenheid"]).lower()
    return {
        **regel,
        "van_tot": f"{datum(regel['begindatum'])} tot en met {datum(regel['einddatum'])}",
        "hoeveel": f"{regel['geleverd_volume']} × {eenheid}",
        "is_credit": regel["debet_credit"] == "C",
        "ruimte_zin": _ruimte(regel["ruimte"]),
    }


def _ruimte(ruimte: Mapping[str, Any] | None) -> str | None:
    """`Toegewezen in deze maand: 12 uur. Daarvan is nu nog 0 uur over.`"""
    if ruimte is None:
        return None
    waar = {"periode": "in deze maand", "totaal": "in totaal", "budget": "als budget"}[ruimte["soort"]]
    if ruimte["soort"] == "budget":
        return f"Toegewezen {waar}: {euro(ruimte['toegewezen'])}. Daarvan is nu nog {euro(ruimte['over'])} over."
    toegewezen, over = (_volume(ruimte[veld], ruimte["eenheid"]) for veld in ("toegewezen", "over"))
    return f"Toegewezen {waar}: {toegewezen}. Daarvan is nu nog {over} over."


def _volume(volume: int, eenheid: str | None) -> str:
    """`18 uur`, `1 uur en 30 minuten`, `12 × dagdeel (4 uur)`: the ledger counts hours in minutes."""
    if eenheid != MINUUT:
        return f"{volume} × {EENHEID.get(eenheid or '', eenheid or '').lower()}"
    uren, minuten = divmod(volume, 60)
    rest = aantal(minuten, "minuut", "minuten")
    if not minuten:
        return f"{uren} uur"
    return f"{uren} uur en {rest}" if uren else rest


def toon_maanden(maanden: list[Mapping[str, Any]], deze: str) -> list[dict[str, Any]]:
    """The months of an aanbieder, oldest first; `deze` is the month of the declaratie on the screen."""
    return [
        {
            **rij,
            "maand": maand(rij["periode"]),
            "deze": rij["periode"] == deze,
            "deel": _deel(rij["toegekend_cent"], rij["ingediend_cent"]),
            "aantal": aantal(rij["declaraties"], "declaratie", "declaraties"),
        }
        for rij in reversed(maanden)
    ]


def _deel(toegekend: int, ingediend: int) -> str:
    return f"{round(100 * toegekend / ingediend)}%" if ingediend > 0 else "-"
