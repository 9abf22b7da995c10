"""Messages with every element the standard has, valid on levels 1 and 2; as (code, header, inhoud) to change."""

import json
from typing import Any

from schemas.iwmo import bouw
from schemas.iwmo.structuur import BERICHTEN, RETOUREN, VAN_GEMEENTE
from tests.unit.iwmo.voorbeelden import AGB, GEMEENTE

Inhoud = dict[str, Any]
_NAAM = {
    "geslachtsnaam": {"achternaam": "Testduin", "voorvoegsel": "van"},
    "partnernaam": {"achternaam": "Zand", "voorvoegsel": "het"},
    "voornamen": "Anna Bea",
    "voorletters": "AB",
    "naam_gebruik": "3",
}
_GEBOREN = {"datum": "1950-05-01", "datum_gebruik": "1"}
_TELEFOON = {"telefoonnummer": "0612345678", "landnummer": "31"}
_CONTACT = {
    "soort": "04",
    "adres": {
        "huis": {"huisnummer": 12, "huisletter": "a", "huisnummer_toevoeging": "1", "aanduiding_woonadres": "TO"},
        "postcode": "4461AB",
        "straatnaam": "Zeedijk",
        "plaatsnaam": "Goes",
        "land_code": "NL",
    },
    "organisatie": "De Duinen",
    "telefoon": {"telefoon01": _TELEFOON, "telefoon02": _TELEFOON},
    "emailadres": "a@b.nl",
    "periode": {"begindatum": "2026-01-01", "einddatum": "2026-12-31"},
}
_PRODUCT = {"categorie": "02", "code": "02A05"}
_OMVANG = {"volume": 3, "eenheid": "04", "frequentie": "4"}
_KORT = {
    "bsn": "999900018", "geboortedatum": _GEBOREN, "geslacht": "2",
    "naam": {naam: deel for naam, deel in _NAAM.items() if naam not in ("partnernaam", "naam_gebruik")},
}  # fmt: skip
_TOEGEWEZEN = {
    "toewijzing_nummer": 610001, "referentie_aanbieder": "V1", "product": _PRODUCT,
    "toewijzingsdatum": "2026-01-19", "toewijzingstijd": "10:00:00", "ingangsdatum": "2026-02-02",
    "einddatum": "2026-07-31", "reden_wijziging": "04", "omvang": _OMVANG, "budget_cent": None, "commentaar": "Ja",
}  # fmt: skip
_START = {"toewijzing_nummer": 610001, "product": _PRODUCT, "toewijzing_ingangsdatum": "2026-02-02",
          "begindatum": "2026-02-03", "status_aanlevering": "1"}  # fmt: skip
_AANVRAAG = {
    "referentie_aanbieder": "V1", "beschikking_nummer": 1, "product": _PRODUCT, "budget_cent": None,
    "beschikking_ingangsdatum": "2026-01-01", "toewijzing_ingangsdatum": "2026-05-01",
    "toewijzing_einddatum": "2026-12-31", "omvang": _OMVANG, "raamcontract": "1", "commentaar": "Ja",
    "verwijzer": {"type": "02", "naam": "Arts", "zorgverlener_code": None},
}  # fmt: skip
_ZONDER_CODE = {"product": {"categorie": "03", "code": None}, "omvang": None, "budget_cent": 500}
_NIEUW = {"product": _PRODUCT, "gewenste_ingangsdatum": "2026-05-01", "einddatum": "2026-12-31",
          "omvang": _OMVANG, "budget_cent": None}  # fmt: skip
