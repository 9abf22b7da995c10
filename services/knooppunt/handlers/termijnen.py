"""The clock: a retour that we owe and that did not go in time is told, once (OP090)."""

from functools import partial

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx, after_commit
from services.knooppunt import domain, meten
from services.knooppunt.contracts import BERICHTEN, TermijnVerstreken
from services.knooppunt.store import berichten


async def verstreken_termijnen(tx: Tx) -> None:
    """Mark messages without an answer after their last day; tell of those of a provider, which we must answer.

    The 302 and 320 that we wait for are terms of toewijzing, and the 325 is one of declaratie; they tell of them.
    """
    te_laat = await berichten.te_laat(tx, clock.today(), clock.now())
    for bericht in te_laat:
        after_commit(tx, partial(meten.te_laat, bericht["soort"]))
    # In the order of the keys that the events lock, as everywhere.
    van_hen = [rij for rij in te_laat if rij["soort"] in domain.HEENBERICHTEN and rij["soort"] != "WMO323"]
    for bericht in sorted(van_hen, key=lambda rij: rij["client_id"] or rij["bericht_id"]):
        await outbox.add(
            tx,
            topic=BERICHTEN,
            type="knooppunt.termijn_verstreken",
            key=bericht["client_id"] or bericht["bericht_id"],
            gemeente=bericht["gemeente"],
            aanbieder=bericht["aanbieder"],
            client_id=bericht["client_id"],
            keten=bericht["bericht_id"],
            data=TermijnVerstreken(
                bericht_id=bericht["bericht_id"],
                soort=bericht["soort"],
                wacht_op=domain.HEENBERICHTEN[bericht["soort"]].soort,
                uiterlijk=bericht["uiterlijk"],
                partij=bericht["gemeente"],
            ),
        )
