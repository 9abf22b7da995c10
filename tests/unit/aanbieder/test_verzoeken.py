"""A VOT (315) and a VOW (317) from a small file, and their answers in the state."""

from datetime import date

import pytest

from aanbieder import berichten, klok, oordeel, overzicht, verzoeken
from schemas.iwmo import codec, retour, rules, schrijf
from tests.unit.aanbieder.conftest import A1, BSN, GOES, een_301, een_product, lees

EEN_VOT = """
gemeente = "0664"
aanbieder = "75750101"
[client]
bsn = "999900018"
geboortedatum = "1950-05-17"
geslacht = "2"
naam = {achternaam = "Testduin", voorletters = "A"}
[[aangevraagde_producten]]
referentie_aanbieder = "REF-7001"
product = {categorie = "02", code = "02A05"}
toewijzing_ingangsdatum = 2026-03-16
toewijzing_einddatum = 2026-12-31
omvang = {volume = 3, eenheid = "04", frequentie = "2"}
verwijzer = {type = "01"}
[[aangevraagde_producten]]
product = {categorie = "07", code = "07A12"}
toewijzing_ingangsdatum = 2026-03-16
toewijzing_einddatum = 2026-12-31
omvang = {volume = 4, eenheid = "16", frequentie = "2"}
verwijzer = {type = "02", naam = "Huisarts Testduin"}
"""


@pytest.fixture
def vot(st, tmp_path):
    def doe(tekst=EEN_VOT):
        bestand = tmp_path / "vot.toml"
        bestand.write_text(tekst)
        return verzoeken.vot(st, verzoeken.lees(bestand))

    return doe


def stand(st):
    return [(v["referentie_aanbieder"], v["status"]) for v in overzicht.verzoeken(st)]


def antwoord_319(referentie, antwoord, reden=None):
    inhoud = {"referentie_aanbieder": referentie, "verzoek_antwoord": antwoord, "reden_afwijzing_verzoek": reden}
    ident = berichten.nieuwe_identificatie()
    return schrijf.schrijf_bericht("WMO319", GOES, A1, ident, klok.vandaag(), inhoud)


def test_s35_vot_per_product_een_antwoord(st, vot):
    klaar = vot()
    bericht = codec.parse(klaar.xml)
    assert (bericht.soort.code, bericht.header.afzender, bericht.header.ontvanger) == ("WMO315", A1, GOES)
    assert rules.check(bericht) == []
    eigen, gemaakt = [p["referentie_aanbieder"] for p in bericht.inhoud()["aangevraagde_producten"]]
    assert eigen == "REF-7001" and gemaakt
    goed = retour.retour(bericht, identificatie="R1", dagtekening=klok.vandaag())
    assert oordeel.ontvang(st, goed).goedgekeurd
    toegekend = een_product(referentie_aanbieder="REF-7001", omvang={"volume": 2, "eenheid": "04", "frequentie": "2"})
    assert oordeel.ontvang(st, een_301(toegekend)).goedgekeurd, "IV094: the municipality may deviate"
    assert oordeel.ontvang(st, antwoord_319(gemaakt, "2")).goedgekeurd
    assert stand(st) == [("REF-7001", "toegewezen"), (gemaakt, "in_onderzoek")]
    assert oordeel.ontvang(st, antwoord_319(gemaakt, "1", "2")).goedgekeurd
    assert stand(st)[1] == (gemaakt, "afgewezen")


def test_hetzelfde_verzoek_nog_eens_is_hetzelfde_bericht(vot):
    assert vot().xml == vot().xml


def test_tr374_een_tweede_verzoek_wacht_op_het_eerste(vot):
    vot()
    with pytest.raises(berichten.Onmogelijk, match="TR374"):
        vot(EEN_VOT.replace("REF-7001", "REF-7009"))


def test_op286_na_een_afgekeurde_316_is_de_referentie_weer_vrij(st, vot):
    klaar = vot()
    nee = retour.retour(klaar.xml, identificatie="R1", dagtekening=klok.vandaag(), codes={"Client": ["9374"]})
    assert oordeel.ontvang(st, nee).goedgekeurd
    assert {status for _, status in stand(st)} == {"vervallen"}
    assert not oordeel.ontvang(st, antwoord_319("REF-7001", "2")).goedgekeurd, "9355: as never sent"
    weer = vot()
    assert weer.identificatie != klaar.identificatie
    assert oordeel.ontvang(st, antwoord_319("REF-7001", "2")).goedgekeurd
    assert ("REF-7001", "in_onderzoek") in stand(st)


@pytest.mark.parametrize(
    ("anders", "verwacht"),
    [
        (("[client]", "[klant]"), "er ontbreekt client"),
        (("verwijzer = {type = \"01\"}\n", ""), "aangevraagde_producten[1]: er ontbreekt verwijzer"),
        (("geslacht = ", "sekse = "), "client: er staat een onbekend veld"),
        (("gemeente = ", "gemeente "), "geen TOML"),
        (('omvang = {volume = 3, eenheid = "04", frequentie = "2"}', "omvang = 3"), "[1].omvang: hier hoort een blok"),
    ],
)  # fmt: skip
def test_wat_er_mis_is_met_het_bestand_staat_er_bij_zonder_waarde(vot, anders, verwacht):
    with pytest.raises(berichten.Onmogelijk) as fout:
        vot(EEN_VOT.replace(*anders))
    assert verwacht in str(fout.value)
    assert BSN not in str(fout.value)


