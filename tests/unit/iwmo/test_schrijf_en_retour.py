"""What is written is read back the same; the shapes of the answers (processes.md 8)."""

from datetime import date

import pytest

from schemas.iwmo import codec, retour, rules, schrijf
from schemas.iwmo.bericht import NietLeesbaar
from schemas.iwmo.codes import (
    GEMEENTEN,
    HULPMIDDELEN,
    REDEN_BEEINDIGING_BIJ_WIJZIGING,
    REDEN_BEEINDIGING_SOORT,
    RETOURCODES,
    bsn_valid,
    categorie_of,
)
from tests.unit.iwmo import voorbeelden as v

KOP = {"identificatie": "RET1", "dagtekening": date(2026, 4, 17)}
REGELS = (v.prestatie(), v.prestatie(referentie_nummer="R2", product_code="02B10", ingediend_cent=100),
          v.prestatie(referentie_nummer="C1", vorig_referentie_nummer="OUD1", debet_credit="C", ingediend_cent=50))  # fmt: skip


def test_301_roundtrip() -> None:
    inhoud = codec.parse(v.wmo301()).inhoud()
    assert inhoud["toegewezen_producten"] == [v.toegewezen()]
    assert inhoud["client"]["geboortedatum"] == {"datum": "1950-05-17", "datum_gebruik": None}
    assert inhoud["client"]["naam"]["voorletters"] == "AB"
    adres = inhoud["client"]["contactgegevens"][0]["adres"]
    assert (adres["postcode"], adres["land_code"], adres["huis"]["huisnummer"]) == ("4461AB", "NL", 12)
    assert schrijf.toewijzing_301(**v.KOP_301, **inhoud) == v.wmo301()


def test_305_307_and_323_roundtrip() -> None:
    assert codec.parse(v.wmo305()).inhoud()["start_producten"] == [v.start()]
    assert codec.parse(v.wmo307()).inhoud()["stop_producten"] == [v.stop()]
    inhoud = codec.parse(v.wmo323(*REGELS)).inhoud()
    assert inhoud == v.declaratie(*REGELS, totaal_ingediend_cent=58800)
    assert schrijf.declaratie_323(**v.KOP, declaratie=inhoud) == v.wmo323(*REGELS)


def test_op192_utf8_without_bom_and_crlf() -> None:
    raw = v.wmo301(naam={"achternaam": "Ünal & <Zoon>"})
    assert raw.startswith(b"<?xml") and raw.count(b"\n") == raw.count(b"\r\n")
    assert codec.parse(raw).inhoud()["client"]["naam"]["geslachtsnaam"]["achternaam"] == "Ünal & <Zoon>"


def test_dates_may_be_dates() -> None:
    assert v.wmo305(v.start(begindatum=date(2026, 2, 3))) == v.wmo305()


def test_input_that_makes_no_message_is_refused() -> None:
    with pytest.raises(NietLeesbaar):
        v.wmo301(v.toegewezen(toewijzing_nummer=-1))


def test_header() -> None:
    header = codec.parse(v.wmo301()).header
    assert (header.afzender, header.ontvanger, header.dagtekening) == ("0664", "75750101", v.DAG)


def test_tr135_tr056_tr378_of_the_header() -> None:
    goed = codec.parse(v.wmo305())
    assert rules.check_header(goed, v.DAG, False) == []
    fout = codec.parse(v.wijzig(v.wmo305(), ("<Ontvanger>0664", "<Ontvanger>9999")))
    gevonden = rules.check_header(fout, date(2026, 4, 14), True)
    assert [(b.regel, b.retourcode) for b in gevonden] == [
        ("TR135", "8848"),
        ("TR056", "9056"),
        ("TR378", "S300"),
    ]


@pytest.mark.parametrize(("heen", "soort"), [(v.wmo301(), "WMO302"), (v.wmo305(), "WMO306"), (v.wmo307(), "WMO308")])
def test_retour_of_full_approval_and_of_a_header_fault(heen: bytes, soort: str) -> None:
    bericht = codec.parse(retour.retour(heen, **KOP))
    eerst = codec.parse(heen).header
    assert bericht.soort.code == soort and bericht.inhoud()["retourcodes"] == []
    assert bericht.inhoud()["client"] is None and b"RetourCodes" not in retour.retour(heen, **KOP)
    # unswapped, and with the identification of the heenbericht
    assert (bericht.header.afzender, bericht.header.identificatie) == (eerst.afzender, eerst.identificatie)
    assert (bericht.header.identificatie_retour, bericht.header.dagtekening_retour) == tuple(KOP.values())
    met_code = codec.parse(retour.retour(heen, **KOP, header_codes=["0001"]))
    assert met_code.header.retourcodes == ("0001",) and met_code.inhoud()["client"] is None


