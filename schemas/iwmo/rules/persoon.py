"""Rules on a person: BSN, birth date and names."""

from collections.abc import Iterator
from datetime import date

from schemas.iwmo.codes import bsn_valid
from schemas.iwmo.rules.plek import Fout, Plek

_JAREN_MAX = 120


def toets(bericht: Plek, dagtekening: date) -> Iterator[Fout]:
    """CS002, TR002, TR134 and CS139 on the Client."""
    client = bericht.bij("Client")
    yield from toets_bsn(client)
    yield from toets_geboortedatum(client, dagtekening)


def toets_bsn(client: Plek) -> Iterator[Fout]:
    """CS002."""
    if not bsn_valid(client.tekst("Bsn") or ""):
        yield "CS002", client.bij("Bsn")


def toets_geboortedatum(persoon: Plek, dagtekening: date) -> Iterator[Fout]:
    """TR002, TR134 and CS139."""
    datum, gebruik = persoon.dag("Geboortedatum/Datum"), persoon.tekst("Geboortedatum/DatumGebruik")
    if datum is None:
        return
    onbekend = gebruik == "3" and datum == date(1900, 1, 1)
    if datum < jaren_eerder(dagtekening, _JAREN_MAX) and not onbekend:
        yield "TR002", persoon.bij("Geboortedatum/Datum")
    if datum > dagtekening:
        yield "TR134", persoon.bij("Geboortedatum/Datum")
    past = {
        None: True,
        "1": datum.day == 1,
        "2": (datum.month, datum.day) == (1, 1),
        "3": onbekend,
    }
    if not past[gebruik]:
        yield "CS139", persoon.bij("Geboortedatum/DatumGebruik")


def toets_naam(persoon: Plek) -> Iterator[Fout]:
    """CS050: NaamGebruik fits what names there are."""
    toegestaan = "1234" if persoon.heeft("Naam/Partnernaam") else "16"
    if (persoon.tekst("Naam/NaamGebruik") or "") not in toegestaan:
        yield "CS050", persoon.bij("Naam/NaamGebruik")


def jaren_eerder(dag: date, jaren: int) -> date:
    """The same day so many years before, never before year 1; 28 February for a 29th that is not there."""
    jaar = max(dag.year - jaren, 1)
    try:
        return dag.replace(year=jaar)
    except ValueError:
        return dag.replace(year=jaar, day=28)
