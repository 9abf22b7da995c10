"""Contracts in bulk: indexation, the end of a contract, a new provider or product, and whom that touches.

The contracts are the products of a municipality, with dates: a new product is a row, not code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from services.toewijzing.domain.inhoud import Contract, contract_voor
from services.toewijzing.domain.toewijzing import Versie
from services.toewijzing.domain.wijziging import als_vraag

Soort = Literal["ander_tarief", "zonder_contract", "met_contract"]
_DAG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Contractregel(Contract):
    """A contract with its price: a row of PUT /v1/contracten."""

    eenheid: str | None = None
    tarief_cent: int | None = None
    minuten_toegestaan: bool | None = None
    leveringsvorm: str | None = None


@dataclass(frozen=True, slots=True)
class Keuze:
    """Which rows a change is about; None = any."""

    aanbieder: str | None = None
    product_categorie: str | None = None
    product_code: str | None = None

    def past(self, regel: Contractregel) -> bool:
        """Whether this row is one of them."""
        return all(
            gekozen is None or gekozen == waarde
            for gekozen, waarde in (
                (self.aanbieder, regel.aanbieder),
                (self.product_categorie, regel.product_categorie),
                (self.product_code, regel.product_code),
            )
        )


@dataclass(frozen=True, slots=True)
class Geraakt:
    """A toewijzing that a change of contracts touches, and from which day."""

    versie: Versie
    gevolg: Soort
    vanaf: date


def indexeer(regels: Iterable[Contractregel], keuze: Keuze, per: date, promille: int) -> list[Contractregel]:
    """Rates go up by `promille` (35 = 3,5%; half a cent up) from day `per`; what was due before keeps its rate."""
    uit: list[Contractregel] = []
    for regel in regels:
        loopt = regel.geldig_tot is None or regel.geldig_tot >= per
        if regel.tarief_cent is None or not loopt or not keuze.past(regel):
            uit.append(regel)
            continue
        tarief = (regel.tarief_cent * (1000 + promille) + 500) // 1000
        if regel.geldig_vanaf < per:
            uit.append(replace(regel, geldig_tot=per - _DAG))
        uit.append(replace(regel, tarief_cent=tarief, geldig_vanaf=max(per, regel.geldig_vanaf)))
    return uit


def beeindig(regels: Iterable[Contractregel], keuze: Keuze, laatste_dag: date) -> list[Contractregel]:
    """The chosen contracts end on `laatste_dag`; one that was yet to begin by then is gone."""
    uit: list[Contractregel] = []
    for regel in regels:
        if not keuze.past(regel):
            uit.append(regel)
        elif regel.geldig_vanaf <= laatste_dag:
            uit.append(replace(regel, geldig_tot=min(regel.geldig_tot or laatste_dag, laatste_dag)))
    return uit


def voeg_toe(regels: Sequence[Contractregel], nieuw: Iterable[Contractregel]) -> list[Contractregel]:
    """The rows with the new ones behind them; a row that is there already is not added twice."""
    return list(dict.fromkeys([*regels, *nieuw]))


def geraakt(
    versies: Iterable[Versie], oud: Sequence[Contractregel], nieuw: Sequence[Contractregel], vandaag: date
) -> Iterator[Geraakt]:
    """Per toewijzing and kind the first day, from today on, on which its contract differs."""
    was, wordt = _per_aanbieder(oud), _per_aanbieder(nieuw)
    for versie in versies:
        van_toen, van_straks = was[versie.aanbieder], wordt[versie.aanbieder]
        alle = (*van_toen, *van_straks)
        grenzen = {r.geldig_vanaf for r in alle} | {r.geldig_tot + _DAG for r in alle if r.geldig_tot}
        begin = max(vandaag, versie.ingangsdatum)
        gezien = set[Soort]()
        for dag in sorted({begin, *(g for g in grenzen if g > begin)}):
            if versie.einddatum is not None and dag > versie.einddatum:
                break
            vraag = replace(als_vraag(versie), ingangsdatum=dag)
            gevolg = _verschil(contract_voor(vraag, van_toen), contract_voor(vraag, van_straks))
            if gevolg is not None and gevolg not in gezien:
                gezien.add(gevolg)
                yield Geraakt(versie, gevolg, dag)


def _per_aanbieder(regels: Iterable[Contractregel]) -> defaultdict[str, list[Contractregel]]:
    """The rows of each provider, those that name a product code first."""
    uit: defaultdict[str, list[Contractregel]] = defaultdict(list)
    for regel in sorted(regels, key=lambda regel: regel.product_code is None):
        uit[regel.aanbieder].append(regel)
    return uit


def _verschil(oud: Contractregel | None, nieuw: Contractregel | None) -> Soort | None:
    if oud is None:
        return None if nieuw is None else "met_contract"
    if nieuw is None:
        return "zonder_contract"
    prijs = (oud.tarief_cent, oud.eenheid, oud.variant)
    return None if prijs == (nieuw.tarief_cent, nieuw.eenheid, nieuw.variant) else "ander_tarief"
