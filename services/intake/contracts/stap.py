"""De inhoud van elke stap in een melding, zoals de gemeente haar geeft.

What is missing is told by the domain, all at once; a model only says what a field may look like.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from services.intake.contracts.indicatie import Beschikking, Client, GeindiceerdProduct, Omvang, Product

_VRIJ = r"^[^\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]*[^\s\x00-\x1f\x7f\ufffe\uffff][^\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]*$"
Tekst = Annotated[str, Field(min_length=1, max_length=4_000, pattern=_VRIJ)]
Regel = Annotated[str, Field(min_length=1, max_length=200, pattern=_VRIJ)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Dag = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
Cent = Annotated[StrictInt, Field(ge=0, le=1_000_000_000)]
Rang = Annotated[StrictInt, Field(ge=1, le=1_000)]
Score = Annotated[StrictInt, Field(ge=1, le=5)]
Trede = Literal["eigen_kracht", "netwerk", "algemene_voorziening", "collectief", "maatwerk"]
Melder = Literal["inwoner", "naaste", "huisarts", "wijkteam", "signaal", "ziekenhuis", "anders"]


class StapIn(BaseModel):
    """Een stap: niets wat hier niet staat."""

    model_config = ConfigDict(extra="forbid")


class MelderIn(StapIn):
    """Wie meldt; alleen bij een ander dan de inwoner zelf zijn naam en bereik nodig."""

    soort: Melder
    naam: Regel | None = None
    bereikbaar: Regel | None = None


class Vertegenwoordiger(StapIn):
    """Wie namens de inwoner mag spreken."""

    naam: Regel
    soort: Literal["gemachtigde", "mentor", "curator", "bewindvoerder", "ouder", "partner"]
    bereikbaar: Regel | None = None


class RisicoIn(StapIn):
    """Een gevaar voor de inwoner of een ander."""

    soort: Literal["veiligheid", "verwaarlozing", "geweld", "gezondheid", "geld", "dakloosheid", "anders"]
    toelichting: Tekst


class MeldingIn(StapIn):
    """POST /v1/meldingen: iemand heeft hulp nodig. Spoed: dan komt er meteen een tijdelijke voorziening."""

    client: Client
    melder: MelderIn
    hulpvraag: Tekst
    kanaal: Literal["telefoon", "e-mail", "brief", "huisbezoek", "balie"] = "telefoon"
    taal: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = "nl"
    tolk_nodig: bool = False
    vertegenwoordiger: Vertegenwoordiger | None = None
    spoed: bool = False
    kwetsbaar: bool = False
    risicos: Annotated[list[RisicoIn], Field(max_length=20)] = []


class OverdrachtIn(StapIn):
    """Naar een ander team; de geschiedenis gaat mee."""

    team: Code
    reden: Tekst


class PlanIn(StapIn):
    """Het persoonlijk plan van de inwoner, of dat er geen komt (Wmo 2.3.2 lid 2)."""

    plan: Literal["ontvangen", "geen"]
    tekst: Tekst | None = None


class SpoedvoorzieningIn(StapIn):
    """Meteen hulp, voor even (Wmo 2.3.3): gaat als indicatie de keten in."""

    beschikking: Beschikking
    producten: Annotated[list[GeindiceerdProduct], Field(min_length=1, max_length=20)]
    motivering: Tekst


class Gesprek(StapIn):
    """Het gesprek aan de keukentafel."""

    datum: Dag | None = None
    aanwezig: Annotated[list[Regel], Field(max_length=20)] | None = None
    verslag: Tekst | None = None


class Leefgebied(StapIn):
    """Hoe het gaat, wat de inwoner wil, en welk resultaat nodig is."""

    situatie: Tekst | None = None
    wens: Tekst | None = None
    resultaat: Tekst | None = None


class Clientondersteuning(StapIn):
    """Gratis, onafhankelijke ondersteuning (Wmo 2.3.2 lid 3)."""

    aangeboden_op: Dag | None = None
    gewenst: bool | None = None


class Netwerk(StapIn):
    """Hoe de mensen om de inwoner heen zijn. Afwezig of belastend: niemand vraagt eerst hun hulp."""

    stand: Literal["aanwezig", "afwezig", "belastend"]
    toelichting: Tekst | None = None


class Persoon(StapIn):
    """Iemand om de inwoner heen; bij een mantelzorger hoort hoe zwaar het is."""

    naam: Regel
    relatie: Regel
    mantelzorger: bool = False
    uren_per_week: Annotated[StrictInt, Field(ge=0, le=168)] | None = None
    belasting: Literal["licht", "matig", "overbelast"] | None = None
    toelichting: Tekst | None = None


class OnderzoekIn(StapIn):
    """Wat een gesprek toevoegt; wat ontbreekt blijft zoals het was."""

    identiteit_vastgesteld: bool | None = None
    gesprek: Gesprek | None = None
    clientondersteuning: Clientondersteuning | None = None
    leefgebieden: Annotated[dict[Code, Leefgebied], Field(max_length=30)] | None = None
    netwerk: Netwerk | None = None
    personen: Annotated[list[Persoon], Field(max_length=50)] | None = None
    kwetsbaar: bool | None = None


class AfrondingIn(StapIn):
    """Het onderzoek is klaar; 422 noemt alles wat nog ontbreekt."""

    samenvatting: Tekst | None = None


class TredeIn(StapIn):
    """Of deze trede genoeg is, en waarom."""

    uitkomst: Literal["toereikend", "deels", "niet_toereikend", "niet_van_toepassing"] | None = None
    motivering: Tekst | None = None


class Optie(StapIn):
    """Een mogelijkheid op een trede met wat die per jaar kost: zelf gegeven, of van de sociale kaart.

    Kost een plek van de kaart iets per keer, dan hoort `keren_per_jaar` erbij.
    """

    trede: Trede
    naam: Regel | None = None
    kosten_cent: Cent | None = None
    voorziening: Code | None = None
    keren_per_jaar: Annotated[StrictInt, Field(ge=1, le=366)] | None = None


class Respijt(StapIn):
    """Rust voor de mantelzorger."""

    uitkomst: Literal["geboden", "niet_gewenst", "niet_nodig"]
    motivering: Tekst


class AfwegingIn(StapIn):
    """Wat genoeg is, in vaste volgorde: eigen kracht, netwerk, algemene voorziening, collectief, maatwerk."""

    treden: Annotated[dict[Trede, TredeIn], Field(max_length=5)]
    opties: Annotated[list[Optie], Field(max_length=20)] = []
    respijt: Respijt | None = None


class VerwijzingIn(StapIn):
    """Naar een voorziening van de sociale kaart, en wanneer u vraagt of het helpt."""

    voorziening: Code
    opvolgen_op: Dag
    toelichting: Tekst | None = None


class OpvolgingIn(StapIn):
    """Hielp de verwijzing? `verwijzing` is haar volgnummer."""

    verwijzing: Rang
    uitkomst: Literal["geholpen", "deels_geholpen", "niet_geholpen", "geen_reactie"]
    toelichting: Tekst | None = None


class AanvraagIn(StapIn):
    """De inwoner vraagt om een besluit (Wmo 2.3.2 lid 9)."""

    namens: Literal["inwoner", "vertegenwoordiger"] = "inwoner"


class Voorwaarden(StapIn):
    """Wat er moet zijn voordat hulp op afstand kan."""

    gewenst: bool = False
    apparaat: bool = False
    verbinding: bool = False
    uitleg: bool = False


class ProductInBesluit(StapIn):
    """Hulp in het besluit, met haar doel; zonder aanbieder alleen bij een pgb."""

    doel: Tekst
    wijze: Literal["op_locatie", "e_zorg"] = "op_locatie"
    voorwaarden: Voorwaarden | None = None
    aanbieder: Annotated[str, Field(pattern=r"^[0-9]{8}$")] | None = None
    product: Product | None = None
    ingangsdatum: Dag
    einddatum: Dag | None = None
    omvang: Omvang | None = None
    budget_cent: Annotated[StrictInt, Field(ge=0, le=99_999_999)] | None = None


class BeschikkingIn(StapIn):
    """Het besluit. Een toekenning in natura (`zin`) gaat als indicatie de keten in, een keer."""

    besluit: Literal["toekenning", "afwijzing", "intrekking"]
    nummer: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
    wettelijke_grond: Regel
    ingangsdatum: Dag
    einddatum: Dag | None = None
    leveringsvorm: Literal["zin", "pgb"] = "zin"
    producten: Annotated[list[ProductInBesluit], Field(max_length=20)] = []
    herziening_op: Dag | None = None
    motivering: Tekst | None = None


class HerzieningIn(StapIn):
    """Het besluit moet anders: het oude blijft staan, er komt een nieuwe versie."""

    aanleiding: Literal["wijziging", "intrekking", "fout", "herbeoordeling"]
    reden: Tekst


class BezwaarIn(StapIn):
    """De inwoner is het niet eens met het laatste besluit."""

    gronden: Tekst


class BezwaarbesluitIn(StapIn):
    """Gegrond: dan komt er een nieuw besluit."""

    uitkomst: Literal["gegrond", "ongegrond", "niet_ontvankelijk", "ingetrokken"]
    motivering: Tekst


class RisicoafhandelingIn(StapIn):
    """Het gevaar is weg. `risico` is zijn volgnummer."""

    risico: Rang
    toelichting: Tekst


class RisicoakkoordIn(StapIn):
    """Een tweede persoon vindt dat de melding dicht kan, al is er nog een risico."""

    reden: Tekst


class ContactIn(StapIn):
    """Een poging tot contact. Lukt het niet, dan loopt de termijn om te reageren."""

    wijze: Literal["telefoon", "e-mail", "brief", "huisbezoek", "balie"]
    gelukt: bool
    toelichting: Tekst | None = None


class Antwoorden(StapIn):
    """De drie vragen: 1 is helemaal niet, 5 is heel erg."""

    doel: Score
    omgang: Score
    inspraak: Score


class ErvaringIn(StapIn):
    """Hoe de inwoner de hulp vindt, na de start of na het einde. Zonder `antwoorden` wilde de inwoner niets zeggen."""

    toewijzing_nummer: Annotated[StrictInt, Field(ge=1, le=2**31 - 1)]
    moment: Literal["start", "stop"]
    kanaal: Literal["telefoon", "e-mail", "brief", "huisbezoek", "balie", "portaal"]
    antwoorden: Antwoorden | None = None
    toelichting: Tekst | None = None


class Stem(StapIn):
    """Wat een van de drie van een doel vindt; `geen_oordeel` heeft een toelichting nodig."""

    oordeel: Literal["gehaald", "deels_gehaald", "niet_gehaald", "geen_oordeel"]
    toelichting: Tekst | None = None


class DoelOordeel(StapIn):
    """Drie stemmen over een doel. `doel` is zijn plaats in het besluit."""

    doel: Rang
    client: Stem | None = None
    aanbieder: Stem | None = None
    gemeente: Stem | None = None


class EvaluatieIn(StapIn):
    """Samen met de inwoner: zijn de doelen uit het besluit gehaald?"""

    moment: Literal["herziening", "stop"]
    doelen: Annotated[list[DoelOordeel], Field(min_length=1, max_length=20)]
    afspraak: Tekst | None = None


class IntrekkingIn(StapIn):
    """De inwoner wil niet verder."""

    reden: Tekst | None = None


class AfsluitingIn(StapIn):
    """De melding is klaar."""

    uitkomst: Literal[
        "opgelost_zonder_toewijzing", "besluit_uitgevoerd", "geen_hulp_nodig", "geen_contact", "verhuisd", "overleden"
    ]
    toelichting: Tekst | None = None
