"""From the place of a fault, as a path, to the element and its line.

The rules judge the dicts of `Bericht.inhoud()` and name places by path alone; the tree is only walked for a fault.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from lxml import etree

from schemas.iwmo.bericht import Bevinding
from schemas.iwmo.rules.teksten import TEKSTEN

Blok = Mapping[str, Any]
"""A class or CDT as `Bericht.inhoud()` gives it."""
Fout = tuple[str, str]
"""The rule that is broken and the path of the place; what is absent there has its nearest parent as place."""


Zoek = Callable[[str], tuple[str, int | None]]
"""From a path to that of what is there of it, and its line."""


def bevinding(fout: Fout, zoek: Zoek, niveau: int, retourcode: str | None) -> Bevinding:
    """A fault in words, with path and line."""
    regel, waar = fout
    melding, verwacht, stap = TEKSTEN[regel]
    pad, regelnummer = zoek(waar)
    return Bevinding(regel, niveau, retourcode, pad, regelnummer, melding, verwacht, stap)


class Wijzer:
    """Finds the elements of one message by our paths."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        # libxml2 finds the n-th child by counting, so children are listed once
        self._kinderen: dict[etree._Element, dict[str, list[etree._Element]]] = {}

    def zoek(self, pad: str) -> tuple[str, int | None]:
        """The path of what is there of this place, and its line."""
        knoop, gevonden = self._root, "/Bericht"
        for stap in pad.removeprefix(gevonden).split("/")[1:]:
            naam, _, nummer = stap.rstrip("]").partition("[")
            groep = self._per_naam(knoop).get(naam, [])
            if len(groep) < int(nummer or 1):
                break
            knoop = groep[int(nummer or 1) - 1]
            gevonden += f"/{stap}"
        return gevonden, cast(int | None, knoop.sourceline)  # its stub says `...`

    def _per_naam(self, ouder: etree._Element) -> dict[str, list[etree._Element]]:
        if ouder not in self._kinderen:
            groepen = self._kinderen[ouder] = {}
            for kind in ouder:
                groepen.setdefault(str(kind.tag).rpartition("}")[2], []).append(kind)
        return self._kinderen[ouder]
