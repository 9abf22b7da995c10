"""The way out to a provider: client blocks are kept sealed, a 301 is written with one, a 319 without."""

import asyncio
import base64
import binascii
import json
from functools import partial
from typing import Any

from chassis import bsn
from chassis.audit import Toegang, log_toegang
from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import BadData, Retry, Wacht
from chassis.kafka import Event
from chassis.kluis import kluis
from chassis.termijn import add_working_days
from schemas.iwmo import schrijf
from schemas.iwmo.bericht import NietLeesbaar
from schemas.iwmo.schrijf_verzoek import antwoord_319
from services.knooppunt import domain
from services.knooppunt.contracts import BERICHTEN, BerichtOpgesteld, ClientVastgelegd
from services.knooppunt.handlers.uitgaand import Zending, verstuur
from services.knooppunt.instellingen import rand
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
    """Write the 301 or 319 of an order into the mailbox of its provider; once per order."""
    opdracht = BerichtOpgesteld.model_validate(event.data)
    if event.client_id is None or event.aanbieder is None or opdracht.soort not in domain.VERZONDEN:
        raise BadData("opdracht zonder client, aanbieder of met een onbekend soort bericht")
    if rand().gescheiden(event.gemeente, event.aanbieder):
        raise BadData("een proefpartij en een echte partij wisselen niets uit")
    if await berichten.opdracht_bekend(tx, opdracht.opdracht_id):
        return
    kop: dict[str, Any] = {
        "afzender": event.gemeente,
        "ontvanger": event.aanbieder,
        "identificatie": domain.nieuwe_identificatie(),
        "dagtekening": clock.today(),
    }
    if opdracht.soort == "WMO319":
        maak = partial(antwoord_319, **kop, antwoord=opdracht.antwoord or {})
    else:
        client = await _client(tx, event, event.client_id, opdracht.client_na or 0)
        maak = partial(schrijf.toewijzing_301, **kop, client=client, toegewezen_producten=opdracht.toegewezen_producten)
    try:
        xml = await asyncio.to_thread(maak)
    except (ValueError, KeyError, NietLeesbaar) as fout:
        raise BadData("van deze opdracht is geen geldig bericht te maken") from fout
    zending = Zending(
        soort=opdracht.soort,
        identificatie=kop["identificatie"],
        gemeente=event.gemeente,
        aanbieder=event.aanbieder,
        client_id=event.client_id,
        opdracht_id=opdracht.opdracht_id,
        uiterlijk=add_working_days(clock.today(), domain.VERZONDEN[opdracht.soort].werkdagen),
        oorzaak=event.event_id,
    )
    bericht_id = await verstuur(tx, zending, xml)
    if opdracht.soort == "WMO301":
        toegang = Toegang(event.gemeente, "knooppunt", "knooppunt", "301_opgesteld", event.client_id, bericht_id)
        await log_toegang(tx, toegang, topic=BERICHTEN)


async def _client(tx: Tx, event: Event, client_id: str, na: int) -> dict[str, Any]:
    """The client block, opened for this one message; not one that intake recorded before volgnummer `na`."""
    verzegeld = await clienten.verzegeld(tx, client_id, na)
    if verzegeld is None:
        # The block comes on another topic; without it there is no 301, so never give up on it.
        raise (Retry("client nog niet vastgelegd") if event.wacht_voorbij else Wacht("client nog niet vastgelegd"))
    client: dict[str, Any] = json.loads(bsn.unseal(await kluis.sleutel(client_id), verzegeld, client_id))
    return client
