"""The words of each rule: what is wrong, what is expected, what to do. Plain Dutch, never a value.

A code that a rule expects has its label beside it, from the code list itself. A code that a rule forbids is not named:
it is what stands in the message.
"""

from collections.abc import Mapping
from types import MappingProxyType

from schemas.iwmo.codes import codelijst

_STUUR = "Verbeter dit en stuur het hele bericht opnieuw."
_DATUM = "Controleer de datum, verbeter die en stuur het hele bericht opnieuw."
_RETOUR = "Verbeter de retourcodes en stuur het retourbericht opnieuw."
_BEDRAG = "Controleer de bedragen, verbeter ze en stuur de hele declaratie opnieuw."


def _codes(lijst: str, *codes: str) -> str:
    """Some codes of a list with their labels: `2 (Per week), 4 (Per maand) of 6 (...)`."""
    *eerste, laatste = [f"{code} ({codelijst(lijst)[code]})" for code in codes]
    return f"{', '.join(eerste)} of {laatste}" if eerste else laatste


_FREQUENTIE = (
    f"Bij eenheid {_codes('eenheid', '14', '16', '83', '84')}: frequentie {_codes('frequentie', '2', '4', '6')}."
)

TEKSTEN: Mapping[str, tuple[str, str, str]] = MappingProxyType({
    "TR002": ("De geboortedatum ligt te ver terug.", "Hoogstens 120 jaar voor de dagtekening.", _DATUM),
    "TR006": ("Bij dit contact ontbreekt een telefoonnummer of een adres.",
              "Een telefoonnummer, of een huisnummer met postcode.", _STUUR),
    "TR018": ("De stop ligt voor het begin.", "Een einddatum op of na de begindatum.", _DATUM),
    "TR056": ("Deze identificatie is al gebruikt voor dit soort bericht.",
              "Een nieuwe, unieke identificatie.",
              "Geef het bericht een nieuwe identificatie en stuur het opnieuw."),
    "TR061": ("De client heeft geen bruikbaar adres of contact.",
              f"Minstens 1 contact van soort {_codes('adres_soort', '01', '02', '03')}.", _STUUR),
    "TR101": ("Dit onderdeel staat twee keer in het bericht.", "Elk onderdeel hoogstens 1 keer.",
              "Haal het dubbele onderdeel weg en stuur het hele bericht opnieuw."),
    "TR134": ("Deze datum ligt na de dagtekening van het bericht.",
              "Een datum op of voor de dagtekening.", _DATUM),
    "TR135": ("De dagtekening ligt in de toekomst.", "Een dagtekening van vandaag of eerder.", _DATUM),
    "TR137": ("De einddatum van de periode klopt niet.",
              "Een einddatum op of na de begindatum, en niet na de dagtekening van het bericht.", _DATUM),
    "TR302": ("Dit product is voor dezelfde dagen al eerder in dit bericht toegewezen.",
              "Perioden die elkaar niet overlappen.",
              "Pas de perioden aan en stuur het hele bericht opnieuw."),
    "TR315": ("Dit vorige referentienummer staat meer dan 1 keer in de declaratie.",
              "Elk vorig referentienummer hoogstens 1 keer.", _STUUR),
    "TR316": ("Deze credit hoort bij een debet in dezelfde declaratie.",
              "Een debet uit een eerdere declaratie.",
              "Haal de credit en de debet allebei uit de declaratie, of wacht op het antwoord."),
    "TR335": ("De prestatie is te oud.",
              "Een einddatum van hoogstens 5 jaar voor de dagtekening van de declaratie.",
              "Haal deze prestatie uit de declaratie en overleg met de gemeente."),
    "TR342": ("De bedragen in dit antwoord kloppen niet met elkaar.",
              "Ingediend min toegekend is gelijk aan de som van de afgekeurde prestaties.",
              "Vraag de gemeente om een nieuw antwoord."),
    "TR352": ("Er staat geen bestaand product in het verzoek.",
              "Minstens 1 ongewijzigd of te wijzigen product.", _STUUR),
    "TR353": ("Het verzoek vraagt geen wijziging.", "Minstens 1 te wijzigen of nieuw product.", _STUUR),
    "TR358": ("Het totaalbedrag klopt niet.",
              "De som van alle debetbedragen min alle creditbedragen.", _BEDRAG),
    "TR378": ("Deze gemeentecode bestaat niet.", "Een code uit de gemeentelijst van het CBS.",
              "Controleer voor welke gemeente dit bericht is en stuur het opnieuw."),
    "TR380": ("De gewenste ingangsdatum is al voorbij.", "Een datum na de dagtekening.", _DATUM),
    "TR383": ("Deze referentie staat al bij een ander aangevraagd product.",
              "Een eigen referentie voor elk product.", _STUUR),
    "TR416": ("Deze prestatie staat twee keer in de declaratie.",
              "Per toewijzing, product en periode 1 debet.",
              "Voeg de regels samen en stuur de declaratie opnieuw."),
    "TR386": ("Dit product is voor dezelfde dagen al eerder in dit bericht gevraagd.",
              "Perioden die elkaar niet overlappen.", _STUUR),
    "TR410": ("Dit product is voor dezelfde dagen al eerder in dit bericht gevraagd.",
              "Perioden die elkaar niet overlappen.", _STUUR),
    "CD005": ("Landcode en postcode horen bij elkaar.", "Allebei ingevuld, of allebei niet.", _STUUR),
    "CD007": ("De taal past niet bij de vorm van communicatie.",
              f"Een taal bij vorm {_codes('communicatievorm', '1')}, en anders geen taal.", _STUUR),
    "CD009": ("Bij dit contact mag geen periode staan.",
              f"Alleen een periode bij een contact van soort {_codes('adres_soort', '04')}.", _STUUR),
    "CD025": ("Het huisnummer ontbreekt.", "Een huisnummer bij een adres in Nederland.", _STUUR),
    "CD034": ("De postcode ontbreekt.",
              f"Een postcode bij een contact van soort {_codes('adres_soort', '01', '03')}.", _STUUR),
    "CD041": ("De omvang ontbreekt.", "Een omvang bij een product met een productcode.", _STUUR),
    "CD043": ("Nummer en ingangsdatum van de beschikking horen bij elkaar.",
              "Allebei ingevuld, of allebei niet.", _STUUR),
    "CD060": ("Het vorige referentienummer past niet bij debet of credit.",
              "Een vorig referentienummer bij een credit, en niet bij een debet.", _STUUR),
    "CD066": ("De naam van de verwijzer mag hier niet staan.", "Alleen de zorgverlenercode.", _STUUR),
    "CD067": ("De verwijzer ontbreekt.", "Een naam of een zorgverlenercode van de verwijzer.", _STUUR),
    "CD068": ("Bij dit type verwijzer mag geen zorgverlenercode staan.",
              f"Alleen een zorgverlenercode bij type {_codes('type_verwijzer', '02', '03', '04', '05')}.", _STUUR),
    "CD075": ("De einddatum ontbreekt.", "Een einddatum bij een budget.", _STUUR),
    "CD076": ("De einddatum ontbreekt.", "Een einddatum bij een omvang per week.", _STUUR),
    "CD077": ("Bij een budget mag geen omvang staan.", "Een budget of een omvang, niet allebei.", _STUUR),
    "CD078": ("Bij een omvang mag geen budget staan.", "Een budget of een omvang, niet allebei.", _STUUR),
    "CD079": ("Het product ontbreekt.", "Een product, of anders een budget.", _STUUR),
    "CD080": ("Zonder productcode mag er geen omvang staan.", "Een productcode bij de omvang.", _STUUR),
    "CD085": ("De reden van de afwijzing ontbreekt.", "Een reden bij een afgewezen verzoek.", _STUUR),
    "CD086": ("Hier mag geen reden van afwijzing staan.", "Geen reden bij een verzoek in onderzoek.", _STUUR),
    "CD087": ("Het tarief past niet bij de eenheid.",
              f"Geen tarief bij eenheid {_codes('eenheid', '83')}, en anders wel een tarief.", _BEDRAG),
    "CD095": ("Zonder productcode mag er geen omvang staan.", "Een productcode bij de omvang.", _STUUR),
    "CD096": ("Zonder productcode mag er geen omvang staan.", "Een productcode bij de omvang.", _STUUR),
    "CS002": ("Dit burgerservicenummer bestaat niet.", "Een nummer dat klopt met de elfproef.",
              "Controleer het burgerservicenummer bij de client en stuur het hele bericht opnieuw."),
    "CS003": ("De einddatum ligt voor het begin.", "Een einddatum op of na de begindatum.", _DATUM),
    "CS050": ("Het naamgebruik past niet bij de namen.",
              f"Met partnernaam: {_codes('naam_gebruik', '1', '2', '3', '4')}. "
              f"Zonder partnernaam: {_codes('naam_gebruik', '1', '6')}.", _STUUR),
    "CS058": ("Deze status van aanlevering mag niet.", f"{_codes('status_aanlevering', '1', '3')}.", _STUUR),
    "CS089": ("De postcode heeft niet de goede vorm.",
              "4 cijfers en 2 letters bij een adres in Nederland.", _STUUR),
    "CS100": ("De periode ligt te ver terug.", "Een periode vanaf 1 januari 2021.", _DATUM),
    "CS139": ("Het datumgebruik past niet bij de geboortedatum.",
              "Een onbekende dag of maand is 01. Een onbekend jaar is 1900.", _DATUM),
    "CS318": ("Dit naamgebruik mag niet bij een client.", f"{_codes('naam_gebruik', '1', '2', '3', '4')}.",
              _STUUR),
    "CS325": ("Bij een bedrag van 0 hoort debet.", f"{_codes('debet_credit', 'D')} bij een bedrag van 0.", _BEDRAG),
    "CS335": ("Deze toewijzing is verwijderd, maar de datums kloppen daar niet bij.",
              f"Bij reden {_codes('reden_wijziging', '13')} is de einddatum gelijk aan de ingangsdatum.", _DATUM),
    "CS336": ("Deze reden van wijziging bestaat niet meer.",
              f"Geen reden, of een uit codelijst WMO002, zoals {_codes('reden_wijziging', '14')}.", _STUUR),
    "CS337": ("De periode van de prestatie valt in meer dan 1 maand.", "Een periode binnen 1 kalendermaand.",
              "Splits de prestatie per maand en stuur de declaratie opnieuw."),
    "CS338": ("De frequentie past niet bij de eenheid.",
              _FREQUENTIE, _STUUR),
    "CS339": ("Bedrag en volume zijn niet gelijk.",
              f"Bij eenheid {_codes('eenheid', '83')} is het volume gelijk aan het bedrag.", _BEDRAG),
    "CS340": ("De declaratieperiode is geen hele maand.", "Precies 1 hele kalendermaand.", _DATUM),
    "CS343": ("De frequentie past niet bij de eenheid.",
              _FREQUENTIE, _STUUR),
    "IV028": ("De retourcodes in de header passen niet bij de rest van het retourbericht.",
              "Goedgekeurd: geen retourcodes en geen inhoud. Afgekeurd in de header: alleen de code. "
              "Afgekeurd in de inhoud: 0200 in de header, met de hele inhoud.", _RETOUR),
    "IV032": ("Deze retourcodes kunnen hier niet samen staan.",
              "0200, of 0233, of de codes van de regels die niet kloppen. 0001 staat alleen in de header.", _RETOUR),
    "IV087": ("De retourcodes in dit antwoord passen niet bij elkaar.",
              "Alleen afgekeurde onderdelen, met hun eigen codes. Een afgekeurde client heeft bij elke prestatie 0233.",
              "Vraag de gemeente om een nieuw antwoord."),
    "OP065": ("Dit retourbericht bevat inhoud, maar er is niets afgekeurd.",
              "Minstens 1 onderdeel met een code van een regel, of een retourbericht zonder inhoud.", _RETOUR),
    "MEER": ("Er zijn te veel fouten om ze allemaal te noemen.", "Een bericht zonder fouten.",
             "Verbeter de genoemde fouten in uw software en stuur het hele bericht opnieuw."),
})  # fmt: skip
"""Rule -> (melding, verwacht, volgende_stap)."""
