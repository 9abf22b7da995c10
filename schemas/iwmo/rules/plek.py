"""A place in a message: an element with its path and line, and the way to what is below it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import cast

from lxml import etree

from schemas.iwmo.bericht import Bevinding
from schemas.iwmo.rules.teksten import TEKSTEN

AFKEUR = "0001"


@cache
def _stappen(pad: str) -> tuple[str, ...]:
    return tuple(f"{{*}}{deel}" for deel in pad.split("/"))


def _zoek(knoop: etree._Element, pad: str) -> etree._Element | None:
    """The first element on a path. Step by step: four times faster than `find` on a full 323."""
    gevonden: etree._Element | None = knoop
    for stap in _stappen(pad):
        if gevonden is None:
            return None
        gevonden = next(gevonden.iterchildren(stap), None)
    return gevonden


@dataclass(frozen=True, slots=True)
class Plek:
    """An element and its path. Paths of elements below it are relative, such as 'Omvang/Frequentie'."""

    knoop: etree._Element
    pad: str

    def tekst(self, pad: str) -> str | None:
        """The value of an element below, None when it is absent."""
        knoop = _zoek(self.knoop, pad)
        return None if knoop is None else knoop.text or ""

    def dag(self, pad: str) -> date | None:
        """A date below. The XSD has shown that it is one."""
        waarde = self.tekst(pad)
        return date.fromisoformat(waarde.strip()) if waarde else None

    def getal(self, pad: str) -> int:
        return int(self.tekst(pad) or 0)

    def heeft(self, pad: str) -> bool:
        return _zoek(self.knoop, pad) is not None

    def bij(self, pad: str) -> "Plek":
        """The element below, or this one when that is absent."""
        knoop = _zoek(self.knoop, pad)
        return self if knoop is None else Plek(knoop, f"{self.pad}/{pad}")

    def lijst(self, pad: str) -> Iterator["Plek"]:
        """The repeated elements below, each with its index."""
        houder, _, naam = pad.rpartition("/")
        boven = _zoek(self.knoop, houder) if houder else self.knoop
        for nummer, knoop in enumerate(() if boven is None else boven.iterchildren(f"{{*}}{naam}"), 1):
            yield Plek(knoop, f"{self.pad}/{pad}[{nummer}]")


Fout = tuple[str, Plek]
"""The rule that is broken, and where."""


def bevinding(regel: str, plek: Plek, niveau: int = 2, retourcode: str = AFKEUR) -> Bevinding:
    """A fault in words, with path and line."""
    melding, verwacht, stap = TEKSTEN[regel]
    regelnummer = cast(int | None, plek.knoop.sourceline)  # its stub says `...`
    return Bevinding(regel, niveau, retourcode, plek.pad, regelnummer, melding, verwacht, stap)
