"""The pure rules of a VOT and a VOW, and what granting a VOW comes to."""

from dataclasses import replace
from datetime import date

import pytest

from services.toewijzing.domain import verzoek as domein
from services.toewijzing.domain.inhoud import Vraag
from services.toewijzing.domain.toewijzing import Omvang, Product
from services.toewijzing.domain.verzoek import Aanvraag, Feiten, TeWijzigen, Wijzigingsverzoek
from tests.unit.toewijzing.een import een_versie

DAG = date(2026, 4, 1)
SPECIFIEK = een_versie(
    nummer=1,
    product=Product("02", "02A05"),
    omvang=Omvang(3, "04", "2"),
    budget_cent=None,
    ingangsdatum=date(2026, 2, 2),
    einddatum=date(2026, 7, 31),
)
TOTAAL = replace(SPECIFIEK, nummer=2, product=Product("07", "07A12"), omvang=Omvang(40, "16", "6"))
GENERIEK = replace(SPECIFIEK, nummer=3, product=None, omvang=None, budget_cent=300000)
FEITEN = Feiten({1: SPECIFIEK}, frozenset(), False)


def wijzig(versie, **anders):
    basis = TeWijzigen(versie.nummer, date(2026, 5, 4), versie.einddatum, versie.omvang, versie.budget_cent)
    return replace(basis, **anders)


def vow(*te_wijzigen, ongewijzigd=(), nieuw=()):
    return Wijzigingsverzoek("REF", tuple(ongewijzigd), te_wijzigen, tuple(nieuw))


def codes(verzoek, *versies, **anders):
    feiten = replace(Feiten({v.nummer: v for v in versies}, frozenset(), False), **anders)
    return domein.beoordeel_vow(verzoek, feiten, DAG)


def vraag(code="02A05", begin=date(2026, 10, 5), eind=date(2026, 12, 31)):
    return Vraag("75750101", Product(code[:2], code), Omvang(2, "04", "2"), None, begin, eind)


def test_tr347_tr374_tr381_vot():
    feiten = replace(FEITEN, referenties=frozenset({"B"}), lopend=True)
    fout = replace(vraag(), product=Product("07", "02A05"))
    gevonden = domein.beoordeel_vot([Aanvraag("A", vraag()), Aanvraag("B", vraag()), Aanvraag("C", fout)], feiten)
    assert gevonden == {
        "Client": ["9374"],
        "AangevraagdProduct[2]": ["9347"],
        "AangevraagdProduct[3]": ["S329"],
    }


def test_tr304_tr349_tr350_tr351_het_hele_pakket_en_alleen_geldende_nummers():
    assert codes(vow(wijzig(SPECIFIEK, omvang=Omvang(5, "04", "2"))), SPECIFIEK, TOTAAL) == {"Verzoek": ["9349"]}
    assert codes(vow(wijzig(TOTAAL), ongewijzigd=[9]), SPECIFIEK) == {
        "Verzoek": ["9349"],
        "OngewijzigdProduct[1]": ["9350"],
        "TeWijzigenProduct[1]": ["9351"],
    }


@pytest.mark.parametrize(
    ("datum", "verwacht"),
    [(DAG, ["9357"]), (date(2026, 4, 2), []), (date(2026, 2, 2), [])],
    ids=["op-dagtekening", "erna", "ingangsdatum"],
)
def test_tr357_gewenste_ingangsdatum(datum, verwacht):
    record = wijzig(SPECIFIEK, gewenste_ingangsdatum=datum, omvang=Omvang(5, "04", "2"))
    assert codes(vow(record), SPECIFIEK).get("TeWijzigenProduct[1]", []) == verwacht


def test_tr373_ander_budget_of_totaal_alleen_vanaf_de_ingangsdatum():
    for versie, anders in ((TOTAAL, {"omvang": Omvang(50, "16", "6")}), (GENERIEK, {"budget_cent": 400000})):
        assert codes(vow(wijzig(versie, **anders)), versie) == {"TeWijzigenProduct[1]": ["9373"]}
        op_begin = wijzig(versie, gewenste_ingangsdatum=versie.ingangsdatum, **anders)
        assert codes(vow(op_begin), versie) == {}


def test_tr375_tr411_tr412_omvang_hoort_bij_een_productcode():
    assert codes(vow(wijzig(SPECIFIEK, omvang=None)), SPECIFIEK) == {"TeWijzigenProduct[1]": ["9411"]}
    op_generiek = wijzig(GENERIEK, omvang=Omvang(3, "04", "2"), gewenste_ingangsdatum=GENERIEK.ingangsdatum)
    assert codes(vow(op_generiek), GENERIEK) == {"TeWijzigenProduct[1]": ["9375", "9412"]}


