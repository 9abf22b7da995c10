"""Mutants of valid messages: they know the XSD, so that they come close to its borders and just over them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from lxml import etree

from schemas.iwmo import retour
from schemas.iwmo.client import client_kort
from schemas.iwmo.codes import codelijst
from schemas.iwmo.schrijf import schrijf_bericht
from schemas.iwmo.structuur import BERICHTEN, SAMENGESTELD, WAARDEN, Element, Waarde
from tests.unit.iwmo import voorbeelden as v

MERK = "Zqxw"
"""Stands in every text that a mutant gets: no answer may repeat it."""
VERBODEN = (MERK, "99990001", "Testduin", "1950-05-17")

_OMVANG = {"volume": 3, "eenheid": "04", "frequentie": "4"}
_PRODUCT = {"categorie": "02", "code": "02A05"}
_AANVRAAG: dict[str, Any] = {"referentie_aanbieder": "V1", "product": _PRODUCT, "omvang": _OMVANG,
                             "toewijzing_ingangsdatum": "2026-05-01",
                             "verwijzer": {"type": "02", "naam": "Arts"}}  # fmt: skip
_VERZOEK: dict[str, Any] = {"referentie_aanbieder": "V1", "reden_verzoek": "1",
                            "ongewijzigde_producten": [{"toewijzing_nummer": 1}],
                            "nieuwe_producten": [{"product": _PRODUCT, "omvang": _OMVANG,
                                                  "gewenste_ingangsdatum": "2026-05-01"}]}  # fmt: skip
_DATUMS = ("0001-01-01", "9999-12-31", "0000-01-01", "10000-01-01", "-0001-12-31", "2027-02-29", "2028-02-29",
           "2026-13-01", "2026-02-03Z", "2026-02-03+14:00", " 2026-02-03\t", "2026-2-3", "03-02-2026", "")  # fmt: skip
_TIJDEN = ("24:00:00", "00:00:00", "23:59:59.999999999", "10:00:00Z", "25:00:00", "10:00", "")
_GETALLEN = ("-1", "-0", "+1", "007", "1.0", "1e3", "", " 5 ", "0" * 5000 + "1", "9" * 40, "\u0661", "0x10", "NaN")
_BYTES = (b"<", b">", b"&", b'"', b"\x00", b"\xff", b"\xed\xa0\x80", b"]]>", b"<!--", b"<![CDATA[", b"&#0;", b"<?x ?>",
          b"<!DOCTYPE a>", "\U0001f600".encode(), b"\r", b"</Bericht>")  # fmt: skip


def berichten() -> dict[str, bytes]:
    """One valid message of each of the 14 kinds."""
    dag = date(2026, 4, 17)
    client = client_kort(v.een_client())
    heen = {
        "WMO301": v.wmo301(v.toegewezen(commentaar="Let op.", referentie_aanbieder="V1")),
        "WMO305": v.wmo305(),
        "WMO307": v.wmo307(),
        "WMO315": schrijf_bericht("WMO315", v.AGB, v.GEMEENTE, "A315", v.DAG, client | {"aangevraagde_producten": [_AANVRAAG]}),
        "WMO317": schrijf_bericht("WMO317", v.AGB, v.GEMEENTE, "A317", v.DAG, {"bsn": "999900018", "verzoek": _VERZOEK}),
        "WMO319": schrijf_bericht("WMO319", v.GEMEENTE, v.AGB, "G319", v.DAG,
                           {"referentie_aanbieder": "V1", "verzoek_antwoord": "2"}),
        "WMO323": v.wmo323(v.prestatie(), v.prestatie(referentie_nummer="R2", product_code="02B10")),
    }  # fmt: skip
    terug = {
        f"WMO{int(code[3:]) + 1}": retour.retour(
            raw, identificatie="RET1", dagtekening=dag, codes={"Client": ["9374"]} if b"<Client>" in raw else {}
        )
        for code, raw in heen.items()
        if code != "WMO323"
    }
    antwoord = retour.antwoord_325(heen["WMO323"], identificatie="G325", dagtekening=dag,
                                   declaratie_codes=["0200"], prestatie_codes={(0, 0): ["9019"]})  # fmt: skip
    return dict(sorted((heen | terug | {"WMO325": antwoord}).items()))


def mutanten(zaad: int, aantal: int) -> Iterator[tuple[str, bytes]]:
    """So many mutants with the kind they come from; the same seed gives the same mutants."""
    kans = random.Random(zaad)
    soorten = list(berichten().items())
    for _ in range(aantal):
        code, raw = kans.choice(soorten)
        for _ in range(kans.choice((0, 1, 1, 1, 2, 3))):
            raw = _in_de_boom(kans, code, raw)
        if kans.random() < 0.3:
            raw = _in_de_bytes(kans, raw)
        yield code, raw


def _in_de_boom(kans: random.Random, code: str, raw: bytes) -> bytes:
    root = etree.fromstring(raw)
    if not len(root):
        return raw
    knoop = kans.choice([*root.iter()][1:])
    ouder = knoop.getparent()
    assert ouder is not None
    daad = kans.randrange(10)
    if daad == 0:
        ouder.remove(knoop)
    elif daad == 1:
        ouder.insert(ouder.index(knoop), etree.fromstring(etree.tostring(knoop)))
    elif daad == 2:
        ouder.insert(kans.randrange(len(ouder)), knoop)
    elif daad == 3:
        knoop.tag = kans.choice((MERK, f"{{urn:{MERK}}}{MERK}", etree.QName(kans.choice([*root.iter()]))))
    elif daad == 4:
        knoop.set(MERK, MERK)
    elif daad == 5:
        knoop.append(etree.fromstring(etree.tostring(kans.choice([*root.iter()]))))
    else:
        blad = kans.choice([e for e in root.iter() if not len(e)])
        waarde = _waarde_van(BERICHTEN[code], root, blad)
        blad.text = _tekst(kans, waarde)
    return etree.tostring(root, xml_declaration=kans.random() < 0.9, encoding="UTF-8")


def _in_de_bytes(kans: random.Random, raw: bytes) -> bytes:
    plek = kans.randrange(len(raw) + 1)
    daad = kans.randrange(6)
    if daad == 0:
        return raw[:plek]
    if daad == 1:
        return raw[:plek] + raw[plek + kans.randrange(1, 40) :]
    if daad == 2 and plek < len(raw):
        return raw[:plek] + bytes([raw[plek] ^ 1 << kans.randrange(8)]) + raw[plek + 1 :]
    if daad == 3:
        return raw[:plek] + kans.choice(_BYTES) + raw[plek:]
    if daad == 4:
        return raw.replace(b"/3_2/", kans.choice((b"/3_1/", b"/3_3/", b"/", b"/3_2//")), kans.randrange(1, 3))
    return raw[:plek] + raw[kans.randrange(len(raw)) :]


def _waarde_van(bericht: Element, root: etree._Element, blad: etree._Element) -> Waarde | None:
    """The simple type of a leaf, None when a mutation made it a stranger."""
    element: Element | None = bericht
    for knoop in [*reversed([*blad.iterancestors()]), blad][1:]:
        kinderen = element.kinderen or SAMENGESTELD.get(element.type or "", ()) if element else ()
        naam = etree.QName(knoop).localname
        element = next((kind for kind in kinderen if kind.naam == naam), None)
    return WAARDEN.get(element.type or "") if element else None


def _tekst(kans: random.Random, waarde: Waarde | None) -> str:
    """A text at, or just over, a border of a type."""
    if waarde is None:
        return MERK
    if waarde.lijst and kans.random() < 0.7:
        return kans.choice([*codelijst(waarde.lijst)])
    if waarde.basis == "date":
        return kans.choice(_DATUMS)
    if waarde.basis == "time":
        return kans.choice(_TIJDEN)
    if waarde.basis == "integer":
        return kans.choice((*_GETALLEN, str(waarde.maximum), str((waarde.maximum or 0) + 1), "0"))
    lengte = kans.choice((0, 1, waarde.maximum or 50, (waarde.maximum or 50) + 1, 300))
    return kans.choice(((MERK * 100)[:lengte], "9" * lengte, " " * lengte, "\n", "é" * lengte, "\u202e" + MERK, "a.b"))
