"""TR101: within one message the logical key of a class, with the keys of its parents, occurs once."""

from collections.abc import Iterator

from lxml import etree

from schemas.iwmo.rules.plek import Fout, Plek
from schemas.iwmo.structuur import SAMENGESTELD, WAARDEN, Element

Sleuteldeel = tuple[tuple[str, str], ...]


def toets(plek: Plek, klasse: Element) -> Iterator[Fout]:
    """Every record that repeats the key of an earlier one with the same parent."""
    for kind in klasse.kinderen:
        if kind.type is not None or kind.naam == "RetourCodes":
            continue
        if kind.meervoudig:
            yield from _dubbel(plek, kind)
        elif plek.heeft(kind.naam):
            yield from toets(plek.bij(kind.naam), kind)


def _dubbel(plek: Plek, klasse: Element) -> Iterator[Fout]:
    velden = tuple(veld for veld in klasse.kinderen if veld.sleutel)
    gezien: set[tuple[Sleuteldeel, ...]] = set()
    for record in plek.lijst(klasse.naam):
        sleutel = _sleutel(record.knoop, velden)
        if sleutel in gezien:
            yield "TR101", record
        gezien.add(sleutel)
        yield from toets(record, klasse)


def _sleutel(knoop: etree._Element, velden: tuple[Element, ...]) -> tuple[Sleuteldeel, ...]:
    """The values of the key elements; an absent one is empty, a composed one is all its parts."""
    delen = {str(kind.tag).rpartition("}")[2]: kind for kind in knoop}
    return tuple(_waarde(veld, delen[veld.naam]) if veld.naam in delen else () for veld in velden)


def _waarde(veld: Element, knoop: etree._Element) -> Sleuteldeel:
    if veld.type in SAMENGESTELD:
        return tuple((str(kind.tag), kind.text or "") for kind in knoop)
    tekst = knoop.text or ""
    # numbers and dates are compared as values: 007 is 7
    is_getal = WAARDEN[veld.type or ""].basis == "integer"
    return ((veld.naam, str(int(tekst)) if is_getal else tekst.strip()),)
