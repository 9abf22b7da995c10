"""Level 2 of iWmo (the content of one message) and the facts of its Header. All faults come at once."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice

from schemas.iwmo.bericht import Bericht, Bevinding
from schemas.iwmo.codes import GEMEENTEN
from schemas.iwmo.rules import antwoord, declaratie, levering, persoon, sleutels, toewijzing, verzoek
from schemas.iwmo.rules.plek import Blok, Fout, Wijzer
from schemas.iwmo.structuur import VAN_GEMEENTE

__all__ = ["FOUTEN_MAX", "check", "check_header"]

FOUTEN_MAX = 500
"""More faults than this in one message are not told one by one."""

Toets = Callable[[Blok, str], Iterator[Fout]]
"""A check on what `Bericht.inhoud()` gives, with the Dagtekening of the message."""

_TOETSEN: dict[str, tuple[Toets, ...]] = {
    "WMO301": (persoon.toets, toewijzing.toets),
    "WMO305": (persoon.toets, levering.toets_start),
    "WMO307": (persoon.toets, levering.toets_stop),
    "WMO315": (persoon.toets, verzoek.toets_vot),
    "WMO317": (verzoek.toets_vow,),
    "WMO319": (verzoek.toets_antwoord,),
    "WMO323": (declaratie.toets,),
    "WMO325": (antwoord.toets_325,),
}


def check(bericht: Bericht) -> list[Bevinding]:
    """Every broken level 2 rule; in a retour without a retourcode, because nothing answers a retour.

    Of more than FOUTEN_MAX faults the first are told, and that there are more.
    """
    fouten = list(islice(_fouten(bericht), FOUTEN_MAX + 1))
    if len(fouten) > FOUTEN_MAX:
        fouten[FOUTEN_MAX:] = [("MEER", "/Bericht")]
    wijzer, retourcode = Wijzer(bericht.root), None if bericht.soort.op else antwoord.TECHNISCH
    return [wijzer.bevinding(fout, 2, retourcode) for fout in fouten]


def _fouten(bericht: Bericht) -> Iterator[Fout]:
    soort, inhoud = bericht.soort.code, bericht.inhoud()
    if bericht.soort.op:
        yield from antwoord.toets_retour(soort, inhoud)
        return
    yield from sleutels.toets(soort, inhoud)
    for toets in _TOETSEN[soort]:
        yield from toets(inhoud, bericht.header.dagtekening.isoformat())
    if soort in ("WMO323", "WMO325") and len(bericht.root) > 1:
        yield from declaratie.toets_nul(bericht.root[1])


def check_header(bericht: Bericht, vandaag: date, identificatie_bekend: bool) -> list[Bevinding]:
    """TR135 (8848), TR056 (9056) and TR378 (S300): the Header against what its receiver knows."""
    wijzer, header = Wijzer(bericht.root), bericht.header
    partij = "Afzender" if bericht.soort.code in VAN_GEMEENTE else "Ontvanger"
    uit = []
    if header.dagtekening > vandaag:
        uit.append(wijzer.bevinding(("TR135", "/Bericht/Header/BerichtIdentificatie/Dagtekening"), 4, "8848"))
    if identificatie_bekend:
        uit.append(wijzer.bevinding(("TR056", "/Bericht/Header/BerichtIdentificatie/Identificatie"), 3, "9056"))
    # IV046: the Header names the municipality that is responsible
    if (header.afzender if partij == "Afzender" else header.ontvanger) not in GEMEENTEN:
        uit.append(wijzer.bevinding(("TR378", f"/Bericht/Header/{partij}"), 4, "S300"))
    return uit
