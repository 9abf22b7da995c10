"""Who hears of it, by which channel, and at what moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
GEMEENTE, WIJKTEAM, AANBIEDER, INWONER, HELPER = "gemeente", "wijkteam", "aanbieder", "inwoner", "helper"
SOORTEN = (GEMEENTE, WIJKTEAM, AANBIEDER, INWONER, HELPER)
EMAIL, IN_APP, BRIEF, WEBHOOK = "email", "in_app", "brief", "webhook"
VRAAGT, HELPT = "vraagt", "helpt"
TOON = {GEMEENTE: HELPT, WIJKTEAM: HELPT, AANBIEDER: HELPT, INWONER: VRAAGT, HELPER: HELPT}
"""Two tones: who asks hears that asking is allowed, who helps that the help counts."""
STANDAARD = {GEMEENTE: EMAIL, WIJKTEAM: EMAIL, AANBIEDER: IN_APP, INWONER: IN_APP, HELPER: IN_APP}
"""The channel of who chose none. A resident and a helper have no address here: a portal shows them the list."""
IS_ZELF_EEN_BRIEF = ("beschikking_vastgesteld",)
"""Causes of which the resident gets a letter of intake: never two letters for one decision."""


def kanaal_van_inwoner(gekozen: str) -> str:
    """The channel for what a resident chose with his melding.

    By post when he chose letters: whoever prints it asks intake for the address. Else the list: nobody is signed in
    when an e-mail goes, and no address is looked at without a name in the log.
    """
    return BRIEF if gekozen == "brief" else IN_APP


@dataclass(frozen=True, slots=True)
class Ontvanger:
    """`wie`: a CBS code, the name of a team, an AGB code; for a resident or helper the client_id of the case."""

    soort: str
    wie: str


@dataclass(frozen=True, slots=True)
class Voorkeur:
    """What a receiver chose. Quiet hours and the hour of the daily digest are clock times in Amsterdam."""

    kanaal: str = EMAIL
    stil_van: dt.time | None = None
    stil_tot: dt.time | None = None
    verzamelen_om: dt.time | None = None


def standaard_adres(gemeente: str) -> str:
    """The e-mail address as long as the municipality has not chosen one."""
    return f"backoffice@gemeente-{gemeente}.example"


def sleutel(ontvanger: Ontvanger, betreft: str) -> str:
    """The business key of a notification within its gemeente and aanleiding: one cause, once per receiver."""
    return betreft if ontvanger.soort == GEMEENTE else f"{ontvanger.soort}/{ontvanger.wie}/{betreft}"


def betreft_uit(soort: str, wie: str | None, sleutel_: str) -> str:
    """What a notification is about, out of its business key."""
    return sleutel_.removeprefix(f"{soort}/{wie}/")


def niet_voor(voorkeur: Voorkeur, nu: dt.datetime) -> dt.datetime | None:
    """The first moment at which it may be sent; None is at once.

    A digest waits for its hour, and what would come in the quiet hours for their end.
    """
    lokaal = nu.astimezone(AMSTERDAM)
    moment = lokaal
    if voorkeur.verzamelen_om is not None:
        moment = _eerstvolgende(voorkeur.verzamelen_om, lokaal)
    if voorkeur.stil_van is not None and voorkeur.stil_tot is not None and _is_stil(voorkeur, moment.time()):
        moment = _eerstvolgende(voorkeur.stil_tot, moment)
    return None if moment == lokaal else moment.astimezone(dt.UTC)


def _is_stil(voorkeur: Voorkeur, tijd: dt.time) -> bool:
    van, tot = voorkeur.stil_van, voorkeur.stil_tot
    if van is None or tot is None or van == tot:
        return False
    # Over midnight the quiet hours are two pieces of a day.
    return van <= tijd < tot if van < tot else tijd >= van or tijd < tot


def _eerstvolgende(tijd: dt.time, vanaf: dt.datetime) -> dt.datetime:
    """The next time that clocks in Amsterdam show this time, after `vanaf`."""
    dag = vanaf.date() if vanaf.time() < tijd else vanaf.date() + dt.timedelta(days=1)
    return dt.datetime.combine(dag, tijd, AMSTERDAM)
