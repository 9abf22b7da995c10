"""The judgement of one prestatie: all codes of the line together, in the order of the checks."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.iwmo.codes import categorie_of
from services.declaratie.domain.bedragen import expected_amount, expected_rate
from services.declaratie.domain.perioden import first_day, last_day, max_period, max_total
from services.declaratie.domain.waarden import MINUUT, UUR, VERWIJDERD, Feiten, Prestatie, Toewijzing, meet


def judge(prestatie: Prestatie, feiten: Feiten) -> list[str]:
    """All retourcodes of a prestatie; empty is awarded."""
    toewijzing = feiten.toewijzing
    if toewijzing is None:
        # TR338: without a toewijzing there is nothing to compare with but its own reference.
        return ["9338", *_referentie(feiten)]
    if prestatie.is_credit:
        # IV085: a correct credit is never refused on its content.
        return [*_referentie(feiten), *_credit(prestatie, feiten)]
    return [
        *_product(prestatie, toewijzing),
        *_periode(prestatie, toewijzing, feiten),
        *_eenheid(prestatie, toewijzing, feiten),
        *_geld(prestatie, feiten),
        *_referentie(feiten),
        *(["9389"] if feiten.open_debet else []),
        *_volume(prestatie, toewijzing, feiten),
    ]


def _product(prestatie: Prestatie, toewijzing: Toewijzing) -> Iterator[str]:
    """TR384, TR339, TR340, TR381."""
    if toewijzing.reden_wijziging == VERWIJDERD:
        yield "9384"
    if toewijzing.categorie not in (None, prestatie.categorie):
        yield "9339"
    if toewijzing.code not in (None, prestatie.code):
        yield "9340"
    if categorie_of(prestatie.code) != prestatie.categorie:
        yield "S329"


def _periode(prestatie: Prestatie, toewijzing: Toewijzing, feiten: Feiten) -> Iterator[str]:
    """TR307, TR308, TR387, TR388, TR319."""
    begin, eind = prestatie.begindatum, prestatie.einddatum
    if begin < toewijzing.ingangsdatum:
        yield "9307"
    if toewijzing.einddatum is not None and eind > toewijzing.einddatum:
        yield "9308"
    eerste = first_day(begin)
    if eerste < toewijzing.ingangsdatum <= last_day(begin):
        eerste = toewijzing.ingangsdatum
    if begin != eerste:
        yield "9387"
    laatste = last_day(eind)
    if toewijzing.einddatum is not None and first_day(eind) <= toewijzing.einddatum < laatste:
        laatste = toewijzing.einddatum
    if eind != laatste:
        yield "9388"
    if begin > feiten.declaratie_periode_eind:
        yield "9319"


def _eenheid(prestatie: Prestatie, toewijzing: Toewijzing, feiten: Feiten) -> Iterator[str]:
    """TR341: that of the toewijzing, else of the contract; hours may be claimed as minutes."""
    contract = feiten.contract
    if toewijzing.omvang is not None:
        verwacht: str | None = toewijzing.omvang.eenheid
    else:
        verwacht = contract.eenheid if contract else None
    if verwacht is None or prestatie.eenheid == verwacht:
        return
    minuten = contract is None or contract.minuten_toegestaan
    if not (verwacht == UUR and prestatie.eenheid == MINUUT and minuten):
        yield "9341"


def _geld(prestatie: Prestatie, feiten: Feiten) -> Iterator[str]:
    """TR418 and TR346."""
    contract = feiten.contract
    if contract is None:
        yield "0611"
    else:
        tarief = expected_rate(contract, prestatie.eenheid)
        if tarief is not None and prestatie.tarief_cent != tarief:
            yield "0611"
    bedrag = expected_amount(prestatie, contract)
    if bedrag is not None and prestatie.ingediend_cent != bedrag:
        yield "9346"


def _referentie(feiten: Feiten) -> Iterator[str]:
    """TR314: a ReferentieNummer is used once."""
    if feiten.referentie_bekend:
        yield "8021"


def _credit(prestatie: Prestatie, feiten: Feiten) -> Iterator[str]:
    """TR323 (8017) and TR390 (9390): equal to an awarded debet line, and once."""
    vorige = feiten.vorige
    if vorige is None or not _gelijk(prestatie, vorige):
        yield "8017"
    if feiten.vorige_gecrediteerd:
        yield "9390"


def _gelijk(credit: Prestatie, debet: Prestatie) -> bool:
    """IV091: equal in all but the references and the direction."""
    return credit.product_sleutel == debet.product_sleutel and (
        credit.volume,
        credit.eenheid,
        credit.tarief_cent,
        credit.ingediend_cent,
    ) == (debet.volume, debet.eenheid, debet.tarief_cent, debet.ingediend_cent)


def _volume(prestatie: Prestatie, toewijzing: Toewijzing, feiten: Feiten) -> Iterator[str]:
    """TR321, TR322, TR369: awarded and not credited, plus this line."""
    omvang = toewijzing.omvang
    if omvang is not None and _vergelijkbaar(prestatie.eenheid, omvang.eenheid):
        volume = meet(prestatie.volume, prestatie.eenheid)
        in_periode = max_period(toewijzing, prestatie.begindatum, prestatie.einddatum)
        if in_periode is not None and feiten.gebruikt_maand + volume > meet(in_periode, omvang.eenheid):
            yield "9321"
        in_totaal = max_total(toewijzing, prestatie.einddatum)
        if in_totaal is not None and feiten.gebruikt_totaal + volume > meet(in_totaal, omvang.eenheid):
            yield "9322"
    budget = toewijzing.budget_cent
    if budget is not None and feiten.gebruikt_cent + prestatie.ingediend_cent > budget:
        yield "9369"


def _vergelijkbaar(eenheid: str, toegewezen: str) -> bool:
    """In another unit (9341) comparing volumes says nothing."""
    return eenheid == toegewezen or {eenheid, toegewezen} <= {UUR, MINUUT}
