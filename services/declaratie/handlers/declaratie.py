"""The header of a 323: accepted or refused, in the order of receipt; then the parts that lay ready."""

from __future__ import annotations

from chassis import inbox
from chassis.db import Tx
from chassis.errors import BadData
from chassis.kafka import Event
from services.declaratie.contracts import DeclaratieOntvangen, lees
from services.declaratie.domain.kop import judge_kop
from services.declaratie.handlers.delen import judge_klaarliggend
from services.declaratie.handlers.einde import close, publish_einde
from services.declaratie.handlers.termijn import await_325
from services.declaratie.store import beeld, declaratie, volgorde


async def declaratie_ontvangen(tx: Tx, event: Event) -> None:
    """The header of a 323. It waits for the one that knooppunt received before it, however long that takes.

    Without that one nobody can say whose DeclaratieNummer (TR333) or which DeclaratiePeriode (TR318) came first.
    """
    kop = lees(DeclaratieOntvangen, event.data)
    if event.aanbieder is None:
        raise BadData("declaratie zonder aanbieder")
    await await_325(tx, event.gemeente, event.aanbieder, kop)
    await declaratie.lock_aanbieder(tx, event.gemeente, event.aanbieder)
    if await declaratie.load_status(tx, kop.bericht_id) is not None:
        return
    await volgorde.add_kop(tx, event, kop)
    await accept_koppen(tx, event.gemeente, event.aanbieder)


async def accept_koppen(tx: Tx, gemeente: str, aanbieder: str) -> None:
    """Judge every header whose turn it is; the aanbieder is locked.

    First all headers, then the clients of all of them in one go: so two of these never wait for each other.
    """
    aangenomen: list[tuple[Event, DeclaratieOntvangen, list[str]]] = []
    te_vroeg: list[str] = []
    while rij := await volgorde.load_kop_aan_de_beurt(tx, gemeente, aanbieder, te_vroeg):
        event = Event.model_validate(rij["event"])
        kop = lees(DeclaratieOntvangen, event.data)
        await declaratie.lock_bericht(tx, kop.bericht_id)
        codes = await _judge_kop(tx, gemeente, aanbieder, kop)
        if "8214" in codes and not rij["uitgewacht"]:
            # A stop (307) that was handed in before this 323 may still be on its way.
            te_vroeg.append(kop.bericht_id)
            continue
        await declaratie.add_declaratie(tx, gemeente, aanbieder, kop, codes)
        await volgorde.delete_kop(tx, kop.bericht_id)
        aangenomen.append((event, kop, codes))
    klaar = [(event, await declaratie.load_clienten(tx, kop.bericht_id)) for event, kop, _ in aangenomen]
    await inbox.lock_keys(tx, (client_id for _, clienten in klaar for client_id in clienten))
    for event, kop, codes in aangenomen:
        if codes:
            # Before any part is judged: of a client there may lie parts of more declaraties.
            await declaratie.delete_delen(tx, kop.bericht_id)
            await publish_einde(
                tx, gemeente, event.event_id, aanbieder, kop.bericht_id, kop.declaratie_nummer,
                kop.declaratie_periode.begindatum, kop.totaal_ingediend_cent, declaratie_codes=codes,
            )  # fmt: skip
        elif kop.delen == 0:
            await close(tx, gemeente, event.event_id, {kop.bericht_id: (0, 0)})
    for event, clienten in klaar:
        await judge_klaarliggend(tx, gemeente, clienten, event.event_id)


async def _judge_kop(tx: Tx, gemeente: str, aanbieder: str, kop: DeclaratieOntvangen) -> list[str]:
    return judge_kop(
        nummer_bekend=await declaratie.nummer_bekend(tx, gemeente, aanbieder, kop.declaratie_nummer),
        vorige_periode=await declaratie.load_vorige_periode(tx, gemeente, aanbieder, kop.ontvangstnummer),
        periode=kop.declaratie_periode.begindatum,
        leveringen=await beeld.load_leveringen(tx, gemeente, aanbieder),
        aansluitend_verplicht=await beeld.load_instelling(tx, gemeente, "aansluitende_periode_verplicht", True),
    )
