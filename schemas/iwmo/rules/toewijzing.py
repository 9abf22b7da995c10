"""Level 2 of the 301: client, contacts, relations and assigned products."""

import re
from collections.abc import Iterator
from datetime import date

from schemas.iwmo.rules import persoon, product
from schemas.iwmo.rules.plek import Fout, Plek

_POSTCODE_NL = re.compile(r"[1-9][0-9]{3} ?[A-Za-z]{2}")
_VELDEN = product.Velden("Ingangsdatum", "Einddatum", "CD080", "CS338", "TR302")


def toets(bericht: Plek, dagtekening: date) -> Iterator[Fout]:
    """CD005 to CD080, CS003 to CS338, TR006, TR061, TR134 and TR302 of the 301."""
    client = bericht.bij("Client")
    yield from _toets_client(client)
    for relatie in client.lijst("Relaties/Relatie"):
        yield from persoon.toets_geboortedatum(relatie, dagtekening)
        yield from persoon.toets_naam(relatie)
        yield from _toets_contact(relatie.bij("Contact"))
    for contact in client.lijst("Contactgegevens/Contact"):
        yield from _toets_contact(contact)
    producten = list(client.lijst("ToegewezenProducten/ToegewezenProduct"))
    for toegewezen in producten:
        yield from product.toets(toegewezen, _VELDEN)
        yield from _toets_wijziging(toegewezen)
        if (datum := toegewezen.dag("Toewijzingsdatum")) and datum > dagtekening:
            yield "TR134", toegewezen.bij("Toewijzingsdatum")
    # deleted numbers do not count
    geldig = [p for p in producten if not _verwijderd(p)]
    yield from product.toets_overlap(geldig, _VELDEN)


def _toets_client(client: Plek) -> Iterator[Fout]:
    """CS318, CS050, CD007 and TR061."""
    if client.tekst("Naam/NaamGebruik") == "6":
        yield "CS318", client.bij("Naam/NaamGebruik")
    else:
        yield from persoon.toets_naam(client)
    if client.heeft("Communicatie"):
        tolk = client.tekst("Communicatie/Vorm") == "1"
        if client.heeft("Communicatie/Taal") != tolk:
            yield "CD007", client.bij("Communicatie/Taal" if not tolk else "Communicatie")
    if not any(c.tekst("Soort") in ("01", "02", "03") for c in client.lijst("Contactgegevens/Contact")):
        yield "TR061", client.bij("Contactgegevens")


def _toets_contact(contact: Plek) -> Iterator[Fout]:
    """TR006, CD005, CD009, CD025, CD034, CS003 and CS089."""
    soort, land = contact.tekst("Soort"), contact.tekst("Adres/LandCode")
    huis, postcode = contact.heeft("Adres/Huis"), contact.tekst("Adres/Postcode")
    if not contact.heeft("Telefoon") and not (huis and postcode):
        yield "TR006", contact
    if (land is None) != (postcode is None):
        yield "CD005", contact.bij("Adres")
    if contact.heeft("Periode") and soort != "04":
        yield "CD009", contact.bij("Periode")
    if land == "NL" and not huis:
        yield "CD025", contact.bij("Adres")
    if soort in ("01", "03") and postcode is None:
        yield "CD034", contact
    if land == "NL" and postcode is not None and not _POSTCODE_NL.fullmatch(postcode):
        yield "CS089", contact.bij("Adres/Postcode")
    begin, eind = contact.dag("Periode/Begindatum"), contact.dag("Periode/Einddatum")
    if begin and eind and eind < begin:
        yield "CS003", contact.bij("Periode/Einddatum")


def _toets_wijziging(toegewezen: Plek) -> Iterator[Fout]:
    """CS335 and CS336."""
    reden = toegewezen.tekst("RedenWijziging")
    if reden == "13" and toegewezen.dag("Einddatum") != toegewezen.dag("Ingangsdatum"):
        yield "CS335", toegewezen.bij("RedenWijziging")
    if reden == "01":
        yield "CS336", toegewezen.bij("RedenWijziging")


def _verwijderd(toegewezen: Plek) -> bool:
    gelijk = toegewezen.dag("Einddatum") == toegewezen.dag("Ingangsdatum")
    return gelijk and toegewezen.tekst("RedenWijziging") in ("01", "13")
