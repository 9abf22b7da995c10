"""Level 2 of the 315 (VOT), the 317 (VOW) and the 319 (antwoord)."""

from collections.abc import Iterator

from schemas.iwmo.rules import persoon, product
from schemas.iwmo.rules.plek import Blok, Fout

_VOT = product.Velden("ToewijzingIngangsdatum", "ToewijzingEinddatum", "CD095", "CS343", "TR386")
_NIEUW = product.Velden("GewensteIngangsdatum", "Einddatum", "CD096", "CS338", "TR410")
_TE_WIJZIGEN = product.Velden("GewensteIngangsdatum", "Einddatum", None, "CS338", None, product=False)
_MET_AGB = ("02", "03", "04", "05")
_VERZOEK = "/Bericht/Client/Verzoek"


def toets_vot(inhoud: Blok, dagtekening: str) -> Iterator[Fout]:
    """CD043, CD066 to CD068, TR383 and the product rules of the 315."""
    aanvragen = [
        (f"/Bericht/Client/AangevraagdeProducten/AangevraagdProduct[{nummer}]", aanvraag)
        for nummer, aanvraag in enumerate(inhoud["aangevraagde_producten"], 1)
    ]
    yield from product.toets_overlap(aanvragen, _VOT)
    referenties: set[str] = set()
    for pad, aanvraag in aanvragen:
        yield from product.toets(aanvraag, pad, _VOT)
        if (aanvraag["beschikking_ingangsdatum"] is None) != (aanvraag["beschikking_nummer"] is None):
            yield "CD043", f"{pad}/BeschikkingIngangsdatum"
        yield from _toets_verwijzer(aanvraag["verwijzer"], f"{pad}/Verwijzer")
        if aanvraag["referentie_aanbieder"] in referenties:
            yield "TR383", f"{pad}/ReferentieAanbieder"
        referenties.add(aanvraag["referentie_aanbieder"])


def _toets_verwijzer(verwijzer: Blok, pad: str) -> Iterator[Fout]:
    met_agb, agb, naam = verwijzer["type"] in _MET_AGB, verwijzer["zorgverlener_code"], verwijzer["naam"]
    if met_agb and agb and naam:
        yield "CD066", f"{pad}/Naam"
    if met_agb and not agb and not naam:
        yield "CD067", f"{pad}/Naam"
    if not met_agb and agb:
        yield "CD068", f"{pad}/ZorgverlenerCode"


def toets_vow(inhoud: Blok, dagtekening: str) -> Iterator[Fout]:
    """CS002, TR352, TR353, TR380 and the product rules of the 317."""
    yield from persoon.toets_bsn(inhoud["client"], "/Bericht/Client")
    verzoek = inhoud["client"]["verzoek"]
    te_wijzigen = verzoek["te_wijzigen_producten"]
    if not verzoek["ongewijzigde_producten"] and not te_wijzigen:
        yield "TR352", _VERZOEK
    if not te_wijzigen and not verzoek["nieuwe_producten"]:
        yield "TR353", _VERZOEK
    for nummer, record in enumerate(te_wijzigen, 1):
        yield from product.toets(record, f"{_VERZOEK}/TeWijzigenProducten/TeWijzigenProduct[{nummer}]", _TE_WIJZIGEN)
    nieuwe = [
        (f"{_VERZOEK}/NieuweProducten/NieuwProduct[{nummer}]", record)
        for nummer, record in enumerate(verzoek["nieuwe_producten"], 1)
    ]
    yield from product.toets_overlap(nieuwe, _NIEUW)
    for pad, record in nieuwe:
        yield from product.toets(record, pad, _NIEUW)
        if record["gewenste_ingangsdatum"] <= dagtekening:
            yield "TR380", f"{pad}/GewensteIngangsdatum"


def toets_antwoord(inhoud: Blok, dagtekening: str) -> Iterator[Fout]:
    """CD085 and CD086 of the 319."""
    antwoord = inhoud["antwoord"]
    reden = antwoord["reden_afwijzing_verzoek"]
    if antwoord["verzoek_antwoord"] == "1" and reden is None:
        yield "CD085", "/Bericht/Antwoord/RedenAfwijzingVerzoek"
    if antwoord["verzoek_antwoord"] == "2" and reden is not None:
        yield "CD086", "/Bericht/Antwoord/RedenAfwijzingVerzoek"
