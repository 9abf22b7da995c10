"""From XML to plain dicts: the words of the standard in snake_case, lists without their holder class.

An absent element is None, an absent list is []. Some words differ from a literal translation:
Budget and the amounts become `*_cent` (int), a total is signed, ProductReferentie, ProductPeriode and
IngediendBedrag of a Prestatie are unfolded into the Prestatie.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from lxml import etree

from schemas.iwmo.structuur import BERICHTEN, SAMENGESTELD, WAARDEN, Element

TEKEN = {"D": 1, "C": -1}
_PRODUCTLIJSTEN = ("toegewezen_producten", "start_producten", "stop_producten", "aangevraagde_producten")
_NAMEN = {"RetourCodes": "retourcodes", "Budget": "budget_cent", "ProductTarief": "product_tarief_cent",
          "TotaalIngediendBedrag": "totaal_ingediend_cent", "TotaalToegekendBedrag": "totaal_toegekend_cent",
          }  # fmt: skip


@cache
def woord(naam: str) -> str:
    """ToewijzingNummer -> toewijzing_nummer."""
    return _NAMEN.get(naam) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", naam).lower()


def lees(code: str, root: etree._Element) -> dict[str, Any]:
    """The content of a valid message of kind `code`, without its Header but with the codes in it."""
    bericht = BERICHTEN[code]
    header, klasse = root[0], bericht.kinderen[1]
    uit: dict[str, Any] = {}
    if any(kind.naam == "RetourCodes" for kind in bericht.kind("Header").kinderen):
        uit["retourcodes"] = [e.text for e in header.iter("{*}RetourCode")]
    uit["client"] = None
    inhoud = lees_klasse(klasse, root[1]) if len(root) > 1 else None
    if klasse.naam == "Declaratie":
        assert inhoud is not None
        return inhoud
    if klasse.naam == "DeclaratieAntwoord":
        return {"retourcodes": uit["retourcodes"], "declaratie_antwoord": inhoud}
    if klasse.naam != "Client":
        del uit["client"]
    uit[woord(klasse.naam)] = inhoud
    for lijst in _PRODUCTLIJSTEN:
        if any(woord(kind.naam) == lijst for kind in klasse.kinderen):
            uit[lijst] = inhoud.pop(lijst) if inhoud else []
    return uit


def lees_klasse(klasse: Element, knoop: etree._Element) -> dict[str, Any]:
    """The content of one class of a valid message."""
    return _velden(klasse.kinderen, {_naam(kind): kind for kind in knoop}, klasse.naam == "Prestatie")


def _velden(velden: Iterable[Element], knopen: dict[str, etree._Element], prestatie: bool = False) -> dict[str, Any]:
    uit: dict[str, Any] = {}
    for veld in velden:
        knoop = knopen.get(veld.naam)
        if veld.houder:
            uit[woord(veld.naam)] = [] if knoop is None else [_waarde(veld.kinderen[0], kind) for kind in knoop]
        elif prestatie and veld.type in ("ProductReferentie", "GeslotenPeriode"):
            uit |= _waarde(veld, knoop)
        elif prestatie and veld.type == "BedragMetDC":
            bedrag = _waarde(veld, knoop)
            uit |= {"ingediend_cent": bedrag["bedrag"], "debet_credit": bedrag["debet_credit"]}
        elif veld.type == "TotaalBedragMetDC":
            bedrag = _waarde(veld, knoop)
            uit[woord(veld.naam)] = bedrag["totaal_bedrag"] * TEKEN[bedrag["debet_credit"]]
        else:
            uit[woord(veld.naam)] = _waarde(veld, knoop)
    return uit


def _waarde(veld: Element, knoop: etree._Element | None) -> Any:
    if knoop is None:
        return None
    if veld.type is None:
        return lees_klasse(veld, knoop)
    if veld.type in SAMENGESTELD:
        return _velden(SAMENGESTELD[veld.type], {_naam(kind): kind for kind in knoop})
    tekst = knoop.text or ""
    return int(tekst) if WAARDEN[veld.type].basis == "integer" else tekst.strip() if _datum(veld) else tekst


def _datum(veld: Element) -> bool:
    """xs:date and xs:time allow white space around the value."""
    return veld.type in ("Datum", "Tijd")


def _naam(knoop: etree._Element) -> str:
    return str(knoop.tag).rpartition("}")[2]
