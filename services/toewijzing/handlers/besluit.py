"""What the municipality decides on a verzoek: grant it (301), refuse it or look into it (319)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Problem
from chassis.inbox import lock_client
from schemas.iwmo.codes import REDEN_AFWIJZING_VERZOEK
from services.toewijzing.contracts import AangevraagdProduct, VowVeld
from services.toewijzing.domain import verzoek as domein
from services.toewijzing.domain.inhoud import (
    Contract,
    Vraag,
    contract_voor,
    toets_indicatie,
    toets_overlap,
    toets_product,
)
from services.toewijzing.domain.toewijzing import Fout, Omvang, Product, Versie, te_zenden_versie
from services.toewijzing.domain.wijziging import als_vraag
from services.toewijzing.handlers.indicatie import eerste_versie, wijs_nummer_toe
from services.toewijzing.handlers.verzoek import antwoord, vow_van, vraag_van_vot, zet_status
from services.toewijzing.handlers.zending import Aanleiding, geweigerd, leg_volgende_versie_vast, load_inhoud, zend_301
from services.toewijzing.store import contract as contract_store
from services.toewijzing.store import toewijzing as toewijzing_store
from services.toewijzing.store import verzoek as store
from services.toewijzing.store.verzoek import Verzoek


@dataclass(frozen=True, slots=True)
class Afwijking:
    """Where the grant differs from what was asked; only names in `velden` count.

    A VOT may differ in all (IV094), a VOW only in dates, and only when the desired date has passed (OP348).
    """

    velden: frozenset[str]
    product: Product | None = None
    omvang: Omvang | None = None
    ingangsdatum: date | None = None
    einddatum: date | None = None
    budget_cent: int | None = None


@dataclass(frozen=True, slots=True)
class Besluit:
    """What a decision came to: the message that leaves, and new numbers."""

    verzoek_id: str
    status: str
    opdracht_id: str
    toewijzing_nummers: tuple[int, ...] = ()


async def onderzoek(tx: Tx, gemeente: str, verzoek_id: str) -> Besluit:
    """OP274, TR360: tell the provider, once, that the verzoek is being looked into (319 antwoord 2)."""
    rij, aanleiding = await _load(tx, gemeente, verzoek_id, domein.IN_ONDERZOEK)
    opdracht_id = await antwoord(tx, aanleiding, rij, domein.ONDERZOEK, None)
    return Besluit(verzoek_id, domein.IN_ONDERZOEK, opdracht_id)


async def wijs_af(tx: Tx, gemeente: str, verzoek_id: str, reden: str) -> Besluit:
    """CD085: refuse a verzoek with a reason of WJ759 (319 antwoord 1)."""
    rij, aanleiding = await _load(tx, gemeente, verzoek_id, domein.AFGEWEZEN)
    if reden not in REDEN_AFWIJZING_VERZOEK or reden == domein.ALLEEN_JW:
        raise geweigerd([Fout("CD085", "Deze reden kan niet bij een afwijzing.", "Kies een reden.", "/reden")])
    opdracht_id = await antwoord(tx, aanleiding, rij, domein.AFWIJZING, reden)
    return Besluit(verzoek_id, domein.AFGEWEZEN, opdracht_id)


async def ken_toe(tx: Tx, gemeente: str, verzoek_id: str, afwijking: Afwijking) -> Besluit:
    """Grant a verzoek with a 301 (TR379); 422 with every rule that forbids it, before anything leaves."""
    rij, aanleiding = await _load(tx, gemeente, verzoek_id, domein.TOEGEWEZEN)
    if not await store.client_bekend(tx, gemeente, rij.client_id):
        raise Problem(
            422,
            "client_onbekend",
            "Van deze inwoner zijn naam en adres niet bekend.",
            "Leg eerst de inwoner vast, met een (open) beschikking; ken het verzoek daarna toe.",
        )
    contracten = await contract_store.load_contracten(tx, gemeente, [rij.aanbieder])
    if rij.soort == "vot":
        nummers, opdracht_id = await _ken_vot_toe(tx, aanleiding, rij, afwijking, contracten)
    else:
        if afwijking.velden - {"ingangsdatum", "einddatum"}:
            raise geweigerd(
                [Fout("OP348", "Een verzoek om wijziging wordt geheel overgenomen, of afgewezen.",
                      "Laat de afwijking weg, of wijs het verzoek af.", "/afwijking")]
            )  # fmt: skip
        nummers, opdracht_id = await _ken_vow_toe(tx, aanleiding, rij, afwijking, contracten)
    await zet_status(tx, aanleiding, rij, domein.TOEGEWEZEN)
    return Besluit(verzoek_id, domein.TOEGEWEZEN, opdracht_id, tuple(nummers))


async def _load(tx: Tx, gemeente: str, verzoek_id: str, naar: str) -> tuple[Verzoek, Aanleiding]:
    """The verzoek, after locking its client; 404 when it is not of this municipality, 422 when it is too late."""
    rij = await store.load_verzoek(tx, gemeente, verzoek_id)
    if rij is None:
        raise Problem(404, "verzoek_onbekend", "Dit verzoek is er niet", "Controleer het verzoek_id.")
    await lock_client(tx, gemeente, rij.client_id)
    rij = await store.load_verzoek(tx, gemeente, verzoek_id) or rij
    if fouten := domein.toets_overgang(rij.status, naar):
        raise geweigerd(fouten)
    return rij, Aanleiding(gemeente, rij.client_id, keten=rij.bericht_id)


async def _ken_vot_toe(
    tx: Tx, aanleiding: Aanleiding, rij: Verzoek, afwijking: Afwijking, contracten: Sequence[Contract]
) -> tuple[list[int], str]:
    gevraagd = vraag_van_vot(rij.aanbieder, AangevraagdProduct.model_validate(rij.gevraagd))
    vraag = replace(gevraagd, **{veld: getattr(afwijking, veld) for veld in afwijking.velden})
    bestaand = [r.versie for r in await load_inhoud(tx, aanleiding.gemeente, rij.client_id, rij.aanbieder)]
    if fouten := toets_indicatie([vraag], bestaand, contracten, clock.today()):
        raise geweigerd(fouten)
    nummers = await _wijs_toe(tx, aanleiding, [vraag], contracten)
    referenties = dict.fromkeys(nummers, rij.referentie_aanbieder)
    return nummers, await zend_301(tx, aanleiding, rij.aanbieder, referenties)


async def _ken_vow_toe(
    tx: Tx, aanleiding: Aanleiding, rij: Verzoek, afwijking: Afwijking, contracten: Sequence[Contract]
) -> tuple[list[int], str]:
    """OP348: the package as asked; the one reference stands in every ToegewezenProduct (TR379)."""
    gemeente = aanleiding.gemeente
    reeksen = await toewijzing_store.load_versies(tx, gemeente, rij.client_id, rij.aanbieder)
    bestaand = {nummer: versie for nummer, reeks in reeksen.items() if (versie := te_zenden_versie(reeks))}
    vow = vow_van(rij.aanbieder, VowVeld.model_validate(rij.gevraagd))
    met_prestaties = frozenset(
        [r.nummer for r in vow.te_wijzigen
         if await toewijzing_store.load_goedgekeurde_prestaties(tx, gemeente, r.nummer) > 0]
    )  # fmt: skip
    geldig = domein.actuele_toewijzingen(bestaand.values(), clock.today())
    if afwijking.velden:
        vow, fouten = domein.verschuif(vow, geldig, afwijking.ingangsdatum, afwijking.einddatum, clock.today())
        if fouten:
            raise geweigerd(fouten)
    uitkomst, fouten = domein.willig_in(vow, geldig, met_prestaties)
    fouten += _toets_pakket(uitkomst, geldig, contracten)
    if fouten:
        raise geweigerd(fouten)
    for versie in uitkomst.versies:
        await leg_volgende_versie_vast(tx, aanleiding, versie, reeksen[versie.nummer][-1])
    nummers = await _wijs_toe(tx, aanleiding, uitkomst.nieuw, contracten)
    inhoud = await load_inhoud(tx, gemeente, rij.client_id, rij.aanbieder)
    referenties = dict.fromkeys((regel.versie.nummer for regel in inhoud), rij.referentie_aanbieder)
    return nummers, await zend_301(tx, aanleiding, rij.aanbieder, referenties)


def _toets_pakket(
    uitkomst: domein.Inwilliging, geldig: dict[int, Versie], contracten: Sequence[Contract]
) -> list[Fout]:
    """What the whole package comes to, held against the rules of a 301 and the contracts."""
    fouten = [fout for versie in uitkomst.versies if not versie.verwijderd for fout in toets_product(als_vraag(versie))]
    naast: list[Versie | Vraag] = [*{**geldig, **{v.nummer: v for v in uitkomst.versies}}.values()]
    for vraag in uitkomst.nieuw:
        fouten += [*toets_product(vraag), *toets_overlap(vraag, naast)]
        naast.append(vraag)
        if contract_voor(vraag, contracten) is None:
            fouten.append(
                Fout("CONTRACT", "Met deze aanbieder is geen contract voor dit product op de ingangsdatum.",
                     "Leg het contract vast, of wijs het verzoek af met reden 3.", vraag.pad)
            )  # fmt: skip
    return fouten


async def _wijs_toe(
    tx: Tx, aanleiding: Aanleiding, vragen: Sequence[Vraag], contracten: Sequence[Contract]
) -> list[int]:
    if not vragen:
        return []
    nummers = await toewijzing_store.next_nummers(tx, aanleiding.gemeente, len(vragen))
    for nummer, vraag in zip(nummers, vragen, strict=True):
        contract = contract_voor(vraag, contracten)
        if contract is None:
            raise AssertionError("zonder contract komt een vraag hier niet")
        await wijs_nummer_toe(tx, aanleiding, eerste_versie(nummer, vraag, contract.variant), indicatie_id=None)
    return nummers
