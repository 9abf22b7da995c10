"""S03-S18, S47 and S49 through the command line: exit code, the 302 or 320, and what is kept.

The decisive step of a scenario runs as `python -m aanbieder` in a process of its own; the steps before it,
and the finer cases, call the same `main` here. Each provider has a state and a test clock of its own.
"""

import contextlib
import io
import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aanbieder.__main__ import main
from schemas.iwmo import codec, retour, schrijf
from tests.unit.aanbieder.conftest import A1, BSN, CLIENT, GOES, een_301, een_product

WORTEL = Path(__file__).resolve().parents[3]
VANDAAG = date(2026, 4, 7)


class Aanbieder:
    """One provider on a day of its own."""

    def __init__(self, map_):
        self.map, self.staat = map_, map_ / "staat"
        offset = datetime(2026, 4, 7, 10, tzinfo=UTC) - datetime.now(UTC)
        (map_ / "klok.json").write_text(json.dumps({"versie": 1, "offset_s": offset.total_seconds()}))
        self.nummer = 0

    def doe(self, *opdracht, apart=False):
        """(exit code, stdout, stderr) of one command, `apart` = as a process of its own."""
        regel = ["--staat", str(self.staat), *map(str, opdracht)]
        if apart:
            klaar = subprocess.run(
                [sys.executable, "-m", "aanbieder", *regel], cwd=WORTEL, capture_output=True, timeout=120, check=False
            )
            return klaar.returncode, klaar.stdout, klaar.stderr.decode()
        uit, fout = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        with contextlib.redirect_stdout(uit), contextlib.redirect_stderr(fout):
            code = main(regel)
        uit.flush()
        return code, uit.buffer.getvalue(), fout.getvalue()

    def ontvang(self, xml, apart=False):
        """Exit code, the content of the answer or None, and what was told."""
        self.nummer += 1
        bestand = self.map / f"{self.nummer}.xml"
        bestand.write_bytes(xml)
        code, uit, fout = self.doe("ontvang", bestand, apart=apart)
        return code, codec.parse(uit).inhoud() if uit else None, fout

    def bewaar_eigen(self, xml):
        """A message of our own that was made, and did not leave for want of a knooppunt."""
        bestand = self.map / "eigen.xml"
        bestand.write_bytes(xml)
        assert self.doe("verstuur", bestand)[0] == 1

    def lijst(self, opdracht):
        return json.loads(self.doe(opdracht, "--json")[1])

    def declaratie(self):
        (rij,) = [bericht for bericht in self.lijst("berichten") if bericht["soort"] == "WMO323"]
        return rij["status"], rij["retourcodes"]


@pytest.fixture
def aanbieder(tmp_path, monkeypatch):
    for naam in ("ZORGKETEN_KNOOPPUNT", "ZORGKETEN_TOKEN"):
        monkeypatch.delenv(naam, raising=False)
    monkeypatch.setenv("ZORGKETEN_LOKAAL_MAP", str(tmp_path))
    return Aanbieder(tmp_path)


def alleen_0001(antwoord):
    return antwoord == {"retourcodes": ["0001"], "client": None, "toegewezen_producten": []}


@pytest.mark.parametrize(
    ("producten", "regel"),
    [
        ([een_product(omvang=None)], "CD041"),
        ([een_product(einddatum=None)], "CD076"),
        ([een_product(), een_product(toewijzing_nummer=610002, ingangsdatum="2026-07-01", einddatum="2026-12-31")], "TR302"),
        ([een_product(omvang={"volume": 3, "eenheid": "14", "frequentie": "1"})], "CS338"),
        ([een_product(reden_wijziging="13", einddatum="2026-02-03")], "CS335"),
        ([een_product(product={"categorie": "02", "code": None}, omvang=None, budget_cent=300000, einddatum=None)], "CD075"),
    ],
    ids=["s03_cd041", "s04_cd076", "s06_tr302", "s07_cs338", "s16_cs335", "s18_cd075"],
)  # fmt: skip
def test_niveau_2_geeft_alleen_een_header_met_0001(aanbieder, producten, regel):
    code, antwoord, fout = aanbieder.ontvang(een_301(*producten), apart=True)
    assert code == 1
    assert alleen_0001(antwoord)
    assert regel in fout
    assert aanbieder.lijst("toewijzingen") == []


