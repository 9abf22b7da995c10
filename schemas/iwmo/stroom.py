"""Reads a big declaratie (323) some clients at a time: its tree, eight times its size, is never there as a whole.

The clients are found by their tags. Some of them, between the begin and the end of their file, are a message again,
and the file is valid by the XSD exactly when all such groups are: Client is a class that may repeat, and nothing in
the XSD looks further than one class. What is wrong by the XSD is told by `codec.parse`, which reads the whole.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any
from xml.parsers import expat

from schemas.iwmo import codec
from schemas.iwmo.bericht import SOORTEN, Bericht
from schemas.iwmo.rules.plek import Wijzer
from schemas.iwmo.segmenten import snijpunten

GROEP_BYTES = 128 * 1024
_SOORT = SOORTEN["WMO323"]
_IN_CLIENT = re.compile(r"(/Bericht/Declaratie/Clienten/Client\[)(\d+)(\].*)")


class NietGeldig(Exception):
    """Some clients are not valid by the XSD, or hold what the reader refuses."""


class Stroom:
    """A declaratie of which the begin is read. `kop` is that: the message with its first client alone."""

    def __init__(self, raw: bytes) -> None:
        """Of bytes that passed the guard; raises NietGeldig."""
        try:
            self._grenzen = snijpunten(raw)
        except (ValueError, expat.ExpatError):
            raise NietGeldig from None
        self._raw = raw
        self.kop = self._lees(1, 2)

    def clienten(self) -> Iterator[dict[str, Any]]:
        """Each client as `Bericht.inhoud()` gives it; raises NietGeldig on the way."""
        eerste, einde = 1, len(self._grenzen) - 2
        for na in range(2, einde + 1):
            if na == einde or self._grenzen[na] - self._grenzen[eerste] >= GROEP_BYTES:
                yield from self._lees(eerste, na).inhoud()["clienten"]
                eerste = na

    def zoek(self, pad: str) -> tuple[str, int | None]:
        """As `Wijzer.zoek`: the place that is there for this path, and its line in the file."""
        in_client = _IN_CLIENT.fullmatch(pad)
        if in_client is None:
            return Wijzer(self.kop.root).zoek(pad)
        voor, nummer, na = in_client.groups()
        gevonden, regel = Wijzer(self._lees(int(nummer), int(nummer) + 1).root).zoek(f"{voor}1{na}")
        verder = self._regeleinden[int(nummer) - 1] - self._regeleinden[0]
        return f"{voor}{nummer}{gevonden.removeprefix(f'{voor}1')}", regel + verder if regel else regel

    def _lees(self, eerste: int, na: int) -> Bericht:
        begin, einde = self._raw[: self._grenzen[1]], self._raw[self._grenzen[-2] :]
        bericht = codec.probeer(_SOORT, begin + self._raw[self._grenzen[eerste] : self._grenzen[na]] + einde)
        if bericht is None or len(bericht.inhoud()["clienten"]) != na - eerste:
            raise NietGeldig
        return bericht

    @cached_property
    def _regeleinden(self) -> list[int]:
        """Line ends before each client."""
        return list(accumulate(self._raw.count(b"\n", begin, eind) for begin, eind in pairwise(self._grenzen)))
