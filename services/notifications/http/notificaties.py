"""Wat is er aan wie verteld en waarom; opnieuw sturen; en hoe iemand het wil horen."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from chassis.db import transaction
from chassis.errors import Problem
from chassis.http import Database
from chassis.rechten import Wie
from services.notifications.contracts import Notificatie, Notificaties, Voorkeuren
from services.notifications.domain.ontvanger import betreft_uit
from services.notifications.handlers.beller import beller
from services.notifications.handlers.voorkeur import toon_voorkeuren, zet_voorkeur
from services.notifications.store import notificatie as store

router = APIRouter(prefix="/v1", tags=["notificaties"])

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


@router.get("/notificaties")
async def list_notificaties(
    db: Database,
    wie: Wie,
    status: Literal["wacht", "verzonden", "mislukt", "verzameld"] | None = None,
    kanaal: Literal["email", "in_app", "brief", "webhook"] | None = None,
    ontvanger_soort: Literal["gemeente", "wijkteam", "aanbieder", "inwoner", "helper"] | None = None,
    client_id: Annotated[str | None, Query(pattern=r"^[A-Z2-7]{26}$")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    na: Annotated[int | None, Query(ge=0, le=2**62)] = None,
) -> Notificaties:
    """Alles wat de gemeente vertelde, of wat de aanbieder hoorde; de nieuwste eerst.

    Een portaal toont een inwoner zijn berichten met `client_id` en `ontvanger_soort=inwoner`.
    """
    wij = beller(wie)
    keuze = store.Keuze(status, kanaal, ontvanger_soort, client_id)
    async with transaction(db, wij.tenant) as tx:
        rijen = await store.list_notificaties(
            tx, gemeente=wij.gemeente, aanbieder=wij.aanbieder, keuze=keuze, na=na, limit=limit + 1
        )
    meer = len(rijen) > limit
    rijen = rijen[:limit]
    return Notificaties(
        notificaties=[_antwoord(rij) for rij in rijen], volgende=str(rijen[-1]["volgnr"]) if meer else None
    )


@router.post("/notificaties/{notificatie_id}/opnieuw", status_code=202)
async def verzend_opnieuw(db: Database, wie: Wie, notificatie_id: Id) -> Notificatie:
    """Stuurt het nog een keer, meteen en met hetzelfde kenmerk; ook na een mislukking."""
    async with transaction(db, beller(wie).tenant) as tx:
        rij = await store.reset_poging(tx, notificatie_id)
    if rij is None:
        raise Problem(404, "notificatie_onbekend", "Deze notificatie is er niet", "Controleer het kenmerk.")
    return _antwoord(rij)


@router.put("/voorkeuren", response_model_exclude_unset=True)
async def save_voorkeuren(db: Database, wie: Wie, voorkeuren: Voorkeuren) -> Voorkeuren:
    """Hoe en wanneer de beller, of een van zijn wijkteams, het wil horen. Geldt voor wat er vanaf nu gebeurt."""
    wij = beller(wie)
    async with transaction(db, wij.tenant) as tx:
        await zet_voorkeur(tx, wij, voorkeuren)
    return voorkeuren


@router.get("/voorkeuren")
async def list_voorkeuren(db: Database, wie: Wie) -> dict[str, list[dict[str, Any]]]:
    """Wat er is gekozen; wie niets koos krijgt de standaard."""
    wij = beller(wie)
    async with transaction(db, wij.tenant) as tx:
        return {"voorkeuren": await toon_voorkeuren(tx, wij)}


def _antwoord(rij: Any) -> Notificatie:
    soort, aan = rij["ontvanger_soort"], rij["ontvanger"] or rij["gemeente"]
    zelfde = ("aanleiding", "event_id", "onderwerp", "inhoud", "kanaal", "status", "pogingen", "niet_voor_at",
              "laatste_fout", "webhook_id", "gemaakt_at", "verzonden_at")  # fmt: skip
    return Notificatie(
        notificatie_id=str(rij["notificatie_id"]),
        betreft=betreft_uit(soort, aan, rij["betreft"]),
        ontvanger_soort=soort,
        ontvanger=aan,
        volgende_poging_at=rij["volgende_poging_at"] if rij["status"] == "wacht" else None,
        bundel_id=str(rij["bundel_id"]) if rij["bundel_id"] else None,
        **{veld: rij[veld] for veld in zelfde},
    )
