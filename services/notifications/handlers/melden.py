"""One function per event that a person must hear of: who, by which text, once per cause and receiver (G2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from chassis import trace
from chassis.clock import clock
from chassis.db import Tenant, Tx, act_for
from chassis.errors import BadData
from chassis.kafka import Event
from schemas.iwmo.codes import PRODUCT_CATEGORIE, RETOURCODES
from services.notifications.contracts import (
    BerichtAfgekeurd,
    BudgetBereikt,
    MeldingStap,
    TermijnGemeld,
    TermijnVanMelding,
    TermijnVerstreken,
)
from services.notifications.domain import ontvanger as wie
from services.notifications.domain.ontvanger import AANBIEDER, GEMEENTE, HELPER, INWONER, WIJKTEAM, Ontvanger, Voorkeur
from services.notifications.domain.sjablonen import OM_TE, SJABLONEN, WACHT_OP
from services.notifications.domain.tekst import bericht_naam, datum_in_woorden, euro, vul
from services.notifications.domain.wie_hoort_wat import POSTBUS_NIEUW
from services.notifications.store import notificatie as store
from services.notifications.store import ontvanger as ontvanger_store
from services.notifications.store import webhook as webhook_store

M = TypeVar("M", bound=BaseModel)
RECHT_VAN_INWONER = ("plan", "bezwaar", "reactie")
"""Terms of intake that are the resident's own to use."""


def _lees(model: type[M], event: Event) -> M:
    try:
        return model.model_validate(event.data)
    except ValidationError:
        # from None: pydantic prints the rejected value, and that may be personal data (G18)
        raise BadData(f"{event.type}: data does not fit the contract") from None


async def meld_termijn(tx: Tx, event: Event, *, backoffice: str) -> None:
    """A message waits longer than its term for its answer (OP090): one notification per message."""
    data = _lees(TermijnVerstreken, event)
    velden = {
        "soort": bericht_naam(data.soort),
        "wacht_op": bericht_naam(data.wacht_op),
        "dag": datum_in_woorden(data.uiterlijk),
        "partij": data.partij,
        **_vind(data.bericht_id, backoffice),
    }
    naam = "gemeente" if data.partij == event.gemeente else "aanbieder"
    await _zet_klaar(tx, event, "termijn_verstreken", data.bericht_id, f"antwoord_te_laat.{naam}", velden)


async def meld_gemelde_termijn(tx: Tx, event: Event, *, backoffice: str) -> None:
    """A term nears or has passed, or a toewijzing ends soon: the municipality hears of it, and who must act.

    A warning that comes after the day itself helps nobody: then only what it became is told.
    """
    data = _lees(TermijnGemeld, event)
    aanleiding = event.type.rpartition(".")[2]
    if aanleiding == "termijn_nadert" and data.uiterlijk < clock.today():
        return
    velden = {
        "wacht_op": WACHT_OP.get(data.soort, "een bericht"),
        "nummer": str(data.toewijzing_nummer or ""),
        "dag": datum_in_woorden(data.uiterlijk),
        "partij": data.partij,
        **_vind(data.bericht_id, backoffice),
    }
    eigen = data.partij == event.gemeente
    naam = "gemeente" if eigen else "van_aanbieder"
    if aanleiding == "einde_nadert":
        naam = "gemeente"
    elif eigen and data.soort == "antwoord_declaratie":
        naam = "declaratie"
    await _zet_klaar(tx, event, aanleiding, data.termijn_id, f"{aanleiding}.{naam}", velden)
    if naam == "van_aanbieder":
        ander = Ontvanger(AANBIEDER, data.partij)
        await _zet_klaar(tx, event, aanleiding, data.termijn_id, f"{aanleiding}.aanbieder", velden, ander)


