"""Level 2 of the 301: client, contacts, relations and assigned products."""

import re
from collections.abc import Iterator

from schemas.iwmo.rules import persoon, product
from schemas.iwmo.rules.plek import Blok, Fout

_POSTCODE_NL = re.compile(r"[1-9][0-9]{3} ?[A-Za-z]{2}")
_VELDEN = product.Velden("Ingangsdatum", "Einddatum", "CD080", "CS338", "TR302")
_CLIENT = "/Bericht/Client"


def toets(inhoud: Blok, dagtekening: str) -> Iterator[Fout]:
    """CD005 to CD080, CS003 to CS338, TR006, TR061, TR134 and TR302 of the 301."""
    client = inhoud["client"]
    yield from _toets_client(client)
    for nummer, relatie in enumerate(client["relaties"], 1):
        pad = f"{_CLIENT}/Relaties/Relatie[{nummer}]"
        yield from persoon.toets_geboortedatum(relatie, pad, dagtekening)
        yield from persoon.toets_naam(relatie, pad)
        yield from _toets_contact(relatie["contact"], f"{pad}/Contact")
    for nummer, contact in enumerate(client["contactgegevens"], 1):
        yield from _toets_contact(contact, f"{_CLIENT}/Contactgegevens/Contact[{nummer}]")
    producten = [
        (f"{_CLIENT}/ToegewezenProducten/ToegewezenProduct[{nummer}]", toegewezen)
        for nummer, toegewezen in enumerate(inhoud["toegewezen_producten"], 1)
    ]
    for pad, toegewezen in producten:
        yield from product.toets(toegewezen, pad, _VELDEN)
        yield from _toets_wijziging(toegewezen, pad)
        if toegewezen["toewijzingsdatum"] > dagtekening:
            yield "TR134", f"{pad}/Toewijzingsdatum"
    # deleted numbers do not count
    yield from product.toets_overlap(((pad, p) for pad, p in producten if not _verwijderd(p)), _VELDEN)


def _toets_client(client: Blok) -> Iterator[Fout]:
    """CS318, CS050, CD007 and TR061."""
    if client["naam"]["naam_gebruik"] == "6":
        yield "CS318", f"{_CLIENT}/Naam/NaamGebruik"
    else:
        yield from persoon.toets_naam(client, _CLIENT)
    if communicatie := client["communicatie"]:
        tolk_taal = communicatie["vorm"] == "1"
        if (communicatie["taal"] is not None) != tolk_taal:
            yield "CD007", f"{_CLIENT}/Communicatie/Taal"
    if not any(contact["soort"] in ("01", "02", "03") for contact in client["contactgegevens"]):
        yield "TR061", f"{_CLIENT}/Contactgegevens"


def _toets_contact(contact: Blok, pad: str) -> Iterator[Fout]:
    """TR006, CD005, CD009, CD025, CD034, CS003 and CS089."""
    soort, adres, periode = contact["soort"], contact["adres"] or {}, contact["periode"] or {}
    land, huis, postcode = adres.get("land_code"), adres.get("huis"), adres.get("postcode")
    if not contact["telefoon"] and not (huis and postcode):
        yield "TR006", pad
    if (land is None) != (postcode is None):
        yield "CD005", f"{pad}/Adres/LandCode"
    if contact["periode"] is not None and soort != "04":
        yield "CD009", f"{pad}/Periode"
    if land == "NL" and not huis:
        yield "CD025", f"{pad}/Adres/Huis"
    if soort in ("01", "03") and postcode is None:
        yield "CD034", f"{pad}/Adres/Postcode"
    if land == "NL" and postcode is not None and not _POSTCODE_NL.fullmatch(postcode):
        yield "CS089", f"{pad}/Adres/Postcode"
    begin, eind = periode.get("begindatum"), periode.get("einddatum")
    if begin and eind and eind < begin:
        yield "CS003", f"{pad}/Periode/Einddatum"


def _toets_wijziging(toegewezen: Blok, pad: str) -> Iterator[Fout]:
    """CS335 and CS336."""
    reden = toegewezen["reden_wijziging"]
    if reden == "13" and toegewezen["einddatum"] != toegewezen["ingangsdatum"]:
        yield "CS335", f"{pad}/RedenWijziging"
    if reden == "01":
        yield "CS336", f"{pad}/RedenWijziging"


def _verwijderd(toegewezen: Blok) -> bool:
    gelijk = toegewezen["einddatum"] == toegewezen["ingangsdatum"]
    return gelijk and toegewezen["reden_wijziging"] in ("01", "13")
