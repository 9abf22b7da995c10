"""Wat iemand uit de omgeving laat weten over een inwoner."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from services.intake.contracts.indicatie import Client
from services.intake.contracts.stap import Regel, RisicoIn, StapIn, Tekst


class Over(StapIn):
    """Over wie het gaat, voor zover bekend; het BSN hoeft niet."""

    naam: Regel | None = None
    postcode: Annotated[str, Field(pattern=r"^[1-9][0-9]{3} ?[A-Z]{2}$")]
    huisnummer: Annotated[StrictInt, Field(ge=0, le=99_999)] | None = None
    bereikbaar: Regel | None = None


class MelderVanSignaal(StapIn):
    """Wie het laat weten."""

    soort: Literal["buur", "dorpsinitiatief", "vrijwilliger", "familie", "professional", "anders"]
    naam: Regel | None = None
    bereikbaar: Regel | None = None


class SignaalIn(StapIn):
    """POST /v1/signalen. `anoniem`: de inwoner hoort niet wie het liet weten."""

    over: Over
    melder: MelderVanSignaal
    toestemming: Literal["gegeven", "niet_gevraagd", "geweigerd"]
    reden_zonder_toestemming: Tekst | None = None
    anoniem: bool = False
    zorg: Tekst


class MeldingUitSignaal(StapIn):
    """Het signaal wordt een melding: nu is wel bekend om wie het gaat."""

    client: Client
    hulpvraag: Tekst | None = None
    kanaal: Literal["telefoon", "e-mail", "brief", "huisbezoek", "balie"] = "huisbezoek"
    taal: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = "nl"
    spoed: bool = False
    kwetsbaar: bool = False
    risicos: Annotated[list[RisicoIn], Field(max_length=20)] = []


class SignaalAfsluiting(StapIn):
    """Er komt geen melding, en waarom niet."""

    reden: Tekst
