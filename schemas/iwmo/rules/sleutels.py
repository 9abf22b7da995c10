"""TR101: within one message the logical key of a class, with the keys of its parents, occurs once.

IV096: a start or stop without ToewijzingNummer has Product and Begindatum as its key; an absent part is a value too.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

from schemas.iwmo.inhoud import sleutels, woord
from schemas.iwmo.rules.plek import Blok, Fout
from schemas.iwmo.structuur import BERICHTEN, SAMENGESTELD, Element


@dataclass(frozen=True, slots=True)
class _Klasse:
    """A class below another: its key in the dict, its path, and of a list what makes a record unique."""

    naam: str
    pad: str
    uniek: Callable[[Blok], Hashable] | None
    kinderen: "tuple[_Klasse, ...]"


def toets(code: str, inhoud: Blok) -> Iterator[Fout]:
    """TR101: every record that repeats the key of an earlier one with the same parent."""
    klasse = BERICHTEN[code].kinderen[1]
    blok = inhoud if klasse.naam == "Declaratie" else {**(inhoud[woord(klasse.naam)] or {}), **inhoud}
    return _toets(blok, f"/Bericht/{klasse.naam}", _kinderen_van(code))


def _toets(blok: Blok, pad: str, kinderen: tuple[_Klasse, ...]) -> Iterator[Fout]:
    for kind in kinderen:
        waarde = blok.get(kind.naam)
        if not waarde:
            continue
        if kind.uniek is None:
            yield from _toets(waarde, f"{pad}/{kind.pad}", kind.kinderen)
            continue
        if not kind.kinderen and len(set(map(kind.uniek, waarde))) == len(waarde):
            continue
        toets_record = _per_record(kind)
        for nummer, record in enumerate(waarde, 1):
            yield from toets_record(record, f"{pad}/{kind.pad}[{nummer}]")


def per_record(code: str, lijst: str) -> Callable[[Blok, str], Iterator[Fout]]:
    """TR101 of a list that is never there as a whole: for each next record of it, with its path."""
    return _per_record(next(kind for kind in _kinderen_van(code) if kind.naam == lijst))


def _per_record(kind: _Klasse) -> Callable[[Blok, str], Iterator[Fout]]:
    uniek = kind.uniek
    assert uniek is not None
    gezien: set[Hashable] = set()

    def toets_record(record: Blok, pad: str) -> Iterator[Fout]:
        sleutel = uniek(record)
        if sleutel in gezien:
            yield "TR101", pad
        gezien.add(sleutel)
        if kind.kinderen:
            yield from _toets(record, pad, kind.kinderen)

    return toets_record


@cache
def _kinderen_van(code: str) -> tuple[_Klasse, ...]:
    return tuple(_klassen(BERICHTEN[code].kinderen[1]))


def _klassen(ouder: Element) -> Iterator[_Klasse]:
    for kind in ouder.kinderen:
        if kind.type is not None or kind.naam == "RetourCodes":
            continue
        if kind.houder:
            record = kind.kinderen[0]
            pad = f"{kind.naam}/{record.naam}"
            yield _Klasse(woord(kind.naam), pad, _uniek(record), tuple(_klassen(record)))
        elif onder := tuple(_klassen(kind)):
            yield _Klasse(woord(kind.naam), kind.naam, None, onder)


def _uniek(record: Element) -> Callable[[Blok], Hashable]:
    velden = [veld for veld in record.kinderen if veld.sleutel]
    namen = [naam for veld in velden for naam in sleutels(veld, record.naam)]
    waarden = itemgetter(*namen)
    if not any(veld.type in SAMENGESTELD and woord(veld.naam) in namen for veld in velden):
        return waarden
    return lambda blok: tuple(tuple(deel.values()) if isinstance(deel, dict) else deel for deel in waarden(blok))
