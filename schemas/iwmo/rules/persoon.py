"""Rules on a person: BSN, birth date and names."""

from collections.abc import Iterator
from datetime import date

from schemas.iwmo.codes import bsn_valid
from schemas.iwmo.rules.plek import Blok, Fout

_JAREN_MAX = 120
_ONBEKEND = "1900-01-01"


def toets(inhoud: Blok, dagtekening: str) -> Iterator[Fout]:
    """CS002, TR002, TR134 and CS139 on the Client."""
    yield from toets_bsn(inhoud["client"], "/Bericht/Client")
    yield from toets_geboortedatum(inhoud["client"], "/Bericht/Client", dagtekening)


def toets_bsn(client: Blok, pad: str) -> Iterator[Fout]:
    """CS002."""
    if not bsn_valid(client["bsn"]):
        yield "CS002", f"{pad}/Bsn"


def toets_geboortedatum(persoon: Blok, pad: str, dagtekening: str) -> Iterator[Fout]:
    """TR002, TR134 and CS139 (IV009: an unknown part is 01 or 1900)."""
    if persoon.get("geboortedatum") is None:
        return
    datum, gebruik = persoon["geboortedatum"]["datum"], persoon["geboortedatum"]["datum_gebruik"]
    onbekend = gebruik == "3" and datum == _ONBEKEND
    if datum < jaren_eerder(dagtekening, _JAREN_MAX) and not onbekend:
        yield "TR002", f"{pad}/Geboortedatum/Datum"
    if datum > dagtekening:
        yield "TR134", f"{pad}/Geboortedatum/Datum"
    past = {None: True, "1": datum.endswith("-01"), "2": datum.endswith("-01-01"), "3": onbekend}
    if not past[gebruik]:
        yield "CS139", f"{pad}/Geboortedatum/DatumGebruik"


def toets_naam(persoon: Blok, pad: str) -> Iterator[Fout]:
    """CS050: NaamGebruik fits what names there are (IV045: 6 for an organisation as relatie)."""
    toegestaan = "1234" if persoon["naam"]["partnernaam"] else "16"
    if persoon["naam"]["naam_gebruik"] not in toegestaan:
        yield "CS050", f"{pad}/Naam/NaamGebruik"


def jaren_eerder(dag: str, jaren: int) -> str:
    """The same day so many years before, never before year 1; 28 February for a 29th that is not there."""
    datum = date.fromisoformat(dag)
    jaar = max(datum.year - jaren, 1)
    try:
        return datum.replace(year=jaar).isoformat()
    except ValueError:
        return datum.replace(year=jaar, day=28).isoformat()
