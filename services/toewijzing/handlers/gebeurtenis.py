"""A change in the life of a person: shown first, then told to every provider with a 301."""

from __future__ import annotations

from datetime import date
from typing import Any

from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import BadData, Problem
from chassis.inbox import lock_client
from chassis.kafka import Event
from services.toewijzing.domain.gebeurtenis import Gevolg, Soort, gevolgen, toets_datum
from services.toewijzing.domain.toewijzing import te_zenden_versie
from services.toewijzing.handlers.zending import (
    Aanleiding,
    bevindingen,
    geweigerd,
    leg_volgende_versie_vast,
    load_inhoud,
    zend_301,
)
from services.toewijzing.store import toewijzing as toewijzing_store
from services.toewijzing.store import verzoek as verzoek_store


async def verwerk_gebeurtenis(
    tx: Tx, gemeente: str, client_id: str, soort: Soort, datum: date, *, proef: bool
) -> dict[str, Any]:
    """End (or delete) every toewijzing that goes on after a death or a move; `proef` only shows it.

    Raises Problem 404 for an unknown client, and 422 with every rule that forbids it before any 301 leaves.
    Pending verzoeken are named, not decided: a person decides on those.
    """
    await lock_client(tx, gemeente, client_id)
    reeksen = await toewijzing_store.load_versies(tx, gemeente, client_id)
    if not reeksen and not await verzoek_store.client_bekend(tx, gemeente, client_id):
        raise Problem(404, "client_onbekend", "Deze client is niet bekend", "Controleer het pseudoniem.")
    if verkeerd := toets_datum(soort, datum, clock.today()):
        raise geweigerd(verkeerd)
    actueel = [versie for reeks in reeksen.values() if (versie := te_zenden_versie(reeks))]
    met_prestaties = await toewijzing_store.load_met_prestaties(tx, gemeente, client_id)
    lijst = gevolgen(actueel, soort, datum, met_prestaties)
    antwoord = {
        "soort": soort,
        "datum": datum.isoformat(),
        "proef": proef,
        "gevolgen": [_toon(gevolg) for gevolg in lijst],
        "open_verzoeken": await verzoek_store.load_lopende(tx, gemeente, client_id),
    }
    if proef:
        return antwoord | {"berichten": [{"aanbieder": agb} for agb in _aanbieders(lijst)]}
    if fouten := [fout for gevolg in lijst for fout in gevolg.fouten]:
        raise geweigerd(fouten)
    aanleiding = Aanleiding(gemeente, client_id)
    for gevolg in lijst:
        await leg_volgende_versie_vast(tx, aanleiding, gevolg.nieuw, reeksen[gevolg.nieuw.nummer][-1])
    berichten = [{"aanbieder": agb, "opdracht_id": await zend_301(tx, aanleiding, agb)} for agb in _aanbieders(lijst)]
    return antwoord | {"berichten": berichten}


async def client_gewijzigd(tx: Tx, event: Event) -> None:
    """intake.client_gewijzigd: a 301 holds the person, so every provider with an actual toewijzing gets it again."""
    if event.client_id is None:
        raise BadData("client_gewijzigd zonder client_id")
    aanleiding = Aanleiding(event.gemeente, event.client_id, event.event_id, event.keten)
    inhoud = await load_inhoud(tx, event.gemeente, event.client_id, aanbieder=None)
    for agb in sorted({regel.versie.aanbieder for regel in inhoud}):
        await zend_301(tx, aanleiding, agb, client_na=event.volgnummer)


def _aanbieders(lijst: list[Gevolg]) -> list[str]:
    return sorted({gevolg.nieuw.aanbieder for gevolg in lijst})


def _toon(gevolg: Gevolg) -> dict[str, Any]:
    versie = gevolg.nieuw
    return {
        "toewijzing_nummer": versie.nummer,
        "aanbieder": versie.aanbieder,
        "gevolg": "vervalt" if gevolg.vervalt else "eindigt",
        "einddatum": versie.einddatum.isoformat() if versie.einddatum else None,
        "reden_wijziging": versie.reden_wijziging,
        "bevindingen": [b.model_dump(mode="json", exclude_none=True) for b in bevindingen(gevolg.fouten)],
    }
