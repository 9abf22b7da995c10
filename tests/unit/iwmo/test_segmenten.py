"""A 323 in pieces: together exactly its bytes, each client in a piece of its own, and the 325 written from them."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.iwmo import codec, retour, schrijf, segmenten
from schemas.iwmo.structuur import BASIS_NS, namespace
from tests.unit.iwmo import voorbeelden as v

KOP = {"identificatie": "RET1", "dagtekening": date(2026, 4, 17)}
RUIS = ["", "\r\n", "\n\t ", "<!-- <Client> </Client> > -->", "<!--</w:Client>-->\n", "<?mijn Client>?>"]
KORT = ["", "<![CDATA[</Client>]]>", "&#60;/Client>", "<!-- <Client> -->", "Client >"]


def een_323(aantal: int, regels: int = 1) -> bytes:
    """Client i has BSN 99990000i (only the digits matter to an XSD)."""
    clienten = [
        {"bsn": f"{999900000 + i}", "prestaties": [v.prestatie(referentie_nummer=f"R{i}-{j}") for j in range(regels)]}
        for i in range(aantal)
    ]
    return schrijf.declaratie_323(**v.KOP, declaratie=v.declaratie() | {"clienten": clienten})


def stukken(raw: bytes, aantal: int) -> list[bytes]:
    return [raw[begin:einde] for begin, einde in pairwise(segmenten.snijpunten(raw, aantal))]


def _met_prefix(tag: str) -> str:
    if tag.startswith(("b:", "/b:")):
        return tag
    return f"/w:{tag[1:]}" if tag.startswith("/") else f"w:{tag}"


def vermom(raw: bytes, ruis: list[str], kort: list[str], prefix: bool, bom: bool, lf: bool) -> bytes:
    """The same message as another writer might make it: noise between tags, prefixes, a BOM, other line ends."""
    tekst = raw.decode()
    if prefix:
        tekst = tekst.replace("<iwmo:", "<b:").replace("</iwmo:", "</b:")
        kop, _, rest = tekst.partition("<Bericht")
        _, _, rest = rest.partition(">")
        rest = "<".join(deel if n == 0 else _met_prefix(deel) for n, deel in enumerate(rest.split("<")))
        tekst = f'{kop}<w:Bericht xmlns:w="{namespace("WMO323")}" xmlns:b="{BASIS_NS}" >{rest}'
    delen = tekst.split("\r\n")
    tekst = "\r\n".join([delen[0], *(d + ruis[n % len(ruis)] for n, d in enumerate(delen[1:]))])
    for n, extra in enumerate(kort):
        tekst = tekst.replace(f">R{n}-0<", f">{extra}R{n}-0<")
    if lf:
        tekst = tekst.replace("\r\n", "\n")
    return (b"\xef\xbb\xbf" if bom else b"") + tekst.encode()


@given(
    aantal=st.integers(1, 4),
    ruis=st.lists(st.sampled_from(RUIS), min_size=1, max_size=6),
    kort=st.lists(st.sampled_from(KORT), max_size=4),
    prefix=st.booleans(),
    bom=st.booleans(),
    lf=st.booleans(),
)
def test_stukken_zijn_samen_de_bytes_en_elke_client_staat_in_zijn_eigen_stuk(
    aantal: int, ruis: list[str], kort: list[str], prefix: bool, bom: bool, lf: bool
) -> None:
    raw = vermom(een_323(aantal), ruis, kort, prefix, bom, lf)
    inhoud = codec.heropen(raw).inhoud()
    assert len(inhoud["clienten"]) == aantal
    delen = stukken(raw, aantal)
    assert b"".join(delen) == raw and len(delen) == aantal + 2
    for i, client in enumerate(inhoud["clienten"]):
        assert [client["bsn"].encode() in deel for deel in delen] == [n == i + 1 for n in range(aantal + 2)]
    # Begin and end with some of the clients are a message again.
    for i in range(aantal):
        deel = codec.heropen(delen[0] + delen[i + 1] + delen[-1]).inhoud()
        assert deel == inhoud | {"clienten": [inhoud["clienten"][i]]}


@pytest.mark.parametrize("prefix", [False, True])
def test_de_snelle_zoeker_en_de_ontleder_zijn_het_eens(prefix: bool) -> None:
    raw = vermom(een_323(3), ["", "\n "], [], prefix, bom=prefix, lf=False)
    snel = segmenten._snel(raw)
    assert snel is not None and snel == segmenten._precies(raw)
    for verdacht in ("<!-- -->", "<?x y?>"):
        assert segmenten._snel(raw.replace(b"</", verdacht.encode() + b"</")) is None


def test_een_ander_aantal_clienten_wordt_niet_geraden() -> None:
    for aantal in (0, 2, 4):
        with pytest.raises(ValueError):
            segmenten.snijpunten(een_323(3), aantal)


AFKEUR = st.sampled_from([[], ["0200"], ["9321"], ["9321", "9389"]])


@given(data=st.data(), aantal=st.integers(1, 5), per_keer=st.integers(1, 3))
def test_een_325_uit_stukken_is_gelijk_aan_een_325_uit_het_geheel(data: Any, aantal: int, per_keer: int) -> None:
    raw = een_323(aantal, regels=2)
    client_codes = {i: data.draw(AFKEUR) for i in range(aantal)}
    prestatie_codes = {(i, j): data.draw(AFKEUR) for i in range(aantal) for j in range(2)}
    geheel = retour.antwoord_325(
        raw, **KOP, toegekend_cent=7, client_codes=client_codes, prestatie_codes=prestatie_codes
    )
    begin, *clienten, einde = stukken(raw, aantal)

    def afkeuring(i: int) -> retour.Afkeuring:
        regels = {j: prestatie_codes[i, j] for j in range(2) if set(prestatie_codes[i, j]) - {"0200"}}
        return retour.Afkeuring(client_codes[i] if set(client_codes[i]) - {"0200"} else [], regels)

    nummers = [i for i in range(aantal) if afkeuring(i) != retour.Afkeuring([], {})]
    antwoord = retour.Antwoord325(
        codec.heropen(begin + einde),
        **KOP,
        toegekend_cent=7,
        declaratie_codes=["0200"] if nummers else ["8001"],
        met_clienten=bool(nummers),
    )
    uit = [antwoord.kop]
    for n in range(0, len(nummers), per_keer):
        groep = nummers[n : n + per_keer]
        bron = codec.heropen(b"".join([begin, *(clienten[i] for i in groep), einde]))
        uit += antwoord.clienten(bron, {plek: afkeuring(i) for plek, i in enumerate(groep)})
    assert b"".join([*uit, antwoord.einde]) == geheel
