"""Terms follow the facts in the transaction of the fact; a clock tells, once, that one nears or has passed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from chassis.inbox import lock_keys
from chassis.kafka import Event
from chassis.outbox import NewEvent
from chassis.termijn import add_working_days, day_begins_at, day_ends_at
from services.toewijzing.contracts import BerichtVerzonden, TermijnGemeld
from services.toewijzing.domain import termijn as domein
from services.toewijzing.domain.levering import Levering, stand_van
from services.toewijzing.domain.termijn import Looptijd, Stand
from services.toewijzing.domain.toewijzing import Versie, actuele_versie
from services.toewijzing.handlers.zending import TOPIC, lokaal
from services.toewijzing.store import levering as levering_store
from services.toewijzing.store import opdracht as opdracht_store
from services.toewijzing.store import termijn as store
from services.toewijzing.store import toewijzing as toewijzing_store
from services.toewijzing.store.termijn import Afloop, NieuweTermijn, Onderwerp
from services.toewijzing.store.verzoek import Verzoek

PER_RONDE_MAX = 500
"""Terms that one run of the clock tells of: a transaction of bounded size, whatever waits."""
CLIENTEN_PER_RONDE_MAX = 50


def looptijd(soort: str, vanaf: date) -> Looptijd:
    """A term of this kind that runs from a day, with the Dutch working days."""
    return domein.looptijd(soort, vanaf, add_working_days)


async def volg_verzending(tx: Tx, event: Event, bericht: BerichtVerzonden) -> None:
    """A 301 or 319 lies in the mailbox: its answer is awaited (OP090), and for a 301 the start and the stop."""
    if bericht.opdracht_id is None or event.client_id is None or event.aanbieder is None:
        return
    soort = domein.ANTWOORD_319
    if bericht.soort == "WMO301":
        soort = domein.ANTWOORD_301
        opdracht = await opdracht_store.load_opdracht(tx, event.gemeente, bericht.opdracht_id)
        if opdracht is None or opdracht.status != "verzonden":
            return
        await store.set_verzonden(tx, event.gemeente, bericht.opdracht_id, event.gebeurd_at)
    over = Onderwerp(event.aanbieder, event.client_id, bericht.opdracht_id, bericht_id=bericht.bericht_id)
    # The day that knooppunt named to the provider counts, so that both sides see one and the same.
    if bericht.antwoord_uiterlijk is not None:
        duur = domein.tot(soort, bericht.antwoord_uiterlijk, add_working_days)
    else:
        duur = looptijd(soort, lokaal(event.gebeurd_at).date())
    await _volg(tx, event.gemeente, [_nieuw(over, soort, duur)], [], clock.now(), event.gebeurd_at)
    if bericht.soort == "WMO301":
        await volg_client(tx, event.gemeente, event.client_id, event.gebeurd_at)


async def volg_antwoord(tx: Tx, gemeente: str, soort: str, opdracht_id: str, op: datetime) -> None:
    """The 302 on a 301, or the 320 on a 319, came at `op`."""
    await _volg(tx, gemeente, [], [Afloop(opdracht_id, soort, domein.GEHAALD)], clock.now(), op)


async def volg_verzoek(tx: Tx, gemeente: str, verzoek: Verzoek, status: str) -> None:
    """A verzoek came in or was decided on: its reaction and its final decision (OP274, OP346)."""
    over = Onderwerp(verzoek.aanbieder, verzoek.client_id, verzoek.verzoek_id, bericht_id=verzoek.bericht_id)
    open_, aflopen = [], []
    termijnen = domein.verwacht_bij_verzoek(status, verzoek.reageer_uiterlijk, verzoek.besluit_uiterlijk)
    for soort, wat in termijnen.items():
        if isinstance(wat, str):
            aflopen.append(Afloop(over.onderwerp, soort, wat))
        else:
            open_.append(_nieuw(over, soort, domein.tot(soort, wat, add_working_days)))
    await _volg(tx, gemeente, open_, aflopen, clock.now(), clock.now())


async def volg_client(tx: Tx, gemeente: str, client_id: str, op: datetime) -> None:
    """The terms of all numbers of a client, after a fact of `op` about one of them. The client is locked."""
    reeksen = await toewijzing_store.load_versies(tx, gemeente, client_id)
    leveringen = await levering_store.load_leveringen(tx, gemeente, client_id)
    await volg_nummers(tx, gemeente, client_id, reeksen, leveringen, op)


async def volg_nummers(
    tx: Tx,
    gemeente: str,
    client_id: str,
    reeksen: Mapping[int, Sequence[Versie]],
    leveringen: Mapping[str, Levering],
    op: datetime,
) -> None:
    """The same for who has all versions and leveringen of the client at hand.

    All of them, because a new number can be the follow-up of another one.
    """
    actueel = {nummer: actuele_versie(reeks) for nummer, reeks in reeksen.items()}
    open_: list[NieuweTermijn] = []
    aflopen: list[Afloop] = []
    for nummer, reeks in reeksen.items():
        versie, aanbieder = actueel[nummer], reeks[0].aanbieder
        stand = Stand(
            versie,
            ontvangen=_ontvangen(reeks),
            einde_bekend=_ontvangen(v for v in reeks if versie is not None and v.einddatum == versie.einddatum),
            levering=stand_van(leveringen.get(aanbieder, Levering()), nummer)[0],
            heeft_vervolg=versie is not None and domein.heeft_vervolg(versie, filter(None, actueel.values())),
        )
        over = Onderwerp(aanbieder, client_id, str(nummer), toewijzing_nummer=nummer)
        for soort, wat in domein.verwacht(stand, clock.today()).items():
            if isinstance(wat, str):
                aflopen.append(Afloop(over.onderwerp, soort, wat))
            else:
                open_.append(_nieuw(over, soort, looptijd(soort, wat)))
    await _volg(tx, gemeente, open_, aflopen, clock.now(), op)


async def _volg(
    tx: Tx, gemeente: str, nieuw: list[NieuweTermijn], aflopen: list[Afloop], nu: datetime, op: datetime
) -> None:
    """Let terms run and end; of one that was told, its end and its coming back are told too, each once."""
    rijen = await store.write_termijnen(tx, gemeente, nieuw, aflopen, nu, op)
    events = [
        _event(rij, "termijn_hervat") if rij["hervat"] else _event(rij, "termijn_beeindigd", rij["status"])
        for rij in rijen
    ]
    await outbox.add_many(tx, TOPIC, events)


async def meld_termijnen(tx: Tx) -> None:
    """The clock: tell of every term that nears or has passed, each once; what is left comes with the next run.

    Clients are locked before their terms, as a message of theirs does: so the two never wait for each other. A term
    that both nears and has passed since the last run is told of twice, in that order, as if the clock had been there.
    """
    nu = clock.now()
    gevonden = await store.load_aan_de_beurt(tx, nu, PER_RONDE_MAX)
    if not gevonden:
        return
    await lock_keys(tx, gevonden.values())
    events: list[NewEvent] = []
    standen: list[tuple[str, str, bool, bool]] = []
    te_laat: list[str] = []
    for rij in await store.lock_aan_de_beurt(tx, gevonden, nu):
        soort = domein.SOORTEN[rij["soort"]]
        nadert = rij["genaderd_at"] is None
        voorbij = rij["verloopt_at"] <= nu
        verstreken = voorbij and soort.meldt_verstrijken
        if nadert:
            type_ = "termijn_nadert" if soort.meldt_verstrijken else "einde_nadert"
            events.append(_event(rij, type_))
        if verstreken:
            events.append(_event(rij, "termijn_verstreken"))
            te_laat += [rij["onderwerp"]] if rij["soort"] == domein.ANTWOORD_301 else []
        elif voorbij:
            events.append(_event(rij, "termijn_beeindigd", domein.VERVALLEN))
        status = domein.VERSTREKEN if verstreken else domein.VERVALLEN if voorbij else domein.NADERT
        standen.append((rij["id"], status, nadert, verstreken))
    await store.mark_gemeld(tx, standen, nu)
    await store.set_te_laat(tx, te_laat)
    await outbox.add_many(tx, TOPIC, events)


async def vul_termijnen_aan(tx: Tx) -> None:
    """Give numbers of before there were terms theirs, some clients at a time."""
    clienten = await store.load_zonder_termijnen(tx, CLIENTEN_PER_RONDE_MAX)
    await lock_keys(tx, [client_id for _, client_id in clienten])
    for gemeente, client_id in clienten:
        await volg_client(tx, gemeente, client_id, clock.now())
        await store.set_met_termijnen(tx, gemeente, client_id)


async def list_termijnen(tx: Tx, keuze: store.Keuze, *, met_client: bool, na: int, limit: int) -> dict[str, Any]:
    """A page of terms, oldest first; the pseudonym of a client is for its municipality alone."""
    rijen = await store.load_pagina(tx, keuze, na, limit + 1)
    volgende = str(rijen[limit - 1]["volgorde"]) if len(rijen) > limit else None
    return {"termijnen": [_als_rij(rij, met_client) for rij in rijen[:limit]], "volgende": volgende}


def _als_rij(rij: dict[str, Any], met_client: bool) -> dict[str, Any]:
    velden = ("gemeente", "aanbieder", "soort", "wie", "status", "uiterlijk", "verloopt_at", "toewijzing_nummer",
              "bericht_id", "genaderd_at", "verstreken_at", "beeindigd_at")  # fmt: skip
    client = {"client_id": rij["client_id"]} if met_client else {}
    return {"termijn_id": rij["id"], **client, **{veld: rij[veld] for veld in velden}, "verzoek_id": _verzoek_id(rij)}


def _ontvangen(versies: Iterable[Versie]) -> date | None:
    """The day on which the provider first got one of these versions."""
    momenten = [versie.ontvangen_at for versie in versies if versie.ontvangen_at is not None]
    return lokaal(min(momenten)).date() if momenten else None


def _nieuw(over: Onderwerp, soort: str, duur: Looptijd) -> NieuweTermijn:
    wie = domein.SOORTEN[soort].wie
    return NieuweTermijn(over, soort, wie, duur.uiterlijk, day_begins_at(duur.nadert), day_ends_at(duur.uiterlijk))


def _event(rij: dict[str, Any], type_: str, afloop: str | None = None) -> NewEvent:
    return NewEvent(
        type=f"toewijzing.{type_}",
        key=rij["client_id"],
        gemeente=rij["gemeente"],
        aanbieder=rij["aanbieder"],
        client_id=rij["client_id"],
        keten=rij["bericht_id"],
        data=TermijnGemeld(
            termijn_id=rij["id"],
            soort=rij["soort"],
            wie=rij["wie"],
            partij=rij["gemeente"] if rij["wie"] == domein.GEMEENTE else rij["aanbieder"],
            uiterlijk=rij["uiterlijk"],
            toewijzing_nummer=rij["toewijzing_nummer"],
            bericht_id=rij["bericht_id"],
            verzoek_id=_verzoek_id(rij),
            afloop=afloop,  # type: ignore[arg-type]
        ),
    )


def _verzoek_id(rij: dict[str, Any]) -> str | None:
    over_verzoek: Iterable[str] = (domein.REACTIE_VERZOEK, domein.BESLUIT_VERZOEK)
    return rij["onderwerp"] if rij["soort"] in over_verzoek else None
