"""A CSV becomes a 323; approved lines are corrected (IV086, IV091), refused ones go again (S53)."""

from datetime import date

import pytest

from aanbieder import berichten, correcties, declareren, klok, oordeel, staat, urenlijst
from schemas.iwmo import retour
from tests.unit.aanbieder.conftest import A1, GOES, een_301, een_product, lees


@pytest.fixture
def bekend(st):
    aspecifiek = een_product(
        toewijzing_nummer=640001, product={"categorie": "07", "code": None}, omvang=None, budget_cent=300000
    )
    euros = een_product(
        toewijzing_nummer=650001, product={"categorie": "03", "code": "03B10"},
        omvang={"volume": 25000, "eenheid": "83", "frequentie": "2"},
    )  # fmt: skip
    oordeel.ontvang(st, een_301(een_product(), aspecifiek, euros))
    return st


@pytest.fixture
def declareer(bekend, tmp_path):
    """Claim a CSV; give the message, stored and not sent."""

    def doe(tekst, periode="2026-02"):
        bestand = tmp_path / "uren.csv"
        bestand.write_text(tekst)
        regels = urenlijst.lees(bekend, bestand, periode)
        daad = urenlijst.daad_van(GOES, periode, bestand.read_bytes())
        return declareren.declaratie(bekend, A1, GOES, regels, periode, daad=daad)

    return doe


def regels_van(klaar):
    return [regel for client in lees(klaar.xml)["clienten"] for regel in client["prestaties"]]


def beantwoord(st, klaar, **codes):
    xml = retour.antwoord_325(
        klaar.xml, identificatie=berichten.nieuwe_identificatie(), dagtekening=klok.vandaag(), **codes
    )
    assert oordeel.ontvang(st, xml).goedgekeurd


KORT = "toewijzing_nummer,volume,tarief_cent\n610001,12,5875\n"


def test_s50_de_toewijzing_vult_product_eenheid_en_periode_aan(declareer):
    klaar = declareer(KORT)
    inhoud, (regel,) = lees(klaar.xml), regels_van(klaar)
    assert inhoud["totaal_ingediend_cent"] == 70500
    assert inhoud["declaratie_periode"] == {"begindatum": "2026-02-01", "einddatum": "2026-02-28"}
    assert (regel["begindatum"], regel["einddatum"]) == ("2026-02-02", "2026-02-28")
    assert (regel["product_categorie"], regel["product_code"], regel["eenheid"]) == ("02", "02A05", "04")
    assert regel["ingediend_cent"] == 70500 and len(regel["referentie_nummer"]) == 12


@pytest.mark.parametrize(
    ("eenheid", "verwacht"), [("", (6, "04", 5875, 35250)), ("01", (380, "01", 98, 37208))], ids=["uren", "minuten"]
)
def test_iv079_iv081_minuten_worden_uren_of_minuten(declareer, eenheid, verwacht):
    (regel,) = regels_van(declareer(f"toewijzing_nummer;minuten;tarief_cent;eenheid\n610001;380;5875;{eenheid}\n"))
    velden = ("geleverd_volume", "eenheid", "product_tarief_cent", "ingediend_cent")
    assert tuple(regel[veld] for veld in velden) == verwacht


def test_iv075_cd087_aspecifiek_noemt_de_code_en_euros_hebben_geen_tarief(declareer):
    aspecifiek, euros = regels_van(
        declareer(
            "toewijzing_nummer,volume,tarief_cent,product_code,eenheid\n640001,3,4250,07A12,16\n650001,50000,,,\n"
        )
    )
    assert (aspecifiek["product_categorie"], aspecifiek["product_code"]) == ("07", "07A12")
    assert (euros["product_tarief_cent"], euros["ingediend_cent"], euros["geleverd_volume"]) == (None, 50000, 50000)


def test_iv090_een_late_maand_gaat_mee_in_een_latere_periode(declareer):
    (regel,) = regels_van(declareer("toewijzing_nummer,volume,tarief_cent,maand\n610001,12,5875,2026-02\n", "2026-03"))
    assert (regel["begindatum"], regel["einddatum"]) == ("2026-02-02", "2026-02-28")