def test_retour_with_codes_per_class() -> None:
    heen = v.wmo307(v.stop(), v.stop(toewijzing_nummer=610002))
    inhoud = codec.parse(retour.retour(heen, **KOP, codes={"StopProduct[2]": ["9019", "9069"]})).inhoud()
    assert inhoud["retourcodes"] == ["0200"] == inhoud["client"]["retourcodes"]
    assert [p["retourcodes"] for p in inhoud["stop_producten"]] == [["0200"], ["9019", "9069"]]
    assert inhoud["stop_producten"][1] | v.stop(toewijzing_nummer=610002) == inhoud["stop_producten"][1]


def test_retour_of_a_301_reaches_every_class() -> None:
    relatie = {"nummer": "1", "soort": "03", "naam": {"achternaam": "Duin"}, "telefoon": "0113123456"}
    codes = {"Relatie[1]/Contact": ["0233"], "ToegewezenProduct[1]": ["9385"]}
    client = codec.parse(retour.retour(v.wmo301(relaties=[relatie]), **KOP, codes=codes)).inhoud()["client"]
    assert client["relaties"][0]["contact"]["retourcodes"] == ["0233"]
    assert client["relaties"][0]["retourcodes"] == client["contactgegevens"][0]["retourcodes"] == ["0200"]
    with pytest.raises(ValueError):
        retour.retour(v.wmo301(), **KOP, codes={"StartProduct[1]": ["9019"]})


def antwoord(**codes: object) -> dict[str, object]:
    raw = retour.antwoord_325(v.wmo323(*REGELS), **KOP, **codes)
    assert rules.check(codec.parse(raw)) == []
    return codec.parse(raw).inhoud()


def test_325_fully_approved() -> None:
    uit = antwoord()["declaratie_antwoord"]
    assert (uit["retourcodes"], uit["totaal_toegekend_cent"], uit["clienten"]) == (["8001"], 58800, [])
    header = codec.parse(retour.antwoord_325(v.wmo323(), **KOP)).header
    assert (header.afzender, header.ontvanger, header.identificatie) == ("0664", "75750101", "RET1")
    assert (header.declaratie_identificatie, header.retourcodes) == ("A126A0001", ("0200",))


def test_325_header_and_declaratie_faults() -> None:
    assert antwoord(header_codes=["0001"]) == {"retourcodes": ["0001"], "declaratie_antwoord": None}
    uit = antwoord(declaratie_codes=["9333"])["declaratie_antwoord"]
    assert (uit["retourcodes"], uit["totaal_toegekend_cent"], uit["clienten"]) == (["9333"], 0, [])


def test_325_returns_rejected_lines_only() -> None:
    uit = antwoord(prestatie_codes={(0, 1): ["9321", "9389"], (0, 0): ["0200"]})["declaratie_antwoord"]
    (client,) = uit["clienten"]
    assert (uit["retourcodes"], uit["totaal_toegekend_cent"], client["retourcodes"]) == (
        ["0200"],
        58700,
        ["0200"],
    )
    assert client["prestaties"] == [REGELS[1] | {"retourcodes": ["9321", "9389"]}]


def test_325_rejected_client_and_credit() -> None:
    uit = antwoord(client_codes={0: ["8187"]})["declaratie_antwoord"]
    assert uit["totaal_toegekend_cent"] == 0 and uit["clienten"][0]["retourcodes"] == ["8187"]
    assert [p["retourcodes"] for p in uit["clienten"][0]["prestaties"]] == [["0233"]] * 3
    uit = antwoord(prestatie_codes={(0, 0): ["9338"], (0, 1): ["9338"]})["declaratie_antwoord"]
    assert uit["totaal_toegekend_cent"] == -50


def test_codes() -> None:
    assert bsn_valid("999900018") and not bsn_valid("999900019") and not bsn_valid("12345678a")
    assert len(GEMEENTEN) == 342 and len(RETOURCODES) == 59
    assert categorie_of("02A05") == "02" and HULPMIDDELEN["11X00"] == categorie_of("11X00") == "11"
    assert REDEN_BEEINDIGING_SOORT["20"] == "tijdelijk" and REDEN_BEEINDIGING_BIJ_WIJZIGING["07"] == "31"


def test_a_header_code_stands_alone_and_0200_says_nothing() -> None:
    codes = {"StartProduct[1]": ["9019"]}
    met_fout = codec.parse(retour.retour(v.wmo305(), **KOP, header_codes=["9056"], codes=codes)).inhoud()
    assert met_fout == {"retourcodes": ["9056"], "client": None, "start_producten": []}
    assert retour.retour(v.wmo305(), **KOP, header_codes=["0200"]) == retour.retour(v.wmo305(), **KOP)
