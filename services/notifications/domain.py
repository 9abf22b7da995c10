"""What a notification says, to whom it goes and when it is tried again. No I/O."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from schemas.iwmo.codes import PRODUCT_CATEGORIE, RETOURCODES

POGINGEN_MAX = 320
"""After this many attempts, more than three days, a notification waits for a person (`opnieuw`)."""
GEWEIGERD_MAX = 8
"""The same for an e-mail that the server refuses for good (5xx): trying longer will not help."""

_WACHTTIJD_MAX = dt.timedelta(minutes=30)
_MAANDEN = [
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
]
_BERICHTEN = {
    "WMO301": "toewijzing (301)",
    "WMO302": "antwoord op een toewijzing (302)",
    "WMO305": "startbericht (305)",
    "WMO306": "antwoord op een startbericht (306)",
    "WMO307": "stopbericht (307)",
    "WMO308": "antwoord op een stopbericht (308)",
    "WMO319": "antwoord op een verzoek (319)",
    "WMO323": "declaratie (323)",
    "WMO325": "antwoord op een declaratie (325)",
}

_WACHT_OP = {
    "antwoord_301": "het antwoord op een toewijzing (302)",
    "antwoord_319": "het antwoord op een besluit over een verzoek (320)",
    "start": "het bericht dat de hulp is begonnen (305)",
    "stop": "het bericht dat de hulp is gestopt (307)",
    "reactie_verzoek": "de eerste reactie op een verzoek van de aanbieder",
    "besluit_verzoek": "het besluit over een verzoek van de aanbieder",
    "antwoord_declaratie": "het antwoord op een declaratie (325)",
}
"""Per kind of term of toewijzing or declaratie what must still come."""


@dataclass(frozen=True)
class Tekst:
    """Subject and body of an e-mail: plain text, never a BSN, a name or a client_id (G18)."""

    onderwerp: str
    inhoud: str


def standaard_adres(gemeente: str) -> str:
    """The recipient as long as the municipality has not chosen one."""
    return f"backoffice@gemeente-{gemeente}.example"


def bericht_naam(soort: str) -> str:
    """A message kind in words: `WMO301` -> `toewijzing (301)`."""
    return _BERICHTEN.get(soort, "bericht")


def datum_in_woorden(datum: dt.date) -> str:
    return f"{datum.day} {_MAANDEN[datum.month - 1]} {datum.year}"


def _vind_terug(bericht_id: str, backoffice: str) -> str:
    adres = f"{backoffice}/stroom?bericht_id={bericht_id}"
    return f"Kenmerk van het bericht: {bericht_id}\nBekijk het bericht: {adres}\n"


def _groet(gemeente: str) -> str:
    return f"\nDit is een automatisch bericht van de Zorgketen van gemeente {gemeente}.\n"


def schrijf_termijn(
    *,
    gemeente: str,
    bericht_id: str,
    soort: str,
    wacht_op: str,
    uiterlijk: dt.date,
    partij: str,
    backoffice: str,
) -> Tekst:
    """A message waits longer than its term for its answer (OP090, OP090x4)."""
    eigen = partij == gemeente
    wie = "Uw gemeente" if eigen else f"Aanbieder {partij}"
    doe = (
        "Open het bericht en zorg dat het antwoord vandaag weggaat."
        if eigen
        else "Neem contact op met de aanbieder en vraag om het antwoord."
    )
    return Tekst(
        onderwerp=f"Termijn voorbij: wacht op {bericht_naam(wacht_op)}",
        inhoud=(
            f"Op een {bericht_naam(soort)} is geen antwoord gekomen.\n\n"
            f"Waar wachten we op: {bericht_naam(wacht_op)}\n"
            f"Uiterste datum: {datum_in_woorden(uiterlijk)}\n"
            f"Wie is aan zet: {wie}\n\n"
            f"Wat kunt u doen: {doe}\n\n" + _vind_terug(bericht_id, backoffice) + _groet(gemeente)
        ),
    )


def schrijf_gemelde_termijn(
    aanleiding: str,
    *,
    gemeente: str,
    soort: str,
    partij: str,
    uiterlijk: dt.date,
    toewijzing_nummer: int | None,
    bericht_id: str | None,
    backoffice: str,
) -> Tekst:
    """A term of toewijzing nears or has passed, or a toewijzing ends soon (`einde_nadert`)."""
    nummer = "" if toewijzing_nummer is None else f"Toewijzing: {toewijzing_nummer}\n"
    dag = datum_in_woorden(uiterlijk)
    vind = _vind_terug(bericht_id, backoffice) if bericht_id else f"Bekijk de toewijzing: {backoffice}/zaken\n"
    if aanleiding == "einde_nadert":
        return Tekst(
            onderwerp="Een toewijzing eindigt binnenkort",
            inhoud=(
                f"Een toewijzing eindigt op {dag}. Er is nog geen vervolg.\n\n{nummer}\n"
                "Wat kunt u doen: kijk samen met de inwoner of er daarna nog hulp nodig is. Zo ja, neem op tijd een "
                "nieuw besluit. Zo nee, dan hoeft u niets te doen.\n\n" + vind + _groet(gemeente)
            ),
        )
    voorbij = aanleiding == "termijn_verstreken"
    wacht_op = _WACHT_OP.get(soort, "een bericht")
    if partij == gemeente:
        wie, wanneer = "Uw gemeente", "vandaag" if voorbij else f"uiterlijk op {dag}"
        doe = f"Open het verzoek en neem {wanneer} een besluit."
        if soort == "antwoord_declaratie":
            doe = f"Bekijk de declaratie en laat nagaan waarom zij stilstaat. Het antwoord moet {wanneer} weg."
    else:
        wie, doe = f"Aanbieder {partij}", "Neem contact op met de aanbieder en vraag om het bericht."
        doe = doe if voorbij else "U hoeft nog niets te doen. U kunt de aanbieder er alvast aan herinneren."
    return Tekst(
        onderwerp=f"Termijn {'voorbij' if voorbij else 'bijna voorbij'}: {wacht_op}",
        inhoud=(
            f"Er is iets nog niet gekomen: {wacht_op}.\n\n{nummer}"
            f"Uiterste datum: {dag}\nWie is aan zet: {wie}\n\nWat kunt u doen: {doe}\n\n" + vind + _groet(gemeente)
        ),
    )


def schrijf_afkeuring(
    *, gemeente: str, bericht_id: str, soort: str, aanbieder: str | None, retourcodes: list[str], backoffice: str
) -> Tekst:
    """A provider refused a toewijzing (301) with its 302, or the answer to its verzoek (319) with its 320."""
    redenen = "".join(f"- {code}: {RETOURCODES.get(code, 'onbekende retourcode')}\n" for code in retourcodes)
    if not redenen:
        redenen = "- de aanbieder gaf geen retourcode\n"
    if soort == "WMO319":
        wat, het = "antwoord op een verzoek", "het antwoord"
        gevolg = "Het antwoord geldt niet. De aanbieder weet nog niet wat u op zijn verzoek besluit."
    else:
        wat, het = "toewijzing", "de toewijzing"
        gevolg = "De toewijzing geldt niet. De aanbieder mag er geen zorg op leveren of declareren."
    return Tekst(
        onderwerp=f"Een {wat} is afgekeurd door de aanbieder",
        inhoud=(
            f"Aanbieder {aanbieder or 'onbekend'} heeft een {bericht_naam(soort)} afgekeurd.\n"
            f"{gevolg}\n\n"
            f"Reden:\n{redenen}\n"
            f"Wat kunt u doen: verbeter de gegevens en stuur {het} opnieuw.\n\n"
            + _vind_terug(bericht_id, backoffice)
            + _groet(gemeente)
        ),
    )


def _euro(cent: int) -> str:
    heel, rest = divmod(abs(cent), 100)
    return f"{'-' if cent < 0 else ''}€ {heel:,}".replace(",", ".") + f",{rest:02d}"


def schrijf_budget(
    *,
    gemeente: str,
    jaar: int,
    categorie: str,
    procent: int,
    plafond_cent: int,
    verplicht_cent: int,
    gerealiseerd_cent: int,
    prognose_cent: int,
) -> Tekst:
    """The forecast of a category reaches 80, 95 or 100 % of its ceiling."""
    naam = PRODUCT_CATEGORIE.get(categorie, "onbekende categorie")
    wat = "is op" if procent >= 100 else f"komt op {procent} procent"
    return Tekst(
        onderwerp=f"Budget {jaar} voor categorie {categorie} {wat}",
        inhoud=(
            f"Het budget voor {naam.lower()} (categorie {categorie}) in {jaar} {wat}.\n\n"
            f"Budget: {_euro(plafond_cent)}\n"
            f"Verwacht tot het eind van het jaar: {_euro(prognose_cent)}\n"
            f"Toegezegd aan inwoners: {_euro(verplicht_cent)}\n"
            f"Al besteed: {_euro(gerealiseerd_cent)}\n\n"
            "Inwoners houden hun hulp. Ook nieuwe aanvragen gaan gewoon door.\n\n"
            "Wat kunt u doen: bekijk waar de kosten stijgen en pas zo nodig het budget aan.\n" + _groet(gemeente)
        ),
    )


def wachttijd(pogingen: int, toeval: float) -> dt.timedelta:
    """How long to wait after attempt number `pogingen`: 2, 4, 8 ... seconds, at most 30 minutes.

    `toeval`, 0 to 1, decides over half of it, so that e-mails that failed together do not come back together.
    """
    hooguit = min(dt.timedelta(seconds=2 ** min(pogingen, 20)), _WACHTTIJD_MAX)
    return hooguit * (0.5 + toeval / 2)
