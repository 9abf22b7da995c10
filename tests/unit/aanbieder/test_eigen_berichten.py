"""A provider builds a 305, 307 and 323 from what it knows, and reads the answers."""

import json
from datetime import date

import pytest

from aanbieder import berichten, klok, oordeel, overzicht
from aanbieder.__main__ import main
from schemas.iwmo import codec, retour
from tests.unit.aanbieder.conftest import A1, GOES, een_301, een_product, lees


@pytest.fixture
def bekend(st):
    oordeel.ontvang(st, een_301())
    return st


def keur(st, klaar, codes=None):
    xml = retour.retour(
        codec.parse(klaar.xml), identificatie=f"R{klaar.volgnr}", dagtekening=klok.vandaag(),
        header_codes=[], codes=codes or {},
    )  # fmt: skip
    return oordeel.ontvang(st, xml)


def test_iv075_start_neemt_client_en_product_van_de_toewijzing(bekend):
    klaar = berichten.start(bekend, GOES, 610001, "2026-02-04")
    bericht = codec.parse(klaar.xml)
    assert (bericht.header.afzender, bericht.header.ontvanger) == (A1, GOES)
    (regel,) = bericht.inhoud()["start_producten"]
    assert regel["product"] == {"categorie": "02", "code": "02A05"}
    assert regel["toewijzing_ingangsdatum"] == "2026-02-02"
    assert bericht.inhoud()["client"]["naam"]["geslachtsnaam"]["achternaam"] == "Testduin"


def test_een_start_die_nog_niet_weg_is_gaat_met_dezelfde_bytes(bekend):
    eerste = berichten.start(bekend, GOES, 610001, "2026-02-04")
    assert berichten.start(bekend, GOES, 610001, "2026-02-04").xml == eerste.xml


def test_stop_hoort_bij_de_laatste_start_en_verandert_de_levering(bekend):
    with pytest.raises(berichten.Onmogelijk):
        berichten.stop(bekend, GOES, 610001, "2026-04-10", "20")
    keur(bekend, berichten.start(bekend, GOES, 610001, "2026-02-04"))
    assert overzicht.toewijzingen(bekend)[0]["levering"] == "gestart"
    stop = berichten.stop(bekend, GOES, 610001, "2026-04-10", "20")
    (regel,) = lees(stop.xml)["stop_producten"]
    assert (regel["begindatum"], regel["reden_beeindiging"]) == ("2026-02-04", "20")
    assert overzicht.toewijzingen(bekend)[0]["levering"] == "tijdelijk_gestopt"


def test_afgekeurde_start_telt_niet(bekend):
    keur(bekend, berichten.start(bekend, GOES, 610001, "2026-02-04"), {"StartProduct[1]": ["9326"]})
    assert overzicht.toewijzingen(bekend)[0]["levering"] == "geen"


@pytest.mark.parametrize(
    ("xml", "uitkomst"),
    [(een_301(), 0), (een_301(een_product(einddatum=None)), 1), (een_301().replace(b">0664<", b">664<"), 2)],
    ids=["goed", "cd076", "xsd"],
)
def test_ontvang_schrijft_de_302_en_geeft_de_exitcode(tmp_path, capfdbinary, xml, uitkomst):
    bestand = tmp_path / "in.xml"
    bestand.write_bytes(xml)
    assert main(["--staat", str(tmp_path / "s"), "ontvang", str(bestand)]) == uitkomst
    uit = capfdbinary.readouterr().out
    assert (codec.parse(uit).soort.code == "WMO302") if uitkomst < 2 else uit == b""


def test_toewijzingen_als_json_met_de_velden_van_de_api(tmp_path, capsys):
    bestand = tmp_path / "in.xml"
    bestand.write_bytes(een_301())
    main(["--staat", str(tmp_path / "s"), "ontvang", str(bestand)])
    capsys.readouterr()
    assert main(["--staat", str(tmp_path / "s"), "toewijzingen", "--json"]) == 0
    (rij,) = json.loads(capsys.readouterr().out)
    assert rij["client_id"] is None and rij["aanbieder"] == A1 and rij["levering"] == "geen"


def test_vandaag_volgt_de_testklok(tmp_path, monkeypatch):
    monkeypatch.setenv("ZORGKETEN_LOKAAL_MAP", str(tmp_path))
    (tmp_path / "klok.json").write_text('{"versie": 1, "offset_s": -86400000}')
    assert klok.vandaag() < date.today()
