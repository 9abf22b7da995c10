"""The terms of a case follow its steps in their transaction; a clock tells, once, that one nears or has passed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from chassis.outbox import NewEvent
from chassis.termijn import day_begins_at, day_ends_at, is_working_day
from services.intake.contracts.gebeurtenis import TermijnGemeld
from services.intake.domain import termijn as domein
from services.intake.domain.instellingen import Instellingen
from services.intake.domain.zaak import Zaak
from services.intake.handlers.indicatie import TOPIC
from services.intake.store import termijn as store
from services.intake.store.melding import Kop
from services.intake.store.termijn import Loopt, Onderwerp

PER_RONDE_MAX = 500
"""Terms that one run of the clock tells of: a transaction of bounded size, whatever waits."""


async def volg_zaak(tx: Tx, gemeente: str, kop: Kop, zaak: Zaak, instellingen: Instellingen) -> None:
    """Lays the terms of a case, computed anew, beside the rows. The client is locked."""
    over = Onderwerp(kop.melding_id, kop.client_id, kop.team)
    lopend, klaar = [], []
    for termijn in domein.verwacht(zaak, instellingen.termijnen, is_working_day):
        stand = termijn.stand
        # A right of the resident that passed is simply over.
        voorbij = isinstance(stand, date) and stand < clock.today()
        if voorbij and not domein.SOORTEN[termijn.soort].meldt_verstrijken:
            stand = domein.VERVALLEN
        if isinstance(stand, str):
            klaar.append((termijn.soort, termijn.nummer, stand))
        else:
            lopend.append(loopt(termijn.soort, termijn.nummer, stand))
    await store.open_termijnen(tx, gemeente, over, lopend, clock.now())
    await store.close_termijnen(tx, gemeente, kop.melding_id, klaar, clock.now())


def loopt(soort: str, nummer: int, uiterlijk: date) -> Loopt:
    """A term of this kind with this last day, in instants."""
    nadert = uiterlijk - timedelta(days=domein.SOORTEN[soort].nadert_dagen)
    return Loopt(soort, nummer, uiterlijk, day_begins_at(nadert), day_ends_at(uiterlijk))


async def toon_lopend(tx: Tx, gemeente: str, onderwerp: str, team: str) -> list[dict[str, Any]]:
    """What is expected next: what, of whom, until which day (inclusive)."""
    return [
        {
            "soort": rij["soort"],
            "wat": domein.SOORTEN[rij["soort"]].wat,
            "wie": team if domein.SOORTEN[rij["soort"]].wie == domein.TEAM else domein.SOORTEN[rij["soort"]].wie,
            "uiterlijk": rij["uiterlijk"].isoformat(),
            "status": rij["status"],
        }
        for rij in await store.load_lopend(tx, gemeente, onderwerp)
    ]


async def meld(tx: Tx, rijen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tell of terms that near or have passed, each once; gives those that have passed. Their clients are locked.

    One that both nears and has passed since the last run is told of twice, in that order.
    """
    nu = clock.now()
    events: list[NewEvent] = []
    standen: list[tuple[str, str, bool, bool]] = []
    voorbij = []
    for rij in rijen:
        soort = domein.SOORTEN[rij["soort"]]
        nadert, verlopen = rij["genaderd_at"] is None, rij["verloopt_at"] <= nu
        verstreken = verlopen and soort.meldt_verstrijken
        events += [_event(rij, "termijn_nadert")] if nadert else []
        events += [_event(rij, "termijn_verstreken")] if verstreken else []
        voorbij += [rij] if verstreken else []
        status = "verstreken" if verstreken else "vervallen" if verlopen else "nadert"
        standen.append((rij["id"], status, nadert, verstreken))
    await store.mark_gemeld(tx, standen, nu)
    await outbox.add_many(tx, TOPIC, events)
    return voorbij


def _event(rij: dict[str, Any], type_: str) -> NewEvent:
    signaal = rij["soort"] == "signaal"
    return NewEvent(
        type=f"intake.{type_}",
        key=rij["client_id"] or rij["onderwerp"],
        gemeente=rij["gemeente"],
        client_id=rij["client_id"],
        keten=rij["onderwerp"],
        data=TermijnGemeld(
            termijn_id=rij["id"],
            soort=rij["soort"],
            wie=domein.SOORTEN[rij["soort"]].wie,
            team=rij["team"],
            uiterlijk=rij["uiterlijk"],
            melding_id=None if signaal else rij["onderwerp"],
            signaal_id=rij["onderwerp"] if signaal else None,
        ),
    )


async def list_termijnen(tx: Tx, gemeente: str, keuze: store.Keuze, *, na: int, limit: int) -> dict[str, Any]:
    """A page of terms, oldest first."""
    rijen = await store.load_pagina(tx, gemeente, keuze, na, limit + 1)
    velden = ("soort", "team", "status", "uiterlijk", "client_id", "genaderd_at", "verstreken_at", "beeindigd_at")
    return {
        "termijnen": [
            {
                "termijn_id": rij["id"],
                "melding_id": None if rij["soort"] == "signaal" else rij["onderwerp"],
                "signaal_id": rij["onderwerp"] if rij["soort"] == "signaal" else None,
                "wie": domein.SOORTEN[rij["soort"]].wie,
                "wat": domein.SOORTEN[rij["soort"]].wat,
                **{veld: rij[veld] for veld in velden},
            }
            for rij in rijen[:limit]
        ],
        "volgende": str(rijen[limit - 1]["volgorde"]) if len(rijen) > limit else None,
    }