def test_alle_fouten_tegelijk_met_regel_en_kolom_en_nooit_de_waarde(declareer):
    with pytest.raises(berichten.Onmogelijk) as fout:
        declareer(
            "toewijzing_nummer,volume,minuten,tarief_cent,product_code,maand\n"
            "610001,twaalf,,5875,,\n"
            "777777,12,,5875,,\n"
            "610001,12,720,5875,,\n"
            "610001,12,,58.75,,\n"
            "640001,12,,4250,,\n"
            "610001,12,,5875,,2026-01\n"
            "610001,12,,5875,,2026-03\n"
            "610001,12,,5875,,\n"
            "610001,3,,5875,,\n"
        )
    assert [b.split(":")[0] for b in fout.value.bevindingen] == [
        "regel 2, kolom volume", "regel 3, kolom toewijzing_nummer", "regel 4, kolom volume",
        "regel 5, kolom tarief_cent", "regel 6, kolom product_code", "regel 7, kolom maand", "regel 8, kolom maand",
        "regel 10, kolom toewijzing_nummer",
    ]  # fmt: skip
    tekst = " ".join(fout.value.bevindingen)
    assert not any(waarde in tekst for waarde in ("twaalf", "777777", "58.75", "720"))


def test_onbekende_kolom_geeft_de_lijst_van_kolommen(declareer):
    with pytest.raises(berichten.Onmogelijk) as fout:
        declareer("toewijzing_nummer,volume,tarief\n610001,12,5875\n")
    assert "kolom 3" in str(fout.value) and any(b.startswith("tarief_cent") for b in fout.value.bevindingen)


def test_hetzelfde_bestand_nog_eens_is_dezelfde_declaratie(declareer):
    assert declareer(KORT).xml == declareer(KORT).xml


def test_tr389_dezelfde_maand_in_een_ander_bestand_wordt_tegengehouden(declareer):
    declareer(KORT)
    with pytest.raises(berichten.Onmogelijk) as fout:
        declareer("toewijzing_nummer,volume,tarief_cent\n610001,11,5875\n")
    assert "TR389" in fout.value.bevindingen[0]


def test_s58_iv086_iv091_corrigeren_geeft_credit_en_nieuw_debet_in_een_declaratie(bekend, declareer):
    klaar = declareer(KORT)
    (eerste,) = regels_van(klaar)
    beantwoord(bekend, klaar)
    correctie = correcties.corrigeer(bekend, eerste["referentie_nummer"], 11)
    credit, debet = regels_van(correctie)
    anders = {"referentie_nummer", "vorig_referentie_nummer", "debet_credit"}
    assert {k: v for k, v in credit.items() if k not in anders} == {k: v for k, v in eerste.items() if k not in anders}
    assert (credit["vorig_referentie_nummer"], credit["debet_credit"]) == (eerste["referentie_nummer"], "C")
    assert (debet["geleverd_volume"], debet["ingediend_cent"], debet["debet_credit"]) == (11, 64625, "D")
    assert debet["vorig_referentie_nummer"] is None
    assert lees(correctie.xml)["totaal_ingediend_cent"] == -5875
    assert len({eerste["referentie_nummer"], credit["referentie_nummer"], debet["referentie_nummer"]}) == 3
    assert correcties.corrigeer(bekend, eerste["referentie_nummer"], 11).xml == correctie.xml
    with pytest.raises(berichten.Onmogelijk, match="9390"):
        correcties.corrigeer(bekend, eerste["referentie_nummer"], 10)


def test_volume_0_crediteert_alleen_en_daarna_mag_de_maand_weer(bekend, declareer):
    klaar = declareer(KORT)
    beantwoord(bekend, klaar)
    credit = correcties.corrigeer(bekend, regels_van(klaar)[0]["referentie_nummer"], 0)
    assert [r["debet_credit"] for r in regels_van(credit)] == ["C"]
    beantwoord(bekend, credit)
    weg = een_product(toewijzingsdatum="2026-04-01", einddatum="2026-02-02", reden_wijziging="13")
    assert oordeel.ontvang(bekend, een_301(weg, identificatie="B", dagtekening=date(2026, 4, 1))).goedgekeurd


