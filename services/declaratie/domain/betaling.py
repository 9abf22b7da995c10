"""What is paid to whom: one payment per aanbieder of all its open totals, credits set off against debets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_LENGTE = {"NL": 18, "BE": 16, "DE": 22}
"""Of the countries that a Dutch gemeente pays to; of others the check digits must do."""
_NAAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9/?:().,'+ -]{0,69}")


def iban_valid(iban: str) -> bool:
    """ISO 13616: the shape, the length where it is known, and the check digits (mod 97 = 1)."""
    if not _IBAN.fullmatch(iban) or len(iban) != _LENGTE.get(iban[:2], len(iban)):
        return False
    return int("".join(str(int(teken, 36)) for teken in iban[4:] + iban[:4])) % 97 == 1


def naam_valid(naam: str) -> bool:
    """The signs that a SEPA message may carry, at most 70; the first is a letter or digit, for spreadsheets."""
    return _NAAM.fullmatch(naam) is not None


@dataclass(frozen=True, slots=True)
class Rekening:
    """An account that two persons agreed on; `houder` is the gemeente or an AGB."""

    houder: str
    iban: str
    naam: str


@dataclass(frozen=True, slots=True)
class OpenTotaal:
    """The awarded total of a declaratie (its 325) that is in no payment yet; negative is a net credit."""

    bericht_id: str
    aanbieder: str
    declaratie_nummer: str
    toegekend_cent: int


@dataclass(frozen=True, slots=True)
class Betaling:
    """All open totals of an aanbieder in one amount, which is more than nothing."""

    rekening: Rekening
    totalen: tuple[OpenTotaal, ...]

    @property
    def bedrag_cent(self) -> int:
        return sum(t.toegekend_cent for t in self.totalen)


def settle(
    totalen: Iterable[OpenTotaal], rekeningen: dict[str, Rekening]
) -> tuple[list[Betaling], list[str], dict[str, int]]:
    """(payments, aanbieders without an account, aanbieder -> net credit that is carried over to the next file).

    An aanbieder whose credits are as large as its debets, or larger, gets nothing now: all its totals stay open.
    """
    per_aanbieder: dict[str, list[OpenTotaal]] = defaultdict(list)
    for totaal in totalen:
        per_aanbieder[totaal.aanbieder].append(totaal)
    betalingen, zonder, mee = [], [], {}
    for aanbieder, eigen in sorted(per_aanbieder.items()):
        saldo = sum(t.toegekend_cent for t in eigen)
        if saldo <= 0:
            mee[aanbieder] = saldo
        elif aanbieder not in rekeningen:
            zonder.append(aanbieder)
        else:
            betalingen.append(Betaling(rekeningen[aanbieder], tuple(eigen)))
    return betalingen, zonder, mee
