"""Level 2 of iWmo (the content of one message) and the facts of its Header. All faults come at once."""

from collections.abc import Callable, Iterator
from datetime import date

from schemas.iwmo.bericht import Bericht, Bevinding
from schemas.iwmo.codes import GEMEENTEN
from schemas.iwmo.rules import declaratie, levering, persoon, sleutels, toewijzing, verzoek
from schemas.iwmo.rules.plek import Fout, Plek, bevinding
from schemas.iwmo.structuur import BERICHTEN, VAN_GEMEENTE

__all__ = ["check", "check_header"]

Toets = Callable[[Plek, date], Iterator[Fout]]
"""A check on the element Bericht, with the Dagtekening of the message."""

_TOETSEN: dict[str, tuple[Toets, ...]] = {
    "WMO301": (persoon.toets, toewijzing.toets),
    "WMO305": (persoon.toets, levering.toets_start),
    "WMO307": (persoon.toets, levering.toets_stop),
    "WMO315": (persoon.toets, verzoek.toets_vot),
    "WMO317": (persoon.toets, verzoek.toets_vow),
    "WMO319": (verzoek.toets_antwoord,),
    "WMO323": (declaratie.toets_323,),
    "WMO325": (declaratie.toets_325,),
}


def check(bericht: Bericht) -> list[Bevinding]:
    """Every broken level 2 rule of a heenbericht, all with retourcode 0001. A retour message has none."""
    soort = bericht.soort.code
    if soort not in _TOETSEN:
        return []
    plek = Plek(bericht.root, "/Bericht")
    fouten = [*sleutels.toets(plek, BERICHTEN[soort])]
    for toets in _TOETSEN[soort]:
        fouten += toets(plek, bericht.header.dagtekening)
    return [bevinding(regel, waar) for regel, waar in fouten]


def check_header(bericht: Bericht, vandaag: date, identificatie_bekend: bool) -> list[Bevinding]:
    """TR135 (8848), TR056 (9056) and TR378 (S300): the Header against what its receiver knows."""
    header = Plek(bericht.root[0], "/Bericht/Header")
    partij = "Afzender" if bericht.soort.code in VAN_GEMEENTE else "Ontvanger"
    uit = []
    if bericht.header.dagtekening > vandaag:
        uit.append(bevinding("TR135", header.bij("BerichtIdentificatie/Dagtekening"), 4, "8848"))
    if identificatie_bekend:
        uit.append(bevinding("TR056", header.bij("BerichtIdentificatie/Identificatie"), 3, "9056"))
    if header.tekst(partij) not in GEMEENTEN:
        uit.append(bevinding("TR378", header.bij(partij), 4, "S300"))
    return uit