def test_correctie_in_minuten_vraagt_het_tarief_per_uur(bekend, declareer):
    klaar = declareer("toewijzing_nummer,minuten,tarief_cent,eenheid\n610001,380,5875,01\n")
    beantwoord(bekend, klaar)
    referentie = regels_van(klaar)[0]["referentie_nummer"]
    with pytest.raises(berichten.Onmogelijk, match="uurtarief"):
        correcties.corrigeer(bekend, referentie, 300)
    _, debet = regels_van(correcties.corrigeer(bekend, referentie, 300, uurtarief_cent=5875))
    assert (debet["product_tarief_cent"], debet["ingediend_cent"]) == (98, 29375)


def test_iv085_zonder_antwoord_of_na_afkeuring_is_er_niets_te_crediteren(bekend, declareer):
    klaar = declareer(KORT)
    referentie = regels_van(klaar)[0]["referentie_nummer"]
    with pytest.raises(berichten.Onmogelijk, match="IV085"):
        correcties.corrigeer(bekend, referentie, 11)
    beantwoord(bekend, klaar, prestatie_codes={(0, 0): ["9321"]})
    with pytest.raises(berichten.Onmogelijk, match="8017"):
        correcties.corrigeer(bekend, referentie, 11)


def test_s53_afgekeurd_gaat_opnieuw_met_een_nieuwe_referentie(bekend, declareer):
    klaar = declareer("toewijzing_nummer,volume,tarief_cent\n610001,19,5875\n650001,50000,\n")
    teveel, euros = regels_van(klaar)
    beantwoord(bekend, klaar, prestatie_codes={(0, 0): ["9321"]})
    nummer = lees(klaar.xml)["declaratie_nummer"]
    assert correcties.afgekeurde(bekend, nummer) == [teveel["referentie_nummer"]]
    (weer,) = correcties.opnieuw(bekend, [teveel["referentie_nummer"]], volume=18)
    (regel,) = regels_van(weer)
    assert (regel["geleverd_volume"], regel["ingediend_cent"]) == (18, 105750)
    assert regel["referentie_nummer"] != teveel["referentie_nummer"] and regel["vorig_referentie_nummer"] is None
    with pytest.raises(berichten.Onmogelijk, match="TR389"):
        correcties.opnieuw(bekend, [teveel["referentie_nummer"]])
    with pytest.raises(berichten.Onmogelijk, match="corrigeer"):
        correcties.opnieuw(bekend, [euros["referentie_nummer"]])


def test_iv090_een_correctie_gaat_in_de_laatst_ingediende_periode(bekend, declareer):
    eerste = declareer(KORT)
    beantwoord(bekend, eerste)
    beantwoord(bekend, declareer("toewijzing_nummer,volume,tarief_cent\n610001,10,5875\n", "2026-03"))
    correctie = correcties.corrigeer(bekend, regels_van(eerste)[0]["referentie_nummer"], 11)
    assert lees(correctie.xml)["declaratie_periode"]["begindatum"] == "2026-03-01"


def test_een_staat_van_een_eerdere_versie_gaat_mee(tmp_path):
    oud = staat.Staat(tmp_path / "oud")
    oud.db.execute("DROP TABLE declaraties")
    oud.db.execute("DROP INDEX prestaties_referentie")
    oud.db.execute("DROP INDEX prestaties_vorige")
    for tabel, kolom in (
        ("berichten", "antwoord_uiterlijk"),
        ("clienten", "dagtekening"),
        ("verzoeken", "soort"),
        ("verzoeken", "bsn"),
    ):
        oud.db.execute(f"ALTER TABLE {tabel} DROP COLUMN {kolom}")
    oud.db.execute(
        "CREATE TABLE declaraties (gemeente TEXT NOT NULL, identificatie TEXT NOT NULL, declaratie_nummer TEXT NOT NULL,"
        " volgnr INTEGER NOT NULL REFERENCES berichten, ingediend_cent INTEGER NOT NULL, toegekend_cent INTEGER,"
        " PRIMARY KEY (gemeente, identificatie))"
    )
    oud.db.execute("PRAGMA user_version = 0")
    oud.sluit()
    nieuw = staat.Staat(tmp_path / "oud")
    assert oordeel.ontvang(nieuw, een_301()).goedgekeurd
    nieuw.sluit()
