"""What happens after a decision comes back to its case: help starts and stops, and is perhaps used too little."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import BadData, Problem
from chassis.kafka import Event
from services.intake.contracts.nazorg import GebruikWijktAf, LeveringGewijzigd, TermijnVerstreken
from services.intake.domain.afweging import TREDEN
from services.intake.domain.nazorg import START, STEMMEN, STOP, VRAGEN
from services.intake.domain.zaak import SYSTEEM
from services.intake.handlers.zaak import Dossier, Medewerker, lees_zaak, schrijf_stap
from services.intake.store import nazorg as store
from services.intake.store.nazorg import Ervaring

M = TypeVar("M", bound=BaseModel)
_MOMENT = {"gestart": START, "gestopt": STOP}


async def levering_gewijzigd(tx: Tx, event: Event) -> None:
    """toewijzing.levering_gewijzigd: help started or stopped; a moment of a toewijzing counts once."""
    data = _lees(LeveringGewijzigd, event)
    moment = _MOMENT.get(data.levering)
    if moment is None or event.aanbieder is None:
        return
    nummer = data.toewijzing_nummer
    dossier = await _zaak_van(tx, event, nummer)
    if dossier is None or any((hulp.nummer, hulp.moment) == (nummer, moment) for hulp in dossier.zaak.leveringen):
        return
    inhoud = {"toewijzing_nummer": nummer, "moment": moment, "aanbieder": event.aanbieder}
    await _schrijf(tx, event, dossier, "levering", inhoud)


async def gebruik_wijkt_af(tx: Tx, event: Event) -> None:
    """declaratie.gebruik_wijkt_af: help that is used too little asks for a talk. Nothing of the help changes by it."""
    data = _lees(GebruikWijktAf, event)
    if data.soort == "minder":
        await _vraag_gesprek(tx, event, data.toewijzing_nummer, "declaratie")


async def termijn_verstreken(tx: Tx, event: Event) -> None:
    """toewijzing.termijn_verstreken: help that should have started and did not is help that is not used."""
    data = _lees(TermijnVerstreken, event)
    if data.soort == "start" and data.toewijzing_nummer is not None:
        await _vraag_gesprek(tx, event, data.toewijzing_nummer, "toewijzing")


async def leg_ervaring_vast(tx: Tx, wie: Medewerker, dossier: Dossier, inhoud: dict[str, Any]) -> dict[str, Any]:
    """The three answers, without a word that was said, also for the provider whose help it is about."""
    nummer, moment = inhoud["toewijzing_nummer"], inhoud["moment"]
    hulp = next(h for h in dossier.zaak.leveringen if (h.nummer, h.moment) == (nummer, moment))
    if inhoud["antwoorden"] is not None:
        ervaring = Ervaring(hulp.aanbieder, nummer, moment, inhoud["kanaal"], clock.today(), **inhoud["antwoorden"])
        await store.add_ervaring(tx, wie.gemeente, dossier.kop.melding_id, ervaring)
    return {}


async def list_ervaringen(tx: Tx, toewijzing_nummer: int | None, *, na: int, limit: int) -> dict[str, Any]:
    """A page of what residents answered, of the caller's municipality or about the caller's help; oldest first."""
    rijen = await store.load_ervaringen(tx, toewijzing_nummer, na, limit + 1)
    volgende = str(rijen[limit - 1]["volgorde"]) if len(rijen) > limit else None
    return {
        "vragen": VRAGEN,
        "ervaringen": [{v: w for v, w in rij.items() if v != "volgorde"} for rij in rijen[:limit]],
        "volgende": volgende,
    }


def toon_nazorg(dossier: Dossier) -> dict[str, Any]:
    """What the resident told, and per goal the three voices beside each other."""
    return {
        "ervaringen": [_met_dag(rij, inhoud) for rij, inhoud in dossier.rijen if rij.stap == "ervaring"],
        "evaluaties": [
            _met_dag(rij, inhoud) | {"doelen": _stemmen(inhoud["doelen"], _doelen(dossier, rij.volgnummer))}
            for rij, inhoud in dossier.rijen
            if rij.stap == "evaluatie"
        ],
    }


def toon_afweging(afweging: Mapping[str, Any], bespaard_cent: int | None) -> dict[str, Any] | None:
    """The rungs in their order, beside each its options; all options with their cost beside each other."""
    if not afweging:
        return None
    opties, treden = afweging.get("opties") or [], afweging["treden"]
    return {
        "treden": [
            {"trede": naam, **treden[naam], "opties": [o for o in opties if o["trede"] == naam]} for naam in TREDEN
        ],
        "opties": [{veld: o.get(veld) for veld in ("trede", "naam", "kosten_cent", "voorziening")} for o in opties],
        # Nobody knows what would have been spent: it is an estimate and says so.
        "bespaard_schatting_cent": bespaard_cent,
        "respijt": afweging.get("respijt"),
    }


async def _vraag_gesprek(tx: Tx, event: Event, nummer: int, bron: str) -> None:
    dossier = await _zaak_van(tx, event, nummer)
    # As long as the talk is awaited a second signal asks for nothing new.
    if dossier is not None and dossier.zaak.gesprek_sinds is None:
        await _schrijf(tx, event, dossier, "gebruikssignaal", {"toewijzing_nummer": nummer, "bron": bron})


async def _zaak_van(tx: Tx, event: Event, nummer: int) -> Dossier | None:
    """The case that this toewijzing came from; None for one from elsewhere, or when its client was forgotten."""
    melding_id = await store.load_melding_van(tx, event.gemeente, nummer)
    if melding_id is None:
        return None
    try:
        return await lees_zaak(tx, Medewerker(event.gemeente, SYSTEEM), melding_id, lock=False)
    except Problem:
        return None


async def _schrijf(tx: Tx, event: Event, dossier: Dossier, soort: str, inhoud: dict[str, Any]) -> None:
    wie = Medewerker(event.gemeente, SYSTEEM)
    await schrijf_stap(tx, wie, dossier.kop, dossier.zaak, soort, inhoud, dossier.instellingen)


def _lees(model: type[M], event: Event) -> M:
    try:
        return model.model_validate(event.data)
    except ValidationError:
        # from None: pydantic prints the rejected value (G18)
        raise BadData(f"{event.type}: data does not fit the contract") from None


def _met_dag(rij: Any, inhoud: Mapping[str, Any]) -> dict[str, Any]:
    return {"dag": rij.dag, "door": rij.door, **inhoud}


def _doelen(dossier: Dossier, voor: int) -> list[str]:
    """The goals of the decision that held before this step."""
    gegeven = [
        inhoud["producten"] for rij, inhoud in dossier.rijen
        if rij.stap == "beschikking" and inhoud.get("producten") and rij.volgnummer < voor
    ]  # fmt: skip
    return [product["doel"] for product in gegeven[-1]] if gegeven else []


def _stemmen(doelen: list[dict[str, Any]], teksten: list[str]) -> list[dict[str, Any]]:
    return [
        {"doel": doel["doel"], "tekst": teksten[doel["doel"] - 1], **{stem: doel[stem] for stem in STEMMEN}}
        for doel in doelen
    ]
