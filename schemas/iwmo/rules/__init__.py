"""Level 2 of iWmo (the content of one message) and the facts of its Header. All faults come at once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice

from schemas.iwmo.bericht import Bericht, Bevinding
from schemas.iwmo.codes import GEMEENTEN
from schemas.iwmo.rules import antwoord, declaratie, levering, persoon, sleutels, toewijzing, verzoek
from schemas.iwmo.rules.plek import Blok, Fout, Wijzer, Zoek, bevinding
from schemas.iwmo.structuur import VAN_GEMEENTE

__all__ = ["FOUTEN_MAX", "check", "check_clienten", "check_header"]

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
    retourcode = None if bericht.soort.op else antwoord.TECHNISCH
    return _in_woorden(_fouten(bericht, bericht.inhoud()), Wijzer(bericht.root).zoek, retourcode)


def check_clienten(kop: Bericht, clienten: Iterator[Blok], zoek: Zoek) -> list[Bevinding]:
    """The same of a declaratie that is never there as a whole: its begin, and its clients one by one.

    The clients are read to the end, however many faults the first have.
    """
    fouten = _fouten(kop, {**kop.inhoud(), "clienten": clienten})
    eerste = list(islice(fouten, FOUTEN_MAX + 1))
    deque(clienten, maxlen=0)
    return _in_woorden(eerste, zoek, antwoord.TECHNISCH)


def _in_woorden(fouten: Iterable[Fout], zoek: Zoek, retourcode: str | None) -> list[Bevinding]:
    eerste = list(islice(fouten, FOUTEN_MAX + 1))
    if len(eerste) > FOUTEN_MAX:
        eerste[FOUTEN_MAX:] = [("MEER", "/Bericht")]
    return [bevinding(fout, zoek, 2, retourcode) for fout in eerste]


def _fouten(bericht: Bericht, inhoud: Blok) -> Iterator[Fout]:
    soort = bericht.soort.code
    if bericht.soort.op:
        yield from antwoord.toets_retour(soort, inhoud)
        return
    if soort != "WMO323":
        yield from sleutels.toets(soort, inhoud)
    for toets in _TOETSEN[soort]:
        yield from toets(inhoud, bericht.header.dagtekening.isoformat())
    if soort in ("WMO323", "WMO325") and len(bericht.root) > 1:
        yield from declaratie.toets_nul(bericht.root[1])


def check_header(bericht: Bericht, vandaag: date, identificatie_bekend: bool) -> list[Bevinding]:
    """TR135 (8848), TR056 (9056) and TR378 (S300): the Header against what its receiver knows."""
    zoek, header = Wijzer(bericht.root).zoek, bericht.header
    partij = "Afzender" if bericht.soort.code in VAN_GEMEENTE else "Ontvanger"
    uit = []
    if header.dagtekening > vandaag:
        uit.append(bevinding(("TR135", "/Bericht/Header/BerichtIdentificatie/Dagtekening"), zoek, 4, "8848"))
    if identificatie_bekend:
        uit.append(bevinding(("TR056", "/Bericht/Header/BerichtIdentificatie/Identificatie"), zoek, 3, "9056"))
    # IV046: the Header names the municipality that is responsible
    if (header.afzender if partij == "Afzender" else header.ontvanger) not in GEMEENTEN:
        uit.append(bevinding(("TR378", f"/Bericht/Header/{partij}"), zoek, 4, "S300"))
    return uit
