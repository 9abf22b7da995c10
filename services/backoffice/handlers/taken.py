"""The work list: it follows the facts, and people take up, note and hand over what is on it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID

from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Bevinding, Problem
from chassis.inbox import lock_keys
from chassis.kafka import Event
from schemas.iwmo.codes import bsn_valid

from ..domain.taal import AMSTERDAM
from ..domain.taken import AFKEURING, SIGNAAL, Einde, Gevolg, Taak, taak_id
from ..store import gebeurtenis, taak

NEGEN_CIJFERS = re.compile(r"(?<!\d)\d(?:[ .-]?\d){8}(?!\d)")


async def volg(tx: Tx, event: Event, wat: Gevolg) -> None:
    """Change the work list by what an event means for it."""
    if isinstance(wat, Einde):
        if wat.voorgoed:
            # The answer and the clock come by two topics: one of them waits here, and sees what the other did.
            await lock_keys(tx, (wat.onderwerp,))
        await taak.sluit_taak(tx, event.gemeente, taak_id(event.gemeente, wat.soort, wat.onderwerp), event.gebeurd_at)
    elif isinstance(wat, Taak):
        if wat.eenmalig:
            await lock_keys(tx, (wat.onderwerp,))
            if await gebeurtenis.is_beantwoord(tx, event.gemeente, wat.onderwerp.partition("-")[2]):
                return
        uiterlijk = None if wat.uiterlijk is None else dt.date.fromisoformat(wat.uiterlijk)
        await taak.open_taak(
            tx,
            event.gemeente,
            wat,
            client_id=event.client_id,
            aanbieder=event.aanbieder,
            dag=uiterlijk or event.gebeurd_at.astimezone(AMSTERDAM).date(),
            uiterlijk=uiterlijk,
            op=event.gebeurd_at,
        )
    elif event.client_id is not None:
        await taak.streep_af(
            tx, event.gemeente, event.client_id, wat.nummers, gewijzigd=wat.gewijzigd, op=event.gebeurd_at
        )


async def load_open(tx: Tx, gemeente: str, id_: UUID) -> dict[str, Any]:
    """A task that is on the list. Problem 404 when it is not there, 409 when it is over."""
    rij = await taak.load_taak(tx, gemeente, clock.today(), id_)
    if rij is None:
        raise onbekend()
    if rij["gesloten_at"] is not None:
        raise Problem(409, "taak_klaar", "Deze taak is al klaar.", "Kijk in de werkvoorraad wat er nog te doen is.")
    return rij


def onbekend() -> Problem:
    """404: no such task in this gemeente."""
    return Problem(404, "taak_onbekend", "Deze taak is er niet.", "Kijk in de werkvoorraad wat er te doen is.")


async def wijs_toe(tx: Tx, gemeente: str, wie: str, id_: UUID, behandelaar: str | None) -> None:
    """Give a task to a colleague, or to nobody (None)."""
    await taak.set_behandelaar(tx, gemeente, id_, behandelaar)
    await _stap(tx, gemeente, id_, wie, "toegewezen", behandelaar or "niemand")


async def noteer(tx: Tx, gemeente: str, wie: str, id_: UUID, tekst: str) -> None:
    """Keep a note. Problem 422 when a BSN stands in it."""
    await _stap(tx, gemeente, id_, wie, "notitie", zonder_bsn(tekst))


async def noteer_besluit(tx: Tx, gemeente: str, wie: str, id_: UUID, besluit: str) -> None:
    """Keep that somebody decided here; the fact that the owner tells takes the task off the list."""
    await _stap(tx, gemeente, id_, wie, "besloten", besluit)


async def handel_af(tx: Tx, gemeente: str, wie: str, id_: UUID, tekst: str) -> None:
    """Take a task off the list by hand, with a reason. Problem 409 when only a fact can do that."""
    rij = await load_open(tx, gemeente, id_)
    if not mag_afgehandeld(rij):
        raise Problem(
            409,
            "taak_volgt_feit",
            "Deze taak verdwijnt vanzelf als het feit er niet meer is.",
            "Neem het besluit dat nodig is, of wacht op het bericht.",
        )
    # One instant: by it a rebuild of the read model knows that a person closed this task.
    op = clock.now()
    await taak.add_stap(tx, gemeente, id_, wie, "afgehandeld", zonder_bsn(tekst), op)
    await taak.sluit_taak(tx, gemeente, id_, op)


def mag_afgehandeld(rij: dict[str, Any]) -> bool:
    """A signal is done when a person says so, and so is a refusal: a new indicatie can solve it under a new number."""
    return rij["soort"] in (AFKEURING, SIGNAAL)


async def vervang(tx: Tx, gemeente: str, afwezig: str, vervanger: str, t_m: dt.date) -> None:
    """Let somebody see the work of an absent colleague as their own, until a day. Problem 422 for oneself."""
    if afwezig == vervanger:
        raise Problem(
            422, "zelfde_persoon", "Iemand kan zichzelf niet vervangen.", "Kies een andere collega als vervanger."
        )
    await taak.set_vervanging(tx, gemeente, afwezig, vervanger, t_m)


async def werk_van(tx: Tx, gemeente: str, wie: str) -> tuple[str, ...]:
    """Whose work this person does today: their own, and that of whom they stand in for."""
    vervangingen = await taak.list_vervangingen(tx, gemeente, clock.today())
    return (wie, *(v["afwezig"] for v in vervangingen if v["vervanger"] == wie))


def heeft_bsn(tekst: str) -> bool:
    """Whether a number in this text is a BSN (G18)."""
    return any(bsn_valid(re.sub(r"\D", "", gevonden)) for gevonden in NEGEN_CIJFERS.findall(tekst))


def zonder_bsn(tekst: str) -> str:
    """The text itself. Problem 422 when it holds a BSN."""
    if heeft_bsn(tekst):
        stap = "Haal het BSN weg. De zaak van de inwoner hangt al aan de taak."
        raise Problem(
            422,
            "bsn_in_tekst",
            "In de tekst staat een BSN. Dat mag niet.",
            stap,
            [Bevinding(regel="G18", pad="#/tekst", melding="Hier staat een BSN.", volgende_stap=stap)],
        )
    return tekst


async def _stap(tx: Tx, gemeente: str, id_: UUID, wie: str, stap: str, tekst: str) -> None:
    await taak.add_stap(tx, gemeente, id_, wie, stap, tekst, clock.now())
