"""The fields that notifications reads of foreign events, and what it publishes and answers."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints


class TermijnVerstreken(BaseModel):
    """knooppunt.termijn_verstreken"""

    bericht_id: str
    soort: str
    wacht_op: str
    uiterlijk: dt.date
    partij: str


class TermijnGemeld(BaseModel):
    """toewijzing.termijn_nadert, .termijn_verstreken, .einde_nadert; declaratie.termijn_nadert, .termijn_verstreken"""

    termijn_id: str
    soort: str
    partij: str
    uiterlijk: dt.date
    toewijzing_nummer: int | None = None
    bericht_id: str | None = None


class BerichtAfgekeurd(BaseModel):
    """toewijzing.bericht_afgekeurd"""

    opdracht_id: str
    bericht_id: str
    soort: Literal["WMO301", "WMO319"] = "WMO301"
    retourcodes: list[str] = []


class BudgetBereikt(BaseModel):
    """declaratie.budget_bereikt"""

    jaar: int
    product_categorie: str
    procent: int
    plafond_cent: int
    verplicht_cent: int
    gerealiseerd_cent: int
    prognose_cent: int


class NotificatieVerzonden(BaseModel):
    """notifications.notificatie_verzonden"""

    notificatie_id: str
    aanleiding: str
    kanaal: Literal["email"] = "email"


Adres = Annotated[
    str,
    StringConstraints(
        max_length=254,
        pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,188})\.[A-Za-z]{2,63}$",
    ),
]
"""A mail address that cannot carry a line break into a header."""


class Voorkeuren(BaseModel):
    """PUT /v1/voorkeuren"""

    model_config = ConfigDict(extra="forbid")
    email: Adres


class Notificatie(BaseModel):
    """One row of GET /v1/notificaties"""

    notificatie_id: str
    aanleiding: str
    betreft: str
    onderwerp: str
    kanaal: str
    status: Literal["wacht", "verzonden", "mislukt"]
    pogingen: int
    volgende_poging_at: dt.datetime | None
    laatste_fout: str | None
    gemaakt_at: dt.datetime
    verzonden_at: dt.datetime | None


class Notificaties(BaseModel):
    """GET /v1/notificaties"""

    notificaties: list[Notificatie]
    volgende: str | None
