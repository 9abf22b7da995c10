"""Wat intake aanneemt, publiceert en van toewijzing leest."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StrictInt

# Wat in een 301 komt: geen stuurtekens (XML kent ze niet) en minstens een zichtbaar teken.
_TEKST = r"^[^\x00-\x1f\x7f\ufffe\uffff]*[^\s\x00-\x1f\x7f\ufffe\uffff][^\x00-\x1f\x7f\ufffe\uffff]*$"
Code2 = Annotated[str, Field(pattern=r"^[0-9]{2}$")]


def _tekst(lengte: int) -> Any:
    return Field(min_length=1, max_length=lengte, pattern=_TEKST)


class _Invoer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Naam(_Invoer):
    """Naam van een persoon (CDT_VolledigeNaam)."""

    achternaam: Annotated[str, _tekst(200)]
    voorvoegsel: Annotated[str, _tekst(10)] | None = None
    voorletters: Annotated[str, Field(pattern=r"^[a-zA-ZÀ-ỳ]{1,6}$")] | None = None
    voornamen: Annotated[str, _tekst(200)] | None = None


class Adres(_Invoer):
    """Adres (CDT_Adres)."""

    straat: Annotated[str, _tekst(24)] | None = None
    huisnummer: Annotated[StrictInt, Field(ge=0, le=99_999)]
    huisletter: Annotated[str, _tekst(1)] | None = None
    toevoeging: Annotated[str, _tekst(4)] | None = None
    postcode: Annotated[str, _tekst(8)]
    plaats: Annotated[str, _tekst(80)] | None = None
    land: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None


class Client(_Invoer):
    """De persoon; wat hier niet in de kern staat gaat ongelezen, verzegeld, naar knooppunt."""

    bsn: Annotated[str, Field(pattern=r"^[0-9]{9}$")]
    geboortedatum: date
    datum_gebruik: Literal["1", "2", "3"] | None = None
    geslacht: Literal["0", "1", "2"]
    naam: Naam
    partnernaam: JsonValue = None
    naamgebruik: Literal["1", "2", "3", "4", "5", "6"] | None = None
    adres: Adres
    telefoon: JsonValue = None
    email: Annotated[str, _tekst(80)] | None = None
    communicatie: JsonValue = None
    juridische_status: Code2 | None = None
    wettelijke_vertegenwoordiging: Code2 | None = None
    relaties: Annotated[list[dict[str, JsonValue]], Field(max_length=100)] | None = None
    contacten: Annotated[list[dict[str, JsonValue]], Field(max_length=100)] | None = None


class Beschikking(_Invoer):
    """Het besluit van de gemeente."""

    nummer: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
    ingangsdatum: date
    einddatum: date | None = None


class Product(_Invoer):
    """Product: specifiek met code, aspecifiek zonder."""

    categorie: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-8])$")]
    code: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,5}$")] | None = None


class Omvang(_Invoer):
    """Volume per frequentie in een eenheid."""

    volume: Annotated[StrictInt, Field(ge=0, le=99_999_999)]
    eenheid: Literal["01", "04", "14", "16", "82", "83", "84"]
    frequentie: Literal["1", "2", "4", "6"]


class GeindiceerdProduct(_Invoer):
    """Een product uit de beschikking, bij een aanbieder."""

    aanbieder: Annotated[str, Field(pattern=r"^[0-9]{8}$")]
    product: Product | None = None
    ingangsdatum: date
    einddatum: date | None = None
    omvang: Omvang | None = None
    budget_cent: Annotated[StrictInt, Field(ge=0, le=99_999_999)] | None = None
    commentaar: Annotated[str, _tekst(2_000)] | None = None
    besluit_at: AwareDatetime | None = None


class Indicatie(_Invoer):
    """POST /v1/indicaties; zonder producten is het een open beschikking."""

    client: Client
    beschikking: Beschikking
    producten: Annotated[list[GeindiceerdProduct], Field(max_length=100)]


class AdresGewijzigd(_Invoer):
    """De client heeft een ander adres binnen de gemeente."""

    soort: Literal["adres"]
    adres: Adres


class NaamGewijzigd(_Invoer):
    """De client heeft een andere naam; wat ontbreekt blijft als het was."""

    soort: Literal["naam"]
    naam: Naam
    partnernaam: JsonValue = None
    naamgebruik: Literal["1", "2", "3", "4", "5", "6"] | None = None


Gebeurtenis = Annotated[AdresGewijzigd | NaamGewijzigd, Field(discriminator="soort")]
"""POST /v1/clienten/{client_id}/gebeurtenissen; een overlijden of verhuizing gaat naar toewijzing."""


class Zoekvraag(_Invoer):
    """POST /v1/clienten/zoek."""

    bsn: Annotated[str, Field(pattern=r"^[0-9]{9}$")]


class Adresvraag(_Invoer):
    """POST /v1/clienten/adressen."""

    client_ids: Annotated[list[Annotated[str, Field(pattern=r"^[A-Z2-7]{26}$")]], Field(min_length=1, max_length=200)]


class ClientVastgelegd(BaseModel):
    """intake.client_vastgelegd: alleen knooppunt opent het zegel (base64)."""

    verzegeld: str


class ClientGewijzigd(BaseModel):
    """intake.client_gewijzigd: de persoon veranderde; het nieuwe blok komt direct hierna."""

    soort: Literal["adres", "naam"]


class IndicatieVastgesteld(BaseModel):
    """intake.indicatie_vastgesteld: zonder persoon."""

    indicatie_id: str
    beschikking: dict[str, Any]
    producten: list[dict[str, Any]]


class IndicatieToegewezen(BaseModel):
    """toewijzing.indicatie_toegewezen, wat intake ervan leest."""

    model_config = ConfigDict(extra="ignore")
    indicatie_id: str
    toewijzing_nummers: list[int]


class IndicatieGeweigerd(BaseModel):
    """toewijzing.indicatie_geweigerd, wat intake ervan leest."""

    model_config = ConfigDict(extra="ignore")
    indicatie_id: str
    bevindingen: list[dict[str, Any]]


class ToewijzingVastgelegd(BaseModel):
    """toewijzing.toewijzing_vastgelegd, wat intake ervan leest."""

    model_config = ConfigDict(extra="ignore")
    toewijzing_nummer: int
    versie: int
    aanbieder: str
    ingangsdatum: date
    einddatum: date | None = None
    reden_wijziging: str | None = None
    status: Literal["verzonden", "goedgekeurd", "afgekeurd"]
