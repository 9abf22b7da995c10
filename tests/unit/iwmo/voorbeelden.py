"""Example messages: valid ones, and a way to break one in a single place."""

from datetime import date
from typing import Any

from schemas.iwmo import codec, rules, schrijf, schrijf_verzoek

GEMEENTE, AGB = "0664", "75750101"
DAG = date(2026, 4, 15)
KOP_301 = {"afzender": GEMEENTE, "ontvanger": AGB, "identificatie": "GO26A0001", "dagtekening": DAG}
KOP = {"afzender": AGB, "ontvanger": GEMEENTE, "identificatie": "A126A0001", "dagtekening": DAG}
Vervang = tuple[str, str]


def een_client(**anders: Any) -> dict[str, Any]:
    return {
        "bsn": "999900018",
        "geboortedatum": "1950-05-17",
        "geslacht": "2",
        "naam": {"achternaam": "Testduin", "voorvoegsel": "van", "voorletters": "A.B."},
        "adres": {"straat": "Zeedijk", "huisnummer": 12, "postcode": "4461 AB", "plaats": "Goes"},
        "telefoon": "0612345678",
    } | anders


def toegewezen(**anders: Any) -> dict[str, Any]:
    return {
        "toewijzing_nummer": 610001,
        "referentie_aanbieder": None,
        "product": {"categorie": "02", "code": "02A05"},
        "toewijzingsdatum": "2026-01-19",
        "toewijzingstijd": "10:00:00",
        "ingangsdatum": "2026-02-02",
        "einddatum": "2026-07-31",
        "reden_wijziging": None,
        "omvang": {"volume": 3, "eenheid": "04", "frequentie": "2"},
        "budget_cent": None,
        "commentaar": None,
    } | anders


def start(**anders: Any) -> dict[str, Any]:
    return {
        "toewijzing_nummer": 610001,
        "product": {"categorie": "02", "code": "02A05"},
        "toewijzing_ingangsdatum": "2026-02-02",
        "begindatum": "2026-02-03",
        "status_aanlevering": "1",
    } | anders


def stop(**anders: Any) -> dict[str, Any]:
    return start(reden_beeindiging="19", einddatum="2026-04-01") | anders


def prestatie(**anders: Any) -> dict[str, Any]:
    return {
        "referentie_nummer": "R1",
        "vorig_referentie_nummer": None,
        "toewijzing_nummer": 610001,
        "product_categorie": "02",
        "product_code": "02A05",
        "begindatum": "2026-03-01",
        "einddatum": "2026-03-31",
        "geleverd_volume": 10,
        "eenheid": "04",
        "product_tarief_cent": 5875,
        "ingediend_cent": 58750,
        "debet_credit": "D",
    } | anders


def declaratie(*prestaties: dict[str, Any], **anders: Any) -> dict[str, Any]:
    return {
        "declaratie_nummer": "D0001",
        "declaratie_periode": {"begindatum": "2026-03-01", "einddatum": "2026-03-31"},
        "declaratie_dagtekening": "2026-04-10",
        "clienten": [{"bsn": "999900018", "prestaties": list(prestaties) or [prestatie()]}],
    } | anders


def wmo301(*producten: dict[str, Any], **client: Any) -> bytes:
    return schrijf.toewijzing_301(
        **KOP_301, client=een_client(**client), toegewezen_producten=list(producten) or [toegewezen()]
    )


def wmo305(*starts: dict[str, Any], **client: Any) -> bytes:
    return schrijf.start_305(**KOP, client=een_client(**client), start_producten=list(starts) or [start()])


def wmo307(*stops: dict[str, Any]) -> bytes:
    return schrijf.stop_307(**KOP, client=een_client(), stop_producten=list(stops) or [stop()])


def wmo323(*prestaties: dict[str, Any], **anders: Any) -> bytes:
    return schrijf.declaratie_323(**KOP, declaratie=declaratie(*prestaties, **anders))


OMVANG = {"volume": 3, "eenheid": "04", "frequentie": "4"}
VERWIJZER = {"type": "02", "naam": "Arts"}


def aanvraag(**anders: Any) -> dict[str, Any]:
    return {
        "referentie_aanbieder": "V1",
        "product": {"categorie": "02", "code": "02A05"},
        "toewijzing_ingangsdatum": "2026-05-01",
        "omvang": OMVANG,
        "verwijzer": VERWIJZER,
    } | anders


def wmo315(*aanvragen: dict[str, Any]) -> bytes:
    return schrijf_verzoek.vot_315(**KOP, client=een_client(), aangevraagde_producten=list(aanvragen) or [aanvraag()])


def nieuw(**anders: Any) -> dict[str, Any]:
    product = {"categorie": "02", "code": "02A05"}
    return {"product": product, "gewenste_ingangsdatum": "2026-05-01", "omvang": OMVANG} | anders


def wmo317(**verzoek: Any) -> bytes:
    heel = {"referentie_aanbieder": "V1", "reden_verzoek": "1"} | verzoek
    return schrijf_verzoek.vow_317(**KOP, bsn="999900018", verzoek=heel)


def wmo319(**antwoord: Any) -> bytes:
    return schrijf_verzoek.antwoord_319(**KOP_301, antwoord={"referentie_aanbieder": "V1"} | antwoord)


def regels(raw: bytes, *vervang: Vervang) -> set[str]:
    """The broken rules of a message, after changing pieces of its text (each must be there)."""
    return {bevinding.regel for bevinding in rules.check(codec.parse(wijzig(raw, *vervang)))}


def wijzig(raw: bytes, *vervang: Vervang) -> bytes:
    for oud, nieuw in vervang:
        assert oud.encode() in raw, oud
        raw = raw.replace(oud.encode(), nieuw.encode(), 1)
    return raw
