"""Every text of notifications, in plain Dutch (B1). A test measures each one.

A new text is an entry here and one in `wie_hoort_wat`. What a line is about stands in the row: `Kenmerk: $kenmerk`.
"""

from __future__ import annotations

from collections.abc import Mapping

from .ontvanger import AANBIEDER, GEMEENTE, HELPER, INWONER, WIJKTEAM
from .tekst import Sjabloon

_VIND = "Kenmerk van het bericht: $kenmerk\nBekijk het bericht: $bericht_adres\nBekijk de toewijzing: $zaken_adres"

# -- the back office of a municipality

_GEMEENTE: Mapping[str, Sjabloon] = {
    # OP090, OP090x4
    "antwoord_te_laat.gemeente": Sjabloon(
        GEMEENTE,
        "Termijn voorbij: wacht op $wacht_op",
        f"""
Op een $soort is geen antwoord gekomen.

Waar wachten we op: $wacht_op
Uiterste datum: $dag
Wie is aan zet: Uw gemeente

Wat kunt u doen: Open het bericht en zorg dat het antwoord vandaag weggaat.

{_VIND}""",
    ),
    "antwoord_te_laat.aanbieder": Sjabloon(
        GEMEENTE,
        "Termijn voorbij: wacht op $wacht_op",
        f"""
Op een $soort is geen antwoord gekomen.

Waar wachten we op: $wacht_op
Uiterste datum: $dag
Wie is aan zet: Aanbieder $partij

Wat kunt u doen: Neem contact op met de aanbieder en vraag om het antwoord.

{_VIND}""",
    ),
    "termijn_nadert.gemeente": Sjabloon(
        GEMEENTE,
        "Termijn bijna voorbij: $wacht_op",
        f"""
Er is iets nog niet gekomen: $wacht_op.

Toewijzing: $nummer
Uiterste datum: $dag
Wie is aan zet: Uw gemeente

Wat kunt u doen: Open het verzoek. Neem uiterlijk op $dag een besluit.

{_VIND}""",
    ),
    "termijn_verstreken.gemeente": Sjabloon(
        GEMEENTE,
        "Termijn voorbij: $wacht_op",
        f"""
Er is iets nog niet gekomen: $wacht_op.

Toewijzing: $nummer
Uiterste datum: $dag
Wie is aan zet: Uw gemeente

Wat kunt u doen: Open het verzoek. Neem vandaag een besluit.

{_VIND}""",
    ),
    "termijn_nadert.declaratie": Sjabloon(
        GEMEENTE,
        "Termijn bijna voorbij: $wacht_op",
        f"""
Er is iets nog niet gekomen: $wacht_op.

Uiterste datum: $dag
Wie is aan zet: Uw gemeente

Wat kunt u doen: Bekijk de declaratie en laat nagaan waarom zij stilstaat. Het antwoord moet uiterlijk op $dag weg.

{_VIND}""",
    ),
    "termijn_verstreken.declaratie": Sjabloon(
        GEMEENTE,
        "Termijn voorbij: $wacht_op",
        f"""
Er is iets nog niet gekomen: $wacht_op.

Uiterste datum: $dag
Wie is aan zet: Uw gemeente

Wat kunt u doen: Bekijk de declaratie en laat nagaan waarom zij stilstaat. Het antwoord moet vandaag weg.

{_VIND}""",
    ),
    "termijn_nadert.van_aanbieder": Sjabloon(
        GEMEENTE,
        "Termijn bijna voorbij: $wacht_op",
        f"""
Er is iets nog niet gekomen: $wacht_op.

Toewijzing: $nummer
Uiterste datum: $dag
Wie is aan zet: Aanbieder $partij

Wat kunt u doen: U hoeft nog niets te doen. U kunt de aanbieder er alvast aan herinneren.

{_VIND}""",
    ),
    "termijn_verstreken.van_aanbieder": Sjabloon(
        GEMEENTE,
        "Termijn voorbij: $wacht_op",
        f"""
Er is iets nog niet gekomen: $wacht_op.

Toewijzing: $nummer
Uiterste datum: $dag
Wie is aan zet: Aanbieder $partij

Wat kunt u doen: Neem contact op met de aanbieder en vraag om het bericht.

{_VIND}""",
    ),
    "einde_nadert.gemeente": Sjabloon(
        GEMEENTE,
        "Een toewijzing eindigt binnenkort",
        f"""
Een toewijzing eindigt op $dag. Er is nog geen vervolg.

Toewijzing: $nummer

Wat kunt u doen: Kijk samen met de inwoner of er daarna nog hulp nodig is. Zo ja, neem dan op tijd een nieuw besluit. Zo nee, dan hoeft u niets te doen.

{_VIND}""",
    ),
    "bericht_afgekeurd.toewijzing": Sjabloon(
        GEMEENTE,
        "Een toewijzing is afgekeurd door de aanbieder",
        f"""
Aanbieder $partij heeft een toewijzing (301) afgekeurd.
De toewijzing geldt niet. De aanbieder mag er geen zorg op leveren of declareren.

Reden:
$redenen

Wat kunt u doen: Verbeter de gegevens en stuur de toewijzing opnieuw.

{_VIND}""",
    ),
    "bericht_afgekeurd.antwoord": Sjabloon(
        GEMEENTE,
        "Een antwoord op een verzoek is afgekeurd door de aanbieder",
        f"""
Aanbieder $partij heeft een antwoord op een verzoek (319) afgekeurd.
Het antwoord geldt niet. De aanbieder weet nog niet wat u op zijn verzoek besluit.

Reden:
$redenen

Wat kunt u doen: Verbeter de gegevens en stuur het antwoord opnieuw.

{_VIND}""",
    ),
    "budget_bereikt.gemeente": Sjabloon(
        GEMEENTE,
        "Budget $jaar voor categorie $categorie $stand",
        """
Het budget voor $naam (categorie $categorie) in $jaar $stand.

Budget: $plafond
Verwacht tot het eind van het jaar: $prognose
Toegezegd aan inwoners: $verplicht
Al besteed: $gerealiseerd

Inwoners houden hun hulp. Ook nieuwe aanvragen gaan gewoon door.

Wat kunt u doen: Bekijk waar de kosten stijgen. Pas zo nodig het budget aan.""",
    ),
    "verzameld.gemeente": Sjabloon(GEMEENTE, "Uw berichten van vandaag: $aantal", "$berichten"),
}

