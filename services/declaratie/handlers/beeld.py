"""Its own view of what toewijzing decides; any order of delivery gives the same view."""

from __future__ import annotations

from chassis.db import Tx
from chassis.errors import BadData
from chassis.kafka import Event
from services.declaratie.contracts import (
    BerichtVerzonden,
    ContractenVastgelegd,
    InstellingenVastgelegd,
    LeveringGewijzigd,
    ToewijzingVastgelegd,
    lees,
)
from services.declaratie.handlers import budget
from services.declaratie.store import beeld, declaratie, termijn
from services.declaratie.store.budget import lock_tarieven


async def toewijzing_vastgelegd(tx: Tx, event: Event) -> None:
    """A version of a toewijzing, or its status after the 302."""
    if event.client_id is None:
        raise BadData("toewijzing zonder client")
    versie = lees(ToewijzingVastgelegd, event.data)
    nieuw = await beeld.save_toewijzing(tx, event.gemeente, event.client_id, versie, event.gebeurd_at)
    if nieuw:
        await budget.commit_versie(tx, event.gemeente, versie)


async def levering_gewijzigd(tx: Tx, event: Event) -> None:
    """For TR318 (8214): in which months there was delivery; without begindatum nothing has begun any more."""
    levering = lees(LeveringGewijzigd, event.data)
    nummer = levering.toewijzing_nummer
    if levering.begindatum is None:
        await beeld.delete_leveringen(tx, event.gemeente, nummer, event.volgnummer)
        return
    await beeld.save_levering(tx, event.gemeente, nummer, levering.begindatum, levering.einddatum, event.volgnummer)


async def contracten_vastgelegd(tx: Tx, event: Event) -> None:
    """The contracts of a gemeente; an older list that comes later does not count."""
    contracten = lees(ContractenVastgelegd, event.data).contracten
    await lock_tarieven(tx, event.gemeente, wijzigt=True)
    if await beeld.claim_stand(tx, event.gemeente, "contracten", event.volgnummer, {}):
        await beeld.replace_contracten(tx, event.gemeente, contracten)
        await budget.recommit(tx, event.gemeente, event.gebeurd_at)


async def instellingen_vastgelegd(tx: Tx, event: Event) -> None:
    """The settings of a gemeente."""
    instellingen = lees(InstellingenVastgelegd, event.data).instellingen
    await beeld.claim_stand(tx, event.gemeente, "instellingen", event.volgnummer, instellingen)


async def bericht_verzonden(tx: Tx, event: Event) -> None:
    """A 325 lies in the mailbox: it belongs to its declaratie, and ends its term."""
    bericht = lees(BerichtVerzonden, event.data)
    if bericht.soort == "WMO325" and bericht.op_bericht is not None:
        await declaratie.save_antwoord(tx, bericht.op_bericht, bericht.bericht_id)
        await termijn.close_termijn(tx, event.gemeente, bericht.op_bericht, event.gebeurd_at)
