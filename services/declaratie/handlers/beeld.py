"""Het eigen beeld van wat toewijzing vaststelt; elke volgorde van bezorgen geeft hetzelfde beeld."""

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
    """Een versie van een toewijzing, of haar status na de 302."""
    if event.client_id is None:
        raise BadData("toewijzing zonder client")
    versie = lees(ToewijzingVastgelegd, event.data)
    nieuw = await beeld.save_toewijzing(tx, event.gemeente, event.client_id, versie, event.gebeurd_at)
    if nieuw:
        await budget.commit_versie(tx, event.gemeente, versie)


async def levering_gewijzigd(tx: Tx, event: Event) -> None:
    """Voor TR318 (8214): in welke maanden er is geleverd; zonder begindatum is er niets meer begonnen."""
    levering = lees(LeveringGewijzigd, event.data)
    nummer = levering.toewijzing_nummer
    if levering.begindatum is None:
        await beeld.delete_leveringen(tx, event.gemeente, nummer, event.volgnummer)
        return
    await beeld.save_levering(tx, event.gemeente, nummer, levering.begindatum, levering.einddatum, event.volgnummer)


async def contracten_vastgelegd(tx: Tx, event: Event) -> None:
    """De contracten van een gemeente; een oudere lijst die later komt telt niet."""
    contracten = lees(ContractenVastgelegd, event.data).contracten
    await lock_tarieven(tx, event.gemeente, wijzigt=True)
    if await beeld.claim_stand(tx, event.gemeente, "contracten", event.volgnummer, {}):
        await beeld.replace_contracten(tx, event.gemeente, contracten)
        await budget.recommit(tx, event.gemeente, event.gebeurd_at)


async def instellingen_vastgelegd(tx: Tx, event: Event) -> None:
    """De instellingen van een gemeente."""
    instellingen = lees(InstellingenVastgelegd, event.data).instellingen
    await beeld.claim_stand(tx, event.gemeente, "instellingen", event.volgnummer, instellingen)


async def bericht_verzonden(tx: Tx, event: Event) -> None:
    """Een 325 ligt in de postbus: zij hoort bij haar declaratie."""
    bericht = lees(BerichtVerzonden, event.data)
    if bericht.soort == "WMO325" and bericht.op_bericht is not None:
        await declaratie.save_antwoord(tx, bericht.op_bericht, bericht.bericht_id)
        await termijn.close_termijn(tx, event.gemeente, bericht.op_bericht, event.gebeurd_at)
