"""The clock: an answer that did not come in time is told, once (OP090, OP090x4)."""

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from services.knooppunt import domain
from services.knooppunt.contracts import BERICHTEN, TermijnVerstreken
from services.knooppunt.store import berichten


async def verstreken_termijnen(tx: Tx) -> None:
    """Find messages without an answer after their last day, both ours and theirs."""
    te_laat = await berichten.te_laat(tx, clock.today(), clock.now())
    # In the order of the keys that the events lock, as everywhere.
    for bericht in sorted(te_laat, key=lambda rij: rij["client_id"] or rij["bericht_id"]):
        van_ons = bericht["soort"] in domain.VERZONDEN
        plicht = (domain.VERZONDEN if van_ons else domain.HEENBERICHTEN)[bericht["soort"]]
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
                wacht_op=plicht.soort,
                uiterlijk=bericht["uiterlijk"],
                partij=bericht["aanbieder"] if van_ons else bericht["gemeente"],
            ),
        )
