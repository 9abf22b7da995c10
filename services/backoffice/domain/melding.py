"""What a step of a melding is called on the screen; none of it says what somebody said."""

from __future__ import annotations

from .regel import Data, Regel
from .taal import datum, euro

ZINNEN = {
    "melding_ontvangen": "Er is een melding. Team {team} neemt contact op met de inwoner.",
    "melding_overgedragen": "De melding gaat naar team {team}.",
    "persoonlijk_plan_ontvangen": "De inwoner heeft over een persoonlijk plan beslist.",
    "spoedvoorziening_toegekend": "De inwoner krijgt meteen tijdelijke hulp.",
    "onderzoek_vastgelegd": "Team {team} heeft het onderzoek aangevuld.",
    "onderzoek_afgerond": "Het onderzoek is afgerond.",
    "afweging_vastgelegd": "De afweging is vastgelegd.",
    "inwoner_verwezen": "De inwoner is verwezen naar een plek van de sociale kaart.",
    "verwijzing_opgevolgd": "Er is gevraagd of de verwijzing helpt.",
    "aanvraag_ontvangen": "De inwoner vraagt om een besluit.",
    "beschikking_vastgesteld": "Er is een besluit. De inwoner krijgt een brief.",
    "herziening_begonnen": "Het besluit moet anders. Er komt een nieuwe versie.",
    "bezwaar_ontvangen": "De inwoner maakt bezwaar tegen het besluit.",
    "bezwaar_beslist": "Op het bezwaar is beslist.",
    "risico_gezien": "Er is een risico gezien. Team {team} houdt het in de gaten.",
    "risico_afgehandeld": "Een risico is afgehandeld.",
    "risico_aanvaard": "Een tweede persoon vindt dat de melding dicht kan, ook met een open risico.",
    "contact_vastgelegd": "Er is contact gezocht met de inwoner.",
    "outreach_gevraagd": "De inwoner reageert niet. Team {team} gaat langs.",
    "levering_bekend": "De hulp is begonnen of gestopt. Team {team} vraagt de inwoner hoe het gaat.",
    "ervaring_vastgelegd": "De inwoner vertelde hoe de hulp gaat.",
    "gesprek_gevraagd": "De hulp wordt weinig gebruikt. Team {team} gaat in gesprek. Aan de hulp verandert niets.",
    "doelen_beoordeeld": "De inwoner, de aanbieder en de gemeente zeiden of de doelen zijn gehaald.",
    "melding_ingetrokken": "De inwoner heeft de melding ingetrokken.",
    "melding_afgesloten": "De melding is afgesloten.",
}
"""Per event of intake (`intake.<name>`)."""
GEMEENTE_AAN_ZET = {
    "melding_ontvangen",
    "aanvraag_ontvangen",
    "herziening_begonnen",
    "bezwaar_ontvangen",
    "risico_gezien",
    "outreach_gevraagd",
    "gesprek_gevraagd",
}
SIGNALEN = {
    "signaal_ontvangen": "Er is een signaal uit de omgeving. Team {team} bekijkt het.",
    "signaal_afgehandeld": "Een signaal uit de omgeving is afgehandeld.",
}
TERMIJNEN = {
    "termijn_nadert": "Er is tijd tot en met {dag} om {wat}.",
    "termijn_verstreken": "De termijn is voorbij om {wat}.",
}
WAT = {
    "plan": "een persoonlijk plan in te leveren",
    "spoed": "een tijdelijke voorziening te geven",
    "onderzoek": "het onderzoek af te ronden",
    "besluit": "een besluit te nemen",
    "bezwaar": "bezwaar te maken",
    "bezwaarbesluit": "op het bezwaar te beslissen",
    "herziening": "te kijken of de hulp nog past",
    "opvolging": "te vragen of de verwijzing helpt",
    "reactie": "te reageren op de gemeente",
    "outreach": "langs te gaan bij de inwoner",
    "ervaring": "te vragen hoe de hulp gaat",
    "gesprek": "in gesprek te gaan over hulp die weinig wordt gebruikt",
    "evaluatie": "samen met de inwoner te kijken of de doelen zijn gehaald",
    "signaal": "te reageren op een signaal",
}
"""Per kind of term of intake what has to happen."""


def stap(data: Data, *, naam: str, zin: str) -> Regel:
    """A step of a melding, or a signal."""
    velden = {"Team": str(data["team"]), "Stand": str(data["status"]).replace("_", " ")}
    if data.get("bespaard_cent") is not None:
        velden["Bespaard per jaar (schatting)"] = euro(int(data["bespaard_cent"]))
    aan_zet = "gemeente" if naam in GEMEENTE_AAN_ZET or naam == "signaal_ontvangen" else None
    return Regel(zin.format(team=data["team"]), status="wacht" if aan_zet else "info", aan_zet=aan_zet, velden=velden)


def termijn(data: Data, *, zin: str) -> Regel:
    """A term of a melding nears or has passed; the resident's own is for nobody else to act on."""
    van_inwoner = data["wie"] == "inwoner"
    return Regel(
        zin.format(dag=datum(data["uiterlijk"]), wat=WAT[str(data["soort"])]),
        status="wacht",
        aan_zet=None if van_inwoner else "gemeente",
        uiterlijk=str(data["uiterlijk"]),
        velden={"Team": str(data["team"])},
    )
