"""Wat knooppunt en declaratie melden: berichten van aanbieders, verzending, prestaties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import BadData
from chassis.kafka import Event
from services.toewijzing.contracts import (
    BerichtOntvangen,
    BerichtVerzonden,
    DeclaratiedeelBeoordeeld,
    Inhoud302,
)
from services.toewijzing.domain.termijn import ANTWOORD_301
from services.toewijzing.domain.toewijzing import na_302
from services.toewijzing.handlers.levering import beoordeel_bericht
from services.toewijzing.handlers.termijn import volg_antwoord, volg_client, volg_verzending
from services.toewijzing.handlers.verzoek import beoordeel_verzoek, verwerk_320
from services.toewijzing.handlers.zending import Aanleiding, meld_afkeur, publiceer_versie
from services.toewijzing.store import opdracht as opdracht_store
from services.toewijzing.store import toewijzing as toewijzing_store

GEEN_FOUT = frozenset({"0200", "0233"})
M = TypeVar("M", bound=BaseModel)


def _lees(model: type[M], data: Mapping[str, Any]) -> M:
    try:
        return model.model_validate(data)
    except ValidationError:
        raise BadData(f"{model.__name__} heeft niet de vorm van haar contract") from None


async def bericht_ontvangen(tx: Tx, event: Event) -> None:
    """knooppunt.bericht_ontvangen: een 302, 305, 307, 315, 317 of 320; andere zijn niet voor hier."""
    bericht = _lees(BerichtOntvangen, event.data)
    if bericht.soort == "WMO302":
        await _verwerk_302(tx, event, bericht)
    elif bericht.soort in ("WMO305", "WMO307"):
        try:
            await beoordeel_bericht(tx, event, bericht)
        except ValidationError:
            raise BadData("start of stop heeft niet de vorm van haar contract") from None
    elif bericht.soort in ("WMO315", "WMO317"):
        await beoordeel_verzoek(tx, event, bericht)
    elif bericht.soort == "WMO320":
        await verwerk_320(tx, event, bericht)


async def _verwerk_302(tx: Tx, event: Event, bericht: BerichtOntvangen) -> None:
    """Een 302 geldt voor de hele 301: zonder codes goedgekeurd, met codes is alles afgekeurd (OP286)."""
    if bericht.opdracht_id is None or event.client_id is None:
        raise BadData("302 zonder opdracht")
    opdracht = await opdracht_store.load_opdracht(tx, event.gemeente, bericht.opdracht_id)
    if opdracht is None:
        raise BadData("302 op een onbekende opdracht")
    if opdracht.status != "verzonden":
        return
    inhoud = _lees(Inhoud302, bericht.inhoud)
    aanleiding = Aanleiding(event.gemeente, opdracht.client_id, event.event_id, event.keten)
    afgekeurd = bool(inhoud.retourcodes)
    await opdracht_store.set_status(tx, opdracht.opdracht_id, "afgekeurd" if afgekeurd else "goedgekeurd")
    eigen_fout = {p.toewijzing_nummer for p in inhoud.toegewezen_producten if set(p.retourcodes) - GEEN_FOUT}
    nummers = await _werk_versies_bij(tx, aanleiding, opdracht, eigen_fout)
    op = bericht.ontvangen_at or clock.now()
    await volg_antwoord(tx, event.gemeente, ANTWOORD_301, opdracht.opdracht_id, op)
    await volg_client(tx, event.gemeente, opdracht.client_id, op)
    if not afgekeurd:
        return
    codes = [*inhoud.retourcodes, *(c for p in inhoud.toegewezen_producten for c in p.retourcodes)]
    bericht_id = opdracht.bericht_id or bericht.bericht_id
    await meld_afkeur(tx, aanleiding, opdracht.aanbieder, "WMO301", opdracht.opdracht_id, bericht_id, codes, nummers)


async def _werk_versies_bij(
    tx: Tx, aanleiding: Aanleiding, opdracht: opdracht_store.Opdracht, eigen_fout: set[int]
) -> set[int]:
    """Een versie is goedgekeurd zodra een van haar 301's dat is, afgekeurd als zij het allemaal zijn.

    Geeft de nummers van deze 301 die nu afgekeurd zijn; zijn dat er geen, dan alle.
    """
    statussen = await opdracht_store.load_statussen(tx, opdracht.opdracht_id)
    versies = await toewijzing_store.load_versies(tx, aanleiding.gemeente, opdracht.client_id, opdracht.aanbieder)
    afgekeurd: set[int] = set()
    for versie in (v for rij in versies.values() for v in rij):
        alle = statussen.get((versie.nummer, versie.versie))
        if alle is None:
            continue
        status, fout = na_302(versie, alle, versie.nummer in eigen_fout)
        afgekeurd |= {versie.nummer} if status == "afgekeurd" else set()
        if (status, fout) == (versie.status, versie.eigen_fout):
            continue
        await toewijzing_store.set_versie_status(tx, aanleiding.gemeente, versie.nummer, versie.versie, status, fout)
        if status != versie.status:
            await publiceer_versie(tx, aanleiding, replace(versie, status=status))
    return afgekeurd or {nummer for nummer, _ in statussen}


async def bericht_verzonden(tx: Tx, event: Event) -> None:
    """knooppunt.bericht_verzonden: de 301 kreeg een bericht_id; op een 301 en een 319 moet een antwoord komen."""
    bericht = _lees(BerichtVerzonden, event.data)
    if bericht.soort == "WMO301" and bericht.opdracht_id is not None:
        await opdracht_store.set_bericht(tx, event.gemeente, bericht.opdracht_id, bericht.bericht_id)
    if bericht.soort in ("WMO301", "WMO319"):
        await volg_verzending(tx, event, bericht)


async def declaratiedelen_beoordeeld(tx: Tx, events: Sequence[Event]) -> Collection[str]:
    """TR385: houdt bij welke toewijzingen goedgekeurde, niet gecrediteerde prestaties hebben. Niets wacht hier ooit."""
    goedgekeurd: Counter[int] = Counter()
    for event in events:
        deel = _lees(DeclaratiedeelBeoordeeld, event.data)
        if any(code not in GEEN_FOUT for code in deel.client_codes):
            continue
        for prestatie in deel.prestaties:
            if not prestatie.retourcodes:
                goedgekeurd[prestatie.toewijzing_nummer] += -1 if prestatie.ingediend_cent < 0 else 1
    await toewijzing_store.add_goedgekeurde_prestaties(tx, events[0].gemeente, goedgekeurd)
    return ()
