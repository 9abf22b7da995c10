"""S61-S66, S70: a 323 that is refused as a whole, on its own content or on its header."""

import pytest

from tests.chain.spel import (
    GOES,
    VAN_BESTAND,
    Zaak,
    begeleiding,
    een_prestatie,
    geweigerd_om,
    maak_declaratie,
    nummer,
    retourcodes,
)

AGB = VAN_BESTAND["geweigerd"]


@pytest.fixture(scope="module")
def zaak(keten):
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, AGB)
    zaak.ken_toe(begeleiding())
    keten.klok("2026-05-06T10:00:00+02:00")
    zaak.start(zaak.nummers[0], "2026-02-04")
    return zaak


def declaratie(zaak, *regels, maand="2026-02"):
    return maak_declaratie(zaak.keten, {zaak.bsn: list(regels)}, maand, AGB)


def regel(zaak, volume=1, **anders):
    return een_prestatie(zaak.nummers[0], nummer("R"), volume, **anders)


def test_s61_tr316_debet_en_credit_erop_in_een_bericht(zaak):
    debet = regel(zaak)
    credit = debet | {"referentie_nummer": nummer("R"), "vorig_referentie_nummer": debet["referentie_nummer"]}
    xml = declaratie(zaak, debet, credit | {"debet_credit": "C"})
    assert geweigerd_om(zaak.keten, AGB, xml) == {"TR316"}


def test_s63_cs340_declaratieperiode_is_een_hele_maand(zaak):
    xml = declaratie(zaak, regel(zaak)).replace(b"Einddatum>2026-02-28<", b"Einddatum>2026-02-27<", 1)
    assert geweigerd_om(zaak.keten, AGB, xml) == {"CS340"}


def test_s66_tr358_totaal_is_de_som_van_de_regels(zaak):
    xml = declaratie(zaak, regel(zaak)).replace(b"TotaalBedrag>5875<", b"TotaalBedrag>5876<")
    assert geweigerd_om(zaak.keten, AGB, xml) == {"TR358"}


def test_s70_cd087_geen_tarief_bij_euros(zaak):
    xml = declaratie(zaak, regel(zaak, 5875, eenheid="83", ingediend_cent=5875))
    assert geweigerd_om(zaak.keten, AGB, xml) == {"CD087"}


def test_s64_tr333_declaratienummer_is_al_gebruikt_en_telt_als_niet_verzonden(zaak):
    eerste = declaratie(zaak, regel(zaak))
    zaak.keten.wissel(AGB, eerste)
    (nummer_,) = {deel.split(b"<")[0] for deel in eerste.split(b"<DeclaratieNummer>")[1:]}
    tweede = declaratie(zaak, regel(zaak, 2))
    (ander,) = {deel.split(b"<")[0] for deel in tweede.split(b"<DeclaratieNummer>")[1:]}
    identificatie = tweede.partition(b"BerichtIdentificatie>")[2].partition(b"Identificatie>")[2].partition(b"<")[0]
    antwoord = zaak.keten.wissel(AGB, tweede.replace(ander, nummer_))
    deel = antwoord["declaratie_antwoord"]
    assert retourcodes(antwoord) == ["0200"] and deel["retourcodes"] == ["9333"]
    assert (deel["totaal_toegekend_cent"], deel["clienten"]) == (0, [])
    # With a number of its own it is judged, and its ReferentieNummer is still free: only volume and period are not.
    opnieuw = zaak.keten.wissel(AGB, tweede.replace(b">" + identificatie + b"<", b">" + nummer("D").encode() + b"<"))
    [client] = opnieuw["declaratie_antwoord"]["clienten"]
    assert [regel_["retourcodes"] for regel_ in client["prestaties"]] == [["9389"]]


def test_s65_tr318_een_maand_overslaan_terwijl_de_zorg_doorliep_geeft_8214(zaak):
    # A DeclaratiePeriode of before, whatever other tests declared.
    zaak.keten.wissel(AGB, declaratie(zaak, regel(zaak)))
    april = {"begindatum": "2026-04-01", "einddatum": "2026-04-30"}
    antwoord = zaak.keten.wissel(AGB, declaratie(zaak, regel(zaak, **april), maand="2026-04"))
    deel = antwoord["declaratie_antwoord"]
    assert retourcodes(antwoord) == ["0200"] and deel["retourcodes"] == ["8214"]
    assert (deel["totaal_toegekend_cent"], deel["clienten"]) == (0, [])
    stand = zaak.keten.vraag("GET", "declaratie", f"/v1/declaraties?aanbieder={AGB}&status=afgekeurd", GOES).json()
    assert {b["retourcode"] for d in stand["declaraties"] for b in d["bevindingen"]} == {"9333", "8214"}
