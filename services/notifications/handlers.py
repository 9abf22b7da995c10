"""One function per event that a person must hear of. They only queue: sending is `verzending`."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from chassis import trace
from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import BadData
from chassis.kafka import Event

from . import domain, store
from .contracts import BerichtAfgekeurd, BudgetBereikt, TermijnGemeld, TermijnVerstreken

M = TypeVar("M", bound=BaseModel)


def _lees(model: type[M], event: Event) -> M:
    try:
        return model.model_validate(event.data)
    except ValidationError:
        # from None: pydantic prints the rejected value, and that may be personal data (G18)
        raise BadData(f"{event.type}: data does not fit the contract") from None


async def meld_termijn(tx: Tx, event: Event, *, backoffice: str) -> None:
    """A message waits longer than its term: one e-mail per message, however often the event comes (G2)."""
    data = _lees(TermijnVerstreken, event)
    tekst = domain.schrijf_termijn(
        gemeente=event.gemeente,
        bericht_id=data.bericht_id,
        soort=data.soort,
        wacht_op=data.wacht_op,
        uiterlijk=data.uiterlijk,
        partij=data.partij,
        backoffice=backoffice,
    )
    await _zet_klaar(tx, event, "termijn_verstreken", data.bericht_id, tekst)


async def meld_gemelde_termijn(tx: Tx, event: Event, *, backoffice: str) -> None:
    """A term nears or has passed, or a toewijzing ends soon: one e-mail per term and cause (G2).

    A warning that comes after the day itself helps nobody: then only the e-mail that it passed goes.
    """
    data = _lees(TermijnGemeld, event)
    aanleiding = event.type.rpartition(".")[2]
    if aanleiding == "termijn_nadert" and data.uiterlijk < clock.today():
        return
    tekst = domain.schrijf_gemelde_termijn(
        aanleiding,
        gemeente=event.gemeente,
        soort=data.soort,
        partij=data.partij,
        uiterlijk=data.uiterlijk,
        toewijzing_nummer=data.toewijzing_nummer,
        bericht_id=data.bericht_id,
        backoffice=backoffice,
    )
    await _zet_klaar(tx, event, aanleiding, data.termijn_id, tekst)


async def meld_afkeuring(tx: Tx, event: Event, *, backoffice: str) -> None:
    """A 301 or 319 was refused: one e-mail per opdracht (G2)."""
    data = _lees(BerichtAfgekeurd, event)
    tekst = domain.schrijf_afkeuring(
        gemeente=event.gemeente,
        bericht_id=data.bericht_id,
        soort=data.soort,
        aanbieder=event.aanbieder,
        retourcodes=data.retourcodes,
        backoffice=backoffice,
    )
    await _zet_klaar(tx, event, "bericht_afgekeurd", data.opdracht_id, tekst)


async def meld_budget(tx: Tx, event: Event) -> None:
    """A forecast reached a part of the ceiling: one e-mail per part and ceiling (G2)."""
    data = _lees(BudgetBereikt, event)
    betreft = f"{data.jaar}/{data.product_categorie}/{data.plafond_cent}/{data.procent}"
    tekst = domain.schrijf_budget(
        gemeente=event.gemeente,
        jaar=data.jaar,
        categorie=data.product_categorie,
        procent=data.procent,
        plafond_cent=data.plafond_cent,
        verplicht_cent=data.verplicht_cent,
        gerealiseerd_cent=data.gerealiseerd_cent,
        prognose_cent=data.prognose_cent,
    )
    await _zet_klaar(tx, event, "budget_bereikt", betreft, tekst)


async def _zet_klaar(tx: Tx, event: Event, aanleiding: str, betreft: str, tekst: domain.Tekst) -> None:
    await store.insert_notificatie(
        tx,
        gemeente=event.gemeente,
        aanleiding=aanleiding,
        betreft=betreft,
        event_id=event.event_id,
        aanbieder=event.aanbieder,
        client_id=event.client_id,
        keten=event.keten,
        onderwerp=tekst.onderwerp,
        inhoud=tekst.inhoud,
        gemaakt_at=clock.now(),
        traceparent=trace.current(),
    )
