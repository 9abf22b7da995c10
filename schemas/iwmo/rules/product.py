"""Rules on a product that is granted or asked for: which of Product, Omvang, Budget and end date go together.

The same rules hold for 301, 315 and 317; the end date has another name in each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from schemas.iwmo.rules.plek import Fout, Plek

_GEEN_DAG = ("14", "16", "83", "84")
_VRIJ_VAN_OVERLAP = ("11", "12", "13", "14")
_TOT_2021 = date(2020, 12, 31)


@dataclass(frozen=True, slots=True)
class Velden:
    """The names in one class, and the codes of the rules that differ per message."""

    begin: str
    eind: str
    omvang_zonder_code: str | None
    frequentie: str
    overlap: str | None
    product: bool = True


def toets(record: Plek, velden: Velden) -> Iterator[Fout]:
    """CD041, CD075 to CD080, CD095, CD096, CS003, CS338 and CS343."""
    eind, begin = record.dag(velden.eind), record.dag(velden.begin)
    omvang, budget = record.heeft("Omvang"), record.heeft("Budget")
    nieuw = eind is None or eind > _TOT_2021
    if velden.product:
        yield from _toets_product(record, velden.omvang_zonder_code, omvang, budget, nieuw)
    if eind is None and budget:
        yield "CD075", record
    if eind is None and record.tekst("Omvang/Frequentie") == "2":
        yield "CD076", record
    if budget and omvang:
        yield "CD077", record.bij("Omvang")
        yield "CD078", record.bij("Budget")
    if eind is not None and begin is not None and eind < begin:
        yield "CS003", record.bij(velden.eind)
    per_dag = record.tekst("Omvang/Frequentie") not in (None, "2", "4", "6")
    if nieuw and per_dag and record.tekst("Omvang/Eenheid") in _GEEN_DAG:
        yield velden.frequentie, record.bij("Omvang/Frequentie")


def _toets_product(
    record: Plek, omvang_zonder_code: str | None, omvang: bool, budget: bool, nieuw: bool
) -> Iterator[Fout]:
    code = record.heeft("Product/Code")
    if code and not omvang:
        yield "CD041", record
    if not budget and not record.heeft("Product"):
        yield "CD079", record
    if omvang and not code and nieuw and omvang_zonder_code:
        yield omvang_zonder_code, record.bij("Omvang")


def toets_overlap(records: list[Plek], velden: Velden) -> Iterator[Fout]:
    """TR302, TR386 and TR410, on the later of two records that overlap; aids (11 to 14) are free."""
    assert velden.overlap is not None
    tellend = [r for r in records if r.tekst("Product/Categorie") not in _VRIJ_VAN_OVERLAP]
    gemeld: set[str] = set()
    for een, ander in combinations(tellend, 2):
        if ander.pad not in gemeld and _zelfde_product(een, ander) and _overlappen(een, ander, velden):
            gemeld.add(ander.pad)
            yield velden.overlap, ander


def _zelfde_product(een: Plek, ander: Plek) -> bool:
    """Compared on Code, on Categorie when one has no Code; no Product (generiek) is every product."""
    if not een.heeft("Product") or not ander.heeft("Product"):
        return True
    codes = een.tekst("Product/Code"), ander.tekst("Product/Code")
    if all(codes):
        return codes[0] == codes[1]
    return een.tekst("Product/Categorie") == ander.tekst("Product/Categorie")


def _overlappen(een: Plek, ander: Plek, velden: Velden) -> bool:
    def periode(record: Plek) -> tuple[date, date]:
        return record.dag(velden.begin) or date.min, record.dag(velden.eind) or date.max

    (begin, eind), (begin_ander, eind_ander) = periode(een), periode(ander)
    return begin <= eind_ander and begin_ander <= eind
