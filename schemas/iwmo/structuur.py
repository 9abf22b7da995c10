"""The shape of the 14 messages as data, read once from `xsd/berichten.txt` and `xsd/typen.txt`.

The XSDs, the reader, the writers and the retours all follow this one description.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

MAP = Path(__file__).parent / "xsd"
BASIS_NS = "http://www.istandaarden.nl/iwmo/3_2/basisschema/schema"
RETOUREN = {"WMO301": "WMO302", "WMO305": "WMO306", "WMO307": "WMO308", "WMO315": "WMO316",
            "WMO317": "WMO318", "WMO319": "WMO320"}  # fmt: skip
VAN_GEMEENTE = frozenset({"WMO301", "WMO302", "WMO319", "WMO320", "WMO325"})
"""Messages whose Header has the municipality as Afzender; a retour copies the Header of its heenbericht."""


@dataclass(frozen=True, slots=True)
class Element:
    """A class (no `type`) or an element of one. `sleutel`: part of the logical key of its class (TR101)."""

    naam: str
    type: str | None = None
    optioneel: bool = False
    meervoudig: bool = False
    sleutel: bool = False
    patroon: str | None = None
    kinderen: tuple["Element", ...] = ()

    @property
    def houder(self) -> bool:
        """A class that only holds a list, such as StartProducten: it never carries a RetourCode."""
        return len(self.kinderen) == 1 and self.kinderen[0].meervoudig

    def kind(self, naam: str) -> "Element":
        return next(kind for kind in self.kinderen if kind.naam == naam)


@dataclass(frozen=True, slots=True)
class Waarde:
    """An LDT: a simple type. `grens` is a length for a string and a value for an integer."""

    naam: str
    basis: str
    minimum: int | None = None
    maximum: int | None = None
    patroon: str | None = None
    lijst: str | None = None
    lijst_nummer: str | None = None


def _waarde(regel: str) -> Waarde:
    _, naam, basis, *rest = regel.split(" ", 3)
    if basis == "code":
        lijst, nummer = rest[0].split()
        return Waarde(naam, "string", lijst=lijst, lijst_nummer=nummer)
    deel = re.fullmatch(r"(?:(\d+)\.\.(\d*))? ?(?:/(.*)/)?", rest[0] if rest else "")
    assert deel is not None, regel
    laag, hoog, patroon = deel.groups()
    return Waarde(naam, basis, int(laag) if laag else None, int(hoog) if hoog else None, patroon)


def _samengesteld(regel: str) -> tuple[str, tuple[Element, ...]]:
    kop, lijf = regel.removeprefix("CDT ").split(": ")
    paren = (deel.split() for deel in lijf.split(", "))
    return kop, tuple(Element(naam.rstrip("?"), type_, naam.endswith("?")) for naam, type_ in paren)


_TYPEN = (MAP / "typen.txt").read_text("utf-8").splitlines()
WAARDEN: Mapping[str, Waarde] = MappingProxyType(
    {w.naam: w for w in map(_waarde, (r for r in _TYPEN if r.startswith("LDT ")))}
)
"""The simple types (LDT) by name."""
SAMENGESTELD: Mapping[str, tuple[Element, ...]] = MappingProxyType(
    dict(_samengesteld(r) for r in _TYPEN if r.startswith("CDT "))
)
"""The composed types (CDT) by name; no name is in WAARDEN too."""
assert not WAARDEN.keys() & SAMENGESTELD.keys()


def _boom(regels: list[str], diepte: int) -> Iterator[Element]:
    while regels and (inspringing := len(regels[0]) - len(regels[0].lstrip())) >= diepte:
        assert inspringing == diepte, regels[0]
        naam, *rest = regels.pop(0).split()
        kinderen = tuple(_boom(regels, diepte + 2))
        patroon = next((deel.strip("/") for deel in rest if deel.startswith("/")), None)
        yield Element(naam.rstrip("*?"), None if kinderen else rest[0], "?" in naam, "*" in naam,
                      "key" in rest, patroon, kinderen)  # fmt: skip


RETOURCODES = Element("RetourCodes", kinderen=(Element("RetourCode", "RetourCode", meervoudig=True),))


def _met_retourcodes(klasse: Element) -> Element:
    """The class as it is in a retour: with RetourCodes at its end, unless it only holds a list."""
    kinderen = tuple(k if k.type else _met_retourcodes(k) for k in klasse.kinderen)
    return replace(klasse, kinderen=kinderen if klasse.houder else (*kinderen, RETOURCODES))


def _header(code: str, berichtcode: str, extra: tuple[Element, ...] = ()) -> Element:
    partijen = ("Gemeente", "AgbCode") if code in VAN_GEMEENTE else ("AgbCode", "Gemeente")
    return Element("Header", kinderen=(
        Element("BerichtCode", "BerichtCode", patroon=berichtcode),
        Element("BerichtVersie", "BerichtVersie", patroon="3"),
        Element("BerichtSubversie", "BerichtSubversie", patroon="2"),
        Element("Afzender", partijen[0]),
        Element("Ontvanger", partijen[1]),
        Element("BerichtIdentificatie", "BerichtIdentificatie"),
        Element("XsdVersie", "XsdVersie"),
        *extra,
    ))  # fmt: skip


_RETOUR = (Element("IdentificatieRetour", "IdentificatieBericht"), Element("DagtekeningRetour", "Datum"),
           Element("XsltVersie", "Versie", optioneel=True), Element("XsdVersieRetour", "XsdVersie"),
           replace(RETOURCODES, optioneel=True))  # fmt: skip
_ANTWOORD = (Element("DeclaratieIdentificatie", "BerichtIdentificatie"),
             Element("XsltVersie", "Versie", optioneel=True),
             Element("XsdVersieDeclaratie", "XsdVersie"), RETOURCODES)  # fmt: skip


def _berichten() -> Iterator[tuple[str, Element]]:
    tekst = re.sub(r"(?m)^#.*\n", "", (MAP / "berichten.txt").read_text("utf-8"))
    for blok in tekst.strip().split("\n\n"):
        kop, *regels = blok.splitlines()
        code, berichtcode = kop.split()
        (inhoud,) = _boom(regels, 2)
        if code == "WMO325":
            yield (
                code,
                Element("Bericht", kinderen=(_header(code, berichtcode, _ANTWOORD), _met_retourcodes(inhoud))),
            )
            continue
        yield code, Element("Bericht", kinderen=(_header(code, berichtcode), inhoud))
        if retour := RETOUREN.get(code):
            # COD002: the code of a retour is always that of its heenbericht plus one
            header = _header(retour, str(int(berichtcode) + 1), _RETOUR)
            yield (
                retour,
                Element("Bericht", kinderen=(header, replace(_met_retourcodes(inhoud), optioneel=True))),
            )


BERICHTEN: Mapping[str, Element] = MappingProxyType(dict(sorted(_berichten())))
"""The root element Bericht of each of the 14 messages."""


def namespace(code: str) -> str:
    """The namespace of the classes of a message; children of a CDT are in BASIS_NS."""
    return f"http://www.istandaarden.nl/iwmo/3_2/{code.lower()}/schema"
