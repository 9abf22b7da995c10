"""Een vastgestelde indicatie wordt een of meer toewijzingen, of wordt geweigerd met alle redenen."""

from __future__ import annotations

from pydantic import ValidationError

from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import BadData
from chassis.kafka import Event
from services.toewijzing.contracts import (
    GeindiceerdProduct,
    IndicatieGeweigerd,
    IndicatieToegewezen,
    IndicatieVastgesteld,
)
from services.toewijzing.domain.inhoud import Contract, Vraag, contract_voor, toets_indicatie
from services.toewijzing.domain.toewijzing import (
    Fout,
    Omvang,
    Product,
    Versie,
    besluitmoment,
    toets_besluitmoment,
)
from services.toewijzing.handlers.zending import (
    Aanleiding,
    bevindingen,
    leg_versie_vast,
    load_inhoud,
    lokaal,
    publiceer,
    zend_301,
)
from services.toewijzing.store import contract as contract_store
from services.toewijzing.store import toewijzing as toewijzing_store


async def indicatie_vastgesteld(tx: Tx, event: Event) -> None:
    """Wijst de hele indicatie toe of weigert haar geheel; een open beschikking heeft geen producten."""
    try:
        indicatie = IndicatieVastgesteld.model_validate(event.data)
    except ValidationError:
        raise BadData("indicatie_vastgesteld heeft niet de vorm van haar contract") from None
    if event.client_id is None:
        raise BadData("indicatie_vastgesteld zonder client_id")
    aanleiding = Aanleiding(event.gemeente, event.client_id, event.event_id, event.keten)
    aanbieders = sorted({p.aanbieder for p in indicatie.producten})
    contracten = await contract_store.load_contracten(tx, event.gemeente, aanbieders)
    vragen = [_vraag(p, i) for i, p in enumerate(indicatie.producten)]
    fouten = await _toets(tx, aanleiding, indicatie, vragen, contracten)
    nieuw = await toewijzing_store.add_indicatie(
        tx,
        event.gemeente,
        event.client_id,
        indicatie.indicatie_id,
        beschikking_nummer=indicatie.beschikking.nummer,
        ingangsdatum=indicatie.beschikking.ingangsdatum,
        einddatum=indicatie.beschikking.einddatum,
        geweigerd=bool(fouten),
    )
    if not nieuw:
        return
    if fouten:
        geweigerd = IndicatieGeweigerd(
            indicatie_id=indicatie.indicatie_id,
            bevindingen=[b.model_dump(mode="json", exclude_none=True) for b in bevindingen(fouten)],
        )
        await publiceer(tx, aanleiding, "toewijzing.indicatie_geweigerd", geweigerd)
        return
    nummers = await _wijs_toe(tx, aanleiding, indicatie, vragen, contracten)
    # Een bericht per aanbieder, in vaste volgorde: herhaald verwerken geeft dezelfde berichten.
    for aanbieder in aanbieders:
        await zend_301(tx, aanleiding, aanbieder)
    toegewezen = IndicatieToegewezen(indicatie_id=indicatie.indicatie_id, toewijzing_nummers=nummers)
    await publiceer(tx, aanleiding, "toewijzing.indicatie_toegewezen", toegewezen)


async def _toets(
    tx: Tx,
    aanleiding: Aanleiding,
    indicatie: IndicatieVastgesteld,
    vragen: list[Vraag],
    contracten: list[Contract],
) -> list[Fout]:
    bestaand = [r.versie for r in await load_inhoud(tx, aanleiding.gemeente, aanleiding.client_id, aanbieder=None)]
    fouten = toets_indicatie(vragen, bestaand, contracten, clock.today())
    for i, product in enumerate(indicatie.producten):
        if product.besluit_at is not None:
            fouten += [
                Fout(f.regel, f.melding, f.volgende_stap, f"/producten/{i}{f.pad}")
                for f in toets_besluitmoment(product.besluit_at, clock.now(), None)
            ]
    return fouten


async def _wijs_toe(
    tx: Tx,
    aanleiding: Aanleiding,
    indicatie: IndicatieVastgesteld,
    vragen: list[Vraag],
    contracten: list[Contract],
) -> list[int]:
    if not vragen:
        return []
    nummers = await toewijzing_store.next_nummers(tx, aanleiding.gemeente, len(vragen))
    for nummer, vraag, product in zip(nummers, vragen, indicatie.producten, strict=True):
        contract = contract_voor(vraag, contracten)
        if contract is None:
            raise AssertionError("toets_indicatie laat geen product zonder contract door")
        await wijs_nummer_toe(
            tx,
            aanleiding,
            eerste_versie(nummer, vraag, contract.variant, product),
            indicatie.indicatie_id,
        )
    return nummers


async def wijs_nummer_toe(tx: Tx, aanleiding: Aanleiding, versie: Versie, indicatie_id: str | None) -> None:
    """IV066: een nieuw nummer met zijn eerste versie."""
    await toewijzing_store.add_toewijzing(
        tx, aanleiding.gemeente, aanleiding.client_id, versie.nummer, versie.aanbieder, indicatie_id
    )
    await leg_versie_vast(tx, aanleiding, versie)


def eerste_versie(nummer: int, vraag: Vraag, variant: str, bron: GeindiceerdProduct | None = None) -> Versie:
    """De eerste versie van een nummer: zonder reden (IV099), op het moment van het besluit (IV013)."""
    besluit_at = (bron.besluit_at if bron else None) or clock.now()
    datum, tijd = besluitmoment(lokaal(besluit_at), None)
    return Versie(
        nummer=nummer,
        versie=1,
        aanbieder=vraag.aanbieder,
        product=vraag.product,
        omvang=vraag.omvang,
        budget_cent=vraag.budget_cent,
        ingangsdatum=vraag.ingangsdatum,
        einddatum=vraag.einddatum,
        besluit_at=besluit_at,
        toewijzingsdatum=datum,
        toewijzingstijd=tijd,
        variant=variant,
        commentaar=bron.commentaar if bron else None,
    )


def _vraag(p: GeindiceerdProduct, i: int) -> Vraag:
    return Vraag(
        p.aanbieder,
        None if p.product is None else Product(p.product.categorie, p.product.code),
        None if p.omvang is None else Omvang(p.omvang.volume, p.omvang.eenheid, p.omvang.frequentie),
        p.budget_cent,
        p.ingangsdatum,
        p.einddatum,
        f"/producten/{i}",
    )