def test_s06_tr302_hulpmiddelen_mogen_overlappen(aanbieder):
    anders = {
        "product": {"categorie": "12", "code": "12X00"},
        "omvang": {"volume": 1, "eenheid": "82", "frequentie": "6"},
    }
    tweede = een_product(toewijzing_nummer=610002, ingangsdatum="2026-07-01", einddatum="2026-12-31", **anders)
    code, antwoord, _ = aanbieder.ontvang(een_301(een_product(**anders), tweede))
    assert (code, antwoord["retourcodes"]) == (0, [])


def test_s08_niet_volgens_xsd_geeft_geen_retour_en_bewaart_niets(aanbieder):
    code, antwoord, fout = aanbieder.ontvang(een_301().replace(b">0664<", b">664<"), apart=True)
    assert (code, antwoord) == (2, None)
    assert "RS035" in fout and "664" not in fout
    assert not (aanbieder.staat / "uit").exists()
    assert aanbieder.lijst("berichten") == []


def test_s10_tr135_dagtekening_van_morgen_geeft_8848(aanbieder):
    code, antwoord, _ = aanbieder.ontvang(een_301(dagtekening=VANDAAG + timedelta(days=1)), apart=True)
    assert (code, antwoord["retourcodes"], antwoord["client"]) == (1, ["8848"], None)
    assert aanbieder.ontvang(een_301(identificatie="B", dagtekening=VANDAAG))[0] == 0


def test_s11_cs002_bsn_zonder_elfproef_geeft_0001_en_noemt_het_bsn_niet(aanbieder):
    code, antwoord, fout = aanbieder.ontvang(een_301(bsn="999900019"), apart=True)
    assert code == 1 and alleen_0001(antwoord)
    assert "CS002" in fout and "999900019" not in fout


def een_323(**anders):
    regel = {
        "referentie_nummer": "R-0001", "vorig_referentie_nummer": None, "toewijzing_nummer": 610001,
        "product_categorie": "02", "product_code": "02A05", "begindatum": "2026-02-02", "einddatum": "2026-02-28",
        "geleverd_volume": 12, "eenheid": "04", "product_tarief_cent": 5875, "ingediend_cent": 70500,
        "debet_credit": "D",
    }  # fmt: skip
    declaratie = {
        "declaratie_nummer": "DN2602A",
        "declaratie_periode": {"begindatum": "2026-02-01", "einddatum": "2026-02-28"},
        "declaratie_dagtekening": "2026-03-03",
        "clienten": [{"bsn": BSN, "prestaties": [regel | anders]}],
    }
    return schrijf.declaratie_323(
        afzender=A1, ontvanger=GOES, identificatie="D2602A", dagtekening=date(2026, 3, 3), declaratie=declaratie
    )


def een_325(op=None, **codes):
    return retour.antwoord_325(op or een_323(), identificatie="GO26D1", dagtekening=date(2026, 3, 10), **codes)


VERWIJDERD = een_product(
    toewijzingsdatum="2026-04-01", einddatum="2026-02-02", reden_wijziging="13"
)  # fmt: skip


def test_s14_tr385_verwijderen_na_toegekende_prestatie_geeft_9385_op_het_product(aanbieder):
    aanbieder.ontvang(een_301())
    aanbieder.bewaar_eigen(een_323())
    assert aanbieder.ontvang(een_325())[0] == 0
    weg = een_301(VERWIJDERD, identificatie="B", dagtekening=date(2026, 4, 1))
    code, antwoord, _ = aanbieder.ontvang(weg, apart=True)
    assert code == 1
    assert antwoord["retourcodes"] == ["0200"]
    assert antwoord["client"]["retourcodes"] == ["0200"]
    assert [c["retourcodes"] for c in antwoord["client"]["contactgegevens"]] == [["0200"]]
    assert [p["retourcodes"] for p in antwoord["toegewezen_producten"]] == [["9385"]]
    (rij,) = aanbieder.lijst("toewijzingen")
    assert (rij["status"], rij["einddatum"]) == ("actief", "2026-07-31"), "a refused 301 changes nothing"


def test_s14_iv032_een_fout_keurt_ook_het_nieuwe_nummer_af(aanbieder):
    aanbieder.ontvang(een_301())
    aanbieder.bewaar_eigen(een_323())
    aanbieder.ontvang(een_325())
    nieuw = een_product(toewijzing_nummer=610009, product={"categorie": "07", "code": "07A12"},
                        omvang={"volume": 2, "eenheid": "16", "frequentie": "2"})  # fmt: skip
    code, antwoord, _ = aanbieder.ontvang(een_301(VERWIJDERD, nieuw, identificatie="B", dagtekening=date(2026, 4, 1)))
    assert code == 1
    assert [p["retourcodes"] for p in antwoord["toegewezen_producten"]] == [["9385"], ["0200"]]
    assert [rij["toewijzing_nummer"] for rij in aanbieder.lijst("toewijzingen")] == [610001]


