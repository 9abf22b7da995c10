"""Passing a received message on as events: one per client, without the person."""

from typing import Any

from chassis import bsn, outbox
from chassis.db import Tx
from services.knooppunt.contracts import (
    BERICHTEN,
    DECLARATIES,
    BerichtOntvangen,
    DeclaratiedeelOntvangen,
    DeclaratieOntvangen,
)
from services.knooppunt.store.berichten import NieuwBericht

_TEGELIJK = 1000


async def bericht(tx: Tx, rij: NieuwBericht, ontvangstnummer: int, inhoud: dict[str, Any]) -> None:
    """Tell that a message about one client came in."""
    await outbox.add(
        tx,
        topic=BERICHTEN,
        type="knooppunt.bericht_ontvangen",
        key=rij.client_id or rij.bericht_id,
        gemeente=rij.gemeente,
        aanbieder=rij.aanbieder,
        client_id=rij.client_id,
        keten=rij.op_bericht or rij.bericht_id,
        data=BerichtOntvangen(
            bericht_id=rij.bericht_id,
            ontvangstnummer=ontvangstnummer,
            soort=rij.soort,
            identificatie=rij.identificatie,
            dagtekening=rij.dagtekening,
            ontvangen_at=rij.gemaakt_at,
            opdracht_id=rij.opdracht_id,
            inhoud=inhoud,
        ),
    )


async def declaratie(tx: Tx, rij: NieuwBericht, ontvangstnummer: int, inhoud: dict[str, Any]) -> None:
    """Tell that a 323 came in: its header and number of parts, then one part per client."""
    clienten = inhoud["clienten"]
    if rij.uiterlijk is None:
        raise ValueError("a 323 always has a day on which its 325 is due")
    await outbox.add(
        tx,
        topic=DECLARATIES,
        type="knooppunt.declaratie_ontvangen",
        key=rij.bericht_id,
        gemeente=rij.gemeente,
        aanbieder=rij.aanbieder,
        keten=rij.bericht_id,
        data=DeclaratieOntvangen(
            bericht_id=rij.bericht_id,
            ontvangstnummer=ontvangstnummer,
            identificatie=rij.identificatie,
            declaratie_nummer=inhoud["declaratie_nummer"],
            declaratie_periode=inhoud["declaratie_periode"],
            declaratie_dagtekening=inhoud["declaratie_dagtekening"],
            dagtekening=rij.dagtekening,
            ontvangen_at=rij.gemaakt_at,
            totaal_ingediend_cent=inhoud["totaal_ingediend_cent"],
            delen=len(clienten),
            antwoord_uiterlijk=rij.uiterlijk,
        ),
    )
    gedeeld = {
        "bericht_id": rij.bericht_id,
        "ontvangstnummer": ontvangstnummer,
        "declaratie_periode": inhoud["declaratie_periode"],
        "declaratie_dagtekening": inhoud["declaratie_dagtekening"],
        "declaratie_nummer": inhoud["declaratie_nummer"],
    }
    # By the thousand, and so that the events of a big file never stand in memory together.
    for begin in range(0, len(clienten), _TEGELIJK):
        await outbox.add_many(
            tx,
            DECLARATIES,
            [
                _deel(rij, gedeeld, deel, client)
                for deel, client in enumerate(clienten[begin : begin + _TEGELIJK], begin)
            ],
        )


def _deel(rij: NieuwBericht, gedeeld: dict[str, Any], deel: int, client: dict[str, Any]) -> outbox.NewEvent:
    client_id = bsn.pseudonym(rij.gemeente, client["bsn"])
    prestaties = [{"regel": regel, **prestatie} for regel, prestatie in enumerate(client["prestaties"])]
    return outbox.NewEvent(
        type="knooppunt.declaratiedeel_ontvangen",
        key=client_id,
        gemeente=rij.gemeente,
        aanbieder=rij.aanbieder,
        client_id=client_id,
        keten=rij.bericht_id,
        data=DeclaratiedeelOntvangen(**gedeeld, deel=deel, prestaties=prestaties),
    )
