"""From plain dicts to XML: the inverse of `inhoud`. One layout, so the same input gives the same bytes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from xml.sax.saxutils import escape

from schemas.iwmo.inhoud import PRODUCTLIJSTEN, woord
from schemas.iwmo.structuur import BASIS_NS, BERICHTEN, SAMENGESTELD, Element, namespace

XSD_VERSIE = {"basisschema_xsd_versie": "1.0.0", "bericht_xsd_versie": "1.0.0"}
"""IV034: the versions of the XSDs that we write by."""


@dataclass(frozen=True, slots=True)
class Knoop:
    """An element to write. `basis`: in the namespace of the basisschema (a child of a CDT)."""

    naam: str
    inhoud: "str | tuple[Knoop, ...]"
    basis: bool = False


def schrijf(code: str, bericht: Knoop) -> bytes:
    """The file of a message: UTF-8 without BOM, CRLF line ends (OP192)."""
    namen = f' xmlns="{namespace(code)}" xmlns:iwmo="{BASIS_NS}"'
    regels = ['<?xml version="1.0" encoding="UTF-8"?>', *_regels(bericht, 0, namen), ""]
    return "\r\n".join(regels).encode()


def schrijf_deel(knoop: Knoop, diepte: int) -> bytes:
    """The lines of one element at its depth in a file, to stand between others."""
    return "".join(f"{regel}\r\n" for regel in _regels(knoop, diepte)).encode()


def _regels(knoop: Knoop, diepte: int, namen: str = "") -> Iterator[str]:
    wit, tag = "  " * diepte, f"iwmo:{knoop.naam}" if knoop.basis else knoop.naam
    if isinstance(knoop.inhoud, str):
        yield f"{wit}<{tag}>{escape(knoop.inhoud)}</{tag}>"
        return
    yield f"{wit}<{tag}{namen}>"
    for kind in knoop.inhoud:
        yield from _regels(kind, diepte + 1)
    yield f"{wit}</{tag}>"


def bericht(code: str, header: Mapping[str, Any], inhoud: Mapping[str, Any]) -> bytes:
    """A message of any of the 14 kinds from what `inhoud.lees_header` and `inhoud.lees` give of one."""
    kop, structuur = BERICHTEN[code].kinderen
    blok = inhoud if structuur.naam == "Declaratie" else inhoud[woord(structuur.naam)]
    delen = [klasse(kop, header)]
    if blok is not None:
        lijsten = {naam: inhoud[naam] for naam in PRODUCTLIJSTEN if naam in inhoud}
        delen.append(klasse(structuur, {**blok, **lijsten}))
    return schrijf(code, Knoop("Bericht", tuple(delen)))


def klasse(structuur: Element, data: Mapping[str, Any]) -> Knoop:
    """A class from its dict, in the shape that `Bericht.inhoud()` gives; None and [] are left out."""
    if structuur.naam == "Prestatie":
        data = _vouw_prestatie(data)
    return Knoop(structuur.naam, tuple(_velden(structuur.kinderen, data, basis=False)))


def _vouw_prestatie(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **data,
        "product_referentie": data,
        "product_periode": data,
        "ingediend_bedrag": {"bedrag": data["ingediend_cent"], "debet_credit": data["debet_credit"]},
    }


def _velden(velden: Iterable[Element], data: Mapping[str, Any], basis: bool) -> Iterator[Knoop]:
    for veld in velden:
        waarde = data.get(woord(veld.naam))
        if waarde is None or waarde == []:
            continue
        if veld.houder:
            yield Knoop(veld.naam, tuple(_een(veld.kinderen[0], deel, basis) for deel in waarde), basis)
        else:
            yield _een(veld, waarde, basis)


def _een(veld: Element, waarde: Any, basis: bool) -> Knoop:
    if veld.type is None:
        return klasse(veld, waarde)
    if veld.type == "TotaalBedragMetDC":
        # CS325: a total of 0 is D
        waarde = {"totaal_bedrag": abs(waarde), "debet_credit": "C" if waarde < 0 else "D"}
    if veld.type in SAMENGESTELD:
        return Knoop(veld.naam, tuple(_velden(SAMENGESTELD[veld.type], waarde, basis=True)), basis)
    return Knoop(veld.naam, _tekst(waarde), basis)


def _tekst(waarde: Any) -> str:
    return waarde.isoformat() if isinstance(waarde, (date, time)) else str(waarde)
