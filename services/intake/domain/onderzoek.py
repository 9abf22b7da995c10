"""The research after a melding (Wmo 2.3.2): what must be known before a decision can be made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from services.intake.domain.fout import Fout
from services.intake.domain.instellingen import Instellingen
from services.intake.domain.zaak import Zaak

VRAGEN = {"situatie": "hoe het nu gaat", "wens": "wat de inwoner wil", "resultaat": "welk resultaat nodig is"}
"""What has to be known of every life domain."""


def toets_begin(zaak: Zaak, inhoud: Mapping[str, Any], instellingen: Instellingen, vandaag: date) -> list[Fout]:
    """Wmo 2.3.2 lid 2: the resident first gets days to hand in a plan of his own; spoed does not wait for that."""
    fouten = [
        Fout("LEEFGEBIED", f"/leefgebieden/{n}", "Dit leefgebied kent de gemeente niet.",
             "Kies een leefgebied uit de instellingen.")
        for n, naam in enumerate(inhoud.get("leefgebieden") or {}) if naam not in instellingen.leefgebieden
    ]  # fmt: skip
    tot = zaak.gemeld_op + timedelta(days=instellingen.termijnen.plan)
    if zaak.plan is None and not zaak.spoed and vandaag <= tot:
        fouten.append(
            Fout(
                "Wmo 2.3.2 lid 2",
                "",
                "De inwoner heeft nog tijd voor een persoonlijk plan.",
                "Leg het plan vast, of leg vast dat de inwoner geen plan maakt.",
            )
        )
    return fouten


def ontbreekt(onderzoek: Mapping[str, Any], instellingen: Instellingen) -> list[Fout]:
    """Everything that still has to be known, at once. The people around the resident never hold it up."""
    fouten = []
    if not onderzoek.get("identiteit_vastgesteld"):
        fouten.append(
            Fout("Wmo 2.3.4", "/identiteit_vastgesteld", "De identiteit van de inwoner is niet vastgesteld.",
                 "Bekijk een identiteitsbewijs en leg vast dat u dat deed.")
        )  # fmt: skip
    gesprek = onderzoek.get("gesprek") or {}
    for veld, wat in (("datum", "wanneer het gesprek was"), ("verslag", "wat er is besproken")):
        if not gesprek.get(veld):
            fouten.append(_mist(f"/gesprek/{veld}", wat, "Wmo 2.3.2 lid 8"))
    if not (onderzoek.get("clientondersteuning") or {}).get("aangeboden_op"):
        fouten.append(
            Fout("Wmo 2.3.2 lid 3", "/clientondersteuning/aangeboden_op",
                 "Er staat niet dat gratis onafhankelijke ondersteuning is aangeboden.",
                 "Bied die ondersteuning aan en leg vast wanneer.")
        )  # fmt: skip
    gebieden = onderzoek.get("leefgebieden") or {}
    for code, naam in instellingen.leefgebieden.items():
        for veld, wat in VRAGEN.items():
            if not (gebieden.get(code) or {}).get(veld):
                fouten.append(_mist(f"/leefgebieden/{code}/{veld}", f"{wat} ({naam.lower()})", "Wmo 2.3.2 lid 4"))
    for n, persoon in enumerate(onderzoek.get("personen") or []):
        if persoon.get("mantelzorger") and not persoon.get("belasting"):
            fouten.append(
                _mist(
                    f"/personen/{n}/belasting", "hoe zwaar de zorg voor de mantelzorger is", "Wmo 2.3.2 lid 4 onder d"
                )
            )
    return fouten


def _mist(pad: str, wat: str, regel: str) -> Fout:
    return Fout(regel, pad, f"Er staat nog niet {wat}.", "Vul dit aan in het onderzoek.")
