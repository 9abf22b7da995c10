"""What the owners of the facts decided, made into a 306, 308, 316, 318 or 325 (exactly one per message)."""

from collections.abc import Collection, Sequence
from typing import Any

from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import BadData
from chassis.kafka import Event
from schemas.iwmo import retour
from schemas.iwmo.bericht import NietLeesbaar
from services.knooppunt import domain
from services.knooppunt.contracts import BerichtBeoordeeld, DeclaratieAfgehandeld, DeclaratiedeelBeoordeeld
from services.knooppunt.handlers import antwoord_325, bewaren
from services.knooppunt.handlers.lezen import bewerk
from services.knooppunt.handlers.uitgaand import Zending, verstuur
from services.knooppunt.store import berichten, oordelen


async def bericht_beoordeeld(tx: Tx, event: Event) -> None:
    """Answer a 305, 307, 315 or 317 with the codes of its judge (processes 8.1)."""
    oordeel = BerichtBeoordeeld.model_validate(event.data)
    heen = await _open(tx, oordeel.bericht_id)
    if heen is None:
        return
    origineel = await bewaren.inhoud(tx, oordeel.bericht_id)
    identificatie = domain.nieuwe_identificatie()
    alle_codes = {code for lijst in oordeel.codes.values() for code in lijst}
    # 'No fault' everywhere is approval, and an approving retour carries no codes at all.
    header_codes = oordeel.header_codes if domain.is_afgekeurd(oordeel.header_codes) else []
    try:
        xml = await bewerk(
            retour.retour,
            origineel,
            identificatie=identificatie,
            dagtekening=clock.today(),
            header_codes=header_codes,
            codes=oordeel.codes if domain.is_afgekeurd(alle_codes) else {},
        )
    except (ValueError, NietLeesbaar) as fout:
        raise BadData("het oordeel past niet op het bericht") from fout
    codes = {*header_codes, *alle_codes}
    antwoord = await verstuur(tx, _zending(event, heen, codes, identificatie), xml)
    status = "afgekeurd" if domain.is_afgekeurd(codes) else "beantwoord"
    await berichten.beantwoord(tx, heen["bericht_id"], antwoord, status, clock.now(), oordeel.bevindingen)


async def declaratiedelen_beoordeeld(tx: Tx, events: Sequence[Event]) -> Collection[str]:
    """Keep the judgements of clients; the last one in makes the 325. None of them ever waits."""
    delen = [DeclaratiedeelBeoordeeld.model_validate(event.data) for event in events]
    per_bericht = {deel.bericht_id: event for deel, event in zip(delen, events, strict=True)}
    # Before the lock: parts of one 323 in other partitions are kept at the same time.
    open_ = await berichten.open_berichten(tx, per_bericht)
    if unknown := per_bericht.keys() - open_:
        raise BadData(f"{len(unknown)} oordelen over een onbekend bericht")
    await oordelen.leg_delen_vast(tx, events[0].gemeente, [deel for deel in delen if open_[deel.bericht_id]])
    for bericht_id, event in sorted(per_bericht.items()):
        # Under the lock, so that of two last parts at once one sees that all are in.
        if open_[bericht_id] and (heen := await _open(tx, bericht_id)):
            await _antwoord_325(tx, event, heen)
    return ()


async def declaratie_afgehandeld(tx: Tx, event: Event) -> None:
    """Keep the judgement of the whole; with every part in it makes the 325."""
    oordeel = DeclaratieAfgehandeld.model_validate(event.data)
    heen = await _open(tx, oordeel.bericht_id)
    if heen is None:
        return
    await oordelen.leg_declaratie_vast(
        tx,
        event.gemeente,
        oordeel.bericht_id,
        oordeel.header_codes,
        oordeel.declaratie_codes,
        oordeel.toegekend_cent,
        oordeel.delen,
    )
    await _antwoord_325(tx, event, heen)


async def _antwoord_325(tx: Tx, event: Event, heen: dict[str, Any]) -> None:
    geheel = await oordelen.compleet(tx, heen["bericht_id"])
    if geheel is None:
        return
    header_codes = geheel["header_codes"] or [domain.GEEN_FOUT]
    header_geweigerd = domain.is_afgekeurd(header_codes)
    iets_geweigerd = await oordelen.iets_afgekeurd(tx, heen["bericht_id"])
    codes = domain.declaratie_codes(geheel["declaratie_codes"], iets_geweigerd)
    geweigerd = header_geweigerd or domain.is_afgekeurd(c for c in codes if c != domain.VOLLEDIG_TOEGEKEND)
    zending = _zending(event, heen, {*header_codes, *codes})
    try:
        antwoord = await antwoord_325.verstuur(
            tx,
            zending,
            header_codes=header_codes if header_geweigerd else [],
            declaratie_codes=codes,
            toegekend_cent=0 if geweigerd else geheel["toegekend_cent"],
            met_clienten=iets_geweigerd and not geweigerd,
        )
    except (ValueError, IndexError, NietLeesbaar) as fout:
        raise BadData("het oordeel past niet op de declaratie") from fout
    status = "afgekeurd" if geweigerd else "beantwoord"
    await berichten.beantwoord(tx, heen["bericht_id"], antwoord, status, clock.now())


async def _open(tx: Tx, bericht_id: str) -> dict[str, Any] | None:
    """The message to answer, locked; nothing when it has its answer, for a repeat changes nothing."""
    heen = await berichten.ontvangen_op_slot(tx, bericht_id)
    if heen is None:
        raise BadData("oordeel over een onbekend bericht")
    return heen if heen["antwoord"] is None else None


def _zending(event: Event, heen: dict[str, Any], codes: set[str], identificatie: str = "") -> Zending:
    return Zending(
        soort=domain.HEENBERICHTEN[heen["soort"]].soort,
        identificatie=identificatie or domain.nieuwe_identificatie(),
        gemeente=heen["gemeente"],
        aanbieder=heen["aanbieder"],
        client_id=heen["client_id"],
        op_bericht=heen["bericht_id"],
        retourcodes=tuple(sorted(codes)),
        oorzaak=event.event_id,
    )