async def meld_termijn_van_melding(tx: Tx, event: Event) -> None:
    """A term of a case or signal: the team hears of it, or the resident while it is a right of his own."""
    data = _lees(TermijnVanMelding, event)
    aanleiding = event.type.rpartition(".")[2]
    nadert = aanleiding == "termijn_nadert"
    if nadert and data.uiterlijk < clock.today():
        return
    velden = {
        "wat": OM_TE.get(data.soort, "een stap te doen"),
        "dag": datum_in_woorden(data.uiterlijk),
        "team": data.team,
        "kenmerk": data.melding_id or data.signaal_id or "",
    }
    aan, naam = Ontvanger(WIJKTEAM, data.team), f"{aanleiding}.wijkteam"
    if data.wie == "inwoner" and nadert:
        if data.soort not in RECHT_VAN_INWONER or event.client_id is None:
            return
        aan, naam = Ontvanger(INWONER, event.client_id), f"termijn_nadert.{data.soort}"
    elif data.wie == "inwoner":
        naam = "termijn_verstreken.geen_reactie"
    await _zet_klaar(tx, event, aanleiding, data.termijn_id, naam, velden, aan)


async def meld_stap(tx: Tx, event: Event) -> None:
    """A step of a case that the resident, who helps, or the team must hear of: once per step."""
    data = _lees(MeldingStap, event)
    stap = event.type.rpartition(".")[2]
    betreft = f"{data.melding_id}/{data.volgnummer}"
    velden = {"team": data.team, "kenmerk": data.melding_id}
    if stap == "melding_ontvangen" and data.kanaal is not None and event.client_id is not None:
        await _onthoud_kanaal(tx, event, event.client_id, data.kanaal)
    inwoner = stap in ("melding_ontvangen", "beschikking_vastgesteld")
    if inwoner and event.client_id is not None:
        await _zet_klaar(tx, event, stap, betreft, f"{stap}.inwoner", velden, Ontvanger(INWONER, event.client_id))
    if stap == "outreach_gevraagd" or (stap == "melding_ontvangen" and data.spoed):
        await _zet_klaar(tx, event, stap, betreft, f"{stap}.wijkteam", velden, Ontvanger(WIJKTEAM, data.team))
    if stap == "afweging_vastgelegd" and data.respijt == "geboden" and event.client_id is not None:
        # Weighed again: the offer is still the same one.
        aan = Ontvanger(HELPER, event.client_id)
        await _zet_klaar(tx, event, "respijt_geboden", data.melding_id, "respijt_geboden.helper", velden, aan)


async def _onthoud_kanaal(tx: Tx, event: Event, client_id: str, gekozen: str) -> None:
    """What the resident chose last, for everything that follows; no address (ADR 0034)."""
    await ontvanger_store.save_ontvanger(
        tx, gemeente=event.gemeente, aanbieder=None, soort=INWONER, wie=client_id,
        kanaal=wie.kanaal_van_inwoner(gekozen), email=None, adres=None, stil_van=None, stil_tot=None,
        verzamelen_om=None, gewijzigd_at=clock.now(),
    )  # fmt: skip


async def meld_afkeuring(tx: Tx, event: Event, *, backoffice: str) -> None:
    """A 301 or 319 was refused: one notification per opdracht."""
    data = _lees(BerichtAfgekeurd, event)
    redenen = [f"- {code}: {RETOURCODES.get(code, 'onbekende retourcode')}" for code in data.retourcodes]
    velden = {
        "partij": event.aanbieder or "onbekend",
        "redenen": "\n".join(redenen or ["- de aanbieder gaf geen retourcode"]),
        **_vind(data.bericht_id, backoffice),
    }
    naam = "antwoord" if data.soort == "WMO319" else "toewijzing"
    await _zet_klaar(tx, event, "bericht_afgekeurd", data.opdracht_id, f"bericht_afgekeurd.{naam}", velden)


async def meld_budget(tx: Tx, event: Event) -> None:
    """A forecast reached 80, 95 or 100 % of the ceiling: one notification per part and ceiling."""
    data = _lees(BudgetBereikt, event)
    betreft = f"{data.jaar}/{data.product_categorie}/{data.plafond_cent}/{data.procent}"
    velden = {
        "jaar": str(data.jaar),
        "categorie": data.product_categorie,
        "naam": PRODUCT_CATEGORIE.get(data.product_categorie, "onbekende categorie").lower(),
        "stand": "is op" if data.procent >= 100 else f"komt op {data.procent} procent",
        "plafond": euro(data.plafond_cent),
        "prognose": euro(data.prognose_cent),
        "verplicht": euro(data.verplicht_cent),
        "gerealiseerd": euro(data.gerealiseerd_cent),
    }
    await _zet_klaar(tx, event, "budget_bereikt", betreft, "budget_bereikt.gemeente", velden)


