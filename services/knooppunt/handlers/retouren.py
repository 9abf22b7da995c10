"""Building the retour of a received message from its own bytes, and putting it in the mailbox."""

import asyncio
from collections.abc import Sequence

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Bevinding
from schemas.iwmo import retour
from schemas.iwmo.bericht import Bericht
from services.knooppunt import domain
from services.knooppunt.contracts import BERICHTEN, BerichtGeweigerd
from services.knooppunt.handlers.uitgaand import Zending, als_json, verstuur
from services.knooppunt.store import berichten
from services.knooppunt.store.berichten import NieuwBericht

_BEVINDINGEN_MAX = 100
"""In the event: all of them, of a large file, do not fit a record; the message itself keeps them."""


def header_codes(bevindingen: Sequence[Bevinding]) -> list[str]:
    """The RetourCodes of a Header-only retour: 0001 for level 2, else the header's own codes."""
    if any(bevinding.niveau == 2 for bevinding in bevindingen):
        return ["0001"]
    return sorted({bevinding.retourcode for bevinding in bevindingen if bevinding.retourcode}) or ["0001"]


def weigering(origineel: Bericht, codes: list[str], identificatie: str) -> bytes:
    """The Header-only retour of a message that is wholly refused (processes 8.1, 8.2)."""
    if origineel.soort.code == "WMO323":
        return retour.antwoord_325(
            origineel,
            identificatie=identificatie,
            dagtekening=clock.today(),
            header_codes=codes,
            declaratie_codes=[],
            toegekend_cent=0,
        )
    return retour.retour(
        origineel, identificatie=identificatie, dagtekening=clock.today(), header_codes=codes, codes={}
    )


async def weiger(tx: Tx, rij: NieuwBericht, origineel: Bericht, bevindingen: Sequence[Bevinding]) -> None:
    """Answer a message that is wrong in itself at once (IV032, OP286), and tell it."""
    codes = header_codes(bevindingen)
    identificatie = domain.nieuwe_identificatie()
    xml = await asyncio.to_thread(weigering, origineel, codes, identificatie)
    antwoord = await verstuur(
        tx,
        Zending(
            soort=domain.HEENBERICHTEN[rij.soort].soort,
            identificatie=identificatie,
            gemeente=rij.gemeente,
            aanbieder=rij.aanbieder,
            client_id=rij.client_id,
            op_bericht=rij.bericht_id,
            retourcodes=tuple(codes),
        ),
        xml,
    )
    await berichten.beantwoord(tx, rij.bericht_id, antwoord, "afgekeurd", clock.now(), als_json(list(bevindingen)))
    await outbox.add(
        tx,
        topic=BERICHTEN,
        type="knooppunt.bericht_geweigerd",
        key=rij.client_id or rij.bericht_id,
        gemeente=rij.gemeente,
        aanbieder=rij.aanbieder,
        client_id=rij.client_id,
        keten=rij.bericht_id,
        data=BerichtGeweigerd(
            bericht_id=rij.bericht_id,
            soort=rij.soort,
            retourcodes=codes,
            bevindingen=als_json(list(bevindingen)[:_BEVINDINGEN_MAX]),
        ),
    )
