"""Rules on a product that is granted or asked for: which of Product, Omvang, Budget and end date go together.

The same rules hold for 301, 315 and 317; the end date has another name in each.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemas.iwmo.inhoud import woord
from schemas.iwmo.rules.plek import Blok, Fout

_GEEN_DAG = ("14", "16", "83", "84")
_VRIJ_VAN_OVERLAP = ("11", "12", "13", "14")
_TOT_2021 = "2020-12-31"
_OPEN_EINDE = "9999-12-31"

Groep = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Velden:
    """The names in one class, and the codes of the rules that differ per message."""

    begin: str
    eind: str
    omvang_zonder_code: str | None
    frequentie: str
    overlap: str | None
    product: bool = True


def toets(record: Blok, pad: str, velden: Velden) -> Iterator[Fout]:
    """CD041, CD075 to CD080, CD095, CD096, CS003, CS338 and CS343."""
    begin, eind = record[woord(velden.begin)], record[woord(velden.eind)]
    omvang, budget = record["omvang"], record["budget_cent"]
    nieuw = eind is None or eind > _TOT_2021
    if velden.product:
        yield from _toets_product(record, pad, velden.omvang_zonder_code, nieuw)
    if eind is None and budget is not None:
        yield "CD075", f"{pad}/{velden.eind}"
    if eind is None and omvang and omvang["frequentie"] == "2":
        yield "CD076", f"{pad}/{velden.eind}"
    if budget is not None and omvang:
        yield "CD077", f"{pad}/Omvang"
        yield "CD078", f"{pad}/Budget"
    if eind is not None and eind < begin:
        yield "CS003", f"{pad}/{velden.eind}"
    if nieuw and omvang and omvang["eenheid"] in _GEEN_DAG and omvang["frequentie"] not in ("2", "4", "6"):
        yield velden.frequentie, f"{pad}/Omvang/Frequentie"


def _toets_product(record: Blok, pad: str, omvang_zonder_code: str | None, nieuw: bool) -> Iterator[Fout]:
    product, omvang = record["product"], record["omvang"]
    code = product and product["code"]
    if code and not omvang:
        yield "CD041", f"{pad}/Omvang"
    if record["budget_cent"] is None and not product:
        yield "CD079", f"{pad}/Product"
    if omvang and not code and nieuw and omvang_zonder_code:
        yield omvang_zonder_code, f"{pad}/Omvang"


def toets_overlap(records: Iterable[tuple[str, Blok]], velden: Velden) -> Iterator[Fout]:
    """TR302, TR386 and TR410, on the later of two records that overlap; aids (11 to 14) are free.

    Compared on Code, on Categorie when one has no Code; no Product (generiek) is every product.
    """
    assert velden.overlap is not None
    eerder: defaultdict[Groep, _Dagen] = defaultdict(_Dagen)
    for pad, record in records:
        product = record["product"] or {"categorie": None, "code": None}
        categorie, code = product["categorie"], product["code"]
        begin, eind = record[woord(velden.begin)], record[woord(velden.eind)] or _OPEN_EINDE
        if categorie in _VRIJ_VAN_OVERLAP or eind < begin:
            continue
        eigen, botst = _groepen(categorie, code)
        if any(eerder[groep].raakt(begin, eind) for groep in botst):
            yield velden.overlap, pad
        for groep in (*eigen, ("alle", None)):
            eerder[groep].voeg_toe(begin, eind)


def _groepen(categorie: str | None, code: str | None) -> tuple[list[Groep], list[Groep]]:
    """The groups of products that a record belongs to, and those that it may not overlap."""
    if categorie is None:
        return [("generiek", None)], [("alle", None)]
    if code is None:
        return [("zonder code", categorie), ("categorie", categorie)], [("generiek", None), ("categorie", categorie)]
    return [("code", code), ("categorie", categorie)], [("generiek", None), ("zonder code", categorie), ("code", code)]


class _Dagen:
    """Days that are taken, as periods in order that do not overlap: a file may hold tens of thousands."""

    def __init__(self) -> None:
        self._begin: list[str] = []
        self._eind: list[str] = []

    def raakt(self, begin: str, eind: str) -> bool:
        eerste, na = self._geraakt(begin, eind)
        return eerste < na

    def voeg_toe(self, begin: str, eind: str) -> None:
        eerste, na = self._geraakt(begin, eind)
        geraakt = slice(eerste, na)
        self._begin[geraakt] = [min([begin, *self._begin[geraakt]])]
        self._eind[geraakt] = [max([eind, *self._eind[geraakt]])]

    def _geraakt(self, begin: str, eind: str) -> tuple[int, int]:
        return bisect_left(self._eind, begin), bisect_right(self._begin, eind)
