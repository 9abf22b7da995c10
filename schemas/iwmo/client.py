"""The client block of the intake API in the words of iWmo.

A block that has those words already, as `Bericht.inhoud()` gives it, is kept as it is.
"""

from collections.abc import Mapping
from typing import Any

Blok = Mapping[str, Any]
_LANDNUMMER_NL = "31"


def client_301(client: Blok) -> dict[str, Any]:
    """The Client of a 301: full name, and the address as Contact of Soort 01 (TR061)."""
    return {
        **client,
        "geboortedatum": _geboortedatum(client),
        "naam": _naam(client),
        "contactgegevens": client.get("contactgegevens") or _contactgegevens(client),
        "relaties": [_relatie(relatie) for relatie in client.get("relaties") or ()],
    }


def client_kort(client: Blok) -> dict[str, Any]:
    """The Client of a 305, 307 or 315: a CDT_VerkorteNaam has no Partnernaam and no NaamGebruik."""
    return {
        "bsn": client["bsn"],
        "geboortedatum": _geboortedatum(client),
        "geslacht": client["geslacht"],
        "naam": _naam(client),
        "commentaar": client.get("commentaar"),
    }


def _geboortedatum(persoon: Blok) -> dict[str, Any] | None:
    datum = persoon.get("geboortedatum")
    if datum is None or isinstance(datum, Mapping):
        return None if datum is None else dict(datum)
    return {"datum": datum, "datum_gebruik": persoon.get("datum_gebruik")}


def _naam(persoon: Blok) -> dict[str, Any]:
    naam: Blok = persoon["naam"]
    gebruik = naam.get("naam_gebruik") or naam.get("naamgebruik") or persoon.get("naamgebruik") or "1"
    if "geslachtsnaam" in naam:
        return {**naam, "naam_gebruik": gebruik}
    partner = naam.get("partnernaam") or persoon.get("partnernaam")
    return {
        "geslachtsnaam": {"achternaam": naam["achternaam"], "voorvoegsel": naam.get("voorvoegsel") or None},
        "partnernaam": {"achternaam": partner} if isinstance(partner, str) else partner,
        "voornamen": naam.get("voornamen") or None,
        "voorletters": _voorletters(naam.get("voorletters")),
        "naam_gebruik": gebruik,
    }


def _voorletters(tekst: str | None) -> str | None:
    """RS045: without dots and spaces."""
    return (tekst or "").replace(".", "").replace(" ", "") or None


def _contactgegevens(client: Blok) -> list[dict[str, Any]]:
    eigen = [_contact({**client, "soort": "01"})] if client.get("adres") else []
    return eigen + [_contact(contact) for contact in client.get("contacten") or ()]


def _relatie(relatie: Blok) -> dict[str, Any]:
    contact = relatie.get("contact") or {**relatie, "soort": "01"}
    return {
        **relatie,
        "geboortedatum": _geboortedatum(relatie),
        "naam": _naam(relatie),
        "contact": _contact(contact),
    }


def _contact(contact: Blok) -> dict[str, Any]:
    return {
        "soort": contact["soort"],
        "adres": _adres(contact["adres"]) if contact.get("adres") else None,
        "organisatie": contact.get("organisatie") or None,
        "telefoon": _telefoon(contact.get("telefoon")),
        "emailadres": contact.get("emailadres") or contact.get("email") or None,
        "periode": contact.get("periode"),
    }


def _adres(adres: Blok) -> dict[str, Any]:
    if "huis" in adres or "land_code" in adres:
        return dict(adres)
    postcode = (adres.get("postcode") or "").strip() or None
    # CD005: LandCode exactly with a Postcode
    land = (adres.get("land") or "NL") if postcode else None
    huis = {
        "huisnummer": adres.get("huisnummer"),
        "huisletter": adres.get("huisletter") or None,
        "huisnummer_toevoeging": adres.get("huisnummer_toevoeging") or adres.get("toevoeging") or None,
        "aanduiding_woonadres": adres.get("aanduiding_woonadres") or None,
    }
    return {
        "huis": huis if huis["huisnummer"] is not None else None,
        "postcode": postcode.replace(" ", "").upper() if postcode and land == "NL" else postcode,
        "straatnaam": adres.get("straatnaam") or adres.get("straat") or None,
        "plaatsnaam": adres.get("plaatsnaam") or adres.get("plaats") or None,
        "land_code": land,
    }


def _telefoon(telefoon: Any) -> dict[str, Any] | None:
    """RS046: digits only; the country number is 31 unless the number says so itself."""
    if not telefoon or isinstance(telefoon, Mapping):
        return dict(telefoon) if telefoon else None
    cijfers = "".join(teken for teken in str(telefoon) if teken.isascii() and teken.isdigit())
    for voorloop in ("0031", "31") if str(telefoon).strip().startswith(("+31", "0031")) else ():
        if cijfers.startswith(voorloop):
            cijfers = "0" + cijfers.removeprefix(voorloop).removeprefix("0")
            break
    return {"telefoon01": {"telefoonnummer": cijfers, "landnummer": _LANDNUMMER_NL}} if cijfers else None
