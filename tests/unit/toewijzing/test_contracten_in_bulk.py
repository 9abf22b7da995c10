"""Indexation, the end of a contract and a new product, and the toewijzingen that they touch."""

from dataclasses import replace
from datetime import date

from services.toewijzing.domain.contract import Contractregel, Keuze, beeindig, geraakt, indexeer, voeg_toe
from services.toewijzing.domain.toewijzing import Omvang, Product
from tests.unit.toewijzing.een import A1, een_versie

UUR = Contractregel(A1, "02", "02A05", "inspanning", date(2025, 1, 1), None, eenheid="04", tarief_cent=5875)
DAGDEEL = replace(UUR, product_categorie="07", product_code="07A12", eenheid="16", tarief_cent=4250)
ANDER = replace(UUR, aanbieder="75750202")
NIEUWJAAR = date(2027, 1, 1)
VANDAAG = date(2026, 6, 15)
LOOPT_DOOR = een_versie(einddatum=date(2027, 6, 30))
STOPT_EERDER = een_versie(nummer=610002)


def test_indexatie_deelt_een_contract_op_en_rondt_een_halve_cent_naar_boven_af() -> None:
    oud, nieuw, *rest = indexeer([UUR, ANDER], Keuze(aanbieder=A1), NIEUWJAAR, 36)
    assert oud == replace(UUR, geldig_tot=date(2026, 12, 31))
    assert nieuw == replace(UUR, geldig_vanaf=NIEUWJAAR, tarief_cent=6087), "5875 x 1.036 = 6086.5"
    assert rest == [ANDER]


def test_indexatie_laat_wat_al_voorbij_is_en_wat_geen_tarief_heeft() -> None:
    voorbij, zonder = replace(UUR, geldig_tot=date(2026, 6, 30)), replace(UUR, eenheid="83", tarief_cent=None)
    begint_later = replace(UUR, geldig_vanaf=date(2027, 2, 1))
    regels = indexeer([voorbij, zonder, begint_later], Keuze(), NIEUWJAAR, 100)
    assert regels == [voorbij, zonder, replace(begint_later, tarief_cent=6463)]


def test_beeindiging_kort_in_en_laat_weg_wat_nog_moest_beginnen() -> None:
    begint_later = replace(UUR, geldig_vanaf=NIEUWJAAR)
    einde = date(2026, 9, 30)
    assert beeindig([UUR, DAGDEEL, begint_later, ANDER], Keuze(A1, "02"), einde) == [
        replace(UUR, geldig_tot=einde),
        DAGDEEL,
        ANDER,
    ]


def test_toevoeging_is_niet_dubbel() -> None:
    assert voeg_toe([UUR], [UUR, DAGDEEL]) == [UUR, DAGDEEL]


def test_geraakt_zegt_per_toewijzing_wat_en_vanaf_wanneer() -> None:
    versies = [LOOPT_DOOR, STOPT_EERDER]
    geindexeerd = indexeer([UUR], Keuze(), NIEUWJAAR, 50)
    assert [(g.versie.nummer, g.gevolg, g.vanaf) for g in geraakt(versies, [UUR], geindexeerd, VANDAAG)] == [
        (610001, "ander_tarief", NIEUWJAAR)
    ], "610002 has ended by then"
    eindigt = beeindig([UUR], Keuze(A1), date(2026, 7, 15))
    assert [(g.versie.nummer, g.gevolg, g.vanaf) for g in geraakt(versies, [UUR], eindigt, VANDAAG)] == [
        (610001, "zonder_contract", date(2026, 7, 16)),
        (610002, "zonder_contract", date(2026, 7, 16)),
    ]
    assert [g.gevolg for g in geraakt(versies, eindigt, [UUR], VANDAAG)] == ["met_contract", "met_contract"]
    assert list(geraakt(versies, [UUR], [UUR, DAGDEEL, ANDER], VANDAAG)) == []


def test_geraakt_een_contract_met_code_gaat_voor_een_zonder() -> None:
    categorie = replace(UUR, product_code=None, tarief_cent=5000)
    assert list(geraakt([LOOPT_DOOR], [UUR], [categorie, UUR], VANDAAG)) == []
    aspecifiek = een_versie(product=Product("02"), omvang=None, budget_cent=1)
    ander = een_versie(nummer=3, product=Product("02", "02B10"), omvang=Omvang(1, "04", "2"))
    gevonden = geraakt([aspecifiek, ander], [UUR], [UUR, categorie], VANDAAG)
    assert [(g.versie.nummer, g.gevolg) for g in gevonden] == [(3, "met_contract")]
