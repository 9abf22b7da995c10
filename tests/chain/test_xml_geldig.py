"""Every XML that leaves is valid by our own XSD and by the official one, and is the same bytes each time."""

from pathlib import Path

import pytest
from lxml import etree

from schemas.iwmo import codec
from tests.chain.spel import GOES, VAN_BESTAND, Zaak, begeleiding, een_prestatie, maak_declaratie, nummer

FEITEN = Path(__file__).parents[3] / "shared" / "iwmo" / "xsd"
AGB = VAN_BESTAND["xml_geldig"]


@pytest.fixture(scope="module")
def vertrokken(keten) -> list[bytes]:
    """All that one provider found in its mailbox: 301, 306 and 308 of both kinds, and two 325s."""
    keten.klok("2026-01-19T10:00:00+01:00")
    zaak = Zaak(keten, AGB)
    zaak.ken_toe(begeleiding())
    keten.klok("2026-04-24T10:00:00+02:00")
    zaak.start(zaak.nummers[0], "2026-02-04")
    zaak.start(zaak.nummers[0], "2026-02-04")
    zaak.stop(zaak.nummers[0], "2026-02-04", "2026-04-10", "19")
    zaak.stop(zaak.nummers[0], "2026-02-04", "2026-04-12", "02")
    for volume in (99, 12):
        regel = een_prestatie(zaak.nummers[0], nummer("R"), volume)
        keten.wissel(AGB, maak_declaratie(keten, {zaak.bsn: [regel]}, "2026-02", AGB))
    rijen = keten.postbus(AGB, status="alle")
    xmls = [keten.haal_op(AGB, rij["bericht_id"]) for rij in rijen]
    assert xmls == [keten.haal_op(AGB, rij["bericht_id"]) for rij in rijen], "byte-stable"
    return xmls


def test_alles_wat_vertrekt_is_geldig_volgens_de_eigen_xsd(vertrokken):
    soorten = sorted(codec.parse(xml).soort.code for xml in vertrokken)
    assert soorten == ["WMO301", "WMO306", "WMO306", "WMO308", "WMO308", "WMO325", "WMO325"]
    assert all(b"\r\n" in xml and not xml.startswith(b"\xef\xbb\xbf") for xml in vertrokken)
    assert all(codec.parse(xml).inhoud() for xml in vertrokken) and GOES.encode() in vertrokken[0]


@pytest.mark.skipif(not FEITEN.is_dir(), reason="the official schemas are not next to the checkout")
def test_alles_wat_vertrekt_is_geldig_volgens_de_officiele_xsd(vertrokken):
    for xml in vertrokken:
        code = codec.parse(xml).soort.code
        pad = next(p for p in (FEITEN / f"{code}.xsd", FEITEN / "derived" / f"{code}.xsd") if p.exists())
        etree.XMLSchema(etree.parse(pad)).assertValid(etree.fromstring(xml))
