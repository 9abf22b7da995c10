"""A 315 or 317 that came in: judged, recorded, and answered at once where nobody has to look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import BadData, Bevinding
from chassis.kafka import Event
from services.toewijzing.contracts import (
    AangevraagdProduct,
    BerichtBeoordeeld,
    BerichtOntvangen,
    Inhoud315,
    Inhoud317,
    Inhoud320,
    NieuwProduct,
    OmvangVeld,
    ProductVeld,
    VerzoekGewijzigd,
    VowVeld,
)
from services.toewijzing.domain import verzoek as domein
from services.toewijzing.domain.inhoud import Vraag, contract_voor
from services.toewijzing.domain.termijn import ANTWOORD_319, REACTIE_VERZOEK
from services.toewijzing.domain.toewijzing import Omvang, Product, actuele_versie
from services.toewijzing.domain.verzoek import Aanvraag, Codes, Feiten, TeWijzigen, Wijzigingsverzoek
from services.toewijzing.handlers.termijn import looptijd, volg_antwoord, volg_verzoek
from services.toewijzing.handlers.zending import GEEN_FOUT, Aanleiding, lokaal, meld_afkeur, publiceer, zend_319
from services.toewijzing.store import contract as contract_store
from services.toewijzing.store import toewijzing as toewijzing_store
from services.toewijzing.store import verzoek as store
from services.toewijzing.store.verzoek import Verzoek

MELDING = {
    "9347": ("TR347", "Deze ReferentieAanbieder is al eens gebruikt.", "Gebruik een nieuwe ReferentieAanbieder."),
    "9349": ("TR349", "Niet alle geldende toewijzingen van de client staan in het verzoek.",
             "Neem elke geldende toewijzing op, als ongewijzigd of als te wijzigen product."),
    "9350": ("TR350", "Dit is geen geldende toewijzing van deze client.", "Controleer het toewijzingsnummer."),
    "9351": ("TR351", "Dit is geen geldende toewijzing van deze client.", "Controleer het toewijzingsnummer."),
    "9357": ("TR357", "De gewenste ingangsdatum ligt niet na de dagtekening en is niet die van de toewijzing.",
             "Kies een latere datum, of de ingangsdatum van de toewijzing."),
    "9361": ("TR361", "Dit product staat vaker in het verzoek, in een deel van dezelfde periode.",
             "Kies perioden zonder overlap."),
    "9373": ("TR373", "Bij een ander budget of totaal hoort de ingangsdatum van de toewijzing zelf.",
             "Neem de ingangsdatum van de toewijzing over."),
    "9374": ("TR374", "Er loopt al een verzoek van u voor deze client.", "Wacht op het antwoord op dat verzoek."),
    "9375": ("TR375", "Bij een toewijzing zonder product hoort geen omvang.", "Laat de omvang weg."),
    "9411": ("TR411", "Bij een toewijzing met een productcode is de omvang verplicht.", "Vul de omvang."),
    "9412": ("TR412", "Bij een toewijzing zonder productcode hoort geen omvang.", "Laat de omvang weg."),
    "S329": ("TR381", "De productcode hoort niet bij de productcategorie.",
             "Kies de categorie waar de code onder valt."),
}  # fmt: skip


async def beoordeel_verzoek(tx: Tx, event: Event, bericht: BerichtOntvangen) -> None:
    """Judge a 315 or 317, record one row per ReferentieAanbieder, and answer what needs no thought."""
    if event.client_id is None or event.aanbieder is None:
        raise BadData("verzoek zonder client of aanbieder")
    if bericht.dagtekening is None or bericht.ontvangen_at is None:
        raise BadData("verzoek zonder dagtekening of moment van ontvangst")
    await store.lock_referenties(tx, event.gemeente, event.aanbieder)
    oordeel = await oordeel_over(tx, event.gemeente, event.aanbieder, event.client_id, bericht)
    ontvangen = lokaal(bericht.ontvangen_at).date()
    aanleiding = Aanleiding(event.gemeente, event.client_id, event.event_id, event.keten)
    rijen = [
        Verzoek(
            verzoek_id=str(uuid4()),
            aanbieder=event.aanbieder,
            client_id=event.client_id,
            bericht_id=bericht.bericht_id,
            soort="vot" if bericht.soort == "WMO315" else "vow",
            referentie_aanbieder=referentie,
            status=domein.VERVALLEN if oordeel.codes else domein.INGEDIEND,
            gevraagd=gevraagd,
            ontvangen_at=bericht.ontvangen_at,
            reageer_uiterlijk=looptijd(REACTIE_VERZOEK, ontvangen).uiterlijk,
            besluit_uiterlijk=domein.besluit_uiterlijk(bericht.dagtekening),
        )
        for referentie, gevraagd in _per_referentie(bericht)
    ]
    for rij in rijen:
        await store.add_verzoek(tx, event.gemeente, rij)
        await volg_verzoek(tx, event.gemeente, rij, rij.status)
        await publiceer_verzoek(tx, aanleiding, rij, rij.status)
    # The 316 or 318 goes first: a 319 answers a verzoek that was accepted.
    await publiceer(tx, aanleiding, "toewijzing.bericht_beoordeeld", oordeel, event.aanbieder)
    if not oordeel.codes:
        for rij in rijen:
            if reden := await _reden_vanzelf(tx, event.gemeente, rij):
                await antwoord(tx, aanleiding, rij, domein.AFWIJZING, reden)


async def oordeel_over(
    tx: Tx, gemeente: str, aanbieder: str, client_id: str, bericht: BerichtOntvangen
) -> BerichtBeoordeeld:
    """The judgement on a 315 or 317, without any effect."""
    referenties = [referentie for referentie, _ in _per_referentie(bericht)]
    versies = await toewijzing_store.load_versies(tx, gemeente, client_id, aanbieder)
    actueel = [versie for rij in versies.values() if (versie := actuele_versie(rij))]
    feiten = Feiten(
        domein.actuele_toewijzingen(actueel, clock.today()),
        await store.load_referenties(tx, gemeente, aanbieder, referenties),
        await store.is_lopend(tx, gemeente, aanbieder, client_id),
    )
    if bericht.soort == "WMO315":
        producten = _inhoud_315(bericht).aangevraagde_producten
        aanvragen = [Aanvraag(p.referentie_aanbieder, vraag_van_vot(aanbieder, p)) for p in producten]
        return _uitslag(bericht, domein.beoordeel_vot(aanvragen, feiten))
    vow = vow_van(aanbieder, _inhoud_317(bericht).verzoek)
    return _uitslag(bericht, domein.beoordeel_vow(vow, feiten, bericht.dagtekening or clock.today()))


async def antwoord(tx: Tx, aanleiding: Aanleiding, rij: Verzoek, verzoek_antwoord: str, reden: str | None) -> str:
    """Send a 319 (CD085: a refusal has a reason; CD086: an investigation has none); its opdracht_id."""
    status = domein.AFGEWEZEN if verzoek_antwoord == domein.AFWIJZING else domein.IN_ONDERZOEK
    opdracht_id = await zend_319(tx, aanleiding, rij.aanbieder, rij.referentie_aanbieder, verzoek_antwoord, reden)
    await store.add_antwoord(tx, aanleiding.gemeente, opdracht_id, rij.verzoek_id, verzoek_antwoord, reden, clock.now())
    await zet_status(tx, aanleiding, rij, status)
    return opdracht_id


async def zet_status(tx: Tx, aanleiding: Aanleiding, rij: Verzoek, status: str) -> None:
    """Record what became of a verzoek, and tell it."""
    await store.set_status(tx, rij.verzoek_id, status)
    await volg_verzoek(tx, aanleiding.gemeente, rij, status)
    await publiceer_verzoek(tx, aanleiding, rij, status)


async def publiceer_verzoek(tx: Tx, aanleiding: Aanleiding, rij: Verzoek, status: str) -> None:
    """toewijzing.verzoek_gewijzigd."""
    data = VerzoekGewijzigd(
        verzoek_id=rij.verzoek_id,
        soort="vot" if rij.soort == "vot" else "vow",
        referentie_aanbieder=rij.referentie_aanbieder,
        bericht_id=rij.bericht_id,
        status=status,
        reageer_uiterlijk=rij.reageer_uiterlijk,
        besluit_uiterlijk=rij.besluit_uiterlijk,
    )
    await publiceer(tx, aanleiding, "toewijzing.verzoek_gewijzigd", data, rij.aanbieder)


async def verwerk_320(tx: Tx, event: Event, bericht: BerichtOntvangen) -> None:
    """A 320: a refused 319 is as if never sent, so the verzoek stands where it stood before (OP286)."""
    if bericht.opdracht_id is None or event.client_id is None or event.aanbieder is None:
        raise BadData("320 zonder opdracht")
    try:
        inhoud = Inhoud320.model_validate(bericht.inhoud)
    except ValidationError:
        raise BadData("een 320 heeft niet de vorm van haar contract") from None
    afgekeurd = bool(inhoud.retourcodes)
    status = "afgekeurd" if afgekeurd else "goedgekeurd"
    verzoek_id = await store.close_antwoord(tx, event.gemeente, bericht.opdracht_id, status)
    await volg_antwoord(tx, event.gemeente, ANTWOORD_319, bericht.opdracht_id, bericht.ontvangen_at or clock.now())
    if verzoek_id is None or not afgekeurd:
        return
    rij = await store.load_verzoek(tx, event.gemeente, verzoek_id)
    if rij is None:
        raise BadData("320 op een onbekend verzoek")
    aanleiding = Aanleiding(event.gemeente, event.client_id, event.event_id, event.keten)
    geldig = await store.load_geldig_antwoord(tx, verzoek_id)
    terug = domein.na_afgekeurd_antwoord(rij.status, geldig)
    if terug != rij.status:
        await zet_status(tx, aanleiding, rij, terug)
    codes = [*inhoud.retourcodes, *inhoud.antwoord_retourcodes]
    await meld_afkeur(tx, aanleiding, rij.aanbieder, "WMO319", bericht.opdracht_id, bericht.bericht_id, codes)


async def _reden_vanzelf(tx: Tx, gemeente: str, rij: Verzoek) -> str | None:
    """WJ759: why this verzoek is refused without anybody looking; None when someone has to decide."""
    contracten = await contract_store.load_contracten(tx, gemeente, [rij.aanbieder])
    if any(contract_voor(vraag, contracten) is None for vraag in _vragen(rij)) or not contracten:
        return domein.GEEN_CONTRACT
    instellingen = await contract_store.load_instellingen(tx, gemeente) or {}
    keuze = "verzoek_om_toewijzing_toegestaan" if rij.soort == "vot" else "verzoek_om_wijziging_toegestaan"
    return domein.PAST_NIET if instellingen.get(keuze) is False else None


def _vragen(rij: Verzoek) -> list[Vraag]:
    """The products that a verzoek asks anew."""
    if rij.soort == "vot":
        return [vraag_van_vot(rij.aanbieder, AangevraagdProduct.model_validate(rij.gevraagd))]
    return list(vow_van(rij.aanbieder, VowVeld.model_validate(rij.gevraagd)).nieuw)


def _per_referentie(bericht: BerichtOntvangen) -> list[tuple[str, dict[str, Any]]]:
    if bericht.soort == "WMO315":
        producten = _inhoud_315(bericht).aangevraagde_producten
        return [(p.referentie_aanbieder, p.model_dump(mode="json")) for p in producten]
    vow = _inhoud_317(bericht).verzoek
    return [(vow.referentie_aanbieder, vow.model_dump(mode="json"))]


def _inhoud_315(bericht: BerichtOntvangen) -> Inhoud315:
    try:
        return Inhoud315.model_validate(bericht.inhoud)
    except ValidationError:
        raise BadData("een 315 heeft niet de vorm van haar contract") from None


def _inhoud_317(bericht: BerichtOntvangen) -> Inhoud317:
    try:
        return Inhoud317.model_validate(bericht.inhoud)
    except ValidationError:
        raise BadData("een 317 heeft niet de vorm van haar contract") from None


def vraag_van_vot(aanbieder: str, p: AangevraagdProduct) -> Vraag:
    """What an AangevraagdProduct asks for."""
    return Vraag(
        aanbieder,
        product_van(p.product),
        omvang_van(p.omvang),
        p.budget_cent,
        p.toewijzing_ingangsdatum,
        p.toewijzing_einddatum,
    )


def vow_van(aanbieder: str, vow: VowVeld) -> Wijzigingsverzoek:
    """The Verzoek of a 317."""

    def nieuw(p: NieuwProduct) -> Vraag:
        return Vraag(aanbieder, product_van(p.product), omvang_van(p.omvang), p.budget_cent,
                     p.gewenste_ingangsdatum, p.einddatum)  # fmt: skip

    return Wijzigingsverzoek(
        vow.referentie_aanbieder,
        tuple(p.toewijzing_nummer for p in vow.ongewijzigde_producten),
        tuple(
            TeWijzigen(p.toewijzing_nummer, p.gewenste_ingangsdatum, p.einddatum, omvang_van(p.omvang), p.budget_cent)
            for p in vow.te_wijzigen_producten
        ),
        tuple(nieuw(p) for p in vow.nieuwe_producten),
    )


def product_van(veld: ProductVeld | None) -> Product | None:
    """CDT_Product as a domain value."""
    return None if veld is None else Product(veld.categorie, veld.code)


def omvang_van(veld: OmvangVeld | None) -> Omvang | None:
    """CDT_Omvang as a domain value."""
    return None if veld is None else Omvang(veld.volume, veld.eenheid, veld.frequentie)


def _uitslag(bericht: BerichtOntvangen, codes: Codes) -> BerichtBeoordeeld:
    gevonden = [
        Bevinding(regel=regel, niveau=4 if code == "S329" else 3, retourcode=code, pad=klasse, melding=melding,
                  volgende_stap=stap)
        for klasse, lijst in codes.items()
        for code, (regel, melding, stap) in ((code, MELDING[code]) for code in lijst)
    ]  # fmt: skip
    return BerichtBeoordeeld(
        bericht_id=bericht.bericht_id,
        soort="WMO315" if bericht.soort == "WMO315" else "WMO317",
        header_codes=[GEEN_FOUT] if codes else [],
        codes=codes,
        bevindingen=[b.model_dump(mode="json", exclude_none=True) for b in gevonden],
    )


def als_rij(verzoek: Verzoek) -> dict[str, Any]:
    """A row of GET /v1/verzoeken."""
    return {
        "verzoek_id": verzoek.verzoek_id,
        "soort": verzoek.soort,
        "referentie_aanbieder": verzoek.referentie_aanbieder,
        "aanbieder": verzoek.aanbieder,
        "client_id": verzoek.client_id,
        "status": verzoek.status,
        "reageer_uiterlijk": verzoek.reageer_uiterlijk.isoformat(),
        "besluit_uiterlijk": verzoek.besluit_uiterlijk.isoformat(),
        "bericht_id": verzoek.bericht_id,
        "gevraagd": verzoek.gevraagd,
    }


async def list_verzoeken(
    tx: Tx, gemeente: str, *, client_id: str | None, status: str | None, na: int, limit: int
) -> dict[str, Any]:
    """A page of verzoeken, oldest first."""
    rijen: Sequence[Verzoek] = await store.load_pagina(tx, gemeente, client_id, status, na, limit + 1)
    volgende = str(rijen[limit - 1].volgorde) if len(rijen) > limit else None
    return {"verzoeken": [als_rij(rij) for rij in rijen[:limit]], "volgende": volgende}
