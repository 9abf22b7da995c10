"""The events that knooppunt publishes, and its own small view on those of others."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

BERICHTEN = "knooppunt-berichten.v1"
DECLARATIES = "knooppunt-declaraties.v1"


class _Gelezen(BaseModel):
    """A foreign event: fields that are not read here are let go."""

    model_config = ConfigDict(extra="ignore")


class ClientVastgelegd(_Gelezen):
    """intake.client_vastgelegd: a sealed client block."""

    verzegeld: str


class BerichtOpgesteld(_Gelezen):
    """toewijzing.bericht_opgesteld: a 301 or a 319 must be sent."""

    opdracht_id: str
    soort: str
    toegewezen_producten: list[dict[str, Any]] = []
    antwoord: dict[str, Any] | None = None
    client_na: int | None = None


class BerichtBeoordeeld(_Gelezen):
    """toewijzing.bericht_beoordeeld: the judgement of a 305, 307, 315 or 317."""

    bericht_id: str
    header_codes: list[str] = []
    codes: dict[str, list[str]] = {}
    bevindingen: list[dict[str, Any]] = []


class PrestatieBeoordeeld(_Gelezen):
    """A line of a judged part of a 323."""

    regel: int
    retourcodes: list[str] = []


class DeclaratiedeelBeoordeeld(_Gelezen):
    """declaratie.declaratiedeel_beoordeeld: the judgement of one client of a 323."""

    bericht_id: str
    deel: int
    client_codes: list[str] = []
    prestaties: list[PrestatieBeoordeeld]


class DeclaratieAfgehandeld(_Gelezen):
    """declaratie.declaratie_afgehandeld: the judgement of a whole 323."""

    bericht_id: str
    header_codes: list[str] = []
    declaratie_codes: list[str] = []
    toegekend_cent: int
    delen: int


class BerichtOntvangen(BaseModel):
    """knooppunt.bericht_ontvangen: a message about one client that passed levels 1 and 2 and its header."""

    bericht_id: str
    ontvangstnummer: int
    soort: str
    identificatie: str
    dagtekening: date
    ontvangen_at: datetime
    opdracht_id: str | None
    inhoud: dict[str, Any]


class BerichtVerzonden(BaseModel):
    """knooppunt.bericht_verzonden: something lies in a mailbox."""

    bericht_id: str
    soort: str
    identificatie: str
    op_bericht: str | None
    opdracht_id: str | None
    antwoord_uiterlijk: date | None


class BerichtGeweigerd(BaseModel):
    """knooppunt.bericht_geweigerd: refused on its own content or its header."""

    bericht_id: str
    soort: str
    retourcodes: list[str]
    bevindingen: list[dict[str, Any]]


class TermijnVerstreken(BaseModel):
    """knooppunt.termijn_verstreken: we did not answer a provider in time (OP090, OP090x4); once per message."""

    bericht_id: str
    soort: str
    wacht_op: str
    uiterlijk: date
    partij: str


class DeclaratieOntvangen(BaseModel):
    """knooppunt.declaratie_ontvangen: the header of a 323 and how many parts follow.

    `vorig_ontvangstnummer`: of the 323 that this provider handed in before. `clienten` and `referenties`: packed
    fingerprints of the client of each part, and of every ReferentieNummer (chassis.vingerafdruk).
    """

    bericht_id: str
    ontvangstnummer: int
    identificatie: str
    declaratie_nummer: str
    declaratie_periode: dict[str, Any]
    declaratie_dagtekening: date
    dagtekening: date
    ontvangen_at: datetime
    totaal_ingediend_cent: int
    delen: int
    antwoord_uiterlijk: date
    vorig_ontvangstnummer: int | None
    clienten: str
    referenties: str


class DeclaratiedeelOntvangen(BaseModel):
    """knooppunt.declaratiedeel_ontvangen: one client of a 323.

    `dubbele_regels`: lines whose ReferentieNummer stands in an earlier client of the same 323 too (TR314).
    """

    bericht_id: str
    ontvangstnummer: int
    deel: int
    declaratie_periode: dict[str, Any]
    declaratie_dagtekening: date
    declaratie_nummer: str
    dubbele_regels: list[int] = []
    prestaties: list[dict[str, Any]]
