"""Every row of the matrix message x class x element x rule: the rule is enforced on that very element.

The matrix is an official list and not in the project; these tests run where it stands next to the checkout. Each
row has a message that passes (the full example of its kind) and one that fails, changed in that element alone.
"""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from schemas.iwmo import codec, rules
from schemas.iwmo.bericht import SOORTEN, Bevinding, NietLeesbaar
from schemas.iwmo.structuur import RETOUREN
from tests.unit.iwmo import vol

FEITEN = Path(__file__).parents[4] / "shared" / "iwmo"
pytestmark = pytest.mark.skipif(not FEITEN.is_dir(), reason="the matrix is not next to the checkout")
Rij = dict[str, str]

UITZONDERINGEN = {
    ("WMO315", "Client", "GezagsdragerBekend"): "an element of iJw, not in the XSD of iWmo",
    ("WMO319", "Woonplaatsbeginsel", "Gemeente"): "a class of iJw, not in the XSD of iWmo",
}


def rijen() -> list[Rij]:
    if not FEITEN.is_dir():
        return []
    with (FEITEN / "rule_elements.csv").open(encoding="utf-8") as bestand:
        return list(csv.DictReader(bestand))


def sleutel(rij: Rij) -> tuple[str, str, str]:
    return rij["message"], rij["class"], rij["element"]


def naam(rij: Rij) -> str:
    velden = ("message", "class", "element", "sub_element", "sub_sub_element", "rule")
    return "-".join(rij[veld] for veld in velden if rij[veld])


GELDENDE = [rij for rij in rijen() if sleutel(rij) not in UITZONDERINGEN]
NIVEAU_1 = [rij for rij in GELDENDE if not rij["retourcode"]]
NIVEAU_2 = [rij for rij in GELDENDE if rij["retourcode"]]

LENGTE = {"RS008": 1, "RS009": 2, "RS010": 3, "RS011": 4, "RS012": 5, "RS013": 6, "RS014": 8, "RS015": 9,
          "RS016": 10, "RS017": 12, "RS018": 15, "RS019": 20, "RS020": 24, "RS021": 25, "RS023": 35, "RS024": 36,
          "RS025": 64, "RS026": 80, "RS028": 200}  # fmt: skip
FOUT = {"RS001": "-1", "RS002": "100", "RS004": "100000", "RS005": "100000000", "RS006": "1000000000",
        "RS040": "1000000000000", "RS031": " ", "RS032": "2026-02-30", "RS033": " ", "RS034": "10:00:00Z",
        "RS035": "66", "RS036": "123", "RS037": "12345", "RS045": "A.B.", "RS046": "06-12", "RS047": "999",
        "RS048": "1.0", "CS015": "1", "CS025": "2", "CS319": "D 1"}  # fmt: skip


def berichten_van(rij: Rij) -> list[str]:
    return list(RETOUREN.values()) if rij["message"] == "WMO Retour" else [rij["message"]]


def stappen(rij: Rij) -> list[str]:
    return [rij[veld] for veld in ("class", "element", "sub_element", "sub_sub_element") if rij[veld]]


def op_plek(bevindingen: list[Bevinding], delen: list[str]) -> set[str]:
    """The rules that were found at the element, at a part of it, or at its nearest parent when it is absent."""
    tot_hier = ["/".join(delen[:aantal]) for aantal in range(1, len(delen) + 1)]
    paden = {b: re.sub(r"\[\d+\]", "", b.pad) for b in bevindingen}
    return {b.regel for b, pad in paden.items() if tot_hier[-1] in pad or pad.endswith(tuple(tot_hier))}


def niveau_1(raw: bytes) -> list[Bevinding]:
    try:
        codec.parse(raw)
    except NietLeesbaar as fout:
        return list(fout.bevindingen)
    return []


