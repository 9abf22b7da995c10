"""De kop van een 323: aangenomen of geweigerd; daarna de delen die al klaarlagen."""

from __future__ import annotations

from chassis import inbox
from chassis.db import Tx
from chassis.errors import BadData, Wacht
from chassis.kafka import Event
from services.declaratie.contracts import DeclaratieOntvangen, lees
from services.declaratie.domain.kop import judge_kop
from services.declaratie.handlers.delen import judge_klaarliggend
from services.declaratie.handlers.einde import close, publish_einde
from services.declaratie.store import beeld, declaratie


async def declaratie_ontvangen(tx: Tx, event: Event) -> None:
    """De kop van een 323: TR333 (9333) en TR318 (8214); daarna de delen die al klaarlagen."""
    kop = lees(DeclaratieOntvangen, event.data)
    gemeente, aanbieder = event.gemeente, event.aanbieder
    if aanbieder is None:
        raise BadData("declaratie zonder aanbieder")
    await declaratie.lock_aanbieder(tx, gemeente, aanbieder)
    if await declaratie.load_status(tx, kop.bericht_id) is not None:
        return
    await declaratie.lock_bericht(tx, kop.bericht_id)
    codes = await _judge_kop(tx, event, aanbieder, kop)
    await declaratie.add_declaratie(tx, gemeente, aanbieder, kop, codes)
    clienten = await declaratie.load_clienten(tx, kop.bericht_id)
    await inbox.lock_keys(tx, clienten)
    if codes:
        await declaratie.delete_delen(tx, kop.bericht_id)
        await publish_einde(
            tx, gemeente, event.event_id, aanbieder, kop.bericht_id, kop.declaratie_nummer,
            kop.declaratie_periode.begindatum, kop.totaal_ingediend_cent, declaratie_codes=codes,
        )  # fmt: skip
    if not await judge_klaarliggend(tx, event, clienten):
        raise Wacht
    if not codes and kop.delen == 0:
        await close(tx, event.gemeente, event.event_id, {kop.bericht_id: (0, 0)})


async def _judge_kop(tx: Tx, event: Event, aanbieder: str, kop: DeclaratieOntvangen) -> list[str]:
    gemeente = event.gemeente
    codes = judge_kop(
        nummer_bekend=await declaratie.nummer_bekend(tx, gemeente, aanbieder, kop.declaratie_nummer),
        vorige_periode=await declaratie.load_vorige_periode(tx, gemeente, aanbieder, kop.ontvangstnummer),
        periode=kop.declaratie_periode.begindatum,
        leveringen=await beeld.load_leveringen(tx, gemeente, aanbieder),
        aansluitend_verplicht=await beeld.load_instelling(tx, gemeente, "aansluitende_periode_verplicht", True),
    )
    if "8214" in codes and not event.wacht_voorbij:
        # De declaratie van de tussenliggende maand kan eerder ontvangen zijn en later bezorgd worden.
        raise Wacht
    return codes