async def meld_postbus(tx: Tx, event: Event) -> None:
    """Something lies in a mailbox: the provider's webhooks say that there is something, never what."""
    if event.aanbieder is not None:
        await _nieuws(tx, event, Ontvanger(AANBIEDER, event.aanbieder), POSTBUS_NIEUW)


def _vind(bericht_id: str | None, backoffice: str) -> dict[str, str]:
    """Where to look: the message, or without one the cases."""
    return {
        "kenmerk": bericht_id or "",
        "bericht_adres": f"{backoffice}/stroom?bericht_id={bericht_id}" if bericht_id else "",
        "zaken_adres": "" if bericht_id else f"{backoffice}/zaken",
    }


async def _zet_klaar(
    tx: Tx,
    event: Event,
    aanleiding: str,
    betreft: str,
    sjabloon: str,
    velden: Mapping[str, str],
    aan: Ontvanger | None = None,
) -> None:
    """Queue a text for a receiver (the municipality when none is named), by the channel and at the hour it chose."""
    aan = aan or Ontvanger(GEMEENTE, event.gemeente)
    kanaal, voorkeur, adres = await _voorkeur(tx, event, aan)
    if aan.soort == INWONER and aanleiding in wie.IS_ZELF_EEN_BRIEF:
        kanaal = wie.IN_APP
    tekst = vul(SJABLONEN[sjabloon], velden, event.gemeente)
    nu = clock.now()
    nieuw = store.Nieuw(
        gemeente=event.gemeente,
        aanleiding=aanleiding,
        betreft=wie.sleutel(aan, betreft),
        ontvanger_soort=aan.soort,
        ontvanger=aan.wie,
        kanaal=kanaal,
        event_id=event.event_id,
        aanbieder=event.aanbieder,
        client_id=event.client_id,
        keten=event.keten,
        onderwerp=tekst.onderwerp,
        inhoud=tekst.inhoud,
        gemaakt_at=nu,
        traceparent=trace.current(),
        niet_voor_at=wie.niet_voor(voorkeur, nu) if kanaal == wie.EMAIL else None,
        verzamelen=kanaal == wie.EMAIL and voorkeur.verzamelen_om is not None,
        adres=adres if kanaal == wie.BRIEF else None,
    )
    if await store.insert_notificatie(tx, nieuw):
        await _nieuws(tx, event, aan, aanleiding)


async def _voorkeur(tx: Tx, event: Event, aan: Ontvanger) -> tuple[str, Voorkeur, list[str] | None]:
    """The channel, hours and postal address of a receiver; a team that chose none is reached as its municipality."""
    if aan.soort == HELPER:
        return wie.STANDAARD[aan.soort], Voorkeur(), None
    await _namens(tx, event, aan)
    eigenaar = aan.wie if aan.soort == AANBIEDER else event.gemeente
    rij = await ontvanger_store.load_ontvanger(tx, eigenaar, aan.soort, aan.wie)
    if rij is None and aan.soort == WIJKTEAM:
        rij = await ontvanger_store.load_ontvanger(tx, eigenaar, GEMEENTE, eigenaar)
    if rij is None:
        return wie.STANDAARD[aan.soort], Voorkeur(), None
    uren = Voorkeur(rij["kanaal"], rij["stil_van"], rij["stil_tot"], rij["verzamelen_om"])
    return rij["kanaal"], uren, rij["adres"]


async def _nieuws(tx: Tx, event: Event, aan: Ontvanger, aanleiding: str) -> None:
    """For the webhooks of the receiver; of whoever has no token, for those of the municipality."""
    await _namens(tx, event, aan)
    await webhook_store.add_nieuws(tx, aan.wie if aan.soort == AANBIEDER else event.gemeente, aanleiding)


async def _namens(tx: Tx, event: Event, aan: Ontvanger) -> None:
    """What a provider chose stands in its own rows."""
    if aan.soort == AANBIEDER:
        await act_for(tx, Tenant(event.gemeente, (aan.wie,)))