def test_niveau_2_wordt_vooraf_gezien(vot):
    with pytest.raises(berichten.Onmogelijk) as fout:
        vot(EEN_VOT.replace('{type = "01"}', '{type = "01", zorgverlener_code = "75750101"}'))
    assert fout.value.bevindingen[0].startswith("CD068")


@pytest.fixture
def in_zorg(st):
    extra = een_product(
        toewijzing_nummer=610009, product={"categorie": "07", "code": "07A12"}, einddatum="2027-07-31",
        omvang={"volume": 2, "eenheid": "16", "frequentie": "2"},
    )  # fmt: skip
    voorbij = een_product(
        toewijzing_nummer=610003, product={"categorie": "02", "code": "02B01"},
        ingangsdatum="2025-02-02", einddatum="2025-07-31",
    )  # fmt: skip
    weg = een_product(
        toewijzing_nummer=610004, product={"categorie": "02", "code": "02C01"}, ingangsdatum="2027-02-02",
        einddatum="2027-02-02", reden_wijziging="13",
    )  # fmt: skip
    oordeel.ontvang(st, een_301(een_product(einddatum="2027-07-31"), extra, voorbij, weg))
    return st


def test_s40_tr349_vow_neemt_de_andere_actuele_toewijzingen_ongewijzigd_mee(in_zorg):
    morgen = date(2027, 5, 3).isoformat()
    vraag = {
        "gemeente": GOES, "referentie_aanbieder": "REF-8001",
        "te_wijzigen_producten": [{"toewijzing_nummer": 610001, "gewenste_ingangsdatum": morgen, "volume": 5}],
    }  # fmt: skip
    klaar = verzoeken.vow(in_zorg, vraag)
    assert rules.check(codec.parse(klaar.xml)) == []
    verzoek = lees(klaar.xml)["client"]["verzoek"]
    assert [p["toewijzing_nummer"] for p in verzoek["ongewijzigde_producten"]] == [610009]
    (product,) = verzoek["te_wijzigen_producten"]
    assert product["omvang"] == {"volume": 5, "eenheid": "04", "frequentie": "2"}, "TR411: Omvang goes along"
    assert (product["gewenste_ingangsdatum"], product["einddatum"]) == (morgen, "2027-07-31")
    honoreer = een_301(
        een_product(einddatum="2027-05-02", reden_wijziging="12", referentie_aanbieder="REF-8001", toewijzingsdatum="2026-04-02"),
        een_product(toewijzing_nummer=610012, ingangsdatum=morgen, einddatum="2027-07-31", referentie_aanbieder="REF-8001",
                    toewijzingsdatum="2026-04-02", omvang=product["omvang"]),
        identificatie="B", dagtekening=date(2026, 4, 2),
    )  # fmt: skip
    assert oordeel.ontvang(in_zorg, honoreer).goedgekeurd
    assert stand(in_zorg) == [("REF-8001", "toegewezen")]


def test_tr352_tr353_alleen_een_nieuw_product_naast_wat_blijft(in_zorg):
    nieuw = {
        "product": {"categorie": "15", "code": "15A01"}, "gewenste_ingangsdatum": "2027-05-03",
        "omvang": {"volume": 2, "eenheid": "14", "frequentie": "4"},
    }  # fmt: skip
    klaar = verzoeken.vow(in_zorg, {"gemeente": GOES, "bsn": BSN, "nieuwe_producten": [nieuw]})
    assert rules.check(codec.parse(klaar.xml)) == []
    verzoek = lees(klaar.xml)["client"]["verzoek"]
    assert [p["toewijzing_nummer"] for p in verzoek["ongewijzigde_producten"]] == [610001, 610009]
    assert verzoek["te_wijzigen_producten"] == []


def test_tr357_zonder_gewenste_ingangsdatum_is_een_andere_omvang_niet_te_vragen(in_zorg):
    with pytest.raises(berichten.Onmogelijk, match="TR357"):
        verzoeken.vow(
            in_zorg, {"gemeente": GOES, "te_wijzigen_producten": [{"toewijzing_nummer": 610001, "volume": 5}]}
        )


@pytest.mark.parametrize("nummer", [610003, 610004, 777777], ids=["voorbij", "verwijderd", "onbekend"])
def test_tr351_alleen_een_actuele_toewijzing_kan_wijzigen(in_zorg, nummer):
    with pytest.raises(berichten.Onmogelijk, match="TR351"):
        verzoeken.vow(
            in_zorg, {"gemeente": GOES, "te_wijzigen_producten": [{"toewijzing_nummer": nummer, "volume": 5}]}
        )
