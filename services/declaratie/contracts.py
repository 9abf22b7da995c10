"""What declaratie reads of other services (only the fields that it uses) and what it publishes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from chassis.errors import BadData
from chassis.vingerafdruk import to_bytes

TOPIC = "declaratie.v1"


class _Lezer(BaseModel):
    # Events only grow: unknown fields are of later and do not count here.
    model_config = ConfigDict(extra="ignore")


class ProductVeld(_Lezer):
    """CDT_Product."""

    categorie: str
    code: str | None = None


class OmvangVeld(_Lezer):
    """CDT_Omvang."""

    volume: int
    eenheid: str
    frequentie: str


class ToewijzingVastgelegd(_Lezer):
    """toewijzing.toewijzing_vastgelegd: a new version, or a version with a new status."""

    toewijzing_nummer: int
    versie: int
    aanbieder: str
    product: ProductVeld | None = None
    omvang: OmvangVeld | None = None
    budget_cent: int | None = None
    ingangsdatum: date
    einddatum: date | None = None
    reden_wijziging: str | None = None
    variant: Literal["inspanning", "output", "taak"] = "inspanning"
    status: Literal["verzonden", "goedgekeurd", "afgekeurd"]


class LeveringGewijzigd(_Lezer):
    """toewijzing.levering_gewijzigd."""

    toewijzing_nummer: int
    levering: Literal["geen", "gestart", "tijdelijk_gestopt", "gestopt"]
    begindatum: date | None = None
    einddatum: date | None = None


class ContractVeld(_Lezer):
    """A row of PUT /v1/contracten."""

    aanbieder: str
    product_categorie: str
    product_code: str | None = None
    variant: str = "inspanning"
    eenheid: str | None = None
    tarief_cent: int | None = None
    minuten_toegestaan: bool | None = None
    geldig_vanaf: date
    geldig_tot: date | None = None


class ContractenVastgelegd(_Lezer):
    """toewijzing.contracten_vastgelegd: all contracts of the gemeente."""

    contracten: list[ContractVeld]


class InstellingenVastgelegd(_Lezer):
    """toewijzing.instellingen_vastgelegd."""

    instellingen: dict[str, Any]


class Periode(_Lezer):
    """DeclaratiePeriode."""

    begindatum: date
    einddatum: date


def _vingerafdrukken(tekst: object) -> bytes | None:
    return to_bytes(tekst) if isinstance(tekst, str) else None


Vingerafdrukken = Annotated[bytes | None, BeforeValidator(_vingerafdrukken)]
"""Packed by knooppunt with `chassis.vingerafdruk`; None in an event of before they were there."""


class DeclaratieOntvangen(_Lezer):
    """knooppunt.declaratie_ontvangen: the header of a 323.

    `vorig_ontvangstnummer`: of the 323 of this aanbieder that was received before it, None for the first.
    """

    bericht_id: str
    ontvangstnummer: int
    identificatie: str = ""
    declaratie_nummer: str
    declaratie_periode: Periode
    declaratie_dagtekening: date
    ontvangen_at: datetime
    totaal_ingediend_cent: int
    delen: int
    antwoord_uiterlijk: date | None = None
    vorig_ontvangstnummer: int | None = None
    clienten: Vingerafdrukken = None
    referenties: Vingerafdrukken = None


class PrestatieVeld(_Lezer):
    """A Prestatie of a 323."""

    regel: int
    referentie_nummer: str
    vorig_referentie_nummer: str | None = None
    toewijzing_nummer: int
    product_categorie: str
    product_code: str
    begindatum: date
    einddatum: date
    geleverd_volume: int
    eenheid: str
    product_tarief_cent: int | None = None
    ingediend_cent: int
    debet_credit: Literal["D", "C"]


class DeelOntvangen(_Lezer):
    """knooppunt.declaratiedeel_ontvangen: the lines of one client.

    `dubbele_regels`: those whose ReferentieNummer is in an earlier part of the same 323 too.
    """

    bericht_id: str
    ontvangstnummer: int
    deel: int
    prestaties: list[PrestatieVeld]
    dubbele_regels: list[int] = []


class BerichtVerzonden(_Lezer):
    """knooppunt.bericht_verzonden; only the 325 counts here."""

    bericht_id: str
    soort: str
    op_bericht: str | None = None


class RegelOordeel(BaseModel):
    """The judgement of a line; no retourcodes is awarded."""

    regel: int
    toewijzing_nummer: int
    ingediend_cent: int
    retourcodes: list[str]


class DeclaratiedeelBeoordeeld(BaseModel):
    """declaratie.declaratiedeel_beoordeeld."""

    bericht_id: str
    deel: int
    client_codes: list[str]
    prestaties: list[RegelOordeel]
    toegekend_cent: int


class DeclaratieAfgehandeld(BaseModel):
    """declaratie.declaratie_afgehandeld."""

    bericht_id: str
    declaratie_nummer: str
    periode: str
    header_codes: list[str] = []
    declaratie_codes: list[str]
    ingediend_cent: int
    toegekend_cent: int
    delen: int
    afgekeurd: dict[str, int]


class BudgetBereikt(BaseModel):
    """declaratie.budget_bereikt: the forecast reaches a threshold of the ceiling."""

    jaar: int
    product_categorie: str
    procent: int
    plafond_cent: int
    verplicht_cent: int
    gerealiseerd_cent: int
    prognose_cent: int


class TermijnGemeld(BaseModel):
    """declaratie.termijn_nadert and .termijn_verstreken: each once per 323 (OP090x4).

    `partij` is who must act, by CBS code; `uiterlijk` the last day on which that is in time.
    """

    termijn_id: str
    soort: str
    wie: str
    partij: str
    uiterlijk: date
    bericht_id: str


class BetaaldeDeclaratie(BaseModel):
    """A 325 in a payment; a net credit is negative."""

    bericht_id: str
    declaratie_nummer: str
    toegekend_cent: int


class BetalingOpgedragen(BaseModel):
    """declaratie.betaling_opgedragen: a payment to an aanbieder stands in a payment file."""

    betaling_id: str
    betaalbestand_id: str
    bedrag_cent: int
    uitvoerdatum: date
    declaraties: list[BetaaldeDeclaratie]


class GebruikWijktAf(BaseModel):
    """declaratie.gebruik_wijkt_af: a toewijzing is used much less or more than promised for months."""

    toewijzing_nummer: int
    soort: str
    sinds: date
    t_m: date
    maanden: int
    verplicht_cent: int
    gerealiseerd_cent: int


M = TypeVar("M", bound=BaseModel)


def lees(model: type[M], data: Mapping[str, Any]) -> M:
    """The content of an event; what does not fit is parked, without naming the value."""
    try:
        return model.model_validate(data)
    except ValidationError as fout:
        raise BadData(f"{model.__name__} heeft niet de vorm van haar contract") from fout
