"""Rules on a product that is granted or asked for: which of Product, Omvang, Budget and end date go together.

The same rules hold for 301, 315 and 317; the end date has another name in each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from schemas.iwmo.rules.plek import Fout, Plek

_GEEN_DAG = ("14", "16", "83", "84")
_TOT_2021 = date(2020, 12, 31)


@dataclass(frozen=True, slots=True)
class Velden:
    """The names in one class, and the codes of the rules that differ per message."""

    begin: str
    eind: str
    omvang_zonder_code: str | None
    frequentie: str
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
