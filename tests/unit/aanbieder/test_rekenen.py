"""Hours, amounts and periods of a prestatie (processes.md 6.1 and 6.4)."""

import pytest

from aanbieder import rekenen


@pytest.mark.parametrize(
    ("minuten", "uren"), [(1, 1), (29, 1), (60, 1), (89, 1), (90, 2), (380, 6), (389, 6), (390, 7)]
)
def test_iv079_hele_uren(minuten, uren):
    assert rekenen.hele_uren(minuten) == uren


def test_iv081_tr346_minuten_rekenen_met_het_onafgeronde_uurtarief():
    assert rekenen.bedragen("01", 380, 5875, per_uur=True) == {"product_tarief_cent": 98, "ingediend_cent": 37208}
    assert rekenen.bedragen("04", rekenen.hele_uren(380), 5875) == {
        "product_tarief_cent": 5875,
        "ingediend_cent": 35250,
    }


def test_tr346_een_halve_cent_gaat_omhoog():
    assert rekenen.bedrag_in_minuten_cent(61, 30) == 31
    assert rekenen.minuuttarief_cent(30) == 1 and rekenen.minuuttarief_cent(29) == 0


def test_cd087_cs339_euros_hebben_geen_tarief():
    assert rekenen.bedragen("83", 25000, None) == {"product_tarief_cent": None, "ingediend_cent": 25000}


@pytest.mark.parametrize(
    ("periode", "verwacht"),
    [
        ("2026-01", None),
        ("2026-02", ("2026-02-02", "2026-02-28")),
        ("2026-03", ("2026-03-01", "2026-03-31")),
        ("2026-07", ("2026-07-01", "2026-07-15")),
        ("2026-08", None),
    ],
)
def test_tr387_tr388_productperiode(periode, verwacht):
    assert rekenen.product_periode({"ingangsdatum": "2026-02-02", "einddatum": "2026-07-15"}, periode) == verwacht


def test_productperiode_zonder_einddatum_loopt_door_ook_in_een_schrikkelmaand():
    assert rekenen.product_periode({"ingangsdatum": "2026-02-02", "einddatum": None}, "2028-02")[1] == "2028-02-29"