_TE_WIJZIGEN = {"toewijzing_nummer": 2, **{naam: _NIEUW[naam] for naam in _NIEUW if naam != "product"}}
_PRESTATIE = {
    "referentie_nummer": "R1", "vorig_referentie_nummer": None, "toewijzing_nummer": 610001,
    "product_categorie": "02", "product_code": "02A05", "begindatum": "2026-03-01", "einddatum": "2026-03-31",
    "geleverd_volume": 10, "eenheid": "04", "product_tarief_cent": 5875, "ingediend_cent": 58750, "debet_credit": "D",
}  # fmt: skip
_CREDIT = _PRESTATIE | {"referentie_nummer": "C1", "vorig_referentie_nummer": "R0", "debet_credit": "C"}
_HEEN: dict[str, Inhoud] = {
    "WMO301": {
        "client": {
            "bsn": "999900018", "geboortedatum": _GEBOREN, "geslacht": "2", "naam": _NAAM, "commentaar": "Ja",
            "communicatie": {"vorm": "1", "taal": "Fries"}, "juridische_status": "01",
            "wettelijke_vertegenwoordiging": "06",
            "relaties": [{"nummer": "1", "volgorde": 1, "soort": "03", "geboortedatum": _GEBOREN, "geslacht": "1",
                          "naam": _NAAM, "contact": _CONTACT}],
            "contactgegevens": [_CONTACT | {"soort": "01", "periode": None}, _CONTACT],
        },
        "toegewezen_producten": [_TOEGEWEZEN, _TOEGEWEZEN | {"toewijzing_nummer": 2, **_ZONDER_CODE}],
    },
    "WMO305": {"client": _KORT, "start_producten": [_START]},
    "WMO307": {"client": _KORT,
               "stop_producten": [_START | {"reden_beeindiging": "19", "einddatum": "2026-04-01"}]},
    "WMO315": {
        "client": _KORT | {"commentaar": "Ja"},
        "aangevraagde_producten": [
            _AANVRAAG,
            _AANVRAAG | {"referentie_aanbieder": "V2", **_ZONDER_CODE,
                         "verwijzer": {"type": "02", "naam": None, "zorgverlener_code": "12345678"}},
        ],
    },
    "WMO317": {"client": {"bsn": "999900018", "verzoek": {
        "referentie_aanbieder": "V1", "reden_verzoek": "1",
        "ongewijzigde_producten": [{"toewijzing_nummer": 1}],
        "te_wijzigen_producten": [_TE_WIJZIGEN, _TE_WIJZIGEN | {"toewijzing_nummer": 3, "omvang": None, "budget_cent": 5}],
        "nieuwe_producten": [_NIEUW, _NIEUW | _ZONDER_CODE],
    }}},
    "WMO319": {"antwoord": {"referentie_aanbieder": "V1", "verzoek_antwoord": "1", "reden_afwijzing_verzoek": "3"}},
    "WMO323": {
        "declaratie_nummer": "D0001", "declaratie_dagtekening": "2026-04-10", "totaal_ingediend_cent": 0,
        "declaratie_periode": {"begindatum": "2026-03-01", "einddatum": "2026-03-31"},
        "clienten": [{"bsn": "999900018", "prestaties": [_PRESTATIE, _CREDIT]}],
    },
}  # fmt: skip
_ANTWOORD = {
    "retourcodes": ["0200"],
    "declaratie_antwoord": {
        "declaratie_nummer": "D0001", "totaal_ingediend_cent": 0, "totaal_toegekend_cent": 0, "retourcodes": ["0200"],
        "clienten": [{"bsn": "999900018", "retourcodes": ["0200"], "prestaties": [
            _PRESTATIE | {"retourcodes": ["9321", "9389"]}, _CREDIT | {"retourcodes": ["8017"]}]}],
    },
}  # fmt: skip


def _kopie(blok: Inhoud) -> Inhoud:
    """Unlike deepcopy this makes two of what stands in two places."""
    kopie: Inhoud = json.loads(json.dumps(blok))
    return kopie


def inhoud(code: str) -> Inhoud:
    """What `Bericht.inhoud()` would give; a copy, free to change."""
    if code == "WMO325":
        return _kopie(_ANTWOORD)
    heen = next((heen for heen, retour in RETOUREN.items() if retour == code), None)
    if heen is None:
        return _kopie(_HEEN[code])
    uit = _kopie(_HEEN[heen])
    for naam in ("client", "antwoord"):
        if naam in uit:
            _beoordeel(uit[naam], "0200")
    for lijst in ("toegewezen_producten", "start_producten", "stop_producten", "aangevraagde_producten"):
        for record in uit.get(lijst, ()):
            record["retourcodes"] = ["0200"]
    (uit.get("client") or uit["antwoord"])["retourcodes"] = ["9374", "9347"]
    return uit | {"retourcodes": ["0200"]}


def _beoordeel(blok: Inhoud, code: str) -> None:
    blok["retourcodes"] = [code]
    for naam in ("relaties", "contactgegevens", "ongewijzigde_producten", "te_wijzigen_producten", "nieuwe_producten"):
        for record in blok.get(naam, ()):
            _beoordeel(record, code)
    for naam in ("contact", "verzoek"):
        if naam in blok:
            _beoordeel(blok[naam], code)


def header(code: str) -> Inhoud:
    """The Header with all its elements, in the shape of `inhoud.lees_header`."""
    afzender, ontvanger = (GEMEENTE, AGB) if code in VAN_GEMEENTE else (AGB, GEMEENTE)
    versie = {"basisschema_xsd_versie": "1.0.0", "bericht_xsd_versie": "1.0.0"}
    identificatie = {"identificatie": "A1", "dagtekening": "2026-04-15"}
    return {
        "bericht_code": BERICHTEN[code].kind("Header").kind("BerichtCode").patroon,
        "bericht_versie": 3,
        "bericht_subversie": 2,
        "afzender": afzender,
        "ontvanger": ontvanger,
        "bericht_identificatie": identificatie,
        "xsd_versie": versie,
        "identificatie_retour": "R1",
        "dagtekening_retour": "2026-04-17",
        "xslt_versie": "1.0.0",
        "xsd_versie_retour": versie,
        "declaratie_identificatie": identificatie,
        "xsd_versie_declaratie": versie,
        "retourcodes": inhoud(code).get("retourcodes"),
    }


def bericht(code: str, blok: Inhoud | None = None) -> bytes:
    """The full message of a kind, or one with another content."""
    blok = inhoud(code) if blok is None else blok
    kop = header(code)
    return bouw.bericht(code, kop | {"retourcodes": blok.get("retourcodes", kop["retourcodes"])}, blok)