# -- a district team

_WIJKTEAM: Mapping[str, Sjabloon] = {
    "melding_ontvangen.wijkteam": Sjabloon(
        WIJKTEAM,
        "Spoed: een inwoner heeft nu hulp nodig",
        """
Er is een melding met spoed voor team $team. Deze inwoner kan niet wachten.

Kenmerk van de melding: $kenmerk

Wat kunt u doen: Open de melding en bel de inwoner vandaag. Geef zo nodig meteen tijdelijke hulp.""",
    ),
    "outreach_gevraagd.wijkteam": Sjabloon(
        WIJKTEAM,
        "Ga langs: een inwoner reageert niet",
        """
Een inwoner reageert niet. Het kan zijn dat er iets aan de hand is.

Team: $team
Kenmerk van de melding: $kenmerk

Wat kunt u doen: Ga bij de inwoner langs. Vertel daarna in de melding hoe het ging.""",
    ),
    "termijn_nadert.wijkteam": Sjabloon(
        WIJKTEAM,
        "Bijna voorbij: de tijd om $wat",
        """
U heeft nog even de tijd om $wat.

Uiterste datum: $dag
Team: $team
Kenmerk van de melding: $kenmerk

Wat kunt u doen: Open de melding en plan dit in.""",
    ),
    "termijn_verstreken.wijkteam": Sjabloon(
        WIJKTEAM,
        "Voorbij: de tijd om $wat",
        """
De tijd is voorbij om $wat. De inwoner wacht nog.

Uiterste datum: $dag
Team: $team
Kenmerk van de melding: $kenmerk

Wat kunt u doen: Open de melding en doe dit vandaag. Lukt dat niet? Bel de inwoner en leg uit wanneer wel.""",
    ),
    "termijn_verstreken.geen_reactie": Sjabloon(
        WIJKTEAM,
        "Een inwoner heeft niet gereageerd",
        """
Een inwoner zou reageren, maar dat is niet gebeurd.

Uiterste datum: $dag
Team: $team
Kenmerk van de melding: $kenmerk

Wat kunt u doen: Bel de inwoner. Neemt niemand op? Ga dan langs.""",
    ),
    "verzameld.wijkteam": Sjabloon(WIJKTEAM, "Uw berichten van vandaag: $aantal", "$berichten"),
}

# -- a provider

_AANBIEDER: Mapping[str, Sjabloon] = {
    "termijn_nadert.aanbieder": Sjabloon(
        AANBIEDER,
        "Denkt u aan: $wacht_op",
        """
Wij wachten nog op iets van u: $wacht_op.

Toewijzing: $nummer
Uiterste datum: $dag
Kenmerk van het bericht: $kenmerk

Wat kunt u doen: Stuur het uiterlijk op $dag. Is het al weg? Dan hoeft u niets te doen.""",
    ),
    "termijn_verstreken.aanbieder": Sjabloon(
        AANBIEDER,
        "Wij wachten op u: $wacht_op",
        """
Wij wachten nog op iets van u: $wacht_op. De tijd daarvoor is voorbij.

Toewijzing: $nummer
Uiterste datum: $dag
Kenmerk van het bericht: $kenmerk

Wat kunt u doen: Stuur het vandaag nog. Lukt dat niet? Bel de gemeente, dan zoeken we samen een weg.""",
    ),
    "verzameld.aanbieder": Sjabloon(AANBIEDER, "Uw berichten van vandaag: $aantal", "$berichten"),
}

