"""What an event adds to the figures: a step of a melding, or a reason why a provider's message was refused."""

from __future__ import annotations

from dataclasses import dataclass

from .melding import ZINNEN
from .regel import Data, Regel

_DAGEN = {
    "intake.melding_ontvangen": "ontvangen",
    "intake.onderzoek_afgerond": "afgerond",
    "intake.beschikking_vastgesteld": "besloten",
}
_STAPPEN = frozenset(f"intake.{naam}" for naam in ZINNEN)
AFGESLOTEN = "afgesloten"
ZONDER_TOEWIJZING = "opgelost_zonder_toewijzing"
ONDERZOEK_DAGEN = 42
"""Wmo 2015, art. 2.3.2: the research is done within six weeks."""

AFKEURINGEN = frozenset(
    {"toewijzing.bericht_beoordeeld", "knooppunt.bericht_geweigerd", "declaratie.declaratiedeel_beoordeeld"}
)
"""Where a message of a provider is refused; of a 323 once per resident in it."""


@dataclass(frozen=True)
class Meldingstap:
    """A step of a melding. `mijlpaal`: which of its days this is, if any."""

    melding_id: str
    volgnummer: int
    team: str
    status: str
    uitkomst: str | None
    bespaard_cent: int | None
    mijlpaal: str | None


def meldingstap(type_: str, data: Data) -> Meldingstap | None:
    """The step that an event tells; None when it is about something else. Raises KeyError, TypeError, ValueError."""
    if type_ not in _STAPPEN:
        return None
    status, bespaard = str(data["status"]), data.get("bespaard_cent")
    return Meldingstap(
        melding_id=str(data["melding_id"]),
        volgnummer=int(data["volgnummer"]),
        team=str(data["team"]),
        status=status,
        uitkomst=None if data.get("uitkomst") is None else str(data["uitkomst"]),
        bespaard_cent=None if bespaard is None else int(bespaard),
        mijlpaal=AFGESLOTEN if status == AFGESLOTEN else _DAGEN.get(type_),
    )


def redenen(type_: str, regel: Regel) -> list[str]:
    """The retourcodes with which a message of a provider was refused by this event."""
    return regel.codes if type_ in AFKEURINGEN else []
