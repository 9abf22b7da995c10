"""Level 1 faults as Bevindingen: what the guard or the XSD refuses, in our own words, without any value.

The text of lxml is never passed on: it quotes the message.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import cast

from lxml import etree

from schemas.iwmo.bericht import Bevinding, NietLeesbaar, Soort
from schemas.iwmo.codes import codelijst
from schemas.iwmo.inhoud import CIJFERS_MAX
from schemas.iwmo.structuur import BERICHTEN, SAMENGESTELD, WAARDEN, Element, Waarde

_GUARD = {
    "OP179": ("Het bestand is te groot.", "Een bestand van hoogstens 25 MB.",
              "Verdeel de gegevens over meer berichten en stuur die apart."),
    "OMVANG": ("Het bestand heeft te veel onderdelen.", "Een bestand met hoogstens 2.200.000 XML-tags.",
               "Verdeel de gegevens over meer berichten en stuur die apart."),
    "TEKST": ("Het bestand heeft een te lange tekst of te diep geneste onderdelen.",
              "Teksten van hoogstens 1 MB en onderdelen van hoogstens 256 lagen diep.",
              "Laat de leverancier van uw software het bestand opnieuw maken."),
    "MEER": ("Er zijn te veel fouten om ze allemaal te noemen.",
             "Een bericht volgens het berichtschema.",
             "Verbeter de genoemde fouten in uw software en stuur het hele bericht opnieuw."),
    "OP192": ("Het bestand heeft een andere tekencodering.", "XML in UTF-8.",
              "Sla het bestand op als UTF-8 en stuur het opnieuw."),
    "XML": ("Het bestand is geen geldige XML.", "Een volledig XML-bestand.",
            "Laat de leverancier van uw software het bestand opnieuw maken."),
    "DOCTYPE": ("Het bestand heeft een DOCTYPE. Dat is niet toegestaan.",
                "XML zonder DOCTYPE en zonder entiteiten.",
                "Haal de DOCTYPE weg en stuur het bestand opnieuw."),
    "SOORT": ("Dit is geen bericht van iWmo 3.2.",
              "Het element Bericht in de namespace van een iWmo 3.2-bericht.",
              "Controleer of u het goede bestand en de goede versie van de standaard gebruikt."),
}  # fmt: skip
FOUTEN_MAX = 500
"""More faults than this in one message are not told one by one."""
_KORTE_LIJST = 12
"""Lists of up to so many codes are written out in a fault."""
_HERSTEL = "Verbeter dit in uw software en stuur het hele bericht opnieuw."
_LENGTES = {1: "RS008", 2: "RS009", 3: "RS010", 4: "RS011", 5: "RS012", 6: "RS013", 8: "RS014", 9: "RS015",
            10: "RS016", 12: "RS017", 15: "RS018", 20: "RS019", 24: "RS020", 25: "RS021", 35: "RS023",
            36: "RS024",
            64: "RS025", 80: "RS026", 200: "RS028"}  # fmt: skip
_MAXIMA = {99: "RS002", 99999: "RS004", 99999999: "RS005", 999999999: "RS006", 999999999999: "RS040"}
_PATRONEN = {
    "Gemeente": ("RS035", "Precies 4 cijfers."),
    "AgbCode": ("RS036", "Precies 8 cijfers."),
    "BurgerServicenummer": ("RS037", "Precies 9 cijfers."),
    "Voorletters": ("RS045", "Alleen letters, zonder punten of spaties."),
    "Telefoonnummer": ("RS046", "Alleen cijfers, zonder spaties of streepjes."),
    "BerichtCode": ("RS047", "De berichtcode die bij dit bericht hoort."),
    "Versie": ("RS048", "Drie getallen met een punt ertussen."),
    "BerichtVersie": ("CS025", "BerichtVersie 3."),
    "BerichtSubversie": ("CS015", "BerichtSubversie 2."),
    "IdentificatieDeclaratie": ("CS319", "Alleen letters en cijfers, zonder spaties."),
    "Commentaar": ("RS031", "Een tekst die niet leeg is."),
    "Datum": ("RS032", "Een bestaande datum (jjjj-mm-dd) zonder tijdzone."),
    "Tijd": ("RS034", "Een bestaande tijd (uu:mm:ss) zonder tijdzone."),
}
_STAP = re.compile(r"(?:([\w.-]+):)?([\w.-]+|\*)(?:\[(\d+)\])?")


def guard_fout(regel: str, status: int, regelnummer: int | None = None) -> NietLeesbaar:
    """The refusal of a whole file; `regel` is OP179 (size), OP192 (encoding) or a word of our own."""
    melding, verwacht, stap = _GUARD[regel]
    return NietLeesbaar((Bevinding(regel, 1, None, "/", regelnummer, melding, verwacht, stap),), status)


def xsd_fouten(
    soort: Soort, root: etree._Element, log: etree._ListErrorLog, open_paden: Collection[str] = ()
) -> tuple[Bevinding, ...]:
    """Every fault of the XSD, at most one for an element, in the order of the file; at most FOUTEN_MAX.

    `open_paden`: elements of a message that was not read to its end, so that they are never complete.
    """
    per_pad: dict[str, Bevinding] = {}
    wijzer = _Wijzer(root, BERICHTEN[soort.code])
    for regel in log:
        if regel.path in open_paden:
            continue
        if len(per_pad) == FOUTEN_MAX:
            break
        pad, element = wijzer.zoek(regel.path or "/")
        if pad not in per_pad:
            per_pad[pad] = _bevinding(regel.type_name, pad, regel.line, element)
    meer = len(per_pad) == FOUTEN_MAX or bool(open_paden)
    return (*per_pad.values(), *(guard_fout("MEER", 422).bevindingen if meer else ()))


def bereik_fouten(soort: Soort, root: etree._Element) -> tuple[Bevinding, ...]:
    """Dates outside the years 1 to 9999 and endless numbers in a message that is valid by its XSD.

    The XSD allows them; Python and Postgres do not, and the reader stops at the first.
    """
    return tuple(_buiten_bereik(BERICHTEN[soort.code].kinderen, root, "/Bericht"))


def _buiten_bereik(velden: Iterable[Element], ouder: etree._Element, boven: str) -> Iterator[Bevinding]:
    per_naam = {veld.naam: veld for veld in velden}
    for rang, knoop in enumerate(ouder, 1):
        veld = per_naam[str(knoop.tag).rpartition("}")[2]]
        pad = f"{boven}/{veld.naam}" + (f"[{rang}]" if veld.meervoudig else "")
        waarde = WAARDEN.get(veld.type or "")
        if waarde is None:
            yield from _buiten_bereik(veld.kinderen or SAMENGESTELD[veld.type or ""], knoop, pad)
        elif not _past(waarde, (knoop.text or "").strip()):
            regelnummer = cast(int | None, knoop.sourceline)
            yield _bevinding("", pad, regelnummer, veld)


def _past(waarde: Waarde, tekst: str) -> bool:
    if waarde.basis == "date":
        try:
            date.fromisoformat(tekst)
        except ValueError:
            return False
    return waarde.basis != "integer" or len(tekst) <= CIJFERS_MAX


def _bevinding(fout: str, pad: str, regelnummer: int | None, element: Element | None) -> Bevinding:
    regel, melding, verwacht = _uitleg(fout, element)
    return Bevinding(regel, 1, None, pad, regelnummer, melding, verwacht, _HERSTEL)


def _uitleg(fout: str, element: Element | None) -> tuple[str, str, str]:
    if fout == "SCHEMAV_ELEMENT_CONTENT":
        return (
            "XSD",
            "Hier ontbreekt een element, of er staat een element dat hier niet mag staan.",
            _inhoud(element),
        )
    waarde = WAARDEN.get(element.type or "") if element else None
    if element is None or waarde is None:
        return "XSD", "Dit onderdeel is niet opgebouwd volgens het berichtschema.", _inhoud(element)
    return _waarde_uitleg(fout, element, waarde)


def _inhoud(element: Element | None) -> str:
    if element is None:
        return "Alleen onderdelen die in het berichtschema staan."
    kinderen = element.kinderen or SAMENGESTELD.get(element.type or "", ())
    if not kinderen:
        return "Alleen een waarde, zonder andere elementen of attributen."
    namen = ", ".join(kind.naam + (" (mag ontbreken)" if kind.optioneel else "") for kind in kinderen)
    return f"In deze volgorde: {namen}."


def _waarde_uitleg(fout: str, element: Element, waarde: Waarde) -> tuple[str, str, str]:
    if waarde.lijst:
        return (waarde.lijst_nummer or "XSD", "Deze code staat niet in de codelijst.",
                _codelijst(waarde.lijst, waarde.lijst_nummer or ""))  # fmt: skip
    if fout.endswith("MAXLENGTH_VALID"):
        return (
            _LENGTES.get(waarde.maximum or 0, "XSD"),
            "De tekst is te lang.",
            f"Hoogstens {waarde.maximum} tekens.",
        )
    if fout.endswith("MAXINCLUSIVE_VALID"):
        return (
            _MAXIMA.get(waarde.maximum or 0, "XSD"),
            "Het getal is te groot.",
            f"Hoogstens {waarde.maximum}.",
        )
    if fout.endswith("MININCLUSIVE_VALID"):
        return "RS001", "Het getal is te klein.", "0 of meer."
    if waarde.naam in _PATRONEN:
        regel, verwacht = _PATRONEN[waarde.naam]
        return regel, "De waarde heeft niet de goede vorm.", verwacht
    if waarde.basis == "integer":
        return "XSD", "De waarde is geen geheel getal.", "Een geheel getal zonder punten of komma's."
    return "RS033", "Dit element is leeg.", "Een ingevuld element. Laat een element zonder waarde weg."


def _codelijst(lijst: str, nummer: str) -> str:
    """A short list with its labels; of a long one only the name."""
    codes = codelijst(lijst)
    naam = f"Een code uit codelijst {nummer} ({lijst.replace('_', ' ')})"
    if len(codes) > _KORTE_LIJST:
        return f"{naam}."
    return f"{naam}: {', '.join(f'{code} ({label})' for code, label in codes.items())}."


class _Wijzer:
    """Turns the paths of lxml into ours, with the counts per parent made once."""

    def __init__(self, root: etree._Element, structuur: Element) -> None:
        self._root = root
        self._structuur = structuur
        self._kinderen: dict[etree._Element, dict[str, list[etree._Element]]] = {}
        self._rangen: dict[etree._Element, dict[etree._Element, int]] = {}

    def zoek(self, pad: str) -> tuple[str, Element | None]:
        """Our path and the description of the element it points at, as far as both exist."""
        knoop, element = self._root, self._structuur
        uit = ["", element.naam]
        for prefix, naam, nummer in (m.groups() for m in map(_STAP.fullmatch, pad.split("/")[2:]) if m):
            volgende = self._kind(knoop, prefix, naam, int(nummer or 1))
            if volgende is None:
                return "/".join(uit), None
            knoop = volgende
            lokaal = str(knoop.tag).rpartition("}")[2]
            kinderen = element.kinderen or SAMENGESTELD.get(element.type or "", ())
            kind = next((k for k in kinderen if k.naam == lokaal), None)
            if kind is None:
                # an element that the schema does not know: its name is input, so the path ends at its parent
                return "/".join(uit), element
            index = f"[{self._rang(knoop)}]" if kind.meervoudig else ""
            uit.append(lokaal + index)
            element = kind
        return "/".join(uit), element

    def _rang(self, knoop: etree._Element) -> int:
        ouder = knoop.getparent()
        assert ouder is not None
        if ouder not in self._rangen:
            tellers: Counter[str] = Counter()
            rangen = self._rangen[ouder] = {}
            for kind in ouder:
                tellers[kind.tag] += 1
                rangen[kind] = tellers[kind.tag]
        return self._rangen[ouder][knoop]

    def _kind(self, ouder: etree._Element, prefix: str | None, naam: str, nummer: int) -> etree._Element | None:
        if naam == "*":
            return ouder[nummer - 1] if nummer <= len(ouder) else None
        groep = self._groepen(ouder).get(f"{prefix}:{naam}" if prefix else naam, [])
        return groep[nummer - 1] if nummer <= len(groep) else None

    def _groepen(self, ouder: etree._Element) -> dict[str, list[etree._Element]]:
        if ouder not in self._kinderen:
            groepen: dict[str, list[etree._Element]] = {}
            for kind in ouder:
                lokaal = str(kind.tag).rpartition("}")[2]
                groepen.setdefault(f"{kind.prefix}:{lokaal}" if kind.prefix else lokaal, []).append(kind)
            self._kinderen[ouder] = groepen
        return self._kinderen[ouder]
