"""Passing a received message on as events: one per client, without the person."""

from collections.abc import Sequence
from typing import Any

from chassis import outbox
from chassis.db import Tx
from chassis.vingerafdruk import fingerprint, pack
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


async def declaratie(
    tx: Tx,
    rij: NieuwBericht,
    ontvangstnummer: int,
    vorig: int | None,
    inhoud: dict[str, Any],
    client_ids: Sequence[str],
) -> None:
    """Tell that a 323 came in: its header and number of parts, then one part per client, in the order of the file.

    The header names the 323 received before it (`vorig`), and what may be in this one: so its judge can keep the
    order of receipt whatever is delivered first, and lets wait only what must.
    """
    delen = inhoud["delen"]
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
            delen=len(delen),
            antwoord_uiterlijk=rij.uiterlijk,
            vorig_ontvangstnummer=vorig,
            clienten=pack(map(fingerprint, client_ids)),
            referenties=inhoud["referenties"],
        ),
    )
    dubbel: dict[int, list[int]] = inhoud["dubbele_regels"]
    gedeeld = DeclaratiedeelOntvangen(
        bericht_id=rij.bericht_id,
        ontvangstnummer=ontvangstnummer,
        deel=0,
        declaratie_periode=inhoud["declaratie_periode"],
        declaratie_dagtekening=inhoud["declaratie_dagtekening"],
        declaratie_nummer=inhoud["declaratie_nummer"],
        prestaties=[],
    )
    # By the thousand, so that the events of a big file never stand in memory together; and in the order of the
    # clients over all, for an event locks its client and two files may hold the same ones.
    op_client = sorted(zip(client_ids, range(len(delen)), strict=True))
    for begin in range(0, len(op_client), _TEGELIJK):
        await outbox.add_many(
            tx,
            DECLARATIES,
            [
                _deel(
                    rij,
                    client_id,
                    gedeeld.model_copy(update={"deel": deel, "dubbele_regels": dubbel.get(deel, [])}),
                    delen[deel][1],
                )
                for client_id, deel in op_client[begin : begin + _TEGELIJK]
            ],
        )


def _deel(rij: NieuwBericht, client_id: str, gedeeld: DeclaratiedeelOntvangen, prestaties: bytes) -> outbox.NewEvent:
    return outbox.NewEvent(
        type="knooppunt.declaratiedeel_ontvangen",
        key=client_id,
        gemeente=rij.gemeente,
        aanbieder=rij.aanbieder,
        client_id=client_id,
        keten=rij.bericht_id,
        # The prestaties are JSON already: made beside the tree, where there is one file at a time.
        data=gedeeld.model_dump_json(exclude={"prestaties"}).encode()[:-1] + b',"prestaties":' + prestaties + b"}",
    )
