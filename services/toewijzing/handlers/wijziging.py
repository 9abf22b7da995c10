"""Opdrachten van de gemeente op een bestaande toewijzing; beslist voordat er een 301 vertrekt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chassis.clock import clock
from chassis.db import Tx
from chassis.errors import Problem
from chassis.inbox import lock_client
from services.toewijzing.domain.inhoud import (
    Vraag,
    contract_voor,
    toets_overlap,
    toets_product,
)
from services.toewijzing.domain.toewijzing import (
    Fout,
    Omvang,
    Product,
    Regel301,
    Versie,
    te_zenden_versie,
    toets_besluitmoment,
)
from services.toewijzing.domain.wijziging import (
    Wijziging,
    als_vraag,
    beeindig_voor_herindicatie,
    corrigeer,
    trek_in,
    verwijder,
    wijzig,
)
from services.toewijzing.handlers.indicatie import eerste_versie, wijs_nummer_toe
from services.toewijzing.handlers.zending import (
    Aanleiding,
    geweigerd,
    leg_volgende_versie_vast,
    load_inhoud,
    zend_301,
)
from services.toewijzing.store import contract as contract_store
from services.toewijzing.store import toewijzing as toewijzing_store


@dataclass(frozen=True, slots=True)
class Uitkomst:
    """Wat een opdracht opleverde: het nummer, zijn nieuwe versie, de 301 en een eventueel nieuw nummer."""

    toewijzing_nummer: int
    versie: int
    opdracht_id: str
    nieuw_toewijzing_nummer: int | None = None


@dataclass(frozen=True, slots=True)
class _Onderwerp:
    aanleiding: Aanleiding
    basis: Versie
    hoogste: Versie
    overig: list[Regel301]
    in_301: bool


async def wijzig_toewijzing(
    tx: Tx, gemeente: str, nummer: int, wijziging: Wijziging, besluit_at: datetime | None
) -> Uitkomst:
    """OP033x1: einddatum, volume (Frequentie 6) of budget van een nummer; 422 met elke regel die verbiedt."""
    onderwerp = await _load(tx, gemeente, nummer)
    nieuw, fouten = wijzig(onderwerp.basis, wijziging, clock.today())
    fouten += _toets_naast(nieuw, onderwerp.overig)
    return await _besluit(tx, onderwerp, nieuw, fouten, besluit_at)


async def trek_toewijzing_in(tx: Tx, gemeente: str, nummer: int, einddatum: date, reden_wijziging: str) -> Uitkomst:
    """OP258: eerder laten eindigen."""
    onderwerp = await _load(tx, gemeente, nummer)
    nieuw, fouten = trek_in(onderwerp.basis, einddatum, reden_wijziging)
    return await _besluit(tx, onderwerp, nieuw, fouten, None)


async def verwijder_toewijzing(tx: Tx, gemeente: str, nummer: int) -> Uitkomst:
    """CS335, TR385: als nooit verzonden."""
    onderwerp = await _load(tx, gemeente, nummer)
    aantal = await toewijzing_store.load_goedgekeurde_prestaties(tx, gemeente, nummer)
    nieuw, fouten = verwijder(onderwerp.basis, aantal)
    return await _besluit(tx, onderwerp, nieuw, fouten, None)


@dataclass(frozen=True, slots=True)
class Vervanging:
    """De inhoud van het nieuwe nummer; een veld dat niet in `velden` staat blijft als het was."""

    velden: frozenset[str]
    ingangsdatum: date | None = None
    einddatum: date | None = None
    product: Product | None = None
    omvang: Omvang | None = None
    budget_cent: int | None = None


async def herindiceer_toewijzing(tx: Tx, gemeente: str, nummer: int, nieuw: Vervanging) -> Uitkomst:
    """OP257, IV066: het oude nummer eindigt en een nieuw begint, in een 301."""
    onderwerp = await _load(tx, gemeente, nummer)
    vraag = _vraag(onderwerp.basis, nieuw)
    oud, fouten = beeindig_voor_herindicatie(onderwerp.basis, vraag)
    return await _vervang(tx, onderwerp, oud, vraag, fouten)


async def corrigeer_toewijzing(tx: Tx, gemeente: str, nummer: int, nieuw: Vervanging) -> Uitkomst:
    """CS335, TR385, IV066: het foute nummer vervalt en het goede begint, in een 301."""
    onderwerp = await _load(tx, gemeente, nummer)
    vraag = _vraag(onderwerp.basis, nieuw)
    aantal = await toewijzing_store.load_goedgekeurde_prestaties(tx, gemeente, nummer)
    oud, fouten = corrigeer(onderwerp.basis, vraag, aantal)
    return await _vervang(tx, onderwerp, oud, vraag, fouten)


async def herzend_toewijzing(tx: Tx, gemeente: str, nummer: int) -> Uitkomst:
    """IV013, OP087: de 301 met dit nummer nog eens, ongewijzigd; bijvoorbeeld nadat een 302 haar weigerde."""
    onderwerp = await _load(tx, gemeente, nummer)
    if not onderwerp.in_301:
        raise geweigerd(
            [
                Fout(
                    "OP087",
                    "Deze toewijzing geldt niet meer en de aanbieder weet dat al.",
                    "Er is niets te verzenden.",
                )
            ]
        )
    opdracht_id = await zend_301(tx, onderwerp.aanleiding, onderwerp.basis.aanbieder)
    return Uitkomst(nummer, onderwerp.basis.versie, opdracht_id)


def _vraag(basis: Versie, nieuw: Vervanging) -> Vraag:
    velden = nieuw.velden
    return Vraag(
        basis.aanbieder,
        nieuw.product if "product" in velden else basis.product,
        nieuw.omvang if "omvang" in velden else basis.omvang,
        nieuw.budget_cent if "budget_cent" in velden else basis.budget_cent,
        nieuw.ingangsdatum or basis.ingangsdatum,
        nieuw.einddatum if "einddatum" in velden else basis.einddatum,
    )


async def _vervang(tx: Tx, onderwerp: _Onderwerp, oud: Versie, vraag: Vraag, fouten: list[Fout]) -> Uitkomst:
    gemeente = onderwerp.aanleiding.gemeente
    fouten += toets_product(vraag)
    contract = contract_voor(vraag, await contract_store.load_contracten(tx, gemeente, [vraag.aanbieder]))
    if contract is None:
        fouten.append(
            Fout(
                "CONTRACT",
                "Met deze aanbieder is geen contract voor dit product op de ingangsdatum.",
                "Leg het contract vast.",
                "/product",
            )
        )
    fouten += toets_overlap(vraag, [r.versie for r in onderwerp.overig])
    if fouten or contract is None:
        raise geweigerd(fouten)
    await leg_volgende_versie_vast(tx, onderwerp.aanleiding, oud, onderwerp.hoogste)
    [nieuw_nummer] = await toewijzing_store.next_nummers(tx, gemeente, 1)
    await wijs_nummer_toe(
        tx, onderwerp.aanleiding, eerste_versie(nieuw_nummer, vraag, contract.variant), indicatie_id=None
    )
    opdracht_id = await zend_301(tx, onderwerp.aanleiding, vraag.aanbieder)
    return Uitkomst(oud.nummer, onderwerp.hoogste.versie + 1, opdracht_id, nieuw_nummer)


async def _load(tx: Tx, gemeente: str, nummer: int) -> _Onderwerp:
    """Sluit eerst de client af, zodat zijn gebeurtenissen op volgorde blijven; 404 bij een vreemd nummer."""
    client_id = await toewijzing_store.load_client_id(tx, gemeente, nummer)
    if client_id is None:
        raise Problem(404, "toewijzing_onbekend", "Deze toewijzing is er niet", "Controleer het toewijzingsnummer.")
    await lock_client(tx, gemeente, client_id)
    versies = (await toewijzing_store.load_versies(tx, gemeente, client_id))[nummer]
    hoogste = versies[-1]
    basis = te_zenden_versie(versies)
    if basis is None:
        raise geweigerd(
            [
                Fout(
                    "OP286",
                    "De aanbieder keurde deze toewijzing af; zij bestaat niet.",
                    "Wijs opnieuw toe met een nieuwe indicatie.",
                )
            ]
        )
    inhoud = await load_inhoud(tx, gemeente, client_id, basis.aanbieder)
    overig = [r for r in inhoud if r.versie.nummer != nummer]
    return _Onderwerp(Aanleiding(gemeente, client_id), basis, hoogste, overig, in_301=len(overig) < len(inhoud))


def _toets_naast(nieuw: Versie, overig: Sequence[Regel301]) -> list[Fout]:
    return toets_overlap(als_vraag(nieuw), [r.versie for r in overig])


async def _besluit(
    tx: Tx, onderwerp: _Onderwerp, nieuw: Versie, fouten: list[Fout], besluit_at: datetime | None
) -> Uitkomst:
    if besluit_at is not None:
        fouten = fouten + toets_besluitmoment(besluit_at, clock.now(), onderwerp.hoogste)
    if fouten:
        raise geweigerd(fouten)
    await leg_volgende_versie_vast(tx, onderwerp.aanleiding, nieuw, onderwerp.hoogste, besluit_at)
    opdracht_id = await zend_301(tx, onderwerp.aanleiding, nieuw.aanbieder)
    return Uitkomst(nieuw.nummer, onderwerp.hoogste.versie + 1, opdracht_id)
