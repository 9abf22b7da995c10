"""Terms: who must act until which day, and what ends a term (OP090, OP271, OP272, OP274, OP346)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from services.toewijzing.domain.toewijzing import Product, Versie
from services.toewijzing.domain.verzoek import AFGEWEZEN, BESLUIT_DAGEN, IN_ONDERZOEK, INGEDIEND, TOEGEWEZEN

GEMEENTE, AANBIEDER = "gemeente", "aanbieder"
LOOPT, NADERT, VERSTREKEN = "loopt", "nadert", "verstreken"
GEHAALD, TE_LAAT_GEHAALD, VERVALLEN = "gehaald", "te_laat_gehaald", "vervallen"
STATUSSEN = (LOOPT, NADERT, VERSTREKEN, GEHAALD, TE_LAAT_GEHAALD, VERVALLEN)
ANTWOORD_301, ANTWOORD_319, START, STOP = "antwoord_301", "antwoord_319", "start", "stop"
REACTIE_VERZOEK, BESLUIT_VERZOEK, VERVOLG = "reactie_verzoek", "besluit_verzoek", "vervolg"
EINDE_DAGEN = 56
"""A toewijzing that ends within 8 weeks and has no follow-up is brought to somebody's notice."""
TAAKGERICHT = "taak"

Tel = Callable[[date, int], date]
"""The n-th working day after a day, or before it when n is negative."""


@dataclass(frozen=True, slots=True)
class Soort:
    """A kind of term: `wie` must act within `werkdagen`, or else `dagen` in the calendar, after the day it runs from.

    It nears so many working days (`nadert_werkdagen`), or else days (`nadert_dagen`), before its last day. A term of
    which nobody is told that it passed (`meldt_verstrijken`) is a signal: it just ends.
    """

    wie: str
    werkdagen: int | None = None
    dagen: int = 0
    nadert_werkdagen: int | None = 1
    nadert_dagen: int = 0
    meldt_verstrijken: bool = True


SOORTEN = {
    ANTWOORD_301: Soort(AANBIEDER, werkdagen=3),
    ANTWOORD_319: Soort(AANBIEDER, werkdagen=3),
    START: Soort(AANBIEDER, werkdagen=5),
    STOP: Soort(AANBIEDER, werkdagen=5),
    REACTIE_VERZOEK: Soort(GEMEENTE, werkdagen=5),
    BESLUIT_VERZOEK: Soort(GEMEENTE, dagen=BESLUIT_DAGEN, nadert_werkdagen=5),
    VERVOLG: Soort(GEMEENTE, nadert_werkdagen=None, nadert_dagen=EINDE_DAGEN, meldt_verstrijken=False),
}


@dataclass(frozen=True, slots=True)
class Looptijd:
    """The last day on which somebody may act (inclusive), and the day from which the term nears."""

    uiterlijk: date
    nadert: date


def looptijd(soort: str, vanaf: date, tel: Tel) -> Looptijd:
    """The term of this kind that runs from a day; counting starts the day after."""
    regel = SOORTEN[soort]
    if regel.werkdagen is not None:
        return tot(soort, tel(vanaf, regel.werkdagen), tel)
    return tot(soort, vanaf + timedelta(days=regel.dagen), tel)


def tot(soort: str, uiterlijk: date, tel: Tel) -> Looptijd:
    """The term of this kind with this last day."""
    regel = SOORTEN[soort]
    if regel.nadert_werkdagen is not None:
        return Looptijd(uiterlijk, tel(uiterlijk, -regel.nadert_werkdagen))
    return Looptijd(uiterlijk, uiterlijk - timedelta(days=regel.nadert_dagen))


@dataclass(frozen=True, slots=True)
class Stand:
    """What the terms of a number follow from.

    `versie`: the actual one (IV013), None when all were refused. `ontvangen`: the day on which the provider first got
    this number; `einde_bekend`: the same for this Einddatum. `levering`: as in `stand_van`.
    """

    versie: Versie | None
    ontvangen: date | None
    einde_bekend: date | None
    levering: str
    heeft_vervolg: bool


Verwacht = dict[str, date | str]
"""Per kind of term the day it runs from, or how it ended: `gehaald` or `vervallen`."""


def verwacht(stand: Stand, vandaag: date) -> Verwacht:
    """The terms of a number, from what is known of it now."""
    versie = stand.versie
    if versie is None or versie.verwijderd:
        return {START: VERVALLEN, STOP: VERVALLEN, VERVOLG: VERVALLEN}
    termijnen: Verwacht = {VERVOLG: _vervolg(stand, versie, vandaag)}
    # Taakgericht: a start and a stop only when that was agreed, so nobody waits for them.
    if versie.variant != TAAKGERICHT:
        termijnen[STOP] = _stop(stand, versie)
        if stand.ontvangen is not None:
            termijnen[START] = _start(stand, versie, stand.ontvangen)
    return termijnen


def _start(stand: Stand, versie: Versie, ontvangen: date) -> date | str:
    """OP271: 5 working days after the start, or after receipt of a 301 that looks back.

    Nobody but the provider knows the day of the real start, so the first day on which care may begin counts.
    """
    if stand.levering != "geen":
        return GEHAALD
    if versie.ingetrokken:
        return VERVALLEN
    return max(versie.ingangsdatum, ontvangen)


def _stop(stand: Stand, versie: Versie) -> date | str:
    """OP272, OP288: 5 working days after the end, or after receipt of the 301 that told an end in the past."""
    if stand.levering == "gestopt":
        return GEHAALD
    if stand.levering == "geen" or versie.einddatum is None:
        return VERVALLEN
    return max(versie.einddatum, stand.einde_bekend or versie.einddatum)


def _vervolg(stand: Stand, versie: Versie, vandaag: date) -> date | str:
    """Somebody must look whether the resident still needs help; what was ended on purpose needs no look."""
    einde = versie.einddatum
    if versie.ingetrokken or stand.levering == "gestopt" or einde is None or einde < vandaag:
        return VERVALLEN
    return GEHAALD if stand.heeft_vervolg else einde


def heeft_vervolg(versie: Versie, andere: Iterable[Versie]) -> bool:
    """Whether another toewijzing of the client, at any provider, goes on with this product after its Einddatum."""
    einde = versie.einddatum
    return einde is not None and any(
        ander.nummer != versie.nummer
        and not ander.verwijderd
        and (ander.einddatum is None or ander.einddatum > einde)
        and _zelfde_hulp(versie.product, ander.product)
        for ander in andere
    )


def _zelfde_hulp(een: Product | None, ander: Product | None) -> bool:
    """The same category, and the same code where both have one; generiek only goes on in generiek."""
    if een is None or ander is None:
        return een is ander
    return een.categorie == ander.categorie and (een.code == ander.code or None in (een.code, ander.code))


def verwacht_bij_verzoek(status: str, reageer_uiterlijk: date, besluit_uiterlijk: date) -> Verwacht:
    """OP274, OP346: a first reaction, and a final decision; per kind its last day, or how it ended."""
    if status == INGEDIEND:
        return {REACTIE_VERZOEK: reageer_uiterlijk, BESLUIT_VERZOEK: besluit_uiterlijk}
    if status == IN_ONDERZOEK:
        return {REACTIE_VERZOEK: GEHAALD, BESLUIT_VERZOEK: besluit_uiterlijk}
    afloop = GEHAALD if status in (TOEGEWEZEN, AFGEWEZEN) else VERVALLEN
    return {REACTIE_VERZOEK: afloop, BESLUIT_VERZOEK: afloop}
