"""Terms: who must act until when, for the municipality and for the provider."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from chassis.db import transaction
from chassis.http import Database
from chassis.namens import Huurder
from chassis.rechten import Wie
from services.toewijzing.domain.termijn import VERVOLG
from services.toewijzing.handlers.termijn import list_termijnen
from services.toewijzing.http.toewijzing import Id
from services.toewijzing.store.termijn import Keuze

router = APIRouter(prefix="/v1/termijnen", tags=["termijnen"])

Soort = Literal[
    "antwoord_301", "antwoord_319", "start", "stop", "reactie_verzoek", "besluit_verzoek", "vervolg"
]  # fmt: skip
Status = Literal["loopt", "nadert", "verstreken", "gehaald", "te_laat_gehaald", "vervallen"]


@router.get("")
async def get_termijnen(
    wie: Wie,
    huurder: Huurder,
    db: Database,
    status: Status | None = None,
    soort: Soort | None = None,
    aan_zet: Annotated[Literal["gemeente", "aanbieder"] | None, Query(alias="wie")] = None,
    client_id: Id = None,
    toewijzing_nummer: Annotated[int | None, Query(ge=0, le=999_999_999)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    na: Annotated[int, Query(ge=0, le=2**62)] = 0,
) -> dict[str, Any]:
    """Terms of the caller, oldest first; whether a resident needs help afterwards is the municipality's to see."""
    van_gemeente = wie.gemeente is not None
    keuze = Keuze(
        status=status,
        soort=soort,
        wie=aan_zet,
        client_id=client_id if van_gemeente else None,
        toewijzing_nummer=toewijzing_nummer,
        zonder_soort=None if van_gemeente else VERVOLG,
    )
    async with transaction(db, huurder) as tx:
        return await list_termijnen(tx, keuze, met_client=van_gemeente, na=na, limit=limit)
