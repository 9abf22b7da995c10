"""Rules on the content of a ToegewezenProduct, checked before a 301 leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from services.toewijzing.domain.toewijzing import TOTAAL, Fout, Omvang, Product, Versie

PER_WEEK = "2"
ZONDER_DAG = frozenset({"14", "16", "83", "84"})
# TR302: a client may have more than one aid at a time.
OVERLAP_VRIJ = frozenset({"11", "12", "13", "14"})
EINDE_ASPECIFIEK_MET_OMVANG = date(2020, 12, 31)


@dataclass(frozen=True, slots=True)
class Vraag:
    """A product that is to be assigned; `pad` points at its place in the command."""

    aanbieder: str
    product: Product | None
    omvang: Omvang | None
    budget_cent: int | None
    ingangsdatum: date
    einddatum: date | None
    pad: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """What a gemeente agreed with an aanbieder about a product."""

    aanbieder: str
    product_categorie: str
    product_code: str | None
    variant: str
    geldig_vanaf: date
    geldig_tot: date | None


C = TypeVar("C", bound=Contract)


def contract_voor(vraag: Vraag, contracten: Iterable[C]) -> C | None:
    """The contract that holds on the ingangsdatum.

    Aspecifiek: any contract of the aanbieder in the category; generiek: any contract of the aanbieder.
    """
    for contract in contracten:
        if contract.aanbieder != vraag.aanbieder or contract.geldig_vanaf > vraag.ingangsdatum:
            continue
        if contract.geldig_tot is not None and contract.geldig_tot < vraag.ingangsdatum:
            continue
        if vraag.product is None:
            return contract
        if contract.product_categorie != vraag.product.categorie:
            continue
        if vraag.product.code is None or contract.product_code in (None, vraag.product.code):
            return contract
    return None


def toets_product(vraag: Vraag) -> list[Fout]:
    """All faults of a product by itself: CD041, CD075-CD080, CS003, CS338, S329."""
    return [*_toets_vorm(vraag), *_toets_datums(vraag), *_toets_codes(vraag)]


def _toets_vorm(vraag: Vraag) -> list[Fout]:
    fouten = []
    heeft_code = vraag.product is not None and vraag.product.code is not None
    if heeft_code and vraag.omvang is None:
        fouten.append(Fout("CD041", "Bij een productcode hoort een omvang.", "Vul de omvang.", vraag.pad + "/omvang"))
    if vraag.budget_cent is not None and vraag.omvang is not None:
        fouten.append(Fout("CD077", "Bij een budget hoort geen omvang.", "Laat de omvang weg.", vraag.pad + "/omvang"))
        fouten.append(
            Fout(
                "CD078",
                "Bij een omvang hoort geen budget.",
                "Laat het budget weg.",
                vraag.pad + "/budget_cent",
            )
        )
    if vraag.budget_cent is None and vraag.product is None:
        fouten.append(
            Fout("CD079", "Zonder budget is een product verplicht.", "Vul het product.", vraag.pad + "/product")
        )
    na_2020 = vraag.einddatum is None or vraag.einddatum > EINDE_ASPECIFIEK_MET_OMVANG
    if not heeft_code and vraag.omvang is not None and na_2020:
        fouten.append(
            Fout(
                "CD080",
                "Zonder productcode hoort geen omvang.",
                "Vul een productcode, of laat de omvang weg.",
                vraag.pad + "/omvang",
            )
        )
    return fouten


def _toets_datums(vraag: Vraag) -> list[Fout]:
    fouten = []
    pad = vraag.pad + "/einddatum"
    if vraag.einddatum is None and vraag.budget_cent is not None:
        fouten.append(Fout("CD075", "Bij een budget is de einddatum verplicht.", "Vul de einddatum.", pad))
    if vraag.einddatum is None and vraag.omvang is not None and vraag.omvang.frequentie == PER_WEEK:
        fouten.append(Fout("CD076", "Bij een omvang per week is de einddatum verplicht.", "Vul de einddatum.", pad))
    if vraag.einddatum is not None and vraag.einddatum < vraag.ingangsdatum:
        fouten.append(Fout("CS003", "De einddatum ligt voor de ingangsdatum.", "Kies een latere einddatum.", pad))
    return fouten


def _toets_codes(vraag: Vraag) -> list[Fout]:
    fouten = []
    omvang = vraag.omvang
    na_2020 = vraag.einddatum is None or vraag.einddatum > EINDE_ASPECIFIEK_MET_OMVANG
    if omvang is not None and na_2020 and omvang.eenheid in ZONDER_DAG and omvang.frequentie == "1":
        fouten.append(
            Fout(
                "CS338",
                "Deze eenheid kan niet per dag worden toegewezen.",
                "Kies per week, per maand of totaal.",
                vraag.pad + "/omvang/frequentie",
            )
        )
    product = vraag.product
    # S329: the first two characters of a code are its category, in the list of aids too.
    if product is not None and product.code is not None and product.code[:2] != product.categorie:
        fouten.append(
            Fout(
                "S329",
                "De productcode hoort niet bij de productcategorie.",
                "Kies de categorie waar de code onder valt.",
                vraag.pad + "/product/code",
            )
        )
    return fouten


def overlapt(a: Vraag | Versie, b: Vraag | Versie) -> bool:
    """TR302: the same product in overlapping periods; aids (categories 11-14) are free."""
    producten = (a.product, b.product)
    if any(p is not None and p.categorie in OVERLAP_VRIJ for p in producten):
        return False
    if None not in producten and _sleutel(a.product) != _sleutel(b.product):
        return False
    return (a.einddatum is None or a.einddatum >= b.ingangsdatum) and (
        b.einddatum is None or b.einddatum >= a.ingangsdatum
    )


def _sleutel(product: Product | None) -> str | None:
    return None if product is None else product.code or product.categorie


def toets_overlap(vraag: Vraag, naast: Sequence[Vraag | Versie]) -> list[Fout]:
    """TR302 of a product against what else stands in the same 301."""
    if any(overlapt(vraag, ander) for ander in naast if not (isinstance(ander, Versie) and ander.verwijderd)):
        return [
            Fout(
                "TR302",
                "Voor dit product is er al een toewijzing in een deel van deze periode.",
                "Kies een periode zonder overlap, of wijzig de bestaande toewijzing.",
                vraag.pad + "/ingangsdatum",
            )
        ]
    return []


def toets_oprekken(vraag: Vraag, bestaand: Iterable[Versie], vandaag: date) -> list[Fout]:
    """OP380: a prolongation that follows on with equal omvang must use the existing number."""
    for versie in bestaand:
        if versie.verwijderd or versie.einddatum is None or versie.einddatum < vandaag:
            continue
        aansluitend = versie.einddatum.toordinal() + 1 == vraag.ingangsdatum.toordinal()
        frequentie_6 = vraag.omvang is not None and vraag.omvang.frequentie == TOTAAL
        zelfde = versie.product == vraag.product and versie.omvang == vraag.omvang
        if aansluitend and zelfde and not frequentie_6:
            return [
                Fout(
                    "OP380",
                    "Dit is een verlenging van een bestaande toewijzing; een nieuw nummer mag niet.",
                    "Wijzig de einddatum van de bestaande toewijzing met reden 04.",
                    vraag.pad + "/ingangsdatum",
                )
            ]
    return []


def toets_indicatie(
    vragen: Sequence[Vraag],
    bestaand: Sequence[Versie],
    contracten: Sequence[Contract],
    vandaag: date,
) -> list[Fout]:
    """All faults of a whole indicatie; `bestaand` is what the 301s to the same aanbieders already carry."""
    fouten: list[Fout] = []
    for i, vraag in enumerate(vragen):
        fouten += toets_product(vraag)
        if contract_voor(vraag, contracten) is None:
            fouten.append(
                Fout(
                    "CONTRACT",
                    "Met deze aanbieder is geen contract voor dit product op de ingangsdatum.",
                    "Leg het contract vast, of kies een andere aanbieder.",
                    vraag.pad + "/aanbieder",
                )
            )
        van_aanbieder = [v for v in bestaand if v.aanbieder == vraag.aanbieder]
        eerder = [v for v in vragen[:i] if v.aanbieder == vraag.aanbieder]
        overlap = toets_overlap(vraag, [*van_aanbieder, *eerder])
        fouten += overlap or toets_oprekken(vraag, van_aanbieder, vandaag)
    return fouten