def test_een_325_met_afgekeurde_regels_is_zelf_in_orde(aanbieder):
    aanbieder.ontvang(een_301())
    aanbieder.bewaar_eigen(een_323())
    assert aanbieder.ontvang(een_325(prestatie_codes={(0, 0): ["9321"]})) == (0, None, "")
    assert aanbieder.declaratie() == ("beantwoord", ["9321"])


@pytest.mark.parametrize(
    ("maak", "regel"),
    [
        (lambda: een_325().replace(b">D2602A<", b">D2602B<"), "TR337"),
        (lambda: een_325().replace(b">DN2602A<", b">DN2602B<"), "TR376"),
        (lambda: een_325(prestatie_codes={(0, 0): ["9321"]}).replace(b">R-0001<", b">R-0002<"), "TR366"),
        (lambda: een_325(prestatie_codes={(0, 0): ["9321"]}).replace(b">2026-02-02<", b">2026-02-01<"), "TR367"),
        (lambda: een_325(prestatie_codes={(0, 0): ["9321"]}).replace(BSN.encode(), b"999900031"), "TR304"),
        (lambda: een_325(toegekend_cent=70000), "TR342"),
        (lambda: een_325(op=een_323(geleverd_volume=11, ingediend_cent=64625)), "TR342"),
        (lambda: een_325().replace(b"1.0.0</iwmo:BerichtXsdVersie>\r\n    </XsdVersieDeclaratie>",
                                   b"1.0.1</iwmo:BerichtXsdVersie>\r\n    </XsdVersieDeclaratie>"), "TR371"),
    ],
    ids=["tr337", "tr376", "tr366", "tr367", "tr304", "tr342", "tr342_ander_totaal", "tr371"],
)  # fmt: skip
def test_een_325_die_niet_past_verandert_niets(aanbieder, maak, regel):
    aanbieder.ontvang(een_301())
    aanbieder.bewaar_eigen(een_323())
    code, antwoord, fout = aanbieder.ontvang(maak())
    assert (code, antwoord) == (1, None), "there is no retour on a 325"
    assert regel in fout
    assert aanbieder.declaratie() == ("te_versturen", [])
    assert aanbieder.ontvang(een_301(VERWIJDERD, identificatie="B", dagtekening=date(2026, 4, 1)))[0] == 0


def test_een_tweede_325_op_een_declaratie_telt_niet(aanbieder):
    aanbieder.ontvang(een_301())
    aanbieder.bewaar_eigen(een_323())
    aanbieder.ontvang(een_325())
    tweede = een_325(prestatie_codes={(0, 0): ["9321"]}).replace(b">GO26D1<", b">GO26D2<")
    code, _, fout = aanbieder.ontvang(tweede)
    assert code == 1 and "OP355" in fout


def een_315(*referenties, identificatie="V1"):
    producten = [
        {
            "referentie_aanbieder": referentie, "product": product, "toewijzing_ingangsdatum": "2026-04-13",
            "toewijzing_einddatum": "2026-12-31", "omvang": omvang, "verwijzer": {"type": "01"},
        }
        for referentie, product, omvang in zip(
            referenties,
            ({"categorie": "02", "code": "02A05"}, {"categorie": "07", "code": "07A12"}),
            ({"volume": 3, "eenheid": "04", "frequentie": "2"}, {"volume": 4, "eenheid": "16", "frequentie": "2"}),
            strict=False,
        )
    ]  # fmt: skip
    inhoud = {
        "bsn": BSN, "geboortedatum": {"datum": CLIENT["geboortedatum"]}, "geslacht": "2",
        "naam": {"geslachtsnaam": {"achternaam": "Testduin"}}, "aangevraagde_producten": producten,
    }  # fmt: skip
    return schrijf.schrijf_bericht("WMO315", A1, GOES, identificatie, date(2026, 3, 9), inhoud)


def een_319(antwoord, reden=None, referentie="REF-7002", identificatie="GO26N1"):
    inhoud = {"referentie_aanbieder": referentie, "verzoek_antwoord": antwoord, "reden_afwijzing_verzoek": reden}
    return schrijf.schrijf_bericht("WMO319", GOES, A1, identificatie, date(2026, 3, 16), inhoud)


def codes_320(uitkomst):
    code, antwoord, _ = uitkomst
    return code, antwoord["retourcodes"], (antwoord["antwoord"] or {}).get("retourcodes")


