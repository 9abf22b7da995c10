"""Commands on preferences: by which channel and when somebody wants to hear of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Problem
from services.notifications.contracts import Voorkeuren
from services.notifications.domain.ontvanger import AANBIEDER, GEMEENTE, WIJKTEAM
from services.notifications.handlers.beller import Beller
from services.notifications.store import ontvanger as store


async def zet_voorkeur(tx: Tx, wie: Beller, body: Voorkeuren) -> None:
    """What the caller, or one of its teams, chose. Raises Problem 422 for a team of a provider."""
    if body.team is not None and wie.gemeente is None:
        raise Problem(422, "geen_team", "Een aanbieder heeft hier geen teams.", "Laat `team` weg.")
    soort = WIJKTEAM if body.team is not None else GEMEENTE if wie.gemeente is not None else AANBIEDER
    await store.save_ontvanger(
        tx,
        gemeente=wie.gemeente,
        aanbieder=wie.aanbieder,
        soort=soort,
        wie=body.team or wie.eigenaar,
        kanaal=body.kanaal,
        email=body.email,
        adres=body.adres,
        stil_van=_tijd(body.stil.van) if body.stil else None,
        stil_tot=_tijd(body.stil.tot) if body.stil else None,
        verzamelen_om=_tijd(body.verzamelen_om),
        gewijzigd_at=clock.now(),
    )


async def toon_voorkeuren(tx: Tx, wie: Beller) -> list[dict[str, Any]]:
    """Every choice of the caller; who is not named gets the standard."""
    return [
        {
            "team": rij["wie"] if rij["soort"] == WIJKTEAM else None,
            "kanaal": rij["kanaal"],
            "email": rij["email"],
            "adres": rij["adres"],
            "stil": {"van": _kort(rij["stil_van"]), "tot": _kort(rij["stil_tot"])} if rij["stil_van"] else None,
            "verzamelen_om": _kort(rij["verzamelen_om"]),
        }
        for rij in await store.list_ontvangers(tx, wie.eigenaar)
    ]


def _tijd(tekst: str | None) -> dt.time | None:
    return dt.time.fromisoformat(tekst) if tekst else None


def _kort(tijd: dt.time | None) -> str | None:
    return f"{tijd:%H:%M}" if tijd is not None else None
