"""A read message and what can be wrong with one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from lxml import etree

from schemas.iwmo import inhoud
from schemas.iwmo.structuur import BERICHTEN, RETOUREN, VAN_GEMEENTE, namespace

_OP = {retour: heen for heen, retour in RETOUREN.items()}


@dataclass(frozen=True, slots=True)
class Soort:
    """A kind of message: who sends it to whom, what answers it (`retour`), and what it answers itself (`op`)."""

    code: str
    berichtcode: str
    richting: str
    retour: str | None
    op: str | None
    namespace: str


def _soort(code: str) -> Soort:
    # a retour copies the Header unswapped, so it travels against the direction of its Header
    van_gemeente = (code in VAN_GEMEENTE) != (code in _OP)
    berichtcode = BERICHTEN[code].kind("Header").kind("BerichtCode").patroon
    assert berichtcode is not None
    return Soort(
        code=code,
        berichtcode=berichtcode,
        richting="gemeente_aanbieder" if van_gemeente else "aanbieder_gemeente",
        retour="WMO325" if code == "WMO323" else RETOUREN.get(code),
        op=_OP.get(code),
        namespace=namespace(code),
    )


SOORTEN: Mapping[str, Soort] = MappingProxyType({code: _soort(code) for code in BERICHTEN})
"""The 14 kinds of message by their name, 'WMO301' to 'WMO325'."""


@dataclass(frozen=True, slots=True)
class Bevinding:
    """One fault. The texts are plain Dutch and never hold a value of the message.

    `niveau` 1 to 4; `retourcode` is None for level 1; `regelnummer` is the line in the file; `pad` is an
    XPath without namespaces, in which a class that can repeat has its index.
    """

    regel: str
    niveau: int
    retourcode: str | None
    pad: str
    regelnummer: int | None
    melding: str
    verwacht: str
    volgende_stap: str


class NietLeesbaar(Exception):
    """Level 1: no message at all, or not according to its XSD; no retour follows. `status` is for HTTP.

    413 too big, 415 not XML in UTF-8, 422 not according to the XSD, or with a DOCTYPE.
    """

    def __init__(self, bevindingen: tuple[Bevinding, ...], status: int) -> None:
        super().__init__(", ".join(sorted({b.regel for b in bevindingen})))
        self.bevindingen = bevindingen
        self.status = status

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process and back: pickle would give the text alone."""
        return NietLeesbaar, (self.bevindingen, self.status)


@dataclass(frozen=True, slots=True)
class Header:
    """The Header. The fields from `identificatie_retour` on are filled in a retour or a 325 only."""

    afzender: str
    ontvanger: str
    identificatie: str
    dagtekening: date
    identificatie_retour: str | None = None
    dagtekening_retour: date | None = None
    declaratie_identificatie: str | None = None
    declaratie_dagtekening: date | None = None
    retourcodes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bericht:
    """A message that is valid according to its XSD."""

    soort: Soort
    header: Header
    root: etree._Element = field(repr=False, compare=False)

    def inhoud(self) -> dict[str, Any]:
        """The content as JSON: the words of the standard in snake_case, dates as text, money in cents.

        Read once and shared by all who ask, the rules too: never change it.
        """
        return self._inhoud

    @cached_property
    def _inhoud(self) -> dict[str, Any]:
        return inhoud.lees(self.soort.code, self.root)