# -- a resident, who asks

_INWONER: Mapping[str, Sjabloon] = {
    "melding_ontvangen.inwoner": Sjabloon(
        INWONER,
        "Wij hebben uw vraag om hulp",
        """
Uw vraag om hulp is bij ons binnen. Goed dat u het vraagt.

Wij nemen contact met u op. Dan praten we over wat u nodig heeft en wat u zelf wilt. U mag daar iemand bij vragen die u vertrouwt. Dat mag ook een gratis hulp zijn die niet bij de gemeente werkt.""",
    ),
    "beschikking_vastgesteld.inwoner": Sjabloon(
        INWONER,
        "Er is een besluit over uw hulp",
        """
Wij hebben een besluit genomen over uw hulp. U krijgt een brief met de uitleg.

Bent u het er niet mee eens? Bel ons, dan leggen we het uit. U kunt ook bezwaar maken. In de brief staat hoe dat gaat.""",
    ),
    "termijn_nadert.plan": Sjabloon(
        INWONER,
        "U kunt nog een eigen plan geven",
        """
U mag zelf een plan maken over de hulp die u wilt. Dat hoeft niet.

U kunt uw plan geven tot en met $dag. Wilt u er hulp bij? Dat is gratis. Bel ons gerust.""",
    ),
    "termijn_nadert.bezwaar": Sjabloon(
        INWONER,
        "U kunt nog bezwaar maken",
        """
U kreeg een brief met ons besluit. Bent u het er niet mee eens?

U kunt bezwaar maken tot en met $dag. In de brief staat hoe dat gaat. Bent u het wel eens met het besluit? Dan hoeft u niets te doen.""",
    ),
    "termijn_nadert.reactie": Sjabloon(
        INWONER,
        "Wij willen u graag spreken",
        """
Wij probeerden u te bereiken. Dat is nog niet gelukt.

Wilt u ons bellen voor $dag? Lukt bellen niet? Dan komen wij graag bij u langs.""",
    ),
}

# -- somebody near the resident, who helps

_HELPER: Mapping[str, Sjabloon] = {
    "respijt_geboden.helper": Sjabloon(
        HELPER,
        "U kunt even rust krijgen",
        """
U zorgt voor iemand. Dat is mooi, en het kan ook zwaar zijn.

Daarom is er hulp voor u. Een ander neemt de zorg dan even over. Zo kunt u op adem komen. Het wijkteam belt u om te vragen wat u fijn vindt.""",
    ),
}

SJABLONEN: Mapping[str, Sjabloon] = {**_GEMEENTE, **_WIJKTEAM, **_AANBIEDER, **_INWONER, **_HELPER}
"""By name: what happened, a dot, and for whom or which case of it."""

WACHT_OP: Mapping[str, str] = {
    "antwoord_301": "het antwoord op een toewijzing (302)",
    "antwoord_319": "het antwoord op een besluit over een verzoek (320)",
    "start": "het bericht dat de hulp is begonnen (305)",
    "stop": "het bericht dat de hulp is gestopt (307)",
    "reactie_verzoek": "de eerste reactie op een verzoek van de aanbieder",
    "besluit_verzoek": "het besluit over een verzoek van de aanbieder",
    "antwoord_declaratie": "het antwoord op een declaratie (325)",
}
"""Per kind of term of toewijzing or declaratie what must still come."""

OM_TE: Mapping[str, str] = {
    "plan": "een eigen plan te geven",
    "spoed": "meteen tijdelijke hulp te geven",
    "onderzoek": "het onderzoek af te ronden",
    "besluit": "een besluit te nemen",
    "bezwaar": "bezwaar te maken",
    "bezwaarbesluit": "op het bezwaar te beslissen",
    "herziening": "te kijken of de hulp nog past",
    "opvolging": "te vragen of de verwijzing helpt",
    "reactie": "te reageren op de gemeente",
    "outreach": "langs te gaan bij de inwoner",
    "ervaring": "te vragen hoe de hulp gaat",
    "gesprek": "te praten over hulp die weinig wordt gebruikt",
    "evaluatie": "samen te kijken of de doelen zijn gehaald",
    "signaal": "te reageren op een signaal uit de buurt",
}
"""Per kind of term of intake what has to happen."""
