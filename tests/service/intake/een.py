"""One body per step of a melding: right, and with everything in it, so that a test can leave something out."""

from __future__ import annotations

from typing import Any

GEBIEDEN = (
    "wonen", "gezondheid", "geld", "daginvulling", "sociaal_netwerk", "gezin", "veiligheid", "zingeving", "vervoer",
)  # fmt: skip
NEE = {"uitkomst": "niet_toereikend", "motivering": "Dit is besproken en het is niet genoeg."}
JA = {"uitkomst": "toereikend", "motivering": "Hiermee lukt het."}
OMVANG = {"volume": 3, "eenheid": "04", "frequentie": "2"}
PRODUCT = {"categorie": "02", "code": "02A05"}


def een_client(bsn: str) -> dict[str, Any]:
    return {
        "bsn": bsn, "geboortedatum": "1950-05-17", "geslacht": "2",
        "naam": {"achternaam": "Testduin", "voorletters": "A"},
        "adres": {"straat": "Zeedijk", "huisnummer": 12, "postcode": "4461AB", "plaats": "Goes"},
    }  # fmt: skip


def een_melding(bsn: str, **anders: Any) -> dict[str, Any]:
    return {
        "client": een_client(bsn),
        "melder": {"soort": "huisarts", "naam": "Praktijk aan de haven", "bereikbaar": "0113-000000"},
        "hulpvraag": "Mevrouw komt de deur niet meer uit.",
    } | anders


def een_signaal(**anders: Any) -> dict[str, Any]:
    return {
        "over": {"naam": "Mevrouw Testduin", "postcode": "4461AB", "huisnummer": 12},
        "melder": {"soort": "buur", "naam": "Buurman Geheim"},
        "toestemming": "gegeven",
        "zorg": "De gordijnen zijn al dagen dicht.",
    } | anders


def een_onderzoek(**anders: Any) -> dict[str, Any]:
    return {
        "identiteit_vastgesteld": True,
        "gesprek": {"datum": "2026-01-22", "aanwezig": ["de inwoner"], "verslag": "Wij spraken aan de keukentafel."},
        "clientondersteuning": {"aangeboden_op": "2026-01-19", "gewenst": False},
        "leefgebieden": {g: {"situatie": "Nu.", "wens": "Straks.", "resultaat": "Dan."} for g in GEBIEDEN},
        "netwerk": {"stand": "aanwezig", "toelichting": "Een dochter in de stad."},
    } | anders


def een_afweging(**anders: Any) -> dict[str, Any]:
    eerst = dict.fromkeys(("eigen_kracht", "netwerk", "algemene_voorziening", "collectief"), NEE)
    return {"treden": eerst | {"maatwerk": JA}} | anders


def een_beschikking(aanbieder: str = "75750101", **anders: Any) -> dict[str, Any]:
    product = {
        "doel": "Zelf de dag indelen.", "aanbieder": aanbieder, "product": PRODUCT, "ingangsdatum": "2026-02-02",
        "einddatum": "2026-07-31", "omvang": OMVANG,
    }  # fmt: skip
    return {
        "besluit": "toekenning", "nummer": "1001", "wettelijke_grond": "Artikel 2.3.5 van de Wmo 2015",
        "ingangsdatum": "2026-02-02", "einddatum": "2026-07-31", "producten": [product], "herziening_op": "2026-06-01",
        "motivering": "Uw dag loopt vast zonder hulp.",
    } | anders  # fmt: skip


def een_spoedvoorziening(aanbieder: str = "75750101", **anders: Any) -> dict[str, Any]:
    product = {"aanbieder": aanbieder, "product": PRODUCT, "ingangsdatum": "2026-02-02", "einddatum": "2026-02-27",
               "omvang": OMVANG}  # fmt: skip
    return {
        "beschikking": {"nummer": "900", "ingangsdatum": "2026-02-02", "einddatum": "2026-02-27"},
        "producten": [product], "motivering": "Mevrouw kan niet alleen blijven.",
    } | anders  # fmt: skip


KAART = {
    "geldig_vanaf": "2026-01-01",
    "voorzieningen": [
        {
            "code": "eettafel",
            "naam": "Eettafel De Haven",
            "soort": "algemeen",
            "leefgebieden": ["sociaal_netwerk"],
            "plaats": "Markt 1, Goes",
            "capaciteit": 20,
            "contact": "0113-000000",
            "kosten": {"cent": 750, "per": "keer"},
        },
        {"code": "respijthuis", "naam": "Respijthuis Het Duin", "soort": "respijt"},
    ],
}

STAPPEN: dict[str, dict[str, Any]] = {
    "POST overdracht": {"team": "oost", "reden": "Verhuisd naar oost."},
    "PUT plan": {"plan": "geen"},
    "POST spoedvoorziening": een_spoedvoorziening(),
    "PUT onderzoek": een_onderzoek(),
    "POST onderzoek/afronding": {},
    "PUT afweging": een_afweging(),
    "POST verwijzingen": {"voorziening": "eettafel", "opvolgen_op": "2026-03-02"},
    "POST verwijzingen/opvolging": {"verwijzing": 1, "uitkomst": "geholpen"},
    "POST aanvraag": {},
    "POST beschikking": een_beschikking(),
    "POST beschikking/herziening": {"aanleiding": "wijziging", "reden": "Er is meer nodig."},
    "POST bezwaar": {"gronden": "Ik heb wel hulp nodig."},
    "POST bezwaar/besluit": {"uitkomst": "gegrond", "motivering": "De inwoner heeft gelijk."},
    "POST risicos": {"soort": "gezondheid", "toelichting": "Zij eet te weinig."},
    "POST risicos/afhandeling": {"risico": 1, "toelichting": "Er komt nu een maaltijd."},
    "POST risicos/akkoord": {"reden": "De huisarts neemt het over."},
    "POST contacten": {"wijze": "telefoon", "gelukt": False},
    "POST ervaringen": {"toewijzing_nummer": 1, "moment": "start", "kanaal": "telefoon"},
    "POST evaluaties": {"moment": "herziening", "doelen": [{"doel": 1}]},
    "POST intrekking": {},
    "POST afsluiting": {"uitkomst": "besluit_uitgevoerd"},
}
"""`METHOD path` under /v1/meldingen/{melding_id} to a right body."""
