"""From XML to plain dicts: the words of the standard in snake_case, lists without their holder class.

An absent element is None, an absent list is []. Some words differ from a literal translation:
Budget and the amounts become `*_cent` (int), a total is signed, ProductReferentie, ProductPeriode and
IngediendBedrag of a Prestatie are unfolded into the Prestatie.

A full 323 has some 900,000 elements. So each class has its reader, made once from `structuur`, that meets every
element once. The XSD has fixed the order, so only what may be absent is known by its tag: lxml makes a tag anew
each time, which costs more than the value. A Prestatie of a 323, of which there are the most, has a reader of its own.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any

from lxml import etree

from schemas.iwmo.structuur import BASIS_NS, BERICHTEN, SAMENGESTELD, WAARDEN, Element, namespace

TEKEN = {"D": 1, "C": -1}
CIJFERS_MAX = 99
"""A number may have so many zeros before it."""
PRODUCTLIJSTEN = ("toegewezen_producten", "start_producten", "stop_producten", "aangevraagde_producten")
_NAMEN = {"RetourCodes": "retourcodes", "Budget": "budget_cent", "ProductTarief": "product_tarief_cent",
          "TotaalIngediendBedrag": "totaal_ingediend_cent", "TotaalToegekendBedrag": "totaal_toegekend_cent",
          }  # fmt: skip
_UITGEVOUWEN = ("ProductReferentie", "ProductPeriode", "IngediendBedrag")
"""The parts of a Prestatie that have no dict of their own."""

_PRESTATIE = BERICHTEN["WMO323"].kind("Declaratie").kind("Clienten").kinderen[0].kind("Prestaties").kinderen[0]
_VORIG, _TARIEF = 3, 11
"""Where VorigReferentieNummer and ProductTarief stand among the texts of a Prestatie, when they are there."""

Lezer = Callable[[etree._Element], Any]
Velden = tuple["tuple[str | None, str, Lezer | None, Velden | None]", ...]
"""The fields in their order: the tag if it may be absent, where its value goes, how it is read (None: as text),
or the fields of a part that is unfolded."""


@cache
def woord(naam: str) -> str:
    """ToewijzingNummer -> toewijzing_nummer."""
    return _NAMEN.get(naam) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", naam).lower()


def sleutels(veld: Element, klasse: str) -> list[str]:
    """The keys in the dict of a class that hold this field: one, or several when it is unfolded."""
    if klasse != "Prestatie" or veld.naam not in _UITGEVOUWEN:
        return [woord(veld.naam)]
    delen = [woord(deel.naam) for deel in SAMENGESTELD[veld.type or ""]]
    return ["ingediend_cent" if deel == "bedrag" else deel for deel in delen]


def lees(code: str, root: etree._Element) -> dict[str, Any]:
    """The content of a valid message of kind `code`, without its Header but with the codes in it.

    Raises ValueError for a date outside the years 1 to 9999 and for an endless number: the XSD allows them.
    """
    bericht = BERICHTEN[code]
    header, klasse = root[0], bericht.kinderen[1]
    uit: dict[str, Any] = {}
    if any(kind.naam == "RetourCodes" for kind in bericht.kind("Header").kinderen):
        uit["retourcodes"] = [e.text for e in header.iter("{*}RetourCode")]
    uit["client"] = None
    inhoud = _lezer(code)(root[1]) if len(root) > 1 else None
    if klasse.naam == "Declaratie":
        assert inhoud is not None
        return inhoud
    if klasse.naam == "DeclaratieAntwoord":
        return {"retourcodes": uit["retourcodes"], "declaratie_antwoord": inhoud}
    if klasse.naam != "Client":
        del uit["client"]
    uit[woord(klasse.naam)] = inhoud
    for lijst in PRODUCTLIJSTEN:
        if any(woord(kind.naam) == lijst for kind in klasse.kinderen):
            uit[lijst] = inhoud.pop(lijst) if inhoud else []
    return uit


def lees_header(code: str, root: etree._Element) -> dict[str, Any]:
    """The whole Header of a valid message, in the same words."""
    return _klasse(BERICHTEN[code].kinderen[0], namespace(code))(root[0])


@cache
def _lezer(code: str) -> Callable[[etree._Element], dict[str, Any]]:
    return _klasse(BERICHTEN[code].kinderen[1], namespace(code))


def _klasse(klasse: Element, ns: str) -> Callable[[etree._Element], dict[str, Any]]:
    return _dict({kind.naam: kind for kind in klasse.kinderen}, ns, klasse.naam)


def _samengesteld(type_: str) -> Callable[[etree._Element], dict[str, Any]]:
    return _dict({deel.naam: deel for deel in SAMENGESTELD[type_]}, BASIS_NS, type_)


def _dict(delen: dict[str, Element], ns: str, klasse: str) -> Callable[[etree._Element], dict[str, Any]]:
    """The reader of a class or CDT. Its dict starts with every key, so that what is absent is there too."""
    velden = _velden(delen.values(), ns, klasse)
    leeg: dict[str, Any] = {
        naam: [] if deel.houder else None for deel in delen.values() for naam in sleutels(deel, klasse)
    }
    lijsten = [naam for naam, waarde in leeg.items() if waarde == []]

    def lees_dict(knoop: etree._Element) -> dict[str, Any]:
        uit: dict[str, Any] = leeg.copy()
        for naam in lijsten:
            uit[naam] = []
        _vul(uit, knoop, velden)
        return uit

    return lees_dict


def _velden(delen: Iterable[Element], ns: str, klasse: str) -> Velden:
    return tuple(_veld(deel, ns, sleutels(deel, klasse)) for deel in delen)


def _veld(deel: Element, ns: str, namen: list[str]) -> tuple[str | None, str, Lezer | None, Velden | None]:
    tag = f"{{{ns}}}{deel.naam}" if deel.optioneel else None
    if len(namen) == 1:
        return tag, namen[0], _waarde(deel, ns), None
    kinderen = zip(SAMENGESTELD[deel.type or ""], namen, strict=True)
    return tag, "", None, tuple(_veld(kind, BASIS_NS, [naam]) for kind, naam in kinderen)


def _vul(uit: dict[str, Any], knoop: etree._Element, velden: Velden) -> None:
    volgende = iter(velden)
    for kind in knoop:
        tag, naam, lezer, binnen = next(volgende)
        while tag is not None and tag != kind.tag:
            tag, naam, lezer, binnen = next(volgende)
        if lezer is not None:
            uit[naam] = lezer(kind)
        elif binnen is not None:
            _vul(uit, kind, binnen)
        else:
            uit[naam] = kind.text or ""


def _waarde(veld: Element, ns: str) -> Lezer | None:
    """How a value is read; None for a text, by far the most."""
    if veld.houder:
        een = _prestatie if veld.kinderen[0] == _PRESTATIE else _waarde(veld.kinderen[0], ns) or _tekst
        return lambda knoop: [een(kind) for kind in knoop]
    if veld.type is None:
        return _klasse(veld, ns)
    if veld.type == "TotaalBedragMetDC":
        return _totaal
    if veld.type in SAMENGESTELD:
        return _samengesteld(veld.type)
    lees_tekst = _BASIS.get(WAARDEN[veld.type].basis)
    return (lambda knoop: lees_tekst(knoop.text or "")) if lees_tekst else None


def _prestatie(knoop: etree._Element) -> dict[str, Any]:
    """A Prestatie in one sweep: its texts in their order, and the numbers of children say which are there."""
    teksten = [deel.text or "" for deel in knoop.iter()]
    vorig = teksten.pop(_VORIG) if len(knoop[0]) == 2 else None
    if len(knoop) < len(_PRESTATIE.kinderen):
        teksten.insert(_TARIEF, "")
    _, _, referentie, toewijzing, categorie, code, _, begin, eind, volume, eenheid, tarief, _, bedrag, teken = teksten
    return {
        "referentie_nummer": referentie,
        "vorig_referentie_nummer": vorig,
        "toewijzing_nummer": _getal(toewijzing),
        "product_categorie": categorie,
        "product_code": code,
        "begindatum": _datum(begin),
        "einddatum": _datum(eind),
        "geleverd_volume": _getal(volume),
        "eenheid": eenheid,
        "product_tarief_cent": _getal(tarief) if tarief else None,
        "ingediend_cent": _getal(bedrag),
        "debet_credit": teken,
    }


def _tekst(knoop: etree._Element) -> str:
    return knoop.text or ""


@lru_cache(4096)
def _datum(tekst: str) -> str:
    # xs:date allows white space around the value, as xs:time does
    dag = tekst.strip()
    if len(dag) != 10 or dag < "0001":
        raise ValueError("a date outside the years 1 to 9999")
    return dag


def _getal(tekst: str) -> int:
    if len(tekst) > CIJFERS_MAX and len(tekst.strip()) > CIJFERS_MAX:
        raise ValueError("an endless number")
    return int(tekst)


_BASIS: dict[str, Callable[[str], Any]] = {"integer": _getal, "date": _datum, "time": str.strip}
"""How the text of a value is read that is more than text."""


def _totaal(knoop: etree._Element) -> int:
    return _getal(_tekst(knoop[0])) * TEKEN[_tekst(knoop[1])]
