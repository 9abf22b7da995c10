"""The parts of a 323, one per client: many judged at once, in the order of receipt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from chassis import inbox, outbox
from chassis.clock import clock
from chassis.db import Tx, after_commit
from chassis.errors import BadData, Retry
from chassis.kafka import Event
from services.declaratie import meten
from services.declaratie.contracts import (
    TOPIC,
    DeclaratiedeelBeoordeeld,
    DeelOntvangen,
    PrestatieVeld,
    RegelOordeel,
    lees,
)
from services.declaratie.domain.deel import Deel, DeelOordeel, Stand, in_turn, judge_deel, missing_facts
from services.declaratie.domain.waarden import Prestatie
from services.declaratie.handlers.einde import close
from services.declaratie.handlers.volgorde import after_earlier
from services.declaratie.store import beeld, declaratie, prestatie
from services.declaratie.store import deel as store

_CLIENTEN = 500
"""So many clients at once: a header may find the parts of tens of thousands."""


async def declaratiedelen_ontvangen(tx: Tx, events: Sequence[Event]) -> Collection[str]:
    """Parts of one gemeente: judged, or laid ready until their turn.

    Gives the event_ids of clients of whom a toewijzing or contract may still be on its way.
    """
    gemeente = events[0].gemeente
    ontvangen = {event.event_id: _deel(event) for event in events}
    clienten = {event.client_id: event.event_id for event in events if event.client_id}
    await inbox.lock_keys(tx, clienten)
    berichten = {deel.bericht_id for deel in ontvangen.values()}
    if not await declaratie.try_share_berichten(tx, berichten):
        raise Retry
    nieuw = await _nieuwe_delen(tx, berichten, ontvangen.values())
    klaarliggend = [_klaarliggend(rij) for rij in await store.load_klaarliggend(tx, gemeente, clienten)]
    rijp, wacht = in_turn([*klaarliggend, *nieuw.values()])
    rijp, later = await after_earlier(tx, gemeente, rijp)
    standen = await _load_standen(tx, gemeente, rijp)
    uitgewacht = {e.client_id: ontvangen[e.event_id].plek for e in sorted(events, key=_plek) if e.wacht_voorbij}
    rijp, te_vroeg = _op_tijd(rijp, standen, uitgewacht)
    inhoud = {
        ontvangen[e.event_id].sleutel: {veld: e.data.get(veld, []) for veld in ("prestaties", "dubbele_regels")}
        for e in events
    }
    # Who waits for a toewijzing lies ready too: a part received later does not go first.
    klaar_te_zetten = [d for d in (*wacht, *later, *te_vroeg) if d.sleutel in nieuw]
    if klaar_te_zetten:
        await store.add_klaarliggend(tx, gemeente, klaar_te_zetten, inhoud)
    await _judge(tx, gemeente, clienten, rijp, standen)
    wachtend = {deel.sleutel for deel in te_vroeg}
    return {event_id for event_id, deel in ontvangen.items() if deel.sleutel in wachtend}


def _op_tijd(
    rijp: Sequence[Deel], standen: Mapping[str, Stand], uitgewacht: Mapping[str | None, tuple[int, int]]
) -> tuple[list[Deel], list[Deel]]:
    """Parts to judge, and those that are too early: of a client, from the first that still waits for a fact.

    `uitgewacht`: up to and including which place nobody waits any more for a client.
    """
    op_tijd: list[Deel] = []
    te_vroeg: list[Deel] = []
    wachtend: set[str] = set()
    for deel in rijp:
        if not deel.uitgewacht and deel.plek > uitgewacht.get(deel.client_id, (-1, -1)) and _te_vroeg(deel, standen):
            wachtend.add(deel.client_id)
        (te_vroeg if deel.client_id in wachtend else op_tijd).append(deel)
    return op_tijd, te_vroeg


def _plek(event: Event) -> tuple[int, int]:
    return event.data["ontvangstnummer"], event.data["deel"]


async def judge_klaarliggend(tx: Tx, gemeente: str, clienten: Sequence[str], oorzaak: str | None) -> None:
    """Judge of these clients what has its turn; their lock is taken. The rest stays where it lies."""
    for begin in range(0, len(clienten), _CLIENTEN):
        groep = clienten[begin : begin + _CLIENTEN]
        rijp, _ = in_turn(map(_klaarliggend, await store.load_klaarliggend(tx, gemeente, groep)))
        rijp, _ = await after_earlier(tx, gemeente, rijp)
        standen = await _load_standen(tx, gemeente, rijp)
        rijp, _ = _op_tijd(rijp, standen, {})
        await _judge(tx, gemeente, dict.fromkeys(groep, oorzaak), rijp, standen)


async def _nieuwe_delen(tx: Tx, berichten: Collection[str], ontvangen: Iterable[Deel]) -> dict[tuple[str, int], Deel]:
    """Parts that were not there yet, with their period; those of a refused declaratie do not count."""
    koppen = await declaratie.load_koppen(tx, berichten)
    per_sleutel = {deel.sleutel: deel for deel in ontvangen}
    bekend = await store.load_bekend(tx, per_sleutel)
    nieuw = {}
    for sleutel, deel in per_sleutel.items():
        status, periode_eind = koppen.get(deel.bericht_id, (None, None))
        if status != "afgekeurd" and sleutel not in bekend:
            nieuw[sleutel] = replace(deel, periode_eind=periode_eind)
    return nieuw


async def _load_standen(tx: Tx, gemeente: str, delen: Sequence[Deel]) -> dict[str, Stand]:
    """Per aanbieder all facts at once, under the lock of the running sum per toewijzing."""
    per_aanbieder: dict[str, list[Prestatie]] = defaultdict(list)
    for deel in delen:
        per_aanbieder[deel.aanbieder] += deel.prestaties
    alle = [p for prestaties in per_aanbieder.values() for p in prestaties]
    nummers = {p.toewijzing_nummer for p in alle}
    totalen = await prestatie.lock_totalen(tx, gemeente, nummers)
    toewijzingen = await beeld.load_toewijzingen(tx, gemeente, nummers)
    maanden = await prestatie.load_maanden(tx, gemeente, nummers, {p.maand for p in alle})
    standen = {}
    for aanbieder, prestaties in per_aanbieder.items():
        debets, gecrediteerd = await prestatie.load_debets(tx, gemeente, aanbieder, prestaties)
        standen[aanbieder] = Stand(
            # TR338: a number of another aanbieder does not exist here.
            toewijzingen={n: t for n, t in toewijzingen.items() if t.aanbieder == aanbieder},
            contracten=await beeld.load_contracten(tx, gemeente, aanbieder, {p.code for p in prestaties}),
            debets=debets,
            gecrediteerd=gecrediteerd,
            maand=dict(maanden),
            totaal={n: volume for n, (volume, _) in totalen.items()},
            cent={n: cent for n, (_, cent) in totalen.items()},
        )
    return standen


async def _judge(
    tx: Tx, gemeente: str, oorzaken: Mapping[str, str | None], rijp: Sequence[Deel], standen: Mapping[str, Stand]
) -> None:
    """Judge parts in this order, book what is awarded and answer per part; `oorzaken` per client."""
    if not rijp:
        return
    for aanbieder, referentie in await prestatie.claim_referenties(tx, gemeente, rijp):
        standen[aanbieder].referenties_bekend.add(referentie)
    oordelen = [(deel, judge_deel(deel, standen[deel.aanbieder])) for deel in rijp]
    await prestatie.add_prestaties(tx, gemeente, oordelen, clock.now())
    await store.save_oordelen(tx, gemeente, oordelen)
    after_commit(tx, partial(meten.beoordeeld, [tuple(codes) for _, een in oordelen for _, codes in een.regels]))
    await outbox.add_many(
        tx, TOPIC, [_antwoord(gemeente, oorzaken[deel.client_id], deel, oordeel) for deel, oordeel in oordelen]
    )
    per_bericht: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for deel, oordeel in oordelen:
        aantal, cent = per_bericht[deel.bericht_id]
        per_bericht[deel.bericht_id] = (aantal + 1, cent + oordeel.toegekend_cent)
    await close(tx, gemeente, oorzaken[rijp[-1].client_id], per_bericht)


def _te_vroeg(deel: Deel, standen: Mapping[str, Stand]) -> bool:
    return missing_facts(deel.prestaties, standen[deel.aanbieder])


def _antwoord(gemeente: str, oorzaak: str | None, deel: Deel, oordeel: DeelOordeel) -> outbox.NewEvent:
    return outbox.NewEvent(
        type="declaratie.declaratiedeel_beoordeeld",
        key=deel.client_id,
        gemeente=gemeente,
        aanbieder=deel.aanbieder,
        client_id=deel.client_id,
        oorzaak=oorzaak,
        keten=deel.bericht_id,
        data=DeclaratiedeelBeoordeeld(
            bericht_id=deel.bericht_id,
            deel=deel.deel,
            client_codes=list(oordeel.client_codes),
            prestaties=[
                RegelOordeel(
                    regel=p.regel,
                    toewijzing_nummer=p.toewijzing_nummer,
                    ingediend_cent=p.bedrag_cent,
                    retourcodes=list(codes),
                )
                for p, codes in oordeel.regels
            ],
            toegekend_cent=oordeel.toegekend_cent,
        ),
    )


def _deel(event: Event) -> Deel:
    ontvangen = lees(DeelOntvangen, event.data)
    if event.client_id is None or event.aanbieder is None:
        raise BadData("declaratiedeel zonder client of aanbieder")
    return Deel(
        bericht_id=ontvangen.bericht_id,
        deel=ontvangen.deel,
        ontvangstnummer=ontvangen.ontvangstnummer,
        aanbieder=event.aanbieder,
        client_id=event.client_id,
        prestaties=tuple(map(_prestatie, ontvangen.prestaties)),
        dubbel=frozenset(ontvangen.dubbele_regels),
    )


def _klaarliggend(rij: Any) -> Deel:
    return Deel(
        bericht_id=rij["bericht_id"],
        deel=rij["deel"],
        ontvangstnummer=rij["ontvangstnummer"],
        aanbieder=rij["aanbieder"],
        client_id=rij["client_id"],
        prestaties=tuple(_prestatie(PrestatieVeld.model_validate(p)) for p in rij["inhoud"]["prestaties"]),
        periode_eind=rij["periode_eind"],
        dubbel=frozenset(rij["inhoud"].get("dubbele_regels", ())),
        uitgewacht=rij["uitgewacht"],
    )


def _prestatie(veld: PrestatieVeld) -> Prestatie:
    return Prestatie(
        regel=veld.regel,
        referentie_nummer=veld.referentie_nummer,
        toewijzing_nummer=veld.toewijzing_nummer,
        categorie=veld.product_categorie,
        code=veld.product_code,
        begindatum=veld.begindatum,
        einddatum=veld.einddatum,
        volume=veld.geleverd_volume,
        eenheid=veld.eenheid,
        tarief_cent=veld.product_tarief_cent,
        ingediend_cent=veld.ingediend_cent,
        debet_credit=veld.debet_credit,
        vorig_referentie_nummer=veld.vorig_referentie_nummer,
    )
