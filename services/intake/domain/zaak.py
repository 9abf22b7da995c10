"""A melding as a case: its states, the steps that lead from one to the other, and what the steps add up to.

A case is never changed: steps are added to it (Stap), and `vouw` plays them. So every version of everything is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from services.intake.domain.fout import Fout

ONTVANGEN, IN_ONDERZOEK, ONDERZOCHT = "ontvangen", "in_onderzoek", "onderzocht"
AANGEVRAAGD, BESLOTEN, AFGESLOTEN = "aangevraagd", "besloten", "afgesloten"
STATUSSEN = (ONTVANGEN, IN_ONDERZOEK, ONDERZOCHT, AANGEVRAAGD, BESLOTEN, AFGESLOTEN)
_OPEN = (ONTVANGEN, IN_ONDERZOEK, ONDERZOCHT, AANGEVRAAGD, BESLOTEN)
_NA_BESLUIT = (AANGEVRAAGD, BESLOTEN, AFGESLOTEN)
_VOOR_BESLUIT = (ONTVANGEN, IN_ONDERZOEK, ONDERZOCHT, AANGEVRAAGD)
TOEKENNING, AFWIJZING, INTREKKING = "toekenning", "afwijzing", "intrekking"
ZONDER_TOEWIJZING = "opgelost_zonder_toewijzing"
SYSTEEM = "systeem"
STAPPEN_VAN_SYSTEEM = ("outreach", "levering", "gebruikssignaal")
"""Nobody takes these: a clock or another service tells that it is so."""


@dataclass(frozen=True, slots=True)
class Soort:
    """A kind of step: from which state to which state it leads, and the event that tells of it."""

    overgangen: Mapping[str, str]
    event: str


def _blijft(*statussen: str) -> dict[str, str]:
    return {status: status for status in statussen}


STAPPEN: Mapping[str, Soort] = {
    "melding": Soort({"": ONTVANGEN}, "melding_ontvangen"),
    "overdracht": Soort(_blijft(*_OPEN), "melding_overgedragen"),
    "plan": Soort(_blijft(ONTVANGEN), "persoonlijk_plan_ontvangen"),
    "spoedvoorziening": Soort(_blijft(*_VOOR_BESLUIT), "spoedvoorziening_toegekend"),
    # A resident may ask before the research is done once its term has passed: it then goes on beside the request.
    "onderzoek": Soort({ONTVANGEN: IN_ONDERZOEK} | _blijft(IN_ONDERZOEK, AANGEVRAAGD), "onderzoek_vastgelegd"),
    "afronding": Soort({IN_ONDERZOEK: ONDERZOCHT} | _blijft(AANGEVRAAGD), "onderzoek_afgerond"),
    "afweging": Soort(_blijft(ONDERZOCHT, AANGEVRAAGD), "afweging_vastgelegd"),
    "verwijzing": Soort(_blijft(*_OPEN), "inwoner_verwezen"),
    "opvolging": Soort(_blijft(*_OPEN), "verwijzing_opgevolgd"),
    "aanvraag": Soort({IN_ONDERZOEK: AANGEVRAAGD, ONDERZOCHT: AANGEVRAAGD}, "aanvraag_ontvangen"),
    "beschikking": Soort({AANGEVRAAGD: BESLOTEN}, "beschikking_vastgesteld"),
    "herziening": Soort({BESLOTEN: AANGEVRAAGD}, "herziening_begonnen"),
    "bezwaar": Soort({BESLOTEN: BESLOTEN, AFGESLOTEN: BESLOTEN}, "bezwaar_ontvangen"),
    # Upheld: back to a request, for a new decision has to be made.
    "bezwaarbesluit": Soort(_blijft(BESLOTEN), "bezwaar_beslist"),
    "risico": Soort(_blijft(*_OPEN), "risico_gezien"),
    "risicoafhandeling": Soort(_blijft(*_OPEN), "risico_afgehandeld"),
    "risicoakkoord": Soort(_blijft(*_OPEN), "risico_aanvaard"),
    # Also after closing: help that runs is used too little, or stopped.
    "contact": Soort(_blijft(*STATUSSEN), "contact_vastgelegd"),
    "outreach": Soort(_blijft(*_OPEN), "outreach_gevraagd"),
    "levering": Soort(_blijft(*STATUSSEN), "levering_bekend"),
    "ervaring": Soort(_blijft(*STATUSSEN), "ervaring_vastgelegd"),
    "gebruikssignaal": Soort(_blijft(*STATUSSEN), "gesprek_gevraagd"),
    "evaluatie": Soort(_blijft(*_NA_BESLUIT), "doelen_beoordeeld"),
    "intrekking": Soort(dict.fromkeys(_VOOR_BESLUIT, AFGESLOTEN), "melding_ingetrokken"),
    "afsluiting": Soort(dict.fromkeys(_OPEN, AFGESLOTEN), "melding_afgesloten"),
}


@dataclass(frozen=True, slots=True)
class Stap:
    """Something that happened to a case on a day (Amsterdam), by whom, and what it says."""

    soort: str
    door: str
    dag: date
    inhoud: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verwijzing:
    """The resident was sent to an entry of the social map, to be looked at again on `opvolgen_op`."""

    voorziening: str
    opvolgen_op: date
    uitkomst: str | None = None


@dataclass(frozen=True, slots=True)
class Aanvraag:
    """Since when a decision is asked for; `afloop` when it was made (gehaald) or is not wanted any more (vervallen)."""

    op: date
    afloop: str | None = None


@dataclass(frozen=True, slots=True)
class Besluit:
    """One version of the decision."""

    besluit: str
    op: date
    herziening_op: date | None
    doelen: int = 0
    herzien: bool = False
    """Whether somebody looked, with the resident, whether the help still fits."""


@dataclass(frozen=True, slots=True)
class Levering:
    """Help that started or stopped (`moment`), known since a day; whether the resident was asked how it goes, and,
    after a stop, whether the goals were judged."""

    nummer: int
    moment: str
    op: date
    aanbieder: str
    gevraagd: bool = False
    beoordeeld: bool = False


@dataclass(frozen=True, slots=True)
class Bezwaar:
    """An objection against the last decision."""

    op: date
    tegen: int
    uitkomst: str | None = None


@dataclass(frozen=True, slots=True)
class Zaak:
    """What the steps of a case add up to."""

    status: str = ""
    gemeld_op: date = date.min
    team: str = ""
    spoed: bool = False
    kwetsbaar: bool = False
    plan: str | None = None
    spoed_geregeld: bool = False
    onderzoek: Mapping[str, Any] = field(default_factory=dict)
    begonnen_op: date | None = None
    afgerond_op: date | None = None
    afweging: Mapping[str, Any] = field(default_factory=dict)
    verwijzingen: tuple[Verwijzing, ...] = ()
    aanvragen: tuple[Aanvraag, ...] = ()
    besluiten: tuple[Besluit, ...] = ()
    bezwaren: tuple[Bezwaar, ...] = ()
    risicos: tuple[bool, ...] = ()
    """Per risk that was seen whether it is still open."""
    akkoord_door: str | None = None
    """Who found, after the last risk was seen, that the case may be closed although a risk is open."""
    reactie_sinds: date | None = None
    """Since when a reaction of the resident is awaited."""
    outreach_sinds: date | None = None
    """Since when somebody should go and look."""
    leveringen: tuple[Levering, ...] = ()
    gesprek_sinds: date | None = None
    """Since when somebody should talk with the resident about help that is used too little."""
    uitkomst: str | None = None

    @property
    def doelen(self) -> int:
        """How many goals the last decision that granted help has."""
        return next((b.doelen for b in reversed(self.besluiten) if b.besluit == TOEKENNING), 0)

    @property
    def open_risico(self) -> bool:
        return any(self.risicos)

    @property
    def netwerk(self) -> str | None:
        """How the people around the resident are: aanwezig, afwezig or belastend; None when it was not said."""
        stand: str | None = (self.onderzoek.get("netwerk") or {}).get("stand")
        return stand

    @property
    def overbelast(self) -> bool:
        """Whether a carer cannot bear it any more: then respite has to be weighed."""
        personen = self.onderzoek.get("personen") or []
        return any(p.get("mantelzorger") and p.get("belasting") == "overbelast" for p in personen)


def kan_niet(status: str, soort: str) -> list[Fout]:
    """Whether this step can be taken from this state; when not, what can."""
    if status in STAPPEN[soort].overgangen:
        return []
    kan = [naam for naam, stap in STAPPEN.items() if status in stap.overgangen and naam not in STAPPEN_VAN_SYSTEEM]
    wat = f"Wat nu kan: {', '.join(kan)}." if kan else "Er kan niets meer."
    return [Fout("STAP", "", f"De stap '{soort}' kan niet bij een melding die '{status}' is.", wat)]


def _dag(waarde: Any) -> date:
    return date.fromisoformat(str(waarde))


def _melding(zaak: Zaak, stap: Stap) -> Zaak:
    i = stap.inhoud
    risicos = (True,) * len(i.get("risicos") or ())
    return replace(
        zaak, gemeld_op=stap.dag, team=i["team"], spoed=bool(i.get("spoed")), kwetsbaar=bool(i.get("kwetsbaar")),
        risicos=risicos,
    )  # fmt: skip


def _onderzoek(zaak: Zaak, stap: Stap) -> Zaak:
    """What a conversation adds; what it does not tell stays as it was."""
    bekend = _vul_aan(zaak.onderzoek, stap.inhoud)
    return replace(
        zaak,
        onderzoek=bekend,
        begonnen_op=zaak.begonnen_op or stap.dag,
        kwetsbaar=bool(bekend.get("kwetsbaar", zaak.kwetsbaar)),
    )


def _vul_aan(oud: Mapping[str, Any], nieuw: Mapping[str, Any]) -> dict[str, Any]:
    samen = dict(oud)
    for veld, waarde in nieuw.items():
        if isinstance(waarde, Mapping):
            samen[veld] = _vul_aan(samen.get(veld) or {}, waarde)
        elif waarde is not None:
            samen[veld] = waarde
    return samen


def _opvolging(zaak: Zaak, stap: Stap) -> Zaak:
    n = stap.inhoud["verwijzing"] - 1
    klaar = replace(zaak.verwijzingen[n], uitkomst=stap.inhoud["uitkomst"])
    return replace(zaak, verwijzingen=(*zaak.verwijzingen[:n], klaar, *zaak.verwijzingen[n + 1 :]))


def _beschikking(zaak: Zaak, stap: Stap) -> Zaak:
    herziening = stap.inhoud.get("herziening_op")
    doelen = len(stap.inhoud.get("producten") or ())
    besluit = Besluit(stap.inhoud["besluit"], stap.dag, _dag(herziening) if herziening else None, doelen)
    return _rond_aanvraag_af(replace(zaak, besluiten=(*zaak.besluiten, besluit)), "gehaald")


def _einde(zaak: Zaak, uitkomst: str) -> Zaak:
    """The case is closed: a decision that was still asked for is not wanted any more."""
    return _rond_aanvraag_af(replace(zaak, uitkomst=uitkomst), "vervallen")


def _rond_aanvraag_af(zaak: Zaak, afloop: str) -> Zaak:
    if not zaak.aanvragen or zaak.aanvragen[-1].afloop is not None:
        return zaak
    return replace(zaak, aanvragen=(*zaak.aanvragen[:-1], replace(zaak.aanvragen[-1], afloop=afloop)))


def _bezwaarbesluit(zaak: Zaak, stap: Stap) -> Zaak:
    uitkomst = stap.inhoud["uitkomst"]
    beslist = replace(zaak.bezwaren[-1], uitkomst=uitkomst)
    zaak = replace(zaak, bezwaren=(*zaak.bezwaren[:-1], beslist))
    if uitkomst != "gegrond":
        return zaak
    return replace(zaak, status=AANGEVRAAGD, aanvragen=(*zaak.aanvragen, Aanvraag(stap.dag)))


def _risicoafhandeling(zaak: Zaak, stap: Stap) -> Zaak:
    n = stap.inhoud["risico"] - 1
    return replace(zaak, risicos=(*zaak.risicos[:n], False, *zaak.risicos[n + 1 :]))


def _contact(zaak: Zaak, stap: Stap) -> Zaak:
    """Contact was made, or was tried: then a reaction is awaited since the first try."""
    if stap.inhoud["gelukt"]:
        return replace(zaak, reactie_sinds=None, outreach_sinds=None, gesprek_sinds=None)
    return replace(zaak, reactie_sinds=zaak.reactie_sinds or stap.dag)


def _levering(zaak: Zaak, stap: Stap) -> Zaak:
    hulp = Levering(stap.inhoud["toewijzing_nummer"], stap.inhoud["moment"], stap.dag, stap.inhoud["aanbieder"])
    return replace(zaak, leveringen=(*zaak.leveringen, hulp))


def _ervaring(zaak: Zaak, stap: Stap) -> Zaak:
    plek = (stap.inhoud["toewijzing_nummer"], stap.inhoud["moment"])
    leveringen = tuple(replace(h, gevraagd=True) if (h.nummer, h.moment) == plek else h for h in zaak.leveringen)
    return replace(zaak, leveringen=leveringen)


def _evaluatie(zaak: Zaak, stap: Stap) -> Zaak:
    """A judgement at the stop of help answers every stop that is known; any judgement answers the review."""
    laatste = replace(zaak.besluiten[-1], herzien=True)
    leveringen = zaak.leveringen
    if stap.inhoud["moment"] == "stop":
        leveringen = tuple(replace(h, beoordeeld=True) for h in leveringen)
    return replace(zaak, besluiten=(*zaak.besluiten[:-1], laatste), leveringen=leveringen)


_VOUW: Mapping[str, Callable[[Zaak, Stap], Zaak]] = {
    "melding": _melding,
    "overdracht": lambda z, s: replace(z, team=s.inhoud["team"]),
    "plan": lambda z, s: replace(z, plan=s.inhoud["plan"]),
    "spoedvoorziening": lambda z, s: replace(z, spoed=True, spoed_geregeld=True),
    "onderzoek": _onderzoek,
    "afronding": lambda z, s: replace(z, afgerond_op=s.dag),
    "afweging": lambda z, s: replace(z, afweging=s.inhoud),
    "verwijzing": lambda z, s: replace(
        z,
        verwijzingen=(*z.verwijzingen, Verwijzing(s.inhoud["voorziening"], _dag(s.inhoud["opvolgen_op"]))),
    ),
    "opvolging": _opvolging,
    "aanvraag": lambda z, s: replace(z, aanvragen=(*z.aanvragen, Aanvraag(s.dag))),
    "beschikking": _beschikking,
    "herziening": lambda z, s: replace(z, aanvragen=(*z.aanvragen, Aanvraag(s.dag))),
    "bezwaar": lambda z, s: replace(z, uitkomst=None, bezwaren=(*z.bezwaren, Bezwaar(s.dag, len(z.besluiten)))),
    "bezwaarbesluit": _bezwaarbesluit,
    "risico": lambda z, s: replace(z, risicos=(*z.risicos, True), akkoord_door=None),
    "risicoafhandeling": _risicoafhandeling,
    "risicoakkoord": lambda z, s: replace(z, akkoord_door=s.door),
    "contact": _contact,
    "outreach": lambda z, s: replace(z, outreach_sinds=s.dag),
    "levering": _levering,
    "ervaring": _ervaring,
    "gebruikssignaal": lambda z, s: replace(z, gesprek_sinds=z.gesprek_sinds or s.dag),
    "evaluatie": _evaluatie,
    "intrekking": lambda z, s: _einde(z, "ingetrokken"),
    "afsluiting": lambda z, s: _einde(z, s.inhoud["uitkomst"]),
}


def pas_toe(zaak: Zaak, stap: Stap) -> Zaak:
    """The case after this step. Raises KeyError when the step is not possible from its state (`kan_niet`)."""
    naar = STAPPEN[stap.soort].overgangen[zaak.status]
    # The step itself has the last word: an objection that is upheld opens the decision again.
    return _VOUW[stap.soort](replace(zaak, status=naar), stap)


def vouw(stappen: Iterable[Stap]) -> Zaak:
    """The case that these steps add up to."""
    zaak = Zaak()
    for stap in stappen:
        zaak = pas_toe(zaak, stap)
    return zaak
