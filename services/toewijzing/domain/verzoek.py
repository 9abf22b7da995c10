"""Verzoeken of a provider: judging a 315 (VOT) or 317 (VOW), its terms, and what granting one comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from schemas.iwmo.codes import categorie_of
from services.toewijzing.domain.inhoud import EINDE_ASPECIFIEK_MET_OMVANG, Vraag, overlapt
from services.toewijzing.domain.toewijzing import TOTAAL, VERWIJDERD, Fout, Omvang, Product, Versie

INGEDIEND, IN_ONDERZOEK, TOEGEWEZEN = "ingediend", "in_onderzoek", "toegewezen"
AFGEWEZEN, VERVALLEN = "afgewezen", "vervallen"
LOPEND = frozenset({INGEDIEND, IN_ONDERZOEK})
"""TR374: pending, until a 319 with antwoord 1 or a 301 with its reference."""
AFWIJZING, ONDERZOEK = "1", "2"
"""WJ760."""
GEEN_CONTRACT, PAST_NIET = "3", "4"
"""WJ759: what is answered without anybody looking."""
ALLEEN_JW = "8"
NA_VERZOEK = "12"
"""WMO002: the change that follows a VOW."""
BESLUIT_DAGEN = 56
"""OP274, OP346: a final decision within 8 weeks of the Dagtekening of the verzoek."""


@dataclass(frozen=True, slots=True)
class Aanvraag:
    """An AangevraagdProduct of a 315, with a ReferentieAanbieder of its own."""

    referentie: str
    vraag: Vraag


@dataclass(frozen=True, slots=True)
class TeWijzigen:
    """A TeWijzigenProduct: the content that this number should get (an absent Einddatum is an open end)."""

    nummer: int
    gewenste_ingangsdatum: date
    einddatum: date | None
    omvang: Omvang | None
    budget_cent: int | None


@dataclass(frozen=True, slots=True)
class Wijzigingsverzoek:
    """A 317: the whole package that is wanted; one reference, one decision."""

    referentie: str
    ongewijzigd: tuple[int, ...]
    te_wijzigen: tuple[TeWijzigen, ...]
    nieuw: tuple[Vraag, ...]


@dataclass(frozen=True, slots=True)
class Feiten:
    """What the municipality knows of a client at a provider.

    `actueel`: its actual toewijzingen by number; `referenties`: those that this provider used before
    (TR347); `lopend`: a verzoek is pending (TR374).
    """

    actueel: Mapping[int, Versie]
    referenties: frozenset[str]
    lopend: bool


Codes = dict[str, list[str]]
"""RetourCodes per class, by the end of its path; a class that is not named has no fault."""


def actuele_toewijzingen(versies: Iterable[Versie], vandaag: date) -> dict[int, Versie]:
    """TR349-TR351: valid today or later, or still to begin, and not deleted."""
    return {v.nummer: v for v in versies if not v.verwijderd and (v.einddatum is None or v.einddatum >= vandaag)}


def beoordeel_vot(aanvragen: Sequence[Aanvraag], feiten: Feiten) -> Codes:
    """TR347, TR374, TR381 over a 315."""
    codes: Codes = {}
    if feiten.lopend:
        codes["Client"] = ["9374"]
    for i, aanvraag in enumerate(aanvragen, start=1):
        fouten = ["9347"] if aanvraag.referentie in feiten.referenties else []
        fouten += _toets_categorie(aanvraag.vraag.product)
        if fouten:
            codes[f"AangevraagdProduct[{i}]"] = fouten
    return codes


def beoordeel_vow(verzoek: Wijzigingsverzoek, feiten: Feiten, dagtekening: date) -> Codes:
    """TR304, TR347, TR349-TR351, TR357, TR361, TR373-TR375, TR381, TR411, TR412 over a 317."""
    codes: Codes = {}
    if feiten.lopend:
        codes["Client"] = ["9374"]
    op_verzoek = ["9347"] if verzoek.referentie in feiten.referenties else []
    genoemd = {*verzoek.ongewijzigd, *(record.nummer for record in verzoek.te_wijzigen)}
    if not genoemd >= feiten.actueel.keys():
        op_verzoek.append("9349")
    if op_verzoek:
        codes["Verzoek"] = op_verzoek
    for i, nummer in enumerate(verzoek.ongewijzigd, start=1):
        # TR304: a number of another client is as unknown here as one that never was.
        if nummer not in feiten.actueel:
            codes[f"OngewijzigdProduct[{i}]"] = ["9350"]
    for i, record in enumerate(verzoek.te_wijzigen, start=1):
        versie = feiten.actueel.get(record.nummer)
        fouten = ["9351"] if versie is None else _toets_te_wijzigen(record, versie, dagtekening)
        if fouten:
            codes[f"TeWijzigenProduct[{i}]"] = fouten
    for i, vraag in enumerate(verzoek.nieuw, start=1):
        if fouten := _toets_categorie(vraag.product):
            codes[f"NieuwProduct[{i}]"] = fouten
    for klasse in _overlappend(verzoek, feiten.actueel):
        codes.setdefault(klasse, []).append("9361")
    return codes


def _toets_te_wijzigen(record: TeWijzigen, versie: Versie, dagtekening: date) -> list[str]:
    """TR357, TR373, TR375, TR411, TR412."""
    fouten = []
    op_begin = record.gewenste_ingangsdatum == versie.ingangsdatum
    if record.gewenste_ingangsdatum <= dagtekening and not op_begin:
        fouten.append("9357")
    if not op_begin and (record.budget_cent != versie.budget_cent or _ander_totaal(record, versie)):
        fouten.append("9373")
    na_2020 = versie.einddatum is None or versie.einddatum > EINDE_ASPECIFIEK_MET_OMVANG
    met_code = versie.product is not None and versie.product.code is not None
    if record.omvang is not None and na_2020 and versie.product is None:
        fouten.append("9375")
    if record.omvang is None and met_code:
        fouten.append("9411")
    if record.omvang is not None and na_2020 and not met_code:
        fouten.append("9412")
    return fouten


def _ander_totaal(record: TeWijzigen, versie: Versie) -> bool:
    """A total over the whole period (Frequentie 6) that becomes another total."""
    oud, nieuw = versie.omvang, record.omvang
    beide_totaal = oud is not None and nieuw is not None and oud.frequentie == nieuw.frequentie == TOTAAL
    return beide_totaal and oud != nieuw


def _toets_categorie(product: Product | None) -> list[str]:
    """TR381: a code belongs to its category."""
    if product is None or product.code is None or categorie_of(product.code) == product.categorie:
        return []
    return ["S329"]


def _overlappend(verzoek: Wijzigingsverzoek, actueel: Mapping[int, Versie]) -> list[str]:
    """TR361: the records that overlap with an earlier one for the same product."""
    records: list[tuple[str, Vraag | Versie]] = []
    for i, nummer in enumerate(verzoek.ongewijzigd, start=1):
        if nummer in actueel:
            records.append((f"OngewijzigdProduct[{i}]", actueel[nummer]))
    for i, record in enumerate(verzoek.te_wijzigen, start=1):
        if versie := actueel.get(record.nummer):
            records.append((f"TeWijzigenProduct[{i}]", _gewenst(record, versie)))
    records += [(f"NieuwProduct[{i}]", vraag) for i, vraag in enumerate(verzoek.nieuw, start=1)]
    return [
        klasse for plek, (klasse, een) in enumerate(records) if any(overlapt(een, ander) for _, ander in records[:plek])
    ]


def _gewenst(record: TeWijzigen, versie: Versie, pad: str = "") -> Vraag:
    return Vraag(
        versie.aanbieder,
        versie.product,
        record.omvang,
        record.budget_cent,
        record.gewenste_ingangsdatum,
        record.einddatum,
        pad,
    )


def besluit_uiterlijk(dagtekening: date) -> date:
    """OP274, OP346: the last day of the final decision."""
    return dagtekening + timedelta(days=BESLUIT_DAGEN)


def toets_overgang(status: str, naar: str) -> list[Fout]:
    """TR359, TR360, TR365: which decision may follow which."""
    if status in LOPEND and not (status == naar == IN_ONDERZOEK):
        return []
    if status == IN_ONDERZOEK:
        return [Fout("TR360", "De aanbieder weet al dat dit verzoek in onderzoek is.", "Ken het toe of wijs het af.")]
    if status == TOEGEWEZEN:
        return [Fout("TR359", "Dit verzoek is al toegewezen.", "Wijzig de toewijzing als zij anders moet worden.")]
    if status == AFGEWEZEN:
        return [Fout("TR365", "Dit verzoek is al afgewezen.", "Vraag de aanbieder om een nieuw verzoek.")]
    return [Fout("OP286", "Dit verzoek is technisch afgekeurd en geldt niet.", "Wacht op een nieuw verzoek.")]


def verschuif(
    verzoek: Wijzigingsverzoek,
    bestaand: Mapping[int, Versie],
    ingangsdatum: date | None,
    einddatum: date | None,
    vandaag: date,
) -> tuple[Wijzigingsverzoek, list[Fout]]:
    """OP348, IV093: the verzoek on agreed other dates; only records whose desired date has passed may move.

    A record that wants the ingangsdatum of its toewijzing stays there (TR373). None = as it was asked.
    """

    def mag(gewenst: date, nummer: int | None = None) -> bool:
        versie = bestaand.get(nummer) if nummer is not None else None
        return gewenst < vandaag and not (versie is not None and versie.ingangsdatum == gewenst)

    def einde(was: date | None) -> date | None:
        return was if einddatum is None else einddatum

    gewenst = [r.gewenste_ingangsdatum for r in verzoek.te_wijzigen if mag(r.gewenste_ingangsdatum, r.nummer)]
    gewenst += [vraag.ingangsdatum for vraag in verzoek.nieuw if mag(vraag.ingangsdatum)]
    if not gewenst:
        melding = "De gewenste datum ligt niet in het verleden; een ander begin of einde mag dan niet."
        return verzoek, [Fout("OP348", melding, "Laat de afwijking weg, of wijs het verzoek af.", "/afwijking")]
    if ingangsdatum is not None and ingangsdatum < max(gewenst):
        melding = "De afgesproken ingangsdatum ligt voor de gewenste."
        return verzoek, [Fout("OP348", melding, "Kies een latere datum.", "/afwijking/ingangsdatum")]
    te_wijzigen = tuple(
        replace(r, gewenste_ingangsdatum=ingangsdatum or r.gewenste_ingangsdatum, einddatum=einde(r.einddatum))
        if mag(r.gewenste_ingangsdatum, r.nummer)
        else r
        for r in verzoek.te_wijzigen
    )
    nieuw = tuple(
        replace(v, ingangsdatum=ingangsdatum or v.ingangsdatum, einddatum=einde(v.einddatum))
        if mag(v.ingangsdatum)
        else v
        for v in verzoek.nieuw
    )
    return replace(verzoek, te_wijzigen=te_wijzigen, nieuw=nieuw), []


def na_afgekeurd_antwoord(status: str, geldig: str | None) -> str:
    """OP286: where a verzoek stands when its last 319 was refused; `geldig` is the last that was not."""
    if status == TOEGEWEZEN:
        return status
    return {None: INGEDIEND, ONDERZOEK: IN_ONDERZOEK}.get(geldig, AFGEWEZEN)


@dataclass(frozen=True, slots=True)
class Inwilliging:
    """What granting a VOW comes to: new versions of known numbers, and products that get a new number."""

    versies: tuple[Versie, ...]
    nieuw: tuple[Vraag, ...]


def willig_in(
    verzoek: Wijzigingsverzoek, bestaand: Mapping[int, Versie], met_prestaties: frozenset[int]
) -> tuple[Inwilliging, list[Fout]]:
    """OP348, IV093: the package as it was asked, or every rule that forbids it.

    `bestaand`: the versions to build on; `met_prestaties`: numbers with approved lines (TR385).
    """
    versies: list[Versie] = []
    nieuw: list[Vraag] = []
    fouten: list[Fout] = []
    for i, record in enumerate(verzoek.te_wijzigen):
        versie = bestaand.get(record.nummer)
        if versie is None:
            fouten.append(Fout("TR351", "Een toewijzing uit het verzoek geldt niet meer.", "Wijs het verzoek af."))
        elif record.omvang != versie.omvang and not _ander_totaal(record, versie):
            einde, verbod = _maak_plaats(record, versie, record.nummer in met_prestaties)
            versies.append(einde)
            fouten += verbod
            nieuw.append(_gewenst(record, versie, f"/te_wijzigen_producten/{i}"))
        else:
            gewijzigd = replace(
                versie,
                einddatum=record.einddatum,
                omvang=record.omvang,
                budget_cent=record.budget_cent,
                ingetrokken=versie.ingetrokken or _korter(record.einddatum, versie.einddatum),
            )
            if gewijzigd != versie:
                versies.append(replace(gewijzigd, reden_wijziging=NA_VERZOEK))
    nieuw += [replace(vraag, pad=f"/nieuwe_producten/{i}") for i, vraag in enumerate(verzoek.nieuw)]
    return Inwilliging(tuple(versies), tuple(nieuw)), fouten


def _maak_plaats(record: TeWijzigen, versie: Versie, heeft_prestaties: bool) -> tuple[Versie, list[Fout]]:
    """OP257: the old number ends the day before, or never was when the new one begins with it (TR385)."""
    if record.gewenste_ingangsdatum > versie.ingangsdatum:
        einde = record.gewenste_ingangsdatum - timedelta(days=1)
        if versie.einddatum is not None:
            einde = min(einde, versie.einddatum)
        return replace(versie, einddatum=einde, reden_wijziging=NA_VERZOEK, ingetrokken=True), []
    fouten = []
    if heeft_prestaties:
        fouten.append(
            Fout(
                "TR385",
                "De oude toewijzing moet vervallen, maar er zijn prestaties op goedgekeurd.",
                "Wijs het verzoek af, of laat de aanbieder eerst crediteren.",
            )
        )
    return replace(versie, einddatum=versie.ingangsdatum, reden_wijziging=VERWIJDERD, ingetrokken=False), fouten


def _korter(nieuw: date | None, oud: date | None) -> bool:
    return nieuw is not None and (oud is None or nieuw < oud)
