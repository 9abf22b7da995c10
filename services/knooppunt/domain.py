"""Who may hand in what, how long an answer may take, and how parts become one 325."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
MAX_BYTES = 25 * 1024 * 1024
"""OP179: an iWmo file is at most 25 MB."""


@dataclass(frozen=True)
class Antwoordplicht:
    """Which message must follow, and within how many working days."""

    soort: str
    werkdagen: int


HEENBERICHTEN = {
    "WMO305": Antwoordplicht("WMO306", 3),
    "WMO307": Antwoordplicht("WMO308", 3),
    "WMO315": Antwoordplicht("WMO316", 3),
    "WMO317": Antwoordplicht("WMO318", 3),
    "WMO323": Antwoordplicht("WMO325", 10),
}
"""What a provider sends and what it gets back (OP090: 3 working days, OP090x4: 10)."""

VERZONDEN = {
    "WMO301": Antwoordplicht("WMO302", 3),
    "WMO319": Antwoordplicht("WMO320", 3),
}
"""What a provider gets and must answer, within 3 working days (OP090)."""

RETOURBERICHTEN = {plicht.soort: heen for heen, plicht in VERZONDEN.items()}
"""What a provider answers, and to which message; such a header is a copy, not swapped."""

MET_VEEL_CLIENTEN = ("WMO323", "WMO325")
"""Every other message is about one client, or about none."""

VOLLEDIG_TOEGEKEND = "8001"
GEEN_FOUT = "0200"
NIET_GECONTROLEERD = "0233"
GEEN_AFKEUR = (GEEN_FOUT, NIET_GECONTROLEERD)
"""RetourCodes that refuse nothing."""


@dataclass(frozen=True)
class Partij:
    """For whom a caller acts here: the AGBs it may act for, and those it only claims (`zonder_mandaat`).

    `geblokkeerd`: (gemeente, AGB) pairs between which nothing may pass.
    """

    aanbieders: tuple[str, ...] = ()
    zonder_mandaat: tuple[str, ...] = ()
    geblokkeerd: frozenset[tuple[str, str]] = frozenset()

    def geblokkeerd_door(self) -> list[str]:
        """Gemeenten that shut out one of these AGBs."""
        return sorted({gemeente for gemeente, _ in self.geblokkeerd})


def nieuwe_identificatie() -> str:
    """Twelve random characters; what is unique about them a unique index guards (TR056)."""
    return "".join(secrets.choice(BASE32) for _ in range(12))


def partijen(soort: str, afzender: str, ontvanger: str) -> tuple[str, str]:
    """Gemeente and aanbieder of a message: a retour carries the header of what it answers."""
    return (afzender, ontvanger) if soort in RETOURBERICHTEN else (ontvanger, afzender)


def is_afgekeurd(codes: Iterable[str]) -> bool:
    """Whether these RetourCodes refuse a message: more than 'no fault' and 'not checked'."""
    return any(code not in GEEN_AFKEUR for code in codes)


@dataclass(frozen=True)
class DeelOordeel:
    """What was decided on one client of a 323: codes on the client, codes per line index."""

    deel: int
    client_codes: list[str]
    regel_codes: dict[int, list[str]]


def afgekeurd(deel: DeelOordeel) -> tuple[list[str], dict[int, list[str]]]:
    """What a 325 tells of a client: its codes when it is refused itself (its lines then get 0233), else its lines."""
    if is_afgekeurd(deel.client_codes):
        return deel.client_codes, {}
    return [], {regel: codes for regel, codes in deel.regel_codes.items() if is_afgekeurd(codes)}


def declaratie_codes(gegeven: list[str], iets_geweigerd: bool) -> list[str]:
    """RetourCodes of DeclaratieAntwoord: the given refusal, 0200 with refused lines, else 8001."""
    if is_afgekeurd(code for code in gegeven if code != VOLLEDIG_TOEGEKEND):
        return gegeven
    return [GEEN_FOUT] if iets_geweigerd else [VOLLEDIG_TOEGEKEND]
