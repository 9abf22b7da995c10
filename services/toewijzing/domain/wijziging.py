"""Changing, withdrawing, deleting and re-assessing a toewijzing (OP033x1, OP257, OP380)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from services.toewijzing.domain.inhoud import Vraag, toets_product
from services.toewijzing.domain.toewijzing import TOTAAL, VERVALLEN_CORRECTIE, VERWIJDERD, Fout, Versie

REDENEN = frozenset(f"{n:02d}" for n in range(2, 15)) - {VERWIJDERD}
REDENEN_OPREKKEN = frozenset({"04", "12", "14"})
REDEN_VERKORTING = "05"


@dataclass(frozen=True, slots=True)
class Wijziging:
    """What changes; a field counts only when its name is in `velden`."""

    velden: frozenset[str]
    reden_wijziging: str
    einddatum: date | None = None
    volume: int | None = None
    budget_cent: int | None = None


def wijzig(versie: Versie, wijziging: Wijziging, vandaag: date) -> tuple[Versie, list[Fout]]:
    """OP033x1: the changed content and every rule that forbids it (empty = allowed)."""
    fouten = [*_toets_terminaal(versie), *_toets_reden(wijziging.reden_wijziging)]
    nieuw = versie
    if "einddatum" in wijziging.velden:
        nieuw = replace(nieuw, einddatum=wijziging.einddatum)
        fouten += _toets_einddatum(versie, wijziging, vandaag)
    if "volume" in wijziging.velden:
        fouten += _toets_volume(versie, wijziging)
        if versie.omvang is not None and wijziging.volume is not None:
            nieuw = replace(nieuw, omvang=replace(versie.omvang, volume=wijziging.volume))
    if "budget_cent" in wijziging.velden:
        if versie.budget_cent is None or wijziging.budget_cent is None:
            fouten.append(
                Fout(
                    "OP033x1",
                    "Alleen een toewijzing met een budget kan een ander budget krijgen.",
                    "Beëindig deze toewijzing en wijs opnieuw toe.",
                    "/budget_cent",
                )
            )
        else:
            nieuw = replace(nieuw, budget_cent=wijziging.budget_cent)
    if nieuw == versie and not fouten:
        fouten.append(Fout("OP033x1", "Er verandert niets aan de toewijzing.", "Geef op wat er anders moet zijn."))
    korter = _eerder(nieuw.einddatum, versie.einddatum)
    langer = _eerder(versie.einddatum, nieuw.einddatum)
    nieuw = replace(
        nieuw,
        reden_wijziging=wijziging.reden_wijziging,
        ingetrokken=korter or (versie.ingetrokken and not langer),
    )
    fouten += toets_product(als_vraag(nieuw))
    return nieuw, fouten


def trek_in(versie: Versie, einddatum: date, reden: str) -> tuple[Versie, list[Fout]]:
    """OP258: let a toewijzing end earlier, with reden 02-12 or 14 (WMO002)."""
    fouten = [*_toets_terminaal(versie), *_toets_reden(reden)]
    if not _eerder(einddatum, versie.einddatum):
        fouten.append(
            Fout(
                "OP258",
                "Een intrekking eindigt eerder dan de toewijzing nu eindigt.",
                "Kies een eerdere einddatum, of wijzig de toewijzing.",
                "/einddatum",
            )
        )
    nieuw = replace(versie, einddatum=einddatum, reden_wijziging=reden, ingetrokken=True)
    return nieuw, fouten + toets_product(als_vraag(nieuw))


def verwijder(versie: Versie, goedgekeurde_prestaties: int) -> tuple[Versie, list[Fout]]:
    """CS335, TR385, OP362: einddatum = ingangsdatum with reden 13, only without approved prestaties."""
    fouten = _toets_terminaal(versie)
    if goedgekeurde_prestaties > 0:
        fouten.append(
            Fout(
                "TR385",
                "Op deze toewijzing zijn prestaties goedgekeurd die niet gecrediteerd zijn.",
                "Trek de toewijzing in, of laat de aanbieder eerst crediteren.",
            )
        )
    nieuw = replace(versie, einddatum=versie.ingangsdatum, reden_wijziging=VERWIJDERD, ingetrokken=False)
    return nieuw, fouten


def beeindig_voor_herindicatie(versie: Versie, vraag: Vraag) -> tuple[Versie, list[Fout]]:
    """OP257, IV066: the old number ends the day before the new one begins."""
    fouten = _toets_terminaal(versie)
    totaal = vraag.omvang is not None and vraag.omvang.frequentie == TOTAAL
    if _zelfde_zorg(versie, vraag) and not totaal:
        fouten.append(
            Fout(
                "OP380",
                "Product en omvang blijven gelijk; een nieuw nummer mag niet.",
                "Wijzig de einddatum van deze toewijzing.",
            )
        )
    loopt_af = versie.einddatum is not None and versie.einddatum < vraag.ingangsdatum
    if vraag.ingangsdatum <= versie.ingangsdatum or loopt_af:
        fouten.append(
            Fout(
                "OP257",
                "De nieuwe ingangsdatum ligt niet binnen de looptijd van deze toewijzing.",
                "Kies een ingangsdatum na die van de oude toewijzing, of verwijder de oude.",
                "/ingangsdatum",
            )
        )
        return versie, fouten
    einde = date.fromordinal(vraag.ingangsdatum.toordinal() - 1)
    return replace(versie, einddatum=einde, reden_wijziging=REDEN_VERKORTING, ingetrokken=True), fouten


def corrigeer(versie: Versie, vraag: Vraag, goedgekeurde_prestaties: int) -> tuple[Versie, list[Fout]]:
    """CS335, TR385, IV066: a number that never should have been is deleted; what was meant gets a new one.

    For a wrong product or omvang, and for an earlier ingangsdatum, which a number never changes.
    """
    weg, fouten = verwijder(versie, goedgekeurde_prestaties)
    zelfde_periode = (versie.ingangsdatum, versie.einddatum) == (vraag.ingangsdatum, vraag.einddatum)
    if zelfde_periode and _zelfde_zorg(versie, vraag):
        fouten.append(Fout("OP033x1", "Er verandert niets aan de toewijzing.", "Geef op wat er anders moet zijn."))
    elif _zelfde_zorg(versie, vraag) and versie.ingangsdatum == vraag.ingangsdatum:
        fouten.append(
            Fout(
                "OP257",
                "Alleen de einddatum verandert; daarvoor vervalt een nummer niet.",
                "Wijzig de toewijzing, of trek haar in.",
                "/einddatum",
            )
        )
    return weg, fouten


def als_vraag(versie: Versie, pad: str = "") -> Vraag:
    """The content of a version, to check it as a product."""
    return Vraag(
        versie.aanbieder,
        versie.product,
        versie.omvang,
        versie.budget_cent,
        versie.ingangsdatum,
        versie.einddatum,
        pad,
    )


def _zelfde_zorg(versie: Versie, vraag: Vraag) -> bool:
    return (versie.product, versie.omvang, versie.budget_cent) == (vraag.product, vraag.omvang, vraag.budget_cent)


def _eerder(a: date | None, b: date | None) -> bool:
    return a is not None and (b is None or a < b)


def _toets_terminaal(versie: Versie) -> list[Fout]:
    if not versie.verwijderd:
        return []
    return [Fout("OP033x1", "Deze toewijzing is verwijderd.", "Wijs opnieuw toe met een nieuwe indicatie.")]


def _toets_reden(reden: str) -> list[Fout]:
    if reden == VERVALLEN_CORRECTIE:
        return [Fout("CS336", "Reden 01 is vervallen.", "Kies een andere reden.", "/reden_wijziging")]
    if reden == VERWIJDERD:
        return [
            Fout(
                "CS335",
                "Reden 13 hoort alleen bij verwijderen.",
                "Kies een andere reden, of verwijder de toewijzing.",
                "/reden_wijziging",
            )
        ]
    if reden not in REDENEN:
        return [Fout("WMO002", "Deze reden staat niet in de codelijst.", "Kies een reden.", "/reden_wijziging")]
    return []


def _toets_einddatum(versie: Versie, wijziging: Wijziging, vandaag: date) -> list[Fout]:
    if not _eerder(versie.einddatum, wijziging.einddatum) and wijziging.einddatum is not None:
        return []
    if versie.einddatum is None:
        return []
    fouten = []
    if versie.einddatum < vandaag:
        fouten.append(
            Fout(
                "OP380",
                "De toewijzing is al afgelopen en kan niet worden opgerekt.",
                "Wijs opnieuw toe met een nieuwe indicatie.",
                "/einddatum",
            )
        )
    if wijziging.reden_wijziging not in REDENEN_OPREKKEN:
        fouten.append(
            Fout(
                "OP033x1",
                "Bij een latere einddatum past deze reden niet.",
                "Kies reden 04, 12 of 14.",
                "/reden_wijziging",
            )
        )
    return fouten


def _toets_volume(versie: Versie, wijziging: Wijziging) -> list[Fout]:
    if versie.omvang is not None and versie.omvang.frequentie == TOTAAL and wijziging.volume is not None:
        return []
    melding = "Het volume van een bestaande toewijzing kan alleen wijzigen als het een totaal is."
    stap = "Beëindig deze toewijzing en wijs opnieuw toe (herindicatie)."
    return [Fout("OP257", melding, stap, "/volume"), Fout("IV066", melding, stap, "/volume")]