def test_the_matrix_is_whole() -> None:
    assert len(rijen()) == 481
    assert {sleutel(rij) for rij in rijen() if rij["in_wmo_xsd"] != "yes"} == UITZONDERINGEN.keys()


@pytest.mark.parametrize("code", SOORTEN)
def test_the_full_message_passes(code: str) -> None:
    assert rules.check(codec.parse(vol.bericht(code))) == []


@pytest.mark.parametrize("rij", NIVEAU_1, ids=naam)
def test_level_1_rule_on_its_element(rij: Rij) -> None:
    delen, regel = stappen(rij), rij["rule"]
    element = delen[-1]
    waarde = FOUT.get(regel) or ("A" if element == "Voorletters" else "1") * (LENGTE[regel] + 1)
    verwacht = rij["codelist"] or regel
    for code in berichten_van(rij):
        root = etree.fromstring(vol.bericht(code))
        gevonden = root.xpath("//" + "/".join(f"*[local-name()='{deel}']" for deel in delen))
        assert gevonden, "the full message has this element"
        for nummer in range(len(gevonden)):
            kopie = etree.fromstring(vol.bericht(code))
            knoop = kopie.xpath("//" + "/".join(f"*[local-name()='{deel}']" for deel in delen))[nummer]
            knoop.text = waarde
            bevindingen = niveau_1(etree.tostring(kopie))
            assert [b.regel for b in bevindingen] == [verwacht] and op_plek(bevindingen, delen)
            assert bevindingen[0].niveau == 1 and bevindingen[0].retourcode is None


def zet(**waarden: Any) -> Callable[[dict[str, Any]], None]:
    """Changes of a record; a key with __ is a value one deeper."""

    def doe(record: dict[str, Any]) -> None:
        for pad, waarde in waarden.items():
            blok, (*boven, veld) = record, pad.split("__")
            for deel in boven:
                blok = blok[deel]
            assert veld in blok, pad
            blok[veld] = waarde

    return doe


MAAND_2020 = {"begindatum": "2020-12-01", "einddatum": "2020-12-31"}
BREEK: dict[str, Callable[[dict[str, Any]], None]] = {
    "CD005": zet(adres__land_code=None),
    "CD007": zet(communicatie__taal=None),
    "CD009": zet(soort="02"),
    "CD025": zet(adres__huis=None),
    "CD034": zet(soort="01", adres__postcode=None, adres__land_code=None),
    "CD041": zet(omvang=None),
    "CD043": zet(beschikking_ingangsdatum=None),
    "CD060": zet(vorig_referentie_nummer="R0"),
    "CD066": zet(verwijzer__zorgverlener_code="12345678"),
    "CD067": zet(verwijzer__naam=None),
    "CD068": zet(verwijzer={"type": "01", "zorgverlener_code": "12345678"}),
    "CD075": zet(omvang=None, budget_cent=1, einddatum=None),
    "CD076": zet(omvang__frequentie="2", einddatum=None),
    "CD077": zet(budget_cent=1),
    "CD078": zet(budget_cent=1),
    "CD079": zet(product=None, omvang=None, budget_cent=None),
    "CD080": zet(product__code=None),
    "CD085": zet(reden_afwijzing_verzoek=None),
    "CD086": zet(verzoek_antwoord="2"),
    "CD087": zet(product_tarief_cent=None),
    "CD095": zet(product__code=None),
    "CD096": zet(product__code=None),
    "CS002": zet(bsn="123456789"),
    "CS003": zet(einddatum="2021-01-01"),
    "CS050": zet(naam__naam_gebruik="5"),
    "CS058": zet(status_aanlevering="2"),
    "CS089": zet(adres__postcode="A461AB"),
    "CS100": zet(**MAAND_2020),
    "CS139": zet(geboortedatum__datum="1950-05-17"),
    "CS318": zet(naam__naam_gebruik="6"),
    "CS325": zet(debet_credit="C", vorig_referentie_nummer="R0", ingediend_cent=0),
    "CS335": zet(reden_wijziging="13"),
    "CS336": zet(reden_wijziging="01"),
    "CS337": zet(begindatum="2026-02-28"),
    "CS338": zet(omvang__eenheid="14", omvang__frequentie="1"),
    "CS339": zet(eenheid="83", product_tarief_cent=None, geleverd_volume=1),
    "CS340": zet(declaratie_periode__einddatum="2026-03-30"),
    "CS343": zet(omvang__eenheid="14", omvang__frequentie="1"),
}
EIGEN = {
    ("Contact", "CS003"): zet(periode__einddatum="2025-01-01"),
    ("Declaratie", "CS100"): zet(declaratie_periode=MAAND_2020),
    **{("AangevraagdProduct", regel): (lambda breek: lambda record: breek(_Vot(record)))(BREEK[regel])
       for regel in ("CD075", "CD076", "CS003")},
}  # fmt: skip


