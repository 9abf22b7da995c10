"""The pre-check of a message at the owner of its facts: the real judgement, without any effect."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chassis.clock import clock
from chassis.db import Tenant
from chassis.errors import BadData, Problem
from chassis.http import Database
from chassis.kafka import Event
from chassis.proef import dry_run
from chassis.rechten import Wie
from services.toewijzing.handlers.bericht import bericht_ontvangen
from services.toewijzing.http.toewijzing import Agb

router = APIRouter(prefix="/v1/controle", tags=["controle"])


class Proefbericht(BaseModel):
    """A message without its person, as knooppunt would pass it on."""

    soort: Literal["WMO305", "WMO307", "WMO315", "WMO317"]
    gemeente: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    aanbieder: Agb
    client_id: Annotated[str, Field(pattern=r"^[A-Z2-7]{26}$")]
    dagtekening: date
    inhoud: dict[str, Any]


@router.post("/oordeel", include_in_schema=False)
async def oordeel(body: Proefbericht, wie: Wie, db: Database) -> dict[str, Any]:
    """Levels 3 and 4 of a message of the caller: `{header_codes, codes, bevindingen}`."""
    if wie.agb != body.aanbieder and wie.gemeente != body.gemeente:
        raise Problem(403, "andere_partij", "Dit bericht is niet van u.", "Controleer alleen uw eigen berichten.")
    proef = str(uuid4())
    event = Event(
        event_id=proef,
        type="knooppunt.bericht_ontvangen",
        gemeente=body.gemeente,
        aanbieder=body.aanbieder,
        client_id=body.client_id,
        gebeurd_at=clock.now(),
        keten=proef,
        data={
            "bericht_id": proef,
            "soort": body.soort,
            "dagtekening": body.dagtekening,
            "ontvangen_at": clock.now(),
            "inhoud": body.inhoud,
        },
        wacht_voorbij=True,
    )
    try:
        gezegd = await dry_run(db, Tenant(gemeente=body.gemeente), [(bericht_ontvangen, event)], proef)
    except BadData:
        raise Problem(
            422, "bericht_onjuist", "De inhoud heeft niet de vorm van dit soort bericht.",
            "Controleer het bericht eerst op de niveaus 1 en 2.",
        ) from None  # fmt: skip
    [uitslag] = [bericht["data"] for bericht in gezegd if bericht["type"] == "toewijzing.bericht_beoordeeld"]
    return {naam: uitslag[naam] for naam in ("header_codes", "codes", "bevindingen")}