def test_tr361_overlap_tussen_wat_blijft_en_wat_nieuw_is():
    overlap = vraag(begin=date(2026, 7, 1))
    assert codes(vow(ongewijzigd=[1], nieuw=[overlap]), SPECIFIEK) == {"NieuwProduct[1]": ["9361"]}
    assert codes(vow(ongewijzigd=[1], nieuw=[vraag()]), SPECIFIEK) == {}


@pytest.mark.parametrize(
    ("status", "naar", "regel"),
    [
        ("ingediend", "in_onderzoek", None),
        ("in_onderzoek", "toegewezen", None),
        ("in_onderzoek", "in_onderzoek", "TR360"),
        ("toegewezen", "afgewezen", "TR359"),
        ("afgewezen", "toegewezen", "TR365"),
        ("vervallen", "toegewezen", "OP286"),
    ],
)
def test_tr359_tr360_tr365_welk_besluit_na_welk(status, naar, regel):
    assert [fout.regel for fout in domein.toets_overgang(status, naar)] == ([regel] if regel else [])


def test_inwilliging_ander_volume_per_week_eindigt_het_oude_nummer_op257():
    uitkomst, fouten = domein.willig_in(
        vow(wijzig(SPECIFIEK, omvang=Omvang(5, "04", "2"))), {1: SPECIFIEK}, frozenset()
    )
    [oud], [nieuw] = uitkomst.versies, uitkomst.nieuw
    assert not fouten and (oud.einddatum, oud.reden_wijziging, oud.omvang) == (date(2026, 5, 3), "12", SPECIFIEK.omvang)
    assert (nieuw.ingangsdatum, nieuw.omvang) == (date(2026, 5, 4), Omvang(5, "04", "2"))


def test_inwilliging_einddatum_budget_of_totaal_houdt_het_nummer_op380():
    langer = wijzig(SPECIFIEK, einddatum=date(2026, 12, 31))
    meer = wijzig(TOTAAL, omvang=Omvang(50, "16", "6"))
    uitkomst, fouten = domein.willig_in(vow(langer, meer), {1: SPECIFIEK, 2: TOTAAL}, frozenset())
    assert not fouten and not uitkomst.nieuw
    assert [(v.nummer, v.reden_wijziging) for v in uitkomst.versies] == [(1, "12"), (2, "12")]
    assert uitkomst.versies[0].einddatum == date(2026, 12, 31)


def test_inwilliging_vanaf_de_ingangsdatum_vervangt_het_nummer_tenzij_er_prestaties_zijn_tr385():
    record = wijzig(SPECIFIEK, gewenste_ingangsdatum=SPECIFIEK.ingangsdatum, omvang=Omvang(5, "04", "2"))
    uitkomst, fouten = domein.willig_in(vow(record), {1: SPECIFIEK}, frozenset())
    assert not fouten and uitkomst.versies[0].verwijderd
    _, fouten = domein.willig_in(vow(record), {1: SPECIFIEK}, frozenset({1}))
    assert [fout.regel for fout in fouten] == ["TR385"]


def test_op346_besluit_binnen_56_dagen_na_de_dagtekening():
    assert domein.besluit_uiterlijk(date(2026, 3, 9)) == date(2026, 5, 4)


def test_op348_iv093_andere_datums_alleen_voor_wat_voorbij_is():
    later = wijzig(SPECIFIEK, omvang=Omvang(5, "04", "2"), gewenste_ingangsdatum=date(2026, 9, 7))
    voorbij = replace(later, gewenste_ingangsdatum=date(2026, 5, 4))
    vast = wijzig(TOTAAL, omvang=Omvang(50, "16", "6"), gewenste_ingangsdatum=TOTAAL.ingangsdatum)
    afspraak, vandaag = date(2026, 6, 15), date(2026, 6, 10)
    bestaand = {1: SPECIFIEK, 2: TOTAAL}
    verzoek, fouten = domein.verschuif(vow(voorbij, vast, nieuw=[vraag()]), bestaand, afspraak, None, vandaag)
    assert not fouten
    assert [r.gewenste_ingangsdatum for r in verzoek.te_wijzigen] == [afspraak, TOTAAL.ingangsdatum]
    assert verzoek.nieuw == (vraag(),)
    for pakket in (vow(later), vow(vast)):
        assert [f.regel for f in domein.verschuif(pakket, bestaand, afspraak, None, vandaag)[1]] == ["OP348"]
