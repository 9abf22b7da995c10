"""Putting a message in the mailbox of a provider, and telling it."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx, after_commit
from schemas.iwmo.bericht import SOORTEN
from services.knooppunt import meten
from services.knooppunt.contracts import BERICHTEN, DECLARATIES, BerichtVerzonden
from services.knooppunt.handlers import bewaren, bezorgen, wekker
from services.knooppunt.store import berichten
from services.knooppunt.store.berichten import NieuwBericht


@dataclass(frozen=True, kw_only=True)
class Zending:
    """What is sent, to whom, and on account of what."""

    soort: str
    identificatie: str
    gemeente: str
    aanbieder: str
    client_id: str | None
    op_bericht: str | None = None
    opdracht_id: str | None = None
    uiterlijk: date | None = None
    retourcodes: tuple[str, ...] = ()
    oorzaak: str | None = None


async def verstuur(tx: Tx, zending: Zending, xml: bytes) -> str:
    """Store the document in the mailbox with its event, in the caller's transaction; its bericht_id."""
    rij = await leg_klaar(tx, zending)
    await bewaren.bewaar(tx, rij, xml)
    return rij.bericht_id


async def leg_klaar(tx: Tx, zending: Zending) -> NieuwBericht:
    """The same without the bytes: the caller adds them in the same transaction."""
    bericht_id = outbox.uuid7()
    rij = NieuwBericht(
        bericht_id=bericht_id,
        soort=zending.soort,
        berichtcode=SOORTEN[zending.soort].berichtcode,
        gemeente=zending.gemeente,
        aanbieder=zending.aanbieder,
        afzender=zending.gemeente,
        identificatie=zending.identificatie,
        dagtekening=clock.today(),
        gemaakt_at=clock.now(),
        status="ontvangen",
        client_id=zending.client_id,
        opdracht_id=zending.opdracht_id,
        op_bericht=zending.op_bericht,
        uiterlijk=zending.uiterlijk,
        retourcodes=zending.retourcodes,
    )
    await berichten.voeg_toe(tx, "uit", rij)
    await bezorgen.plan(tx, rij)
    after_commit(tx, partial(wekker.wek, zending.aanbieder))
    if zending.op_bericht is not None:
        after_commit(tx, partial(meten.retour, zending.soort, zending.aanbieder, zending.retourcodes))
    await outbox.add(
        tx,
        topic=DECLARATIES if zending.soort == "WMO325" else BERICHTEN,
        type="knooppunt.bericht_verzonden",
        key=zending.client_id or zending.op_bericht or bericht_id,
        gemeente=zending.gemeente,
        aanbieder=zending.aanbieder,
        client_id=zending.client_id,
        oorzaak=zending.oorzaak,
        keten=zending.op_bericht or bericht_id,
        data=BerichtVerzonden(
            bericht_id=bericht_id,
            soort=zending.soort,
            identificatie=zending.identificatie,
            op_bericht=zending.op_bericht,
            opdracht_id=zending.opdracht_id,
            antwoord_uiterlijk=zending.uiterlijk,
        ),
    )
    return rij


def als_json(bevindingen: list[Any]) -> list[dict[str, Any]]:
    """Findings as they stand in a problem document: what does not apply is absent."""
    return [bevinding.model_dump(mode="json", exclude_none=True) for bevinding in bevindingen]
