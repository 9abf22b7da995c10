"""The way out to a provider: client blocks are kept sealed, and a 301 is written with one."""

import asyncio
import base64
import binascii
import json

from chassis import bsn
from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import BadData, Retry, Wacht
from chassis.kafka import Event
from chassis.termijn import add_working_days
from schemas.iwmo import schrijf
from schemas.iwmo.bericht import NietLeesbaar
from services.knooppunt import domain
from services.knooppunt.contracts import BerichtOpgesteld, ClientVastgelegd
from services.knooppunt.handlers.uitgaand import Zending, verstuur
from services.knooppunt.store import berichten, clienten


async def client_vastgelegd(tx: Tx, event: Event) -> None:
    """Keep the block that intake sealed, unopened."""
    if event.client_id is None:
        raise BadData("client_vastgelegd zonder client_id")
    try:
        verzegeld = base64.b64decode(ClientVastgelegd.model_validate(event.data).verzegeld, validate=True)
    except binascii.Error as fout:
        raise BadData("het verzegelde blok is geen base64") from fout
    await clienten.leg_vast(tx, event.client_id, event.gemeente, event.volgnummer, verzegeld)


async def bericht_opgesteld(tx: Tx, event: Event) -> None:
    """Write the 301 of an order into the mailbox of its provider; once per order."""
    opdracht = BerichtOpgesteld.model_validate(event.data)
    if event.client_id is None or event.aanbieder is None or opdracht.soort != "WMO301":
        raise BadData("opdracht zonder client, aanbieder of met een onbekend soort bericht")
    if await berichten.opdracht_bekend(tx, opdracht.opdracht_id):
        return
    verzegeld = await clienten.verzegeld(tx, event.client_id)
    if verzegeld is None:
        # The block comes on another topic; without it there is no 301, so never give up on it.
        raise (Retry("client nog niet vastgelegd") if event.wacht_voorbij else Wacht("client nog niet vastgelegd"))
    identificatie = domain.nieuwe_identificatie()
    try:
        xml = await asyncio.to_thread(
            schrijf.toewijzing_301,
            afzender=event.gemeente,
            ontvanger=event.aanbieder,
            identificatie=identificatie,
            dagtekening=clock.today(),
            client=json.loads(bsn.unseal(verzegeld, event.client_id)),
            toegewezen_producten=opdracht.toegewezen_producten,
        )
    except (ValueError, KeyError, NietLeesbaar) as fout:
        raise BadData("van deze opdracht is geen geldige 301 te maken") from fout
    zending = Zending(
        soort=opdracht.soort,
        identificatie=identificatie,
        gemeente=event.gemeente,
        aanbieder=event.aanbieder,
        client_id=event.client_id,
        opdracht_id=opdracht.opdracht_id,
        uiterlijk=add_working_days(clock.today(), domain.TOEWIJZING.werkdagen),
        oorzaak=event.event_id,
    )
    await verstuur(tx, zending, xml)
