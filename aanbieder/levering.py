"""Where the delivery of one toewijzing stands, from the starts and stops that were sent (processes.md 5)."""

import sqlite3
from collections.abc import Iterable

Stop = tuple[str, str]
"""(einddatum, reden) of a stop."""


def stand(leveringen: Iterable[sqlite3.Row]) -> str:
    """geen, gestart, tijdelijk_gestopt or gestopt; of several starts the last one tells it."""
    starts = _starts(leveringen)
    if not starts:
        return "geen"
    stops = starts[max(starts)]
    if not stops:
        return "gestart"
    return "tijdelijk_gestopt" if all(reden == "20" for _, reden in stops) else "gestopt"


def laatste_start(leveringen: Iterable[sqlite3.Row]) -> str | None:
    """The Begindatum of the last start that was not deleted (OP155)."""
    return max(_starts(leveringen), default=None)


def _starts(leveringen: Iterable[sqlite3.Row]) -> dict[str, set[Stop]]:
    """Every start that is not deleted, with its stops that are not deleted (StatusAanlevering 3)."""
    starts: dict[str, set[Stop]] = {}
    for rij in leveringen:
        weg = rij["status_aanlevering"] == "3"
        if rij["soort"] == "start":
            if weg:
                starts.pop(rij["begindatum"], None)
            else:
                starts.setdefault(rij["begindatum"], set())
        elif rij["begindatum"] in starts:
            stops = starts[rij["begindatum"]]
            (stops.discard if weg else stops.add)((rij["einddatum"], rij["reden"]))
    return starts
