"""Our XSDs say the same as the official ones, and what we write is valid according to both."""

import csv
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from schemas.iwmo import codes, retour, xsd
from schemas.iwmo.rules.teksten import TEKSTEN
from schemas.iwmo.structuur import BERICHTEN, MAP, WAARDEN
from tests.unit.iwmo import voorbeelden as v

FEITEN = Path(__file__).parents[4] / "shared" / "iwmo"
XS = "{http://www.w3.org/2001/XMLSchema}"
met_feiten = pytest.mark.skipif(not FEITEN.is_dir(), reason="the official schemas are not next to the checkout")


def officieel(code: str) -> Path:
    pad = FEITEN / "xsd" / f"{code}.xsd"
    return pad if pad.exists() else FEITEN / "xsd" / "derived" / f"{code}.xsd"


def boom(pad: Path, basis: Path) -> Any:
    """A schema without its names of types: (element, min, max, children or facets)."""
    types = {e.get("name"): e for doc in (basis, pad) for e in etree.parse(doc).getroot() if e.get("name")}

    def facetten(soort: etree._Element) -> frozenset[tuple[str, str | None]]:
        beperking = soort.find(XS + "restriction")
        eigen = {(str(f.tag), f.get("value")) for f in beperking if isinstance(f.tag, str)}
        boven = str(beperking.get("base"))
        alles = eigen | (facetten(types[boven.split(":")[1]]) if not boven.startswith("xs:") else {("basis", boven)})
        met_lijst = any(naam == XS + "enumeration" for naam, _ in alles)
        # a code list fixes the length, so a maxLength next to it says nothing more
        return frozenset(f for f in alles if not (met_lijst and f[0] == XS + "maxLength"))

    def inhoud(e: etree._Element) -> Any:
        soort = types[str(e.get("type")).split(":")[1]] if e.get("type") else e[-1]
        if soort.tag == XS + "simpleType":
            return facetten(soort)
        return tuple(een(kind) for kind in soort.find(XS + "sequence") if kind.tag == XS + "element")

    def een(e: etree._Element) -> Any:
        return e.get("name"), e.get("minOccurs", "1"), e.get("maxOccurs", "1"), inhoud(e)

    return een(next(e for e in etree.parse(pad).getroot() if e.tag == XS + "element"))


@met_feiten
@pytest.mark.parametrize("code", BERICHTEN)
def test_own_xsd_equals_the_official_one(code: str) -> None:
    eigen = boom(MAP / f"{code}.xsd", MAP / "basisschema.xsd")
    assert eigen == boom(officieel(code), FEITEN / "xsd" / "basisschema.xsd")


def test_the_files_are_what_the_description_makes() -> None:
    for naam, tekst in xsd.bestanden().items():
        assert (MAP / naam).read_text("utf-8") == tekst, f"run python -m schemas.iwmo.xsd: {naam}"


def berichten() -> dict[str, bytes]:
    heen = {"WMO301": v.wmo301(), "WMO305": v.wmo305(), "WMO307": v.wmo307()}
    kop = {"identificatie": "R1", "dagtekening": v.DAG}
    uit = dict(heen)
    for code, antwoord in (("WMO301", "WMO302"), ("WMO305", "WMO306"), ("WMO307", "WMO308")):
        uit[antwoord] = retour.retour(heen[code], **kop)
        uit[antwoord + " 0001"] = retour.retour(heen[code], **kop, header_codes=["0001"])
        uit[antwoord + " klassen"] = retour.retour(heen[code], **kop, codes={"Client": ["0200"]})
    uit["WMO323"] = v.wmo323(v.prestatie(), v.prestatie(referentie_nummer="R2", product_code="02B10"))
    uit["WMO325"] = retour.antwoord_325(uit["WMO323"], **kop)
    uit["WMO325 deel"] = retour.antwoord_325(uit["WMO323"], **kop, prestatie_codes={(0, 0): ["9338"]})
    return uit


@met_feiten
@pytest.mark.parametrize("naam", berichten())
def test_what_we_write_is_valid_officially(naam: str) -> None:
    schema = etree.XMLSchema(etree.parse(officieel(naam.split()[0])))
    schema.assertValid(etree.fromstring(berichten()[naam]))


@met_feiten
def test_every_level_2_rule_has_its_words() -> None:
    with (FEITEN / "rules.csv").open(encoding="utf-8") as bestand:
        regels = {r["code"] for r in csv.DictReader(bestand)
                  if r["controleniveau"].startswith("2") and r["source"] == "wmo"}  # fmt: skip
    assert regels <= TEKSTEN.keys()


@met_feiten
def test_every_code_list_is_complete_with_labels_and_validity() -> None:
    """By the number of the list (typen.txt), which is the start of the name of its official file."""
    officieel_bij = {pad.name.split("_")[0]: pad for pad in (FEITEN / "codelists").glob("*.csv")}
    lijsten = {(w.lijst, officieel_bij[w.lijst_nummer]) for w in WAARDEN.values() if w.lijst and w.lijst_nummer}
    lijsten |= {("gemeente", officieel_bij["CBS"]), ("hulpmiddelen", officieel_bij["Hulpmiddelen"])}
    assert {lijst for lijst, _ in lijsten} == {pad.stem for pad in (MAP.parent / "codelists").glob("*.csv")}
    velden = ("code", "label", "valid_from", "valid_to")
    for lijst, pad in lijsten:
        rijen = [[rij[veld] for veld in velden] for rij in _rijen(pad)]
        assert [[rij[veld] for veld in velden] for rij in _rijen(MAP.parent / "codelists" / f"{lijst}.csv")] == rijen
        assert dict(codes.codelijst(lijst)) == {code: label for code, label, *_ in rijen}


def _rijen(pad: Path) -> list[dict[str, str]]:
    with pad.open(encoding="utf-8", newline="") as bestand:
        return list(csv.DictReader(bestand))
