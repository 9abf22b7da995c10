"""Level 2 of the 315 (VOT), the 317 (VOW) and the 319 (antwoord)."""

from collections.abc import Iterator
from datetime import date

from schemas.iwmo.rules import product
from schemas.iwmo.rules.plek import Fout, Plek

_VOT = product.Velden("ToewijzingIngangsdatum", "ToewijzingEinddatum", "CD095", "CS343", "TR386")
_NIEUW = product.Velden("GewensteIngangsdatum", "Einddatum", "CD096", "CS338", "TR410")
_TE_WIJZIGEN = product.Velden("GewensteIngangsdatum", "Einddatum", None, "CS338", None, product=False)
_MET_AGB = ("02", "03", "04", "05")


def toets_vot(bericht: Plek, dagtekening: date) -> Iterator[Fout]:
    """CD043, CD066 to CD068, TR383 and the product rules of the 315."""
    referenties: set[str | None] = set()
    aanvragen = list(bericht.bij("Client").lijst("AangevraagdeProducten/AangevraagdProduct"))
    yield from product.toets_overlap(aanvragen, _VOT)
    for aanvraag in aanvragen:
        yield from product.toets(aanvraag, _VOT)
        if aanvraag.heeft("BeschikkingIngangsdatum") != aanvraag.heeft("BeschikkingNummer"):
            yield "CD043", aanvraag
        yield from _toets_verwijzer(aanvraag.bij("Verwijzer"))
        referentie = aanvraag.tekst("ReferentieAanbieder")
        if referentie in referenties:
            yield "TR383", aanvraag.bij("ReferentieAanbieder")
        referenties.add(referentie)


def _toets_verwijzer(verwijzer: Plek) -> Iterator[Fout]:
    met_agb, agb = verwijzer.tekst("Type") in _MET_AGB, verwijzer.heeft("ZorgverlenerCode")
    naam = verwijzer.heeft("Naam")
    if met_agb and agb and naam:
        yield "CD066", verwijzer.bij("Naam")
    if met_agb and not agb and not naam:
        yield "CD067", verwijzer
    if not met_agb and agb:
        yield "CD068", verwijzer.bij("ZorgverlenerCode")


def toets_vow(bericht: Plek, dagtekening: date) -> Iterator[Fout]:
    """TR352, TR353, TR380 and the product rules of the 317."""
    verzoek = bericht.bij("Client/Verzoek")
    ongewijzigd = verzoek.heeft("OngewijzigdeProducten")
    te_wijzigen, nieuw = verzoek.heeft("TeWijzigenProducten"), verzoek.heeft("NieuweProducten")
    if not ongewijzigd and not te_wijzigen:
        yield "TR352", verzoek
    if not te_wijzigen and not nieuw:
        yield "TR353", verzoek
    for record in verzoek.lijst("TeWijzigenProducten/TeWijzigenProduct"):
        yield from product.toets(record, _TE_WIJZIGEN)
    nieuwe = list(verzoek.lijst("NieuweProducten/NieuwProduct"))
    yield from product.toets_overlap(nieuwe, _NIEUW)
    for record in nieuwe:
        yield from product.toets(record, _NIEUW)
        if (begin := record.dag("GewensteIngangsdatum")) and begin <= dagtekening:
            yield "TR380", record.bij("GewensteIngangsdatum")


def toets_antwoord(bericht: Plek, dagtekening: date) -> Iterator[Fout]:
    """CD085 and CD086 of the 319."""
    antwoord = bericht.bij("Antwoord")
    reden = antwoord.heeft("RedenAfwijzingVerzoek")
    if antwoord.tekst("VerzoekAntwoord") == "1" and not reden:
        yield "CD085", antwoord
    if antwoord.tekst("VerzoekAntwoord") == "2" and reden:
        yield "CD086", antwoord.bij("RedenAfwijzingVerzoek")