class _Vot(dict[str, Any]):
    """An AangevraagdProduct under the names of the other products."""

    def __init__(self, record: dict[str, Any]) -> None:
        super().__init__(record | {"einddatum": None})
        self._record = record

    def __setitem__(self, naam: str, waarde: Any) -> None:
        self._record["toewijzing_einddatum" if naam == "einddatum" else naam] = waarde


def records(code: str, inhoud: dict[str, Any], klasse: str) -> list[dict[str, Any]]:
    """The records of a class in the content of a message."""
    client = inhoud.get("client") or {}
    verzoek = client.get("verzoek") or {}
    antwoord = inhoud.get("declaratie_antwoord") or {}
    clienten = inhoud.get("clienten") or antwoord.get("clienten") or [client]
    return {
        "Client": clienten,
        "Relatie": client.get("relaties"),
        "Contact": [*client.get("contactgegevens", ())[1:], *(r["contact"] for r in client.get("relaties", ()))],
        "ToegewezenProduct": inhoud.get("toegewezen_producten", [])[:1],
        "StartProduct": inhoud.get("start_producten"),
        "StopProduct": inhoud.get("stop_producten"),
        "AangevraagdProduct": inhoud.get("aangevraagde_producten", [])[:1],
        "NieuwProduct": verzoek.get("nieuwe_producten", [])[:1],
        "TeWijzigenProduct": verzoek.get("te_wijzigen_producten", [])[:1],
        "Antwoord": [inhoud.get("antwoord")],
        "Declaratie": [inhoud],
        "DeclaratieAntwoord": [antwoord],
        "Prestatie": clienten[0].get("prestaties", [])[:1],
    }[klasse]


def nul_met_credit(raw: bytes, element: str) -> bytes:
    """The total with the amount 0 and C."""
    root = etree.fromstring(raw)
    (totaal,) = root.iter(f"{{*}}{element}")
    totaal[0].text, totaal[1].text = "0", "C"
    return etree.tostring(root)


@pytest.mark.parametrize("rij", NIVEAU_2, ids=naam)
def test_level_2_rule_on_its_element(rij: Rij) -> None:
    code, klasse, regel = rij["message"], rij["class"], rij["rule"]
    delen = stappen(rij)
    fout = []
    if rij["element"].startswith("Totaal"):
        fout.append(nul_met_credit(vol.bericht(code), rij["element"]))
    else:
        for nummer in range(len(records(code, vol.inhoud(code), klasse))):
            inhoud = vol.inhoud(code)
            EIGEN.get((klasse, regel), BREEK.get(regel))(records(code, inhoud, klasse)[nummer])
            fout.append(vol.bericht(code, inhoud))
    assert fout
    for raw in fout:
        bevindingen = rules.check(codec.parse(raw))
        assert regel in op_plek(bevindingen, delen), [(b.regel, b.pad) for b in bevindingen]
        assert {b.retourcode for b in bevindingen} == {rij["retourcode"]}
