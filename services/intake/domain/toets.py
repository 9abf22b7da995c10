"""What forbids a step in a case, per kind of step; every reason at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.intake.domain import afweging as weging
from services.intake.domain import nazorg, onderzoek
from services.intake.domain.fout import Fout
from services.intake.domain.instellingen import Instellingen
from services.intake.domain.persoon import toets_periode
from services.intake.domain.termijn import Werkdag, laatste_dag
from services.intake.domain.zaak import AANGEVRAAGD, AFWIJZING, TOEKENNING, ZONDER_TOEWIJZING, Zaak

Inhoud = Mapping[str, Any]
E_ZORG = {
    "gewenst": "de inwoner wil hulp op afstand",
    "apparaat": "er is een apparaat dat de inwoner kan gebruiken",
    "verbinding": "er is een verbinding met internet",
    "uitleg": "iemand legt uit hoe het werkt en helpt als het niet lukt",
}
"""What has to be there before help may come at a distance."""


@dataclass(frozen=True, slots=True)
class Omgeving:
    """What a step is judged against beside the case itself.

    `sociale_kaart`: per code that a resident can be sent to what it costs (`{cent, per}`), or None.
    """

    instellingen: Instellingen
    vandaag: date
    door: str
    is_werkdag: Werkdag
    sociale_kaart: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)


def _overdracht(zaak: Zaak, inhoud: Inhoud, om: Omgeving) -> list[Fout]:
    teams = {team.team for team in om.instellingen.teams} | {om.instellingen.standaard_team}
    if inhoud["team"] not in teams:
        return [Fout("TEAM", "/team", "Dit team kent de gemeente niet.", "Kies een team uit de instellingen.")]
    if inhoud["team"] == zaak.team:
        return [Fout("TEAM", "/team", "Dit team heeft de melding al.", "Kies een ander team.")]
    return []


def _spoedvoorziening(zaak: Zaak, inhoud: Inhoud, om: Omgeving) -> list[Fout]:
    """Wmo 2.3.3: at once, and for a time: the research still has to tell what is needed in the end."""
    fouten = []
    if zaak.spoed_geregeld:
        fouten.append(
            Fout("Wmo 2.3.3", "", "Er is al een tijdelijke voorziening.", "Rond het onderzoek af en neem een besluit.")
        )
    if inhoud["beschikking"].get("einddatum") is None:
        fouten.append(
            Fout("Wmo 2.3.3", "/beschikking/einddatum", "Een tijdelijke voorziening heeft een einddatum.",
                 "Geef een einddatum.")
        )  # fmt: skip
    return fouten + _periode(inhoud["beschikking"], "/beschikking") + _producten(inhoud)


def _periode(van: Inhoud, pad: str) -> list[Fout]:
    eind = van.get("einddatum")
    begin = date.fromisoformat(van["ingangsdatum"])
    return toets_periode(begin, None if eind is None else date.fromisoformat(eind), f"{pad}/einddatum")


def _producten(inhoud: Inhoud) -> list[Fout]:
    return [
        fout for n, product in enumerate(inhoud.get("producten") or []) for fout in _periode(product, f"/producten/{n}")
    ]


def _aanvraag(zaak: Zaak, inhoud: Inhoud, om: Omgeving) -> list[Fout]:
    """Wmo 2.3.2 lid 9: only after the research, unless that has not been done within its term."""
    uiterlijk = laatste_dag(zaak.gemeld_op, om.instellingen.termijnen.onderzoek, om.is_werkdag)
    if zaak.afgerond_op is not None or om.vandaag > uiterlijk:
        return []
    return [
        Fout("Wmo 2.3.2 lid 9", "", "Het onderzoek is nog niet afgerond.",
             "Rond het onderzoek af. Lukt dat niet binnen de termijn, dan mag de inwoner daarna ook aanvragen.")
    ]  # fmt: skip


def _afweging(zaak: Zaak, inhoud: Inhoud, om: Omgeving) -> list[Fout]:
    return [
        *weging.toets_treden(inhoud["treden"], zaak.netwerk),
        *weging.toets_respijt(inhoud, overbelast=zaak.overbelast),
        *weging.toets_opties(inhoud.get("opties") or [], om.sociale_kaart),
    ]


def _beschikking(zaak: Zaak, inhoud: Inhoud, om: Omgeving) -> list[Fout]:
    """No decision without research and weighing; granted is only what the last rung asks for."""
    fouten = []
    if zaak.afgerond_op is None:
        fouten += onderzoek.ontbreekt(zaak.onderzoek, om.instellingen) or [
            Fout("Wmo 2.3.2", "", "Het onderzoek is nog niet afgerond.", "Rond het onderzoek af.")
        ]
    if not zaak.afweging:
        fouten.append(Fout("AFWEGING", "", "Er is nog geen afweging.", "Leg de afweging vast."))
    toegekend = inhoud["besluit"] == TOEKENNING
    if zaak.afweging and toegekend and not weging.maatwerk_nodig(zaak.afweging):
        fouten.append(
            Fout("AFWEGING", "/besluit", "De afweging zegt dat maatwerk niet nodig is.",
                 "Pas de afweging aan, of wijs de aanvraag af.")
        )  # fmt: skip
    if toegekend and not inhoud.get("producten"):
        fouten.append(Fout("PRODUCT", "/producten", "Er staat geen hulp in het besluit.", "Noem een product."))
    if not toegekend and inhoud.get("producten"):
        fouten.append(Fout("PRODUCT", "/producten", "Bij dit besluit hoort geen hulp.", "Laat de producten weg."))
    if inhoud["besluit"] == AFWIJZING and not inhoud.get("motivering"):
        fouten.append(Fout("Awb 3:46", "/motivering", "Een afwijzing heeft een reden nodig.", "Leg uit waarom."))
    fouten += [fout for n, product in enumerate(inhoud.get("producten") or []) for fout in _e_zorg(product, n)]
    if inhoud.get("leveringsvorm") == "zin":
        fouten += [
            Fout("PRODUCT", f"/producten/{n}/aanbieder", "Er staat niet wie de hulp geeft.", "Noem een aanbieder.")
            for n, product in enumerate(inhoud.get("producten") or []) if product.get("aanbieder") is None
        ]  # fmt: skip
    herziening = inhoud.get("herziening_op")
    if toegekend and herziening is None:
        fouten.append(Fout("Wmo 2.3.9", "/herziening_op", "Er staat niet wanneer u opnieuw kijkt.", "Geef een dag."))
    if herziening is not None and date.fromisoformat(herziening) <= om.vandaag:
        fouten.append(Fout("Wmo 2.3.9", "/herziening_op", "Deze dag is al voorbij.", "Kies een latere dag."))
    return fouten + _periode(inhoud, "") + _producten(inhoud)


def _e_zorg(product: Inhoud, n: int) -> list[Fout]:
    """Help at a distance works only where all of its preconditions are met, and when the resident wants it so."""
    if product.get("wijze") != "e_zorg":
        return []
    gezien = product.get("voorwaarden") or {}
    return [
        Fout("E-ZORG", f"/producten/{n}/voorwaarden/{naam}", f"Niet is vastgesteld: {wat}.",
             "Regel dit eerst, of kies hulp op locatie.")
        for naam, wat in E_ZORG.items() if not gezien.get(naam)
    ]  # fmt: skip


def _verwijzing(zaak: Zaak, inhoud: Inhoud, om: Omgeving) -> list[Fout]:
    fouten = []
    if inhoud["voorziening"] not in om.sociale_kaart:
        fouten.append(
            Fout("SOCIALE KAART", "/voorziening", "Deze voorziening staat niet op de sociale kaart.",
                 "Kies een voorziening van de sociale kaart.")
        )  # fmt: skip
    if date.fromisoformat(inhoud["opvolgen_op"]) <= om.vandaag:
        fouten.append(Fout("OPVOLGING", "/opvolgen_op", "Deze dag is al voorbij.", "Kies een latere dag."))
    return fouten


def _opvolging(zaak: Zaak, inhoud: Inhoud, om: Omgeving) -> list[Fout]:
    n = inhoud["verwijzing"] - 1
    if n < len(zaak.verwijzingen) and zaak.verwijzingen[n].uitkomst is None:
        return []
    return [Fout("OPVOLGING", "/verwijzing", "Deze verwijzing loopt niet.", "Kies een verwijzing die nog loopt.")]


def _risicoafhandeling(zaak: Zaak, inhoud: Inhoud, om: Omgeving) -> list[Fout]:
    n = inhoud["risico"] - 1
    if n < len(zaak.risicos) and zaak.risicos[n]:
        return []
    return [Fout("RISICO", "/risico", "Dit risico is niet open.", "Kies een risico dat nog open is.")]


def _risicoakkoord(zaak: Zaak, inhoud: Inhoud, om: Omgeving) -> list[Fout]:
    if zaak.open_risico:
        return []
    return [Fout("RISICO", "", "Er is geen open risico.", "U kunt de melding gewoon afsluiten.")]


def _bezwaar(zaak: Zaak, inhoud: Inhoud, om: Omgeving) -> list[Fout]:
    if not zaak.besluiten:
        return [Fout("Awb 6:4", "", "Er is nog geen besluit.", "Bezwaar kan pas na een besluit.")]
    if zaak.bezwaren and zaak.bezwaren[-1].uitkomst is None:
        return [Fout("Awb 6:4", "", "Er loopt al een bezwaar.", "Beslis eerst op dat bezwaar.")]
    return []


def _bezwaarbesluit(zaak: Zaak, inhoud: Inhoud, om: Omgeving) -> list[Fout]:
    if zaak.bezwaren and zaak.bezwaren[-1].uitkomst is None:
        return []
    return [Fout("Awb 7:10", "", "Er loopt geen bezwaar.", "Leg eerst het bezwaar vast.")]


def _einde(zaak: Zaak, inhoud: Inhoud, om: Omgeving) -> list[Fout]:
    """Nobody closes a case with an open risk alone."""
    if not zaak.open_risico or zaak.akkoord_door not in (None, om.door):
        return []
    return [
        Fout("RISICO", "", "Er is een open risico.",
             "Handel het risico af, of laat een tweede persoon met een reden vastleggen dat afsluiten kan.")
    ]  # fmt: skip


def _afsluiting(zaak: Zaak, inhoud: Inhoud, om: Omgeving) -> list[Fout]:
    fouten = _einde(zaak, inhoud, om)
    uitkomst = inhoud["uitkomst"]
    if any(v.uitkomst is None for v in zaak.verwijzingen):
        fouten.append(
            Fout("OPVOLGING", "", "Een verwijzing is nog niet opgevolgd.", "Vraag of de hulp helpt en leg dat vast.")
        )
    if zaak.status == AANGEVRAAGD and uitkomst not in ("verhuisd", "overleden"):
        fouten.append(
            Fout("Wmo 2.3.5 lid 2", "/uitkomst", "Op een aanvraag hoort een besluit.",
                 "Neem een besluit, of leg vast dat de inwoner de aanvraag intrekt.")
        )  # fmt: skip
    if uitkomst == ZONDER_TOEWIJZING and weging.opgelost_op(zaak.afweging) in (None, weging.MAATWERK):
        fouten.append(
            Fout("AFWEGING", "/uitkomst", "De afweging zegt niet dat het zonder toewijzing is opgelost.",
                 "Leg in de afweging vast welke trede genoeg is.")
        )  # fmt: skip
    if uitkomst == "besluit_uitgevoerd" and not zaak.besluiten:
        fouten.append(Fout("BESLUIT", "/uitkomst", "Er is nog geen besluit.", "Neem eerst een besluit."))
    if zaak.bezwaren and zaak.bezwaren[-1].uitkomst is None:
        fouten.append(Fout("Awb 7:10", "", "Er loopt een bezwaar.", "Beslis eerst op het bezwaar."))
    if uitkomst == "geen_contact" and zaak.kwetsbaar and zaak.outreach_sinds is None:
        fouten.append(
            Fout("OUTREACH", "/uitkomst", "Deze inwoner is kwetsbaar en er is nog niemand langs geweest.",
                 "Ga langs, of wacht tot de taak daarvoor er is.")
        )  # fmt: skip
    return fouten


_TOETS: Mapping[str, Callable[[Zaak, Inhoud, Omgeving], list[Fout]]] = {
    "overdracht": _overdracht,
    "spoedvoorziening": _spoedvoorziening,
    "onderzoek": lambda z, i, om: onderzoek.toets_begin(z, i, om.instellingen, om.vandaag),
    "afronding": lambda z, i, om: onderzoek.ontbreekt(z.onderzoek, om.instellingen),
    "afweging": _afweging,
    "verwijzing": _verwijzing,
    "opvolging": _opvolging,
    "aanvraag": _aanvraag,
    "beschikking": _beschikking,
    "bezwaar": _bezwaar,
    "bezwaarbesluit": _bezwaarbesluit,
    "ervaring": lambda z, i, om: nazorg.toets_ervaring(z, i),
    "evaluatie": lambda z, i, om: nazorg.toets_evaluatie(z, i),
    "risicoafhandeling": _risicoafhandeling,
    "risicoakkoord": _risicoakkoord,
    "intrekking": _einde,
    "afsluiting": _afsluiting,
}


def toets(zaak: Zaak, soort: str, inhoud: Inhoud, omgeving: Omgeving) -> list[Fout]:
    """What is wrong or missing for this step; nothing when it may be taken."""
    regel = _TOETS.get(soort)
    return [] if regel is None else regel(zaak, inhoud, omgeving)
