"""Words of the screens: kinds of message, statuses, dates and amounts in plain Dutch (B1)."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MAANDEN = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
SOORTEN = {
    "WMO301": "Toewijzing",
    "WMO302": "Antwoord op toewijzing",
    "WMO305": "Start zorg",
    "WMO306": "Antwoord op start",
    "WMO307": "Stop zorg",
    "WMO308": "Antwoord op stop",
    "WMO323": "Declaratie",
    "WMO325": "Antwoord op declaratie",
}
"""The message kinds that the strip on top of the event flow counts, in the order of the chain."""

STATUSSEN = {
    "goed": "Akkoord",
    "afgekeurd": "Afgekeurd",
    "wacht": "Wacht op antwoord",
    "signaal": "Vraagt aandacht",
    "info": "Ter informatie",
}
WACHT_OP = {
    "antwoord_301": "het antwoord van de aanbieder op de toewijzing",
    "antwoord_319": "het antwoord van de aanbieder op het besluit over zijn verzoek",
    "start": "de melding dat de zorg is begonnen",
    "stop": "de melding dat de zorg is gestopt",
    "reactie_verzoek": "de eerste reactie op het verzoek van de aanbieder",
    "besluit_verzoek": "het besluit over het verzoek van de aanbieder",
    "antwoord_declaratie": "het antwoord van de gemeente op de declaratie",
}
"""Per kind of term what must still come."""

LEVERINGEN = {
    "geen": "nog niet begonnen",
    "gestart": "begonnen",
    "tijdelijk_gestopt": "tijdelijk gestopt",
    "gestopt": "gestopt",
}

REDENEN = {
    "leeg": "Het bericht is leeg.",
    "geen_json": "Het bericht is niet te lezen.",
    "geen_envelop": "Het bericht mist verplichte gegevens.",
    "andere_sleutel": "Het bericht noemt twee verschillende inwoners.",
    "ongeldige_inhoud": "De inhoud past niet bij de afspraak.",
    "onbruikbaar": "De inhoud past niet bij wat hier bekend is.",
    "wacht_na_termijn": "Wat eraan vooraf moet gaan, is niet gekomen.",
    "onverwachte_fout": "Bij het verwerken ging bij ons iets mis.",
    "soort_onbekend": "Dit soort bericht wordt hier niet gelezen.",
    "achter_geparkeerd": "Er staat een ander bericht van deze inwoner voor.",
}
"""Why an event is parked, by the code of the chassis."""

HANDELINGEN = {
    "ingezien": "Gegevens van de inwoner bekeken",
    "gewijzigd": "Gegevens van de inwoner gewijzigd",
    "gezocht": "Gezocht op BSN",
    "inzage_geweigerd": "Wilde kijken, maar dat mocht niet",
    "logboek_ingezien": "In dit logboek gekeken",
    "bericht_ingezien": "Een bericht bekeken",
    "bericht_opgehaald": "Een bericht opgehaald",
    "bericht_bezorgd": "Een bericht bezorgd bij de aanbieder",
}
"""What somebody did, in the access log."""

UITKOMSTEN = {
    "verwerkt": "wordt verwerkt",
    "wacht": "wacht op wat eraan vooraf moet gaan",
    "blijft_geparkeerd": "blijft geparkeerd",
}


def type_naam(type_: str | None) -> str:
    """`toewijzing.bericht_opgesteld` -> `bericht opgesteld (van toewijzing)`."""
    dienst, punt, naam = (type_ or "").partition(".")
    return f"{naam.replace('_', ' ')} (van {dienst})" if punt else "onbekend"


def soort_naam(soort: str | None) -> str:
    """`WMO301` -> `Toewijzing (301)`; a kind without a name keeps its code."""
    if not soort:
        return "Gebeurtenis"
    naam = SOORTEN.get(soort)
    return f"{naam} ({soort[3:]})" if naam else soort


SOORTEN_LANG = SOORTEN | {
    "WMO315": "Verzoek om toewijzing",
    "WMO316": "Antwoord op verzoek om toewijzing",
    "WMO317": "Verzoek om wijziging",
    "WMO318": "Antwoord op verzoek om wijziging",
    "WMO319": "Besluit op verzoek",
    "WMO320": "Antwoord op besluit",
}
"""Every kind of message, by name."""


def soort_lang(soort: str) -> str:
    """`WMO319` -> `Besluit op verzoek (319)`; what has no name keeps its code."""
    naam = SOORTEN_LANG.get(soort)
    return f"{naam} ({soort[3:]})" if naam else soort


def datum(waarde: str | dt.date | None) -> str:
    """An ISO date in words: `2 februari 2026`."""
    if waarde is None:
        return "onbekend"
    dag = dt.date.fromisoformat(waarde[:10]) if isinstance(waarde, str) else waarde
    return f"{dag.day} {MAANDEN[dag.month - 1]} {dag.year}"


def maand(periode: str) -> str:
    """`2026-02` -> `februari 2026`."""
    jaar, _, nummer = periode.partition("-")
    return f"{MAANDEN[int(nummer[:2]) - 1]} {jaar}"


def maand_kort(periode: str) -> str:
    """`2026-02` -> `feb 26`: below a bar of a chart."""
    jaar, _, nummer = periode.partition("-")
    naam = MAANDEN[int(nummer[:2]) - 1]
    return f"{'mrt' if naam == 'maart' else naam[:3]} {jaar[2:]}"


def moment(waarde: dt.datetime) -> str:
    """A UTC instant as Dutch local time: `2 februari 2026, 10:30 uur`."""
    lokaal = waarde.astimezone(AMSTERDAM)
    return f"{datum(lokaal.date())}, {lokaal:%H:%M} uur"


def euro(cent: int) -> str:
    """Whole cents as `€ 1.234,56`."""
    heel, rest = divmod(abs(cent), 100)
    bedrag = f"{heel:,}".replace(",", ".")
    return f"{'- ' if cent < 0 else ''}€ {bedrag},{rest:02d}"


def aantal(getal: int, een: str, meer: str) -> str:
    return f"{getal} {een if getal == 1 else meer}"


def nog(uiterlijk: dt.date | None, vandaag: dt.date) -> str:
    """How much time there is: `nog 3 dagen`, `vandaag`, `2 dagen te laat`; empty without a last day."""
    if uiterlijk is None:
        return ""
    dagen = (uiterlijk - vandaag).days
    if dagen < 0:
        return f"{aantal(-dagen, 'dag', 'dagen')} te laat"
    return f"nog {aantal(dagen, 'dag', 'dagen')}" if dagen else "vandaag"
