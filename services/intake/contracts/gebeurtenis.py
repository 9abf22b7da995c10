"""Events about a melding: codes, dates and numbers. No name, no word that somebody said."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel


class MeldingStap(BaseModel):
    """intake.melding_ontvangen and every later step of a case (domain.zaak.STAPPEN names them).

    `kanaal`: how the resident wants to hear of it, told with the melding. `bespaard_cent` is an estimate, in cents a
    year, of what help without a toewijzing did not cost.
    """

    melding_id: str
    volgnummer: int
    stap: str
    status: str
    team: str
    spoed: bool
    open_risico: bool
    uitkomst: str | None = None
    versie: int | None = None
    besluit: str | None = None
    indicatie_id: str | None = None
    voorziening: str | None = None
    bespaard_cent: int | None = None
    respijt: str | None = None
    kanaal: str | None = None
    moment: str | None = None
    toewijzing_nummer: int | None = None


class SignaalOntvangen(BaseModel):
    """intake.signaal_ontvangen and intake.signaal_afgehandeld; the key is the signaal itself."""

    signaal_id: str
    status: str
    team: str
    melding_id: str | None = None


class TermijnGemeld(BaseModel):
    """intake.termijn_nadert and intake.termijn_verstreken."""

    termijn_id: str
    soort: str
    wie: str
    team: str
    uiterlijk: date
    melding_id: str | None = None
    signaal_id: str | None = None


class InstellingenVastgelegd(BaseModel):
    """intake.instellingen_vastgelegd and intake.sociale_kaart_vastgelegd: which version holds from which day."""

    versie: int
    geldig_vanaf: date
