"""Bad input at the edge: a clear answer, never a value, and nothing else is disturbed."""

import httpx
import pytest

from schemas.iwmo import schrijf
from tests.chain.spel import A1, A2, GOES, een_bsn, een_client, nummer


@pytest.fixture
def start(keten):
    """A 305 for a resident nobody knows: right by its form."""
    keten.klok("2026-04-07T10:00:00+02:00")
    return schrijf.start_305(
        afzender=A1,
        ontvanger=GOES,
        identificatie=nummer("B"),
        dagtekening=keten.vandaag(),
        client=een_client(een_bsn()),
        start_producten=[
            {
                "toewijzing_nummer": 999999999,
                "product": {"categorie": "02", "code": "02A05"},
                "begindatum": "2026-02-04",
                "status_aanlevering": "1",
            }
        ],
    )


def test_xsd_fout_geeft_422_met_element_regel_en_zonder_waarde(keten, start):
    fout = start.replace(b"<StatusAanlevering>1<", b"<StatusAanlevering>7<")
    assert fout != start
    antwoord = keten.post_xml(A1, fout)
    assert antwoord.status_code == 422
    assert antwoord.headers["content-type"].startswith("application/problem+json")
    bevinding = antwoord.json()["bevindingen"][0]
    assert "StatusAanlevering" in bevinding["pad"] and bevinding["niveau"] == 1
    assert isinstance(bevinding["regelnummer"], int) and bevinding["volgende_stap"]


def test_zonder_token_401_en_andere_afzender_403(keten, start):
    url = keten.urls["knooppunt"] + "/v1/berichten"
    kaal = httpx.post(url, content=start, headers={"Content-Type": "application/xml"})
    assert kaal.status_code == 401
    assert keten.post_xml(A2, start).status_code == 403


@pytest.mark.parametrize(
    ("maak", "verwacht"),
    [
        (lambda xml: xml.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1), {400, 415, 422}),
        (lambda xml: b"dit is geen xml", {400, 415, 422}),
        (lambda xml: xml + b" " * (26 * 1024 * 1024), {413}),
        (lambda xml: b"", {400, 415, 422}),
    ],
    ids=["doctype", "geen-xml", "26-mb", "leeg"],
)
def test_geen_bericht_geeft_4xx(keten, start, maak, verwacht):
    antwoord = keten.post_xml(A1, maak(start))
    assert antwoord.status_code in verwacht, antwoord.text
    assert antwoord.headers["content-type"].startswith("application/problem+json")


def test_dezelfde_bytes_geven_het_eerste_antwoord(keten, start):
    eerste, tweede = keten.post_xml(A1, start), keten.post_xml(A1, start)
    assert (eerste.status_code, tweede.status_code) == (202, 200)
    assert eerste.json()["bericht_id"] == tweede.json()["bericht_id"]


def test_bericht_van_een_ander_is_404(keten, start):
    bericht_id = keten.post_xml(A1, start).json()["bericht_id"]
    assert keten.vraag("GET", "knooppunt", f"/v1/berichten/{bericht_id}", A2).status_code == 404
    assert keten.vraag("GET", "knooppunt", f"/v1/berichten/{bericht_id}", A1).status_code == 200
