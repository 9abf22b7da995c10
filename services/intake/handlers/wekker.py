"""The clock of intake: it tells of terms, and sends somebody to a vulnerable resident who does not react."""

from __future__ import annotations

from typing import Any

from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Problem
from chassis.inbox import lock_keys
from services.intake.domain.zaak import SYSTEEM, kan_niet
from services.intake.handlers.termijn import PER_RONDE_MAX, meld
from services.intake.handlers.zaak import Medewerker, lees_zaak, schrijf_stap
from services.intake.store import termijn as store


async def meld_termijnen(tx: Tx) -> None:
    """One run; what is left comes with the next one. Clients are locked before their terms, as a step does."""
    gevonden = await store.load_aan_de_beurt(tx, clock.now(), PER_RONDE_MAX)
    if not gevonden:
        return
    await lock_keys(tx, gevonden.values())
    voorbij = await meld(tx, await store.lock_aan_de_beurt(tx, gevonden, clock.now()))
    for rij in voorbij:
        if rij["soort"] == "reactie":
            await _ga_langs(tx, rij)


async def _ga_langs(tx: Tx, rij: dict[str, Any]) -> None:
    """A vulnerable resident, or one at risk, did not react within the term: a visit is asked for, once."""
    wie = Medewerker(rij["gemeente"], SYSTEEM)
    try:
        dossier = await lees_zaak(tx, wie, rij["onderwerp"], lock=False)
    except Problem:
        # The client was forgotten meanwhile: there is nobody to go and see.
        await store.end_all(tx, rij["gemeente"], rij["onderwerp"], clock.now())
        return
    zaak = dossier.zaak
    nodig = (zaak.kwetsbaar or zaak.open_risico) and zaak.outreach_sinds is None
    if nodig and not kan_niet(zaak.status, "outreach"):
        await schrijf_stap(tx, wie, dossier.kop, zaak, "outreach", {}, dossier.instellingen)
