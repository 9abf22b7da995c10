"""The fields that notifications reads of foreign events, and what it publishes and answers."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from .domain.wie_hoort_wat import AANLEIDINGEN


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


class TermijnVanMelding(BaseModel):
    """intake.termijn_nadert and .termijn_verstreken"""

    termijn_id: str
    soort: str
    wie: str
    team: str
    uiterlijk: dt.date
    melding_id: str | None = None
    signaal_id: str | None = None


class MeldingStap(BaseModel):
    """intake.melding_ontvangen and later steps of a case."""

    melding_id: str
    volgnummer: int
    team: str
    spoed: bool = False
    versie: int | None = None
    respijt: str | None = None
    kanaal: str | None = None


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
_ZONDER_STUURTEKENS = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
Adresregel = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_ZONDER_STUURTEKENS)]
Kloktijd = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Naam = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Stil(_In):
    """Uren in Nederland waarin niets wordt gestuurd, ook over middernacht: 22:00 tot 07:00."""

    van: Kloktijd
    tot: Kloktijd


class Voorkeuren(_In):
    """PUT /v1/voorkeuren: hoe de beller, of een van zijn wijkteams, het wil horen.

    Alleen `email` noemen is genoeg. `verzamelen_om`: een bericht per dag, om die tijd.
    """

    team: Naam | None = None
    kanaal: Literal["email", "in_app", "brief"] = "email"
    email: Adres | None = None
    adres: Annotated[list[Adresregel], Field(min_length=2, max_length=5)] | None = None
    stil: Stil | None = None
    verzamelen_om: Kloktijd | None = None

    @model_validator(mode="after")
    def _bereikbaar(self) -> Voorkeuren:
        if self.kanaal == "email" and self.email is None:
            raise ValueError("voor e-mail is een adres nodig")
        if self.kanaal == "brief" and self.adres is None:
            raise ValueError("voor brieven is een postadres nodig")
        if self.verzamelen_om is not None and self.kanaal != "email":
            raise ValueError("verzamelen kan alleen per e-mail")
        return self


class WebhookIn(_In):
    """PUT /v1/webhooks/{id}. Zonder `geheim` maakt de dienst er een, bij een nieuwe webhook."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    geheim: Annotated[str, StringConstraints(min_length=32, max_length=200, pattern=r"^[\x21-\x7e]+$")] | None = None
    aanleidingen: list[Literal[AANLEIDINGEN]] = []  # type: ignore[valid-type]


class Brieven(BaseModel):
    """POST /v1/brieven: how many letters went along, and where their PDF is; without letters there is no batch."""

    aantal: int
    batch_id: str | None


class Webhook(BaseModel):
    """A webhook. `geheim` is there once: in the answer to the call that made the service make one."""

    webhook_id: str
    url: str
    aanleidingen: list[str]
    gewijzigd_at: dt.datetime
    geheim: str | None = None


class Webhooks(BaseModel):
    """GET /v1/webhooks"""

    webhooks: list[Webhook]


class Notificatie(BaseModel):
    """One row of GET /v1/notificaties: what was told to whom, why, and how it went.

    `ontvanger` is a CBS code, a team, an AGB code, or a client_id (a resident or who helps one).
    """

    notificatie_id: str
    aanleiding: str
    betreft: str
    ontvanger_soort: Literal["gemeente", "wijkteam", "aanbieder", "inwoner", "helper"]
    ontvanger: str
    event_id: str
    onderwerp: str
    inhoud: str
    kanaal: Literal["email", "in_app", "brief", "webhook"]
    status: Literal["wacht", "verzonden", "mislukt", "verzameld"]
    pogingen: int
    niet_voor_at: dt.datetime | None
    volgende_poging_at: dt.datetime | None
    laatste_fout: str | None
    bundel_id: str | None
    webhook_id: str | None
    gemaakt_at: dt.datetime
    verzonden_at: dt.datetime | None


class Notificaties(BaseModel):
    """GET /v1/notificaties"""

    notificaties: list[Notificatie]
    volgende: str | None
