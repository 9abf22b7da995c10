"""The code lists of iWmo 3.2 as frozen data, code -> Dutch label.

The lists are the csv files in `codelists/`: code, label, valid_from, valid_to (the standard gives no dates, so
empty is always), and what a list has of its own. Standard library only, because domains import this.
"""

import csv
from collections.abc import Mapping
from functools import cache
from operator import mul
from pathlib import Path
from types import MappingProxyType

_MAP = Path(__file__).parent / "codelists"


@cache
def _rijen(naam: str) -> tuple[Mapping[str, str], ...]:
    with (_MAP / f"{naam}.csv").open(encoding="utf-8", newline="") as bestand:
        return tuple(MappingProxyType(rij) for rij in csv.DictReader(bestand))


def _kolom(naam: str, kolom: str) -> Mapping[str, str]:
    return MappingProxyType({rij["code"]: rij[kolom] for rij in _rijen(naam) if rij[kolom]})


@cache
def codelijst(naam: str) -> Mapping[str, str]:
    """A list by the name of its file, code -> label."""
    return _kolom(naam, "label")


RETOURCODES = codelijst("retourcode")
"""WJ001: all codes that a RetourCode may hold."""
GEMEENTEN = codelijst("gemeente")
"""CBS codes of the 342 municipalities (TR378)."""
LAND = codelijst("land")
REDEN_WIJZIGING = codelijst("reden_wijziging")
"""WMO002. 01 is withdrawn and never sent (CS336)."""
REDEN_BEEINDIGING = codelijst("reden_beeindiging")
"""WMO588."""
REDEN_BEEINDIGING_SOORT = _kolom("reden_beeindiging", "soort")
"""WMO588: 'tijdelijk' (20) or 'definitief'."""
REDEN_BEEINDIGING_BIJ_WIJZIGING = _kolom("reden_wijziging", "reden_beeindiging")
"""WMO002 -> WMO588: the RedenBeeindiging of the stop that follows a withdrawn toewijzing."""
REDEN_AFWIJZING_VERZOEK = codelijst("reden_afwijzing_verzoek")
REDEN_VERZOEK = codelijst("reden_verzoek")
VERZOEK_ANTWOORD = codelijst("verzoek_antwoord")
PRODUCT_CATEGORIE = codelijst("product_categorie")
EENHEID = codelijst("eenheid")
FREQUENTIE = codelijst("frequentie")
STATUS_AANLEVERING = codelijst("status_aanlevering")
GESLACHT = codelijst("geslacht")
NAAM_GEBRUIK = codelijst("naam_gebruik")
DATUM_GEBRUIK = codelijst("datum_gebruik")
ADRES_SOORT = codelijst("adres_soort")
SOORT_RELATIE = codelijst("soort_relatie")
COMMUNICATIEVORM = codelijst("communicatievorm")
JURIDISCHE_STATUS = codelijst("juridische_status")
WETTELIJKE_VERTEGENWOORDIGING = codelijst("wettelijke_vertegenwoordiging")
TYPE_VERWIJZER = codelijst("type_verwijzer")
DEBET_CREDIT = codelijst("debet_credit")
HULPMIDDELEN = _kolom("hulpmiddelen", "categorie")
"""Product codes of aids, whose category is not in the code itself -> ProductCategorie."""

_GEWICHTEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def bsn_valid(bsn: str) -> bool:
    """CS002: nine digits that pass the 11-test."""
    if len(bsn) != 9 or not (bsn.isascii() and bsn.isdigit()) or bsn == "000000000":
        return False
    som: int = sum(map(mul, _GEWICHTEN, map(int, bsn)))
    return som % 11 == 0


def categorie_of(product_code: str) -> str:
    """TR381 (S329): the category of a product code, from the list of aids or else its first two signs."""
    return HULPMIDDELEN.get(product_code, product_code[:2])
