"""The StUF-GGk envelope: guards, fields, and a zip with exactly one file."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from schemas.stuf import envelop as stuf
from schemas.stuf.envelop import Envelop
from schemas.stuf.fouten import StufFout, fouten

MOMENT = datetime(2026, 4, 7, 8, 0, tzinfo=UTC)
NUMMER = "0f8fad5b-d9cb-469f-a165-70867728950e"
DI01 = Envelop(
    berichtcode="Di01",
    zender="75750101",
    ontvanger="0664",
    referentienummer=NUMMER,
    functie="WMO305",
    bestand=b"<x/>",
)


def gezipt(**bestanden: bytes) -> bytes:
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_DEFLATED) as zip_:
        for naam, inhoud in bestanden.items():
            zip_.writestr(naam, inhoud)
    return uit.getvalue()


def reden(raw: bytes) -> str:
    with pytest.raises(StufFout) as fout:
        stuf.lees(raw)
    return fout.value.fout.reden


def test_wat_geschreven_is_wordt_zo_gelezen_en_is_elke_keer_gelijk():
    raw = stuf.schrijf(DI01, MOMENT)
    assert raw == stuf.schrijf(DI01, MOMENT)
    assert replace(stuf.lees(raw), applicatie=DI01.applicatie) == DI01


@pytest.mark.parametrize(
    ("oud", "nieuw", "verwacht"),
    [
        (b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', "envelop"),
        (NUMMER.encode(), b"0f8fad5b-d9cb-169f-a165-70867728950e", "uuid"),
        (b"<ggk:functieSubversie>0002", b"<ggk:functieSubversie>0001", "applicatie"),
        (b"<StUF:organisatie>75750101", b"<StUF:organisatie>7575", "combinatie_of_goed"),
        (b"<StUF:organisatie>0664", b"<StUF:organisatie>664", "envelop"),
        (b"<StUF:berichtcode>Di01", b"<StUF:berichtcode>Du01", "envelop"),
        (b"PHgvPg==", b"PHgv%%", "envelop"),
        (b"</soap:Body>", b"", "envelop"),
    ],
)
def test_een_kapotte_envelop_heeft_een_reden(oud, nieuw, verwacht):
    raw = stuf.schrijf(DI01, MOMENT)
    assert oud in raw
    kapot = raw.replace(oud, nieuw, 1)
    if verwacht == "combinatie_of_goed":
        assert stuf.lees(kapot).zender == "7575", "who may send is for the receiver to judge"
    else:
        assert reden(kapot) == verwacht


def test_du01_zonder_crossrefnummer_wordt_geweigerd():
    assert reden(stuf.schrijf(replace(DI01, berichtcode="Du01"), MOMENT)) == "geen_antwoord_op"


def test_zip_met_een_bestand_wordt_uitgepakt():
    raw = stuf.schrijf(replace(DI01, bestand=gezipt(a=b"<bericht/>")), MOMENT)
    assert stuf.lees(raw).bestand == b"<bericht/>"


@pytest.mark.parametrize(
    ("inhoud", "verwacht"),
    [
        (gezipt(a=b"1", b=b"2"), "zip_te_veel"),
        (gezipt(a=b"0" * (26 * 1024 * 1024)), "zip_te_groot"),
        (gezipt(a=b"1")[:40], "zip_ongeldig"),
        (b"PK\x03\x04" + b"\x00" * 60, "zip_ongeldig"),
    ],
    ids=["twee", "bom", "afgekapt", "rommel"],
)
def test_ander_zipbestand_wordt_geweigerd(inhoud, verwacht):
    assert reden(stuf.schrijf(replace(DI01, bestand=inhoud), MOMENT)) == verwacht


def test_een_zip_die_over_zijn_grootte_liegt_wordt_niet_verder_gelezen_dan_de_grens():
    inhoud = gezipt(a=b"0" * (26 * 1024 * 1024))
    klein = (1000).to_bytes(4, "little")
    leugen = inhoud.replace((26 * 1024 * 1024).to_bytes(4, "little"), klein)
    assert leugen != inhoud
    assert reden(stuf.schrijf(replace(DI01, bestand=leugen), MOMENT)) in ("zip_ongeldig", "zip_te_groot")


def test_een_fout_noemt_de_code_van_de_gekozen_lijst():
    fout = StufFout("te_groot")
    for lijst, code in (("2025", "IB003"), ("2018", "IB007")):
        terug = stuf.lees(stuf.schrijf_fout(fout, replace(DI01, berichtcode="Fo03", bestand=b""), MOMENT, lijst))
        assert (terug.berichtcode, terug.code) == ("Fo03", code)
    assert fouten()["payload"].code("2025") == "StUF055"