def test_s47_tr360_tweede_antwoord_2_geeft_9360(aanbieder):
    aanbieder.bewaar_eigen(een_315("REF-7001", "REF-7002"))
    assert codes_320(aanbieder.ontvang(een_319("2"))) == (0, [], None)
    assert codes_320(aanbieder.ontvang(een_319("2", identificatie="GO26N2"), apart=True)) == (1, ["0200"], ["9360"])


def test_tr365_antwoord_na_een_afwijzing_geeft_9365(aanbieder):
    aanbieder.bewaar_eigen(een_315("REF-7001", "REF-7002"))
    assert codes_320(aanbieder.ontvang(een_319("1", "2"))) == (0, [], None)
    assert codes_320(aanbieder.ontvang(een_319("1", "2", identificatie="GO26N2"))) == (1, ["0200"], ["9365"])


def test_tr355_onbekende_referentie_geeft_9355(aanbieder):
    assert codes_320(aanbieder.ontvang(een_319("1", "2"))) == (1, ["0200"], ["9355"])


def test_tr359_antwoord_na_de_toewijzing_geeft_9359_en_tr379_tweede_keer_geeft_9379(aanbieder):
    aanbieder.bewaar_eigen(een_315("REF-7001"))
    toegekend = een_product(referentie_aanbieder="REF-7001", ingangsdatum="2026-04-13", einddatum="2026-12-31",
                            toewijzingsdatum="2026-03-16")  # fmt: skip
    assert aanbieder.ontvang(een_301(toegekend, dagtekening=date(2026, 3, 16)))[0] == 0
    assert codes_320(aanbieder.ontvang(een_319("2", referentie="REF-7001"))) == (1, ["0200"], ["9359"])
    code, antwoord, _ = aanbieder.ontvang(een_301(toegekend, identificatie="B", dagtekening=date(2026, 3, 17)))
    assert (code, antwoord["toegewezen_producten"][0]["retourcodes"]) == (1, ["9379"])
    (verzoek,) = aanbieder.lijst("verzoeken")
    assert verzoek["status"] == "toegewezen"


def test_s49_cd086_reden_bij_antwoord_2_geeft_0001(aanbieder):
    aanbieder.bewaar_eigen(een_315("REF-7001", "REF-7002"))
    code, antwoord, fout = aanbieder.ontvang(een_319("2", "2"), apart=True)
    assert (code, antwoord["retourcodes"], antwoord["antwoord"]) == (1, ["0001"], None)
    assert "CD086" in fout


def test_tr381_code_van_een_andere_categorie_geeft_s329(aanbieder):
    code, antwoord, _ = aanbieder.ontvang(een_301(een_product(product={"categorie": "07", "code": "02A05"})))
    assert (code, antwoord["toegewezen_producten"][0]["retourcodes"]) == (1, ["S329"])


def test_op286_na_0001_mag_de_identificatie_opnieuw(aanbieder):
    assert aanbieder.ontvang(een_301(een_product(omvang=None)))[0] == 1
    assert aanbieder.ontvang(een_301())[0] == 0
    code, antwoord, _ = aanbieder.ontvang(een_301(een_product(toewijzing_nummer=610002)))
    assert (code, antwoord["retourcodes"]) == (1, ["9056"])


def test_een_bericht_voor_de_gemeente_hoort_hier_niet(aanbieder):
    code, antwoord, fout = aanbieder.ontvang(een_323())
    assert (code, antwoord) == (2, None) and fout


def test_alle_bestanden_worden_gelezen_en_de_slechtste_uitkomst_telt(aanbieder):
    goed, fout = aanbieder.map / "goed.xml", aanbieder.map / "fout.xml"
    goed.write_bytes(een_301())
    fout.write_bytes(b"<geen bericht")
    code, uit, _ = aanbieder.doe("ontvang", fout, aanbieder.map / "bestaat-niet.xml", goed)
    assert code == 2
    (bewaard,) = (aanbieder.staat / "uit").iterdir()
    assert bewaard.read_bytes() == uit


def test_de_staat_is_alleen_voor_de_eigenaar(aanbieder):
    aanbieder.ontvang(een_301())
    paden = [aanbieder.staat, *aanbieder.staat.rglob("*")]
    assert {p.stat().st_mode & 0o077 for p in paden} == {0}
    assert len(paden) >= 4


def test_gebruiksfouten_zijn_in_het_nederlands_en_noemen_geen_waarde(aanbieder):
    code, _, fout = aanbieder.doe("start", "--gemeente", "0664", "610001", "vier februari", apart=True)
    assert code == 2
    assert "DATUM: een datum zoals 2026-02-04" in fout and "vier" not in fout
