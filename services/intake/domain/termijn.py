"""The terms of a case: who must do what until which day. They follow from the case (ADR 0017), nobody sets them.

A term of the law that would end on a Saturday, a Sunday or a holiday ends on the next working day (Algemene
termijnenwet art. 1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from services.intake.domain.instellingen import Termijnen
from services.intake.domain.zaak import AANGEVRAAGD, AFGESLOTEN, ONTVANGEN, Zaak

GEMEENTE, INWONER, TEAM = "gemeente", "inwoner", "team"
GEHAALD, VERVALLEN = "gehaald", "vervallen"
Werkdag = Callable[[date], bool]
"""Whether somebody works on this day."""


@dataclass(frozen=True, slots=True)
class Soort:
    """A kind of term: who must act, what has to happen, and how many days before the last one it nears.

    A right of the resident that passes is nobody's fault: nobody is told (`meldt_verstrijken`).
    """

    wie: str
    wat: str
    nadert_dagen: int = 1
    meldt_verstrijken: bool = True


SOORTEN = {
    "plan": Soort(INWONER, "een persoonlijk plan inleveren", 2, meldt_verstrijken=False),
    "spoed": Soort(GEMEENTE, "een tijdelijke voorziening geven (spoed)", 0),
    "onderzoek": Soort(GEMEENTE, "het onderzoek afronden", 7),
    "besluit": Soort(GEMEENTE, "een besluit nemen", 5),
    "bezwaar": Soort(INWONER, "bezwaar maken tegen het besluit", 7, meldt_verstrijken=False),
    "bezwaarbesluit": Soort(GEMEENTE, "op het bezwaar beslissen", 7),
    "herziening": Soort(GEMEENTE, "kijken of de hulp nog past", 28),
    "opvolging": Soort(TEAM, "vragen of de verwijzing helpt", 1),
    "reactie": Soort(INWONER, "reageren op de gemeente", 1),
    "outreach": Soort(TEAM, "langsgaan bij de inwoner", 0),
    "ervaring": Soort(TEAM, "vragen hoe de hulp gaat", 2),
    "gesprek": Soort(TEAM, "in gesprek gaan over hulp die weinig wordt gebruikt", 3),
    "evaluatie": Soort(TEAM, "samen met de inwoner kijken of de doelen zijn gehaald", 3),
    "signaal": Soort(TEAM, "reageren op een signaal", 1),
}


@dataclass(frozen=True, slots=True)
class Termijn:
    """One term of a case. `nummer` tells terms of one kind apart; `stand` is its last day, or how it ended."""

    soort: str
    nummer: int
    stand: date | str


def laatste_dag(vanaf: date, dagen: int, is_werkdag: Werkdag) -> date:
    """The last day (inclusive) of a term of the law of so many calendar days after `vanaf`."""
    dag = vanaf + timedelta(days=dagen)
    while not is_werkdag(dag):
        dag += timedelta(days=1)
    return dag


def verwacht(zaak: Zaak, dagen: Termijnen, is_werkdag: Werkdag) -> list[Termijn]:
    """Every term of this case, running or ended."""

    def tot(vanaf: date, duur: int) -> date:
        return laatste_dag(vanaf, duur, is_werkdag)

    klaar = zaak.status == AFGESLOTEN

    def als(gehaald: bool, dag: date) -> date | str:
        return GEHAALD if gehaald else VERVALLEN if klaar else dag

    termijnen = [
        Termijn("onderzoek", 1, als(zaak.afgerond_op is not None, tot(zaak.gemeld_op, dagen.onderzoek))),
        Termijn("plan", 1, _plan(zaak, tot(zaak.gemeld_op, dagen.plan))),
    ]
    if zaak.spoed:
        geregeld = zaak.spoed_geregeld or bool(zaak.besluiten)
        # Spoed goes on in the weekend.
        termijnen.append(Termijn("spoed", 1, als(geregeld, zaak.gemeld_op + timedelta(days=dagen.spoed))))
    for n, aanvraag in enumerate(zaak.aanvragen, 1):
        termijnen.append(Termijn("besluit", n, aanvraag.afloop or tot(aanvraag.op, dagen.besluit)))
    termijnen += _na_besluit(zaak, dagen, tot)
    for n, verwijzing in enumerate(zaak.verwijzingen, 1):
        termijnen.append(Termijn("opvolging", n, als(verwijzing.uitkomst is not None, verwijzing.opvolgen_op)))
    return termijnen + _nazorg(zaak, dagen) + _contact(zaak, dagen, klaar=klaar)


def _plan(zaak: Zaak, dag: date) -> date | str:
    if zaak.plan is not None:
        return GEHAALD
    return dag if zaak.status == ONTVANGEN else VERVALLEN


def _na_besluit(zaak: Zaak, dagen: Termijnen, tot: Callable[[date, int], date]) -> list[Termijn]:
    """The right to object, the decision on it, and the day on which somebody looks again: also after closing."""
    termijnen = []
    for n, besluit in enumerate(zaak.besluiten, 1):
        bezwaar = next((b for b in zaak.bezwaren if b.tegen == n), None)
        eind_bezwaar = tot(besluit.op, dagen.bezwaar)
        termijnen.append(Termijn("bezwaar", n, GEHAALD if bezwaar else eind_bezwaar))
        if bezwaar is not None:
            # Awb 7:10: the weeks begin when the term to object is over.
            beslissen = tot(eind_bezwaar, dagen.bezwaarbesluit)
            termijnen.append(Termijn("bezwaarbesluit", n, GEHAALD if bezwaar.uitkomst else beslissen))
        laatste = n == len(zaak.besluiten)
        if besluit.herziening_op is not None:
            geldt = laatste and zaak.status != AANGEVRAAGD and not besluit.herzien
            termijnen.append(Termijn("herziening", n, besluit.herziening_op if geldt else GEHAALD))
    return termijnen


def _nazorg(zaak: Zaak, dagen: Termijnen) -> list[Termijn]:
    """What is asked and judged after help started or stopped, and the talk about help that is little used: also after
    closing, for the help goes on."""
    termijnen = []
    for n, hulp in enumerate(zaak.leveringen, 1):
        termijnen.append(Termijn("ervaring", n, GEHAALD if hulp.gevraagd else hulp.op + timedelta(dagen.ervaring)))
        if hulp.moment == "stop" and zaak.doelen:
            uiterlijk = hulp.op + timedelta(dagen.evaluatie)
            termijnen.append(Termijn("evaluatie", n, GEHAALD if hulp.beoordeeld else uiterlijk))
    gesprek = GEHAALD if zaak.gesprek_sinds is None else zaak.gesprek_sinds + timedelta(dagen.gesprek)
    return [*termijnen, Termijn("gesprek", 1, gesprek)]


def _contact(zaak: Zaak, dagen: Termijnen, *, klaar: bool) -> list[Termijn]:
    """A resident who does not react; one who is vulnerable is then looked up.

    The kind has one number: a next one begins on another day, and so is another term.
    """
    reactie: date | str = VERVALLEN if klaar else GEHAALD
    outreach = reactie
    if not klaar and zaak.reactie_sinds is not None:
        reactie = zaak.reactie_sinds + timedelta(days=dagen.reactie)
    if not klaar and zaak.outreach_sinds is not None:
        outreach = zaak.outreach_sinds + timedelta(days=dagen.outreach)
    return [Termijn("reactie", 1, reactie), Termijn("outreach", 1, outreach)]
