"""Four residents of Goes whose road the demo plays from the first call.

Two come to a decision: one has nobody around her, the other's daughter needs rest. They are residents that the demo
has anyway. One is helped by a village table, one the same day (spoed) and afterwards by his son. Of those two nothing
is claimed, so no sum of money changes.
"""

from datetime import date
from typing import Any

from lokaal.demo_bewoners import Bewoner
from lokaal.demo_spelers import Gemeenten

GOES = "0664"
MET_BESLUIT = {19: "afwezig", 20: "belast"}
"""Volgnummer of a resident whose indicatie comes from a melding, and how the network is."""
OPVOLGEN_OP = date(2026, 2, 3)
_GEBIEDEN = (
    "wonen", "gezondheid", "geld", "daginvulling", "sociaal_netwerk", "gezin", "veiligheid", "zingeving", "vervoer",
)  # fmt: skip
_NEE = {"uitkomst": "niet_toereikend", "motivering": "Dit is besproken en het is niet genoeg."}
_JA = {"uitkomst": "toereikend", "motivering": "Hiermee komt de inwoner weer onder de mensen."}
_OPTIES = [
    {"trede": "algemene_voorziening", "naam": "Eettafel De Haven", "kosten_cent": 50_000},
    {"trede": "maatwerk", "naam": "Begeleiding", "kosten_cent": 900_000},
]
_KAART = {
    "geldig_vanaf": "2026-01-01",
    "voorzieningen": [{"code": "eettafel", "naam": "Eettafel De Haven", "soort": "algemeen"}],
}
_BUUR = {
    "client": {
        "bsn": "999990068", "geboortedatum": "1941-03-09", "geslacht": "1",
        "naam": {"achternaam": "Slikhoek", "voorletters": "P"},
        "adres": {"straat": "Havenpad", "huisnummer": 3, "postcode": "4461ZZ", "plaats": "Goes"},
    },
}  # fmt: skip
_DOCHTER = {
    "naam": "Een dochter", "relatie": "dochter", "mantelzorger": True, "uren_per_week": 40, "belasting": "overbelast",
}  # fmt: skip
_RESPIJT = {"uitkomst": "geboden", "motivering": "Twee dagen per week heeft de dochter de handen vrij."}
SPOED = Bewoner(
    volgnummer=900,
    gemeente=GOES,
    aanbieder="75750101",
    maand=1,
    client={
        "bsn": "999990081", "geboortedatum": "1946-11-23", "geslacht": "1",
        "naam": {"achternaam": "Wierlaar", "voorletters": "K"},
        "adres": {"straat": "Zeedijk", "huisnummer": 8, "postcode": "4461ZZ", "plaats": "Goes"},
    },
    product={
        "aanbieder": "75750101", "product": {"categorie": "02", "code": "02A05"}, "ingangsdatum": "2026-01-05",
        "einddatum": "2026-02-01", "omvang": {"volume": 5, "eenheid": "04", "frequentie": "2"},
    },
)  # fmt: skip
"""Back from hospital, alone in the house: help the same day, for four weeks."""
_SIGNAAL = {
    "over": {"postcode": "4461ZZ", "huisnummer": 3},
    "melder": {"soort": "dorpsinitiatief", "naam": "Eettafel De Haven"},
    "toestemming": "gegeven",
    "zorg": "Meneer komt niet meer eten. Hij zegt dat hij zich alleen voelt.",
}


class Melding:
    """One melding in the demo; every call has a key of its own, so an interrupted demo goes on."""

    def __init__(self, gemeenten: Gemeenten, naam: str) -> None:
        self._gemeenten, self._naam = gemeenten, naam
        self._pad = ""

    async def begin(self, pad: str, body: dict[str, Any]) -> None:
        """The call that makes the melding."""
        gemaakt = await self._vraag("POST", pad, body, "melding")
        self._pad = f"/v1/meldingen/{gemaakt['melding_id']}"

    async def stap(self, methode: str, pad: str, body: dict[str, Any]) -> dict[str, Any]:
        """One step."""
        return await self._vraag(methode, f"{self._pad}/{pad}", body, pad)

    async def onderzoek(self, netwerk: str, **verder: Any) -> None:
        """The plan that does not come, the conversation at home, and its end."""
        gebied = {"situatie": "Besproken.", "wens": "Zelf de dag indelen.", "resultaat": "Een vast ritme."}
        await self.stap("PUT", "plan", {"plan": "geen"})
        await self.stap(
            "PUT",
            "onderzoek",
            {
                "identiteit_vastgesteld": True,
                "gesprek": {"datum": "2026-01-04", "verslag": "Wij spraken thuis aan tafel."},
                "clientondersteuning": {"aangeboden_op": "2026-01-04", "gewenst": False},
                "leefgebieden": dict.fromkeys(_GEBIEDEN, gebied),
                "netwerk": {"stand": netwerk},
            }
            | verder,
        )
        await self.stap("POST", "onderzoek/afronding", {})

    async def _vraag(self, methode: str, pad: str, body: dict[str, Any], wat: str) -> dict[str, Any]:
        antwoord: dict[str, Any] = await self._gemeenten.vraag(
            methode, "intake", pad, GOES, json=body, sleutel=f"demo-{self._naam}-{wat}"
        )
        return antwoord


