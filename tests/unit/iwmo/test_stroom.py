"""A big 323 that is read some clients at a time gives what reading it whole gives, whatever is wrong with it."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.iwmo import schrijf, stroom
from schemas.iwmo.bericht import NietLeesbaar
from services.knooppunt.ontleden import Ontleed, ontleed
from tests.unit.iwmo import voorbeelden as v
from tests.unit.iwmo.test_segmenten import KORT, RUIS, vermom

GEHEEL = 10**9
MIS: list[dict[str, Any]] = [
    {},
    {"referentie_nummer": "ZELFDE"},
    {"debet_credit": "C"},
    {"debet_credit": "C", "vorig_referentie_nummer": "R1-0"},
    {"debet_credit": "C", "vorig_referentie_nummer": "VORIG"},
    {"begindatum": "2020-02-01", "einddatum": "2020-03-31"},
    {"eenheid": "83"},
    {"eenheid": "83", "product_tarief_cent": None, "geleverd_volume": 1},
    {"ingediend_cent": 1},
]
"""What may be wrong with a prestatie; each breaks other rules of level 2."""


def een_323(fouten: list[list[int]], zelfde: bool = False) -> bytes:
    clienten = [
        {
            "bsn": f"{999900000 + (0 if zelfde else i)}",
            "prestaties": [v.prestatie(referentie_nummer=f"R{i}-{j}") | MIS[mis] for j, mis in enumerate(regels)],
        }
        for i, regels in enumerate(fouten)
    ]
    return schrijf.declaratie_323(**v.KOP, declaratie=v.declaratie() | {"clienten": clienten})


def oordeel(raw: bytes, groot_bytes: int) -> Ontleed | tuple[Any, ...]:
    try:
        uit = ontleed(raw, groot_bytes)
    except NietLeesbaar as fout:
        return fout.status, fout.bevindingen
    return uit


@given(
    fouten=st.lists(st.lists(st.sampled_from(range(len(MIS))), min_size=1, max_size=3), min_size=1, max_size=6),
    zelfde=st.booleans(),
    ruis=st.lists(st.sampled_from(RUIS), min_size=1, max_size=6),
    kort=st.lists(st.sampled_from(KORT), max_size=2),
    prefix=st.booleans(),
    lf=st.booleans(),
    stuk=st.sampled_from(
        [None, b"</Client>", b"<Client>", b"<Bsn>", b"02A05", b"2026-0", b"</Bericht>", b"Prestaties"]
    ),
    groep=st.sampled_from([1, 2000, 5000]),
)
def test_in_groepen_is_gelijk_aan_in_zijn_geheel(
    fouten: list[list[int]], zelfde: bool, ruis: list[str], kort: list[str], prefix: bool, lf: bool,
    stuk: bytes | None, groep: int,
) -> None:  # fmt: skip
    raw = vermom(een_323(fouten, zelfde), ruis, kort, prefix, bom=False, lf=lf)
    if stuk is not None:
        plek = raw.rfind(stuk)
        raw = raw[:plek] + raw[plek + len(stuk) :] if plek >= 0 else raw
    with pytest.MonkeyPatch.context() as anders:
        anders.setattr(stroom, "GROEP_BYTES", groep)
        assert oordeel(raw, 0) == oordeel(raw, GEHEEL)


def test_een_fout_in_de_laatste_client_telt_ook_na_500_fouten() -> None:
    raw = een_323([[2]] * 600)
    laatste = raw.rfind(b"02A05")
    with pytest.raises(NietLeesbaar):
        ontleed(raw[:laatste] + raw[laatste + 5 :], 0)
    fouten = ontleed(raw, 0).niveau2
    assert len(fouten) == 501 and fouten[-1].regel == "MEER"


def test_lukraak_gewijzigde_bytes_geven_hetzelfde_oordeel() -> None:
    zaad = random.randrange(10**6)
    print(f"zaad={zaad}")
    kans, heel = random.Random(zaad), een_323([[0], [1, 2], [0, 0, 0], [5]] * 5)
    for _ in range(300):
        raw = bytearray(heel)
        for _ in range(kans.randint(1, 3)):
            plek = kans.randrange(len(raw))
            raw[plek : plek + kans.randint(0, 2)] = kans.choice(
                [b"", b"<", b">", b"/", b"&", b"x", b'"', b" ", b"\xff"]
            )
        assert oordeel(bytes(raw), 0) == oordeel(bytes(raw), GEHEEL)
