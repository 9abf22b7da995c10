"""The pre-check of a 323 at the owner of its facts: the real judgement, without any effect."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chassis.clock import clock
from chassis.db import Tenant, Tx
from chassis.errors import BadData, Problem
from chassis.http import Database
from chassis.kafka import Event, Handler
from chassis.proef import dry_run
from chassis.rechten import Wie
from services.declaratie.domain.deel import NA_ALLES
from services.declaratie.handlers.declaratie import declaratie_ontvangen
from services.declaratie.handlers.delen import declaratiedelen_ontvangen

router = APIRouter(prefix="/v1/controle", tags=["controle"])
REGELS_MAX = 5_000


class Proefdeel(BaseModel):
    """One client of a 323, without the person."""

    client_id: Annotated[str, Field(pattern=r"^[A-Z2-7]{26}$")]
    prestaties: list[dict[str, Any]]


class Proefdeclaratie(BaseModel):
    """A 323 as knooppunt would pass it on."""

    gemeente: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    aanbieder: Annotated[str, Field(pattern=r"^[0-9]{8}$")]
    declaratie_nummer: str
    declaratie_periode: dict[str, Any]
    declaratie_dagtekening: date
    totaal_ingediend_cent: int
    delen: Annotated[list[Proefdeel], Field(max_length=REGELS_MAX)]


@router.post("/oordeel", include_in_schema=False)
async def oordeel(body: Proefdeclaratie, wie: Wie, db: Database) -> dict[str, Any]:
    """Levels 3 and 4 of a 323 of the caller: `{declaratie_codes, toegekend_cent, delen}`."""
    if wie.agb != body.aanbieder and wie.gemeente != body.gemeente:
        raise Problem(403, "andere_partij", "Deze declaratie is niet van u.", "Controleer alleen uw eigen berichten.")
    if sum(len(deel.prestaties) for deel in body.delen) > REGELS_MAX:
        raise Problem(
            413, "te_veel_regels", "Deze declaratie is te groot voor een proef.",
            "Controleer haar in delen, of dien haar in.",
        )  # fmt: skip
    proef = str(uuid4())
    kop = _kop(body, proef)
    events = [
        _event(body, proef, "knooppunt.declaratiedeel_ontvangen", deel.client_id,
               {**kop, "deel": nummer, "prestaties": deel.prestaties})
        for nummer, deel in enumerate(body.delen)
    ]  # fmt: skip

    async def alle_delen(tx: Tx, _: Event) -> None:
        await declaratiedelen_ontvangen(tx, events)

    stappen: list[tuple[Handler, Event]] = [
        (declaratie_ontvangen, _event(body, proef, "knooppunt.declaratie_ontvangen", None, kop)),
        *((alle_delen, event) for event in events[:1]),
    ]
    try:
        gezegd = await dry_run(db, Tenant(gemeente=body.gemeente), stappen, proef)
    except BadData:
        raise Problem(
            422, "bericht_onjuist", "De inhoud heeft niet de vorm van een declaratie.",
            "Controleer het bericht eerst op de niveaus 1 en 2.",
        ) from None  # fmt: skip
    [einde] = [bericht["data"] for bericht in gezegd if bericht["type"] == "declaratie.declaratie_afgehandeld"]
    delen = [b["data"] for b in gezegd if b["type"] == "declaratie.declaratiedeel_beoordeeld"]
    return {
        "declaratie_codes": einde["declaratie_codes"],
        "toegekend_cent": einde["toegekend_cent"],
        "delen": [{naam: deel[naam] for naam in ("deel", "client_codes", "prestaties")} for deel in delen],
    }


def _kop(body: Proefdeclaratie, proef: str) -> dict[str, Any]:
    kop = body.model_dump(mode="json", exclude={"delen", "gemeente", "aanbieder"})
    return kop | {
        "bericht_id": proef,
        "ontvangstnummer": NA_ALLES,
        "ontvangen_at": clock.now(),
        "delen": len(body.delen),
    }


def _event(body: Proefdeclaratie, proef: str, soort: str, client_id: str | None, data: dict[str, Any]) -> Event:
    return Event(
        event_id=str(uuid4()),
        type=soort,
        gemeente=body.gemeente,
        aanbieder=body.aanbieder,
        client_id=client_id,
        gebeurd_at=clock.now(),
        keten=proef,
        data=data,
        wacht_voorbij=True,
    )
