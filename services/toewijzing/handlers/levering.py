"""Een 305 of 307 beoordelen, de start of stop vastleggen en het oordeel publiceren."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from chassis import outbox
from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import BadData, Bevinding, Wacht
from chassis.kafka import Event
from chassis.outbox import NewEvent
from services.toewijzing.contracts import (
    BerichtBeoordeeld,
    BerichtOntvangen,
    Inhoud305,
    Inhoud307,
    LeveringGewijzigd,
    StartProduct,
    StopProduct,
)
from services.toewijzing.domain.levering import (
    VERWIJDEREN,
    Levering,
    Oordeel,
    Start,
    StartRegel,
    Stop,
    StopRegel,
    beoordeel_start,
    beoordeel_stop,
    stand_van,
)
from services.toewijzing.domain.toewijzing import Product, Versie, actuele_versie
from services.toewijzing.handlers.termijn import volg_nummers
from services.toewijzing.handlers.zending import TOPIC, Aanleiding, gebeurtenis
from services.toewijzing.store import levering as levering_store
from services.toewijzing.store import toewijzing as toewijzing_store

MELDING = {
    "9019": ("TR019", "Dit toewijzingsnummer is niet bekend voor deze client bij deze aanbieder.",
             "Controleer het toewijzingsnummer."),
    "9063": ("TR063", "Er is niets om te verwijderen met deze sleutel.",
             "Controleer nummer, product en datums van de eerdere aanlevering."),
    "9069": ("TR382", "Er is geen start die bij deze stop hoort.",
             "Dien eerst de start in, met dezelfde begindatum."),
    "9071": ("TR071", "Deze start heeft al een stop.", "Verwijder eerst de stop."),
    "9074": ("TR074", "Deze aanlevering is al ontvangen.", "Dien haar niet nog eens in."),
    "9326": ("TR326", "Er loopt al een levering op deze toewijzing.", "Stop eerst de lopende levering."),
    "9413": ("TR413", "De levering is al tijdelijk gestopt.", "Kies een andere reden dan 20."),
    "9414": ("TR414", "De einddatum ligt voor die van een eerdere stop.", "Kies een latere einddatum."),
    "9415": ("TR415", "De levering is al definitief gestopt.", "Verwijder eerst de eerdere stop."),
}  # fmt: skip


async def beoordeel_bericht(tx: Tx, event: Event, bericht: BerichtOntvangen) -> None:
    """Oordeelt over een 305 of 307; een fout van afwezigheid wacht eerst op het ontbrekende feit (OP080)."""
    if event.client_id is None or event.aanbieder is None:
        raise BadData("start of stop zonder client of aanbieder")
    plek = levering_store.Plek(event.gemeente, event.aanbieder, event.client_id)
    leveringen = await levering_store.load_leveringen(tx, plek.gemeente, plek.client_id)
    voor = leveringen.get(plek.aanbieder, Levering())
    reeksen = await toewijzing_store.load_versies(tx, plek.gemeente, plek.client_id)
    bekend = _bekend(reeksen, plek.aanbieder)
    producten: Sequence[StartProduct]
    if bericht.soort == "WMO305":
        producten = starts = Inhoud305.model_validate(bericht.inhoud).start_producten
        oordeel = beoordeel_start([StartRegel(_start(p), p.status_aanlevering) for p in starts], voor, bekend)
    else:
        producten = stops = Inhoud307.model_validate(bericht.inhoud).stop_producten
        oordeel = beoordeel_stop([StopRegel(_stop(p), p.status_aanlevering) for p in stops], voor, bekend)
    if oordeel.wacht and not event.wacht_voorbij:
        raise Wacht("een eerder bericht kan nog komen")
    aanleiding = Aanleiding(event.gemeente, event.client_id, event.event_id, event.keten)
    events = []
    if not oordeel.afgekeurd:
        await _leg_vast(tx, plek, bericht.bericht_id, producten)
        events = _nieuwe_standen(aanleiding, plek.aanbieder, voor, oordeel.na)
        na, op = leveringen | {plek.aanbieder: oordeel.na}, bericht.ontvangen_at or clock.now()
        await volg_nummers(tx, plek.gemeente, plek.client_id, reeksen, na, op)
    uitslag = gebeurtenis(aanleiding, "toewijzing.bericht_beoordeeld", _uitslag(bericht, oordeel), plek.aanbieder)
    await outbox.add_many(tx, TOPIC, [*events, uitslag])


def _bekend(reeksen: Mapping[int, Sequence[Versie]], aanbieder: str) -> frozenset[int]:
    """TR019: nummers die beide partijen kennen; een verwijderde toewijzing is als nooit verzonden."""
    actueel = [actuele_versie(reeks) for reeks in reeksen.values()]
    return frozenset(v.nummer for v in actueel if v is not None and v.aanbieder == aanbieder and not v.verwijderd)


async def _leg_vast(tx: Tx, plek: levering_store.Plek, bericht_id: str, producten: Sequence[StartProduct]) -> None:
    for product in sorted(producten, key=lambda p: p.status_aanlevering != VERWIJDEREN):
        weg = product.status_aanlevering == VERWIJDEREN
        if isinstance(product, StopProduct):
            if weg:
                await levering_store.delete_stop(tx, plek, _stop(product))
            else:
                await levering_store.add_stop(tx, plek, bericht_id, _stop(product), product.toewijzing_ingangsdatum)
        elif weg:
            await levering_store.delete_start(tx, plek, _start(product))
        else:
            await levering_store.add_start(tx, plek, bericht_id, _start(product), product.toewijzing_ingangsdatum)


def _nieuwe_standen(aanleiding: Aanleiding, aanbieder: str, voor: Levering, na: Levering) -> list[NewEvent]:
    """toewijzing.levering_gewijzigd voor elk nummer waarvan de stand anders werd."""
    events = []
    for nummer in sorted({s.nummer for s in (*voor.starts, *na.starts) if s.nummer is not None}):
        stand = stand_van(na, nummer)
        if stand == stand_van(voor, nummer):
            continue
        naam, begin, einde = stand
        data = LeveringGewijzigd(
            toewijzing_nummer=nummer,
            levering=naam,  # type: ignore[arg-type]
            begindatum=begin.isoformat() if begin else None,
            einddatum=einde.isoformat() if einde else None,
        )
        events.append(gebeurtenis(aanleiding, "toewijzing.levering_gewijzigd", data, aanbieder))
    return events


def _uitslag(bericht: BerichtOntvangen, oordeel: Oordeel) -> BerichtBeoordeeld:
    soort: Literal["WMO305", "WMO307"] = "WMO305" if bericht.soort == "WMO305" else "WMO307"
    if not oordeel.afgekeurd:
        return BerichtBeoordeeld(bericht_id=bericht.bericht_id, soort=soort, header_codes=[], codes={}, bevindingen=[])
    klasse = "StartProduct" if soort == "WMO305" else "StopProduct"
    codes = {"Client": ["0200"]}
    gevonden: list[Bevinding] = []
    for i, regel in enumerate(oordeel.codes, start=1):
        codes[f"{klasse}[{i}]"] = list(regel) or ["0200"]
        for code in regel:
            regelcode, melding, stap = MELDING[code]
            gevonden.append(
                Bevinding(
                    regel=regelcode,
                    niveau=3,
                    retourcode=code,
                    pad=f"{klasse}[{i}]",
                    melding=melding,
                    volgende_stap=stap,
                )
            )
    return BerichtBeoordeeld(
        bericht_id=bericht.bericht_id,
        soort=soort,
        header_codes=["0200"],
        codes=codes,
        bevindingen=[b.model_dump(mode="json", exclude_none=True) for b in gevonden],
    )


def _start(p: StartProduct) -> Start:
    product = None if p.product is None else Product(p.product.categorie, p.product.code)
    return Start(p.toewijzing_nummer, product, p.begindatum)


def _stop(p: StopProduct) -> Stop:
    return Stop(_start(p), p.reden_beeindiging, p.einddatum)