async def indicatie_uit_melding(gemeenten: Gemeenten, bewoner: Bewoner) -> dict[str, Any]:
    """Melding, research, weighing, request and decision; gives its indicatie_id."""
    melding = Melding(gemeenten, f"melding-{bewoner.volgnummer}")
    body = {"client": bewoner.client, "melder": {"soort": "huisarts"}, "hulpvraag": "De dag loopt vast."}
    await melding.begin("/v1/meldingen", body)
    treden: dict[str, Any] = {"algemene_voorziening": _NEE, "collectief": _NEE, "maatwerk": _JA}
    if MET_BESLUIT[bewoner.volgnummer] == "afwezig":
        # Nobody around: own strength and network do not apply, and that delays nothing.
        await melding.onderzoek("afwezig")
        await melding.stap("PUT", "afweging", {"treden": treden, "opties": _OPTIES})
    else:
        await melding.onderzoek("aanwezig", personen=[_DOCHTER])
        treden |= {"eigen_kracht": _NEE, "netwerk": _NEE}
        await melding.stap("PUT", "afweging", {"treden": treden, "opties": _OPTIES, "respijt": _RESPIJT})
    await melding.stap("POST", "aanvraag", {})
    indicatie = bewoner.indicatie()
    besluit = {
        "besluit": "toekenning",
        **indicatie["beschikking"],
        "wettelijke_grond": "Artikel 2.3.5 van de Wmo 2015",
        "motivering": "Zonder hulp loopt uw dag vast.",
        "herziening_op": "2026-12-01",
        "producten": [product | {"doel": "Een vast ritme in de dag."} for product in indicatie["producten"]],
    }
    return await melding.stap("POST", "beschikking", besluit)


async def verwijs(gemeenten: Gemeenten) -> None:
    """A signal of a village table becomes a melding, and the table turns out to be enough."""
    await gemeenten.vraag("PUT", "intake", "/v1/sociale-kaart", GOES, json=_KAART)
    signaal = await gemeenten.vraag("POST", "intake", "/v1/signalen", GOES, json=_SIGNAAL, sleutel="demo-signaal")
    melding = await _verwezen(gemeenten, signaal["signaal_id"])
    await melding.onderzoek("aanwezig")
    treden = {"eigen_kracht": _NEE, "netwerk": _NEE, "algemene_voorziening": _JA}
    await melding.stap("PUT", "afweging", {"treden": treden, "opties": _OPTIES})
    await melding.stap("POST", "verwijzingen", {"voorziening": "eettafel", "opvolgen_op": OPVOLGEN_OP.isoformat()})


async def volg_op(gemeenten: Gemeenten) -> None:
    """A month later it helps: solved without a toewijzing."""
    signaal = await gemeenten.vraag("POST", "intake", "/v1/signalen", GOES, json=_SIGNAAL, sleutel="demo-signaal")
    melding = await _verwezen(gemeenten, signaal["signaal_id"])
    await melding.stap("POST", "verwijzingen/opvolging", {"verwijzing": 1, "uitkomst": "geholpen"})
    await melding.stap("POST", "afsluiting", {"uitkomst": "opgelost_zonder_toewijzing"})


async def help_meteen(gemeenten: Gemeenten) -> None:
    """Spoed: a temporary provision the same day, before any research; it becomes a toewijzing of SPOED."""
    melding = await _met_spoed(gemeenten)
    indicatie = SPOED.indicatie()
    tijdelijk = {
        "beschikking": indicatie["beschikking"] | {"einddatum": SPOED.product["einddatum"]},
        "producten": indicatie["producten"],
        "motivering": "Meneer kan niet alleen in huis zijn.",
    }
    gegeven = await melding.stap("POST", "spoedvoorziening", tijdelijk)
    await gemeenten.wordt_toewijzing(SPOED, gegeven["indicatie_id"])


async def rond_spoed_af(gemeenten: Gemeenten) -> None:
    """A month later the research is done: his son has moved in, and that is enough."""
    melding = await _met_spoed(gemeenten)
    await melding.onderzoek("aanwezig")
    await melding.stap("PUT", "afweging", {"treden": {"eigen_kracht": _NEE, "netwerk": _JA}, "opties": _OPTIES})
    await melding.stap("POST", "afsluiting", {"uitkomst": "opgelost_zonder_toewijzing"})


async def _met_spoed(gemeenten: Gemeenten) -> Melding:
    melding = Melding(gemeenten, "spoed")
    body = {"client": SPOED.client, "melder": {"soort": "ziekenhuis"}, "hulpvraag": "Alleen thuis.", "spoed": True}
    await melding.begin("/v1/meldingen", body)
    return melding


async def _verwezen(gemeenten: Gemeenten, signaal_id: str) -> Melding:
    """The melding of the signal: with the same key the same one again."""
    melding = Melding(gemeenten, "signaal")
    await melding.begin(f"/v1/signalen/{signaal_id}/melding", _BUUR)
    return melding
