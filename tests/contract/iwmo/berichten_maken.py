"""Messages of every kind for hypothesis, made from `structuur`: what the schema allows, in both shapes.

`inhouden` makes what the reader gives. `bomen` makes XML in a hand of its own: another prefix, other white space.
"""

from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from schemas.iwmo.codes import codelijst
from schemas.iwmo.inhoud import sleutels, woord
from schemas.iwmo.structuur import BASIS_NS, BERICHTEN, SAMENGESTELD, WAARDEN, Element, namespace

_ALFABET = "abcXYZ0189éÀß€<&>\"' .,-"
Strategie = st.SearchStrategy[Any]


def _teksten(minimum: int, maximum: int) -> Strategie:
    return st.text(_ALFABET, min_size=minimum, max_size=min(maximum, 12)).filter(lambda tekst: tekst.strip() != "")


@cache
def waarden(element: Element) -> Strategie:
    """The values of an LDT as Python has them: text or int."""
    soort = WAARDEN[element.type or ""]
    if element.patroon and soort.naam.startswith("Bericht"):
        return st.just(int(element.patroon) if soort.basis == "integer" else element.patroon)
    if soort.lijst:
        return st.sampled_from(sorted(codelijst(soort.lijst)))
    if soort.basis == "integer":
        return st.integers(soort.minimum or 0, soort.maximum)
    if soort.basis == "date":
        return st.dates(date(1, 1, 1)).map(date.isoformat)
    if soort.basis == "time":
        return st.times().map(lambda tijd: tijd.isoformat("seconds"))
    cijfers = {"AgbCode": 8, "Gemeente": 4, "BurgerServicenummer": 9}
    if soort.naam in cijfers:
        return st.text("0123456789", min_size=cijfers[soort.naam], max_size=cijfers[soort.naam])
    if soort.naam == "Versie":
        return st.tuples(*[st.integers(0, 30)] * 3).map(lambda delen: ".".join(map(str, delen)))
    if soort.naam == "Voorletters":
        return st.text("abcXYZéÀ", min_size=1, max_size=6)
    if soort.naam == "Telefoonnummer":
        return st.text("0123456789", min_size=1, max_size=15)
    if soort.naam == "IdentificatieDeclaratie":
        return st.text("abcXYZ0189", min_size=1, max_size=12)
    return _teksten(soort.minimum or 1, soort.maximum or 12)


def _deel(element: Element) -> Strategie:
    if element.type is None:
        return klassen(element)
    if element.type == "TotaalBedragMetDC":
        return st.integers(-999999999999, 999999999999)
    if element.type in SAMENGESTELD:
        return st.fixed_dictionaries(
            {woord(deel.naam): _optie(deel, _deel(deel)) for deel in SAMENGESTELD[element.type]}
        )
    return waarden(element)


def _optie(element: Element, strategie: Strategie) -> Strategie:
    return st.none() | strategie if element.optioneel else strategie


@cache
def klassen(klasse: Element) -> Strategie:
    """A class as the reader gives it."""
    velden: dict[str, Strategie] = {}
    for kind in klasse.kinderen:
        if kind.houder:
            velden[woord(kind.naam)] = st.lists(_deel(kind.kinderen[0]), min_size=not kind.optioneel, max_size=2)
            continue
        namen = sleutels(kind, klasse.naam)
        if len(namen) == 1:
            velden[namen[0]] = _optie(kind, _deel(kind))
            continue
        for naam, deel in zip(namen, SAMENGESTELD[kind.type or ""], strict=True):
            velden[naam] = _optie(deel, _deel(deel))
    return st.fixed_dictionaries(velden)


@st.composite
def inhouden(draw: st.DrawFn, code: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """(header, inhoud) of a message, in the shapes of `inhoud.lees_header` and `inhoud.lees`."""
    kop, klasse = BERICHTEN[code].kinderen
    header = draw(klassen(kop))
    blok = draw(_optie(klasse, klassen(klasse)))
    if klasse.naam == "Declaratie":
        return header, blok
    uit: dict[str, Any] = {} if "retourcodes" not in header else {"retourcodes": header["retourcodes"]}
    uit[woord(klasse.naam)] = blok
    for naam in ("toegewezen_producten", "start_producten", "stop_producten", "aangevraagde_producten"):
        if any(woord(kind.naam) == naam for kind in klasse.kinderen):
            uit[naam] = blok.pop(naam) if blok else []
    return header, uit


@st.composite
def bomen(draw: st.DrawFn, code: str) -> bytes:
    """A message as XML, not made by our writer."""
    ns = namespace(code)
    prefix = draw(st.sampled_from([None, "w", "bericht"]))
    root = _knoop(draw, BERICHTEN[code], ns, {prefix: ns, "b": BASIS_NS})
    wit = draw(st.sampled_from(["", "\n", "\r\n\t", "  "]))
    if wit:
        etree.indent(root, wit)
    return etree.tostring(root, xml_declaration=draw(st.booleans()), encoding="utf-8")


def _knoop(draw: st.DrawFn, element: Element, ns: str, prefixen: dict[str | None, str] | None = None) -> etree._Element:
    knoop = etree.Element(f"{{{ns}}}{element.naam}", nsmap=prefixen)
    if element.type in WAARDEN:
        knoop.text = str(draw(waarden(element)))
        return knoop
    binnen, delen = (ns, element.kinderen) if element.type is None else (BASIS_NS, SAMENGESTELD[element.type])
    for deel in delen:
        aantal = draw(st.integers(0 if deel.optioneel else 1, 2 if deel.meervoudig else 1))
        for _ in range(aantal):
            knoop.append(_knoop(draw, deel, binnen))
    return knoop
