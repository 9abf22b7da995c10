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
def _stappen(pad: str) -> str:
    return "/".join(f"{{*}}{deel}" for deel in pad.split("/"))


@dataclass(frozen=True, slots=True)
class Plek:
    """An element and its path. Paths of elements below it are relative, such as 'Omvang/Frequentie'."""

    knoop: etree._Element
    pad: str

    def tekst(self, pad: str) -> str | None:
        """The value of an element below, None when it is absent."""
        return self.knoop.findtext(_stappen(pad))

    def dag(self, pad: str) -> date | None:
        """A date below. The XSD has shown that it is one."""
        waarde = self.tekst(pad)
        return date.fromisoformat(waarde.strip()) if waarde else None

    def getal(self, pad: str) -> int:
        return int(self.tekst(pad) or 0)

    def heeft(self, pad: str) -> bool:
        return self.knoop.find(_stappen(pad)) is not None

    def bij(self, pad: str) -> "Plek":
        """The element below, or this one when that is absent."""
        knoop = self.knoop.find(_stappen(pad))
        return self if knoop is None else Plek(knoop, f"{self.pad}/{pad}")

    def lijst(self, pad: str) -> Iterator["Plek"]:
        """The repeated elements below, each with its index."""
        for nummer, knoop in enumerate(self.knoop.iterfind(_stappen(pad)), 1):
            yield Plek(knoop, f"{self.pad}/{pad}[{nummer}]")


Fout = tuple[str, Plek]
"""The rule that is broken, and where."""


def bevinding(regel: str, plek: Plek, niveau: int = 2, retourcode: str = AFKEUR) -> Bevinding:
    """A fault in words, with path and line."""
    melding, verwacht, stap = TEKSTEN[regel]
    regelnummer = cast(int | None, plek.knoop.sourceline)  # its stub says `...`
    return Bevinding(regel, niveau, retourcode, plek.pad, regelnummer, melding, verwacht, stap)
