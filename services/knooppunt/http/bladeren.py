"""Cursors of lists, and instants as the API writes them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from chassis.errors import Problem

Limit = Annotated[int, Query(ge=1, le=500, description="Hoeveel per bladzijde")]


def cursor(na: str | None) -> int | None:
    """The place after which the next page starts."""
    if na is None:
        return None
    if not (na.isascii() and na.isdigit() and len(na) < 19):
        raise Problem(422, "cursor_onbekend", "Deze bladwijzer bestaat niet.", "Begin zonder `na` opnieuw.")
    return int(na)


def bladzijde(
    rijen: Sequence[dict[str, Any]],
    limit: int,
    toon: Callable[[dict[str, Any]], dict[str, Any]],
    geblokkeerd_door: Sequence[str] = (),
) -> dict[str, Any]:
    """A page of a list that was asked with one row more than the limit; it tells whose messages it leaves out."""
    getoond = rijen[:limit]
    volgende = str(getoond[-1]["volgorde"]) if len(rijen) > limit else None
    blad: dict[str, Any] = {"berichten": [toon(rij) for rij in getoond], "volgende": volgende}
    return blad | ({"geblokkeerd_door": list(geblokkeerd_door)} if geblokkeerd_door else {})


def instant(moment: datetime | None) -> str | None:
    """An instant as `2026-02-02T09:30:00Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def is_uuid(tekst: str) -> bool:
    """Whether this can be an id at all."""
    try:
        UUID(tekst)
    except ValueError:
        return False
    return True


def niet_gevonden() -> Problem:
    """What does not exist and what is someone else's look the same."""
    return Problem(404, "niet_gevonden", "Dit bericht is hier niet gevonden.", "Controleer het bericht_id.")
