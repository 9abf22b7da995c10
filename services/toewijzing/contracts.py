"""Wat toewijzing van andere processen leest (alleen de velden die zij gebruikt) en zelf publiceert."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

Code = Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, int) else v)]


class _Lezer(BaseModel):
    # Gebeurtenissen groeien alleen: onbekende velden zijn van later en tellen hier niet.
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


class Beschikking(_Lezer):
    """Het besluit van de gemeente tegenover de client."""

    nummer: str
    ingangsdatum: date
    einddatum: date | None = None


class GeindiceerdProduct(_Lezer):
    """Een product uit een indicatie."""

    aanbieder: str
    product: ProductVeld | None = None
    ingangsdatum: date
    einddatum: date | None = None
    omvang: OmvangVeld | None = None
    budget_cent: int | None = None
    commentaar: str | None = None
    besluit_at: datetime | None = None


class IndicatieVastgesteld(_Lezer):
    """intake.indicatie_vastgesteld."""

    indicatie_id: str
    beschikking: Beschikking
    producten: list[GeindiceerdProduct]


class StartProduct(_Lezer):
    """StartProduct van een 305."""

    toewijzing_nummer: int | None = None
    product: ProductVeld | None = None
    toewijzing_ingangsdatum: date | None = None
    begindatum: date
    status_aanlevering: Code


class StopProduct(StartProduct):
    """StopProduct van een 307."""

    reden_beeindiging: Code
    einddatum: date


class Inhoud305(_Lezer):
    """Inhoud van een 305."""

    start_producten: list[StartProduct]


class Inhoud307(_Lezer):
    """Inhoud van een 307."""

    stop_producten: list[StopProduct]


class RetourProduct(_Lezer):
    """Codes bij een ToegewezenProduct in een 302."""

    toewijzing_nummer: int
    retourcodes: list[Code] = []


class Inhoud302(_Lezer):
    """Inhoud van een 302; zonder codes is de 301 goedgekeurd."""

    retourcodes: list[Code] = []
    toegewezen_producten: list[RetourProduct] = []


class AangevraagdProduct(_Lezer):
    """AangevraagdProduct van een 315."""

    referentie_aanbieder: str
    beschikking_nummer: int | None = None
    product: ProductVeld | None = None
    beschikking_ingangsdatum: date | None = None
    toewijzing_ingangsdatum: date
    toewijzing_einddatum: date | None = None
    omvang: OmvangVeld | None = None
    budget_cent: int | None = None


class Inhoud315(_Lezer):
    """Inhoud van een 315."""

    aangevraagde_producten: list[AangevraagdProduct]


class OngewijzigdProduct(_Lezer):
    """OngewijzigdProduct van een 317."""

    toewijzing_nummer: int


class TeWijzigenProduct(OngewijzigdProduct):
    """TeWijzigenProduct van een 317."""

    gewenste_ingangsdatum: date
    einddatum: date | None = None
    omvang: OmvangVeld | None = None
    budget_cent: int | None = None


class NieuwProduct(_Lezer):
    """NieuwProduct van een 317."""

    product: ProductVeld | None = None
    gewenste_ingangsdatum: date
    einddatum: date | None = None
    omvang: OmvangVeld | None = None
    budget_cent: int | None = None


class VowVeld(_Lezer):
    """Verzoek van een 317."""

    referentie_aanbieder: str
    reden_verzoek: Code
    ongewijzigde_producten: list[OngewijzigdProduct] = []
    te_wijzigen_producten: list[TeWijzigenProduct] = []
    nieuwe_producten: list[NieuwProduct] = []


class Inhoud317(_Lezer):
    """Inhoud van een 317."""

    verzoek: VowVeld


class Inhoud320(_Lezer):
    """Inhoud van een 320; zonder codes is de 319 goedgekeurd."""

    retourcodes: list[Code] = []
    antwoord_retourcodes: list[Code] = []


class BerichtOntvangen(_Lezer):
    """knooppunt.bericht_ontvangen."""

    bericht_id: str
    soort: str
    dagtekening: date | None = None
    ontvangen_at: datetime | None = None
    opdracht_id: str | None = None
    inhoud: dict[str, Any]


class BerichtVerzonden(_Lezer):
    """knooppunt.bericht_verzonden."""

    bericht_id: str
    soort: str
    opdracht_id: str | None = None
    antwoord_uiterlijk: date | None = None


class BeoordeeldePrestatie(_Lezer):
    """Een prestatie met haar oordeel; een credit heeft een negatief bedrag."""

    toewijzing_nummer: int
    ingediend_cent: int
    retourcodes: list[str] = []


class DeclaratiedeelBeoordeeld(_Lezer):
    """declaratie.declaratiedeel_beoordeeld."""

    client_codes: list[str] = []
    prestaties: list[BeoordeeldePrestatie]


class IndicatieToegewezen(BaseModel):
    """toewijzing.indicatie_toegewezen."""

    indicatie_id: str
    toewijzing_nummers: list[int]


class IndicatieGeweigerd(BaseModel):
    """toewijzing.indicatie_geweigerd."""

    indicatie_id: str
    bevindingen: list[dict[str, Any]]


class ToewijzingVastgelegd(BaseModel):
    """toewijzing.toewijzing_vastgelegd: een nieuwe versie, of een versie met een nieuwe status."""

    toewijzing_nummer: int
    versie: int
    aanbieder: str
    product: dict[str, Any] | None
    omvang: dict[str, Any] | None
    budget_cent: int | None
    ingangsdatum: str
    einddatum: str | None
    toewijzingsdatum: str
    toewijzingstijd: str
    reden_wijziging: str | None
    variant: Literal["inspanning", "output", "taak"]
    status: Literal["verzonden", "goedgekeurd", "afgekeurd"]


class BerichtOpgesteld(BaseModel):
    """toewijzing.bericht_opgesteld: de inhoud van een 301 of 319, door knooppunt te verzenden."""

    opdracht_id: str
    soort: Literal["WMO301", "WMO319"] = "WMO301"
    toegewezen_producten: list[dict[str, Any]] = []
    antwoord: dict[str, Any] | None = None
    client_na: int | None = None


class BerichtBeoordeeld(BaseModel):
    """toewijzing.bericht_beoordeeld: het oordeel over een 305, 307, 315 of 317; lege codes = goedgekeurd."""

    bericht_id: str
    soort: Literal["WMO305", "WMO307", "WMO315", "WMO317"]
    header_codes: list[str]
    codes: dict[str, list[str]]
    bevindingen: list[dict[str, Any]]


class LeveringGewijzigd(BaseModel):
    """toewijzing.levering_gewijzigd."""

    toewijzing_nummer: int
    levering: Literal["geen", "gestart", "tijdelijk_gestopt", "gestopt"]
    begindatum: str | None
    einddatum: str | None


class BerichtAfgekeurd(BaseModel):
    """toewijzing.bericht_afgekeurd: een 302 weigerde een 301, of een 320 een 319.

    `toewijzing_nummers`: wat door die 302 nu niet geldt; gold alles al door een andere 301, dan wat erin stond.
    """

    opdracht_id: str
    bericht_id: str
    soort: Literal["WMO301", "WMO319"]
    retourcodes: list[str]
    toewijzing_nummers: list[int] = []


class VerzoekGewijzigd(BaseModel):
    """toewijzing.verzoek_gewijzigd: een verzoek kwam binnen, of er is over beslist."""

    verzoek_id: str
    soort: Literal["vot", "vow"]
    referentie_aanbieder: str
    bericht_id: str
    status: str
    reageer_uiterlijk: date
    besluit_uiterlijk: date


class TermijnGemeld(BaseModel):
    """toewijzing.termijn_nadert, .termijn_verstreken and .einde_nadert, each once per term; and of a term that was
    told, .termijn_beeindigd when it ends (with its `afloop`) and .termijn_hervat when it runs again.

    `partij` is who must act, by CBS code or AGB; `uiterlijk` the last day on which that is in time.
    """

    termijn_id: str
    soort: str
    wie: Literal["gemeente", "aanbieder"]
    partij: str
    uiterlijk: date
    toewijzing_nummer: int | None
    bericht_id: str | None
    verzoek_id: str | None
    afloop: Literal["gehaald", "te_laat_gehaald", "vervallen"] | None = None
