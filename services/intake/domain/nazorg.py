"""After the decision: help starts and stops, the resident tells how it goes, and the goals are judged together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.intake.domain.fout import Fout
from services.intake.domain.zaak import Zaak

START, STOP, HERZIENING = "start", "stop", "herziening"
VRAGEN = {
    "doel": "Lukt het met deze hulp wat u wilde?",
    "omgang": "Gaan de mensen goed met u om?",
    "inspraak": "Beslist u mee over hoe de hulp gaat?",
}
"""What a resident is asked after the start and after the stop of help; 1 is not at all, 5 is very much."""
STEMMEN = ("client", "aanbieder", "gemeente")
"""Whose judgement of a goal stands side by side; none of them is the last word."""
GEEN_OORDEEL = "geen_oordeel"


def toets_ervaring(zaak: Zaak, inhoud: Mapping[str, Any]) -> list[Fout]:
    """Help that started or stopped, about which nobody told yet."""
    plek = (inhoud["toewijzing_nummer"], inhoud["moment"])
    open_ = [(hulp.nummer, hulp.moment) for hulp in zaak.leveringen if not hulp.gevraagd]
    if plek in open_:
        return []
    return [
        Fout("ERVARING", "/toewijzing_nummer", "Over deze hulp valt op dit moment niets te vragen.",
             "Kies hulp die is begonnen of gestopt en waarover nog niets is gevraagd.")
    ]  # fmt: skip


def toets_evaluatie(zaak: Zaak, inhoud: Mapping[str, Any]) -> list[Fout]:
    """Every goal of the decision, and of each the three voices; a voice that is not there needs a reason."""
    fouten = []
    doelen = {doel["doel"]: (n, doel) for n, doel in enumerate(inhoud["doelen"])}
    for nummer in range(1, zaak.doelen + 1):
        if nummer not in doelen:
            fouten.append(
                Fout("DOEL", "/doelen", "Van een doel uit het besluit staat er geen oordeel.",
                     f"Bespreek ook doel {nummer} met de inwoner.")
            )  # fmt: skip
    for nummer, (n, doel) in doelen.items():
        if nummer > zaak.doelen:
            fouten.append(
                Fout(
                    "DOEL", f"/doelen/{n}/doel", "Dit doel staat niet in het besluit.", "Kies een doel uit het besluit."
                )
            )
        for stem in STEMMEN:
            gezegd = doel.get(stem) or {}
            if not gezegd.get("oordeel"):
                fouten.append(_mist(f"/doelen/{n}/{stem}", "wat deze stem ervan vindt"))
            elif gezegd["oordeel"] == GEEN_OORDEEL and not gezegd.get("toelichting"):
                fouten.append(_mist(f"/doelen/{n}/{stem}/toelichting", "waarom er geen oordeel is"))
    if len(doelen) < len(inhoud["doelen"]):
        fouten.append(Fout("DOEL", "/doelen", "Een doel staat er twee keer.", "Noem elk doel een keer."))
    return fouten


def _mist(pad: str, wat: str) -> Fout:
    return Fout("STEM", pad, f"Er staat nog niet {wat}.", "Vul dit aan. Vraag het de inwoner en de aanbieder zelf.")
