"""Level 1: what the guard and the XSD refuse, and in which words."""

import pytest

from schemas.iwmo import codec, guard, rules
from schemas.iwmo.bericht import SOORTEN, Bevinding, NietLeesbaar
from tests.unit.iwmo.voorbeelden import prestatie, wijzig, wmo301, wmo305, wmo323

KOP = b'<?xml version="1.0" encoding="UTF-8"?>'
LOL = b'<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
NA_KOP = wmo305().removeprefix(KOP)


def geweigerd(raw: bytes) -> NietLeesbaar:
    with pytest.raises(NietLeesbaar) as fout:
        codec.parse(raw)
    return fout.value


@pytest.mark.parametrize(
    ("raw", "status", "regel"),
    [
        (b" " * (25 * 1024 * 1024 + 1), 413, "OP179"),
        (b"<a>" * (guard.TAGS_MAX + 1), 413, "OMVANG"),
        (b"a=" * 100_000, 413, "OMVANG"),
        (b"", 415, "XML"),
        (b"%PDF-1.7", 415, "XML"),
        (b"{}", 415, "XML"),
        (wmo305()[:-30], 415, "XML"),
        (wmo305().decode().encode("utf-16"), 415, "OP192"),
        (wmo305().decode().encode("utf-16-le"), 415, "OP192"),
        (wmo305().replace(b"UTF-8", b"ISO-8859-1"), 415, "OP192"),
        (wmo305().replace(b"Testduin", b"Testd\xfcin"), 415, "OP192"),
        (KOP + b"<!DOCTYPE Bericht>" + NA_KOP, 422, "DOCTYPE"),
        (KOP + LOL + NA_KOP.replace(b"Testduin", b"&b;"), 422, "DOCTYPE"),
        (KOP + b"<!-- <x> -->" + b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + NA_KOP, 422, "DOCTYPE"),
        (KOP + b"<Envelope/>", 422, "SOORT"),
        (wmo305().replace(b"iwmo/3_2/wmo305", b"iwmo/3_1/wmo305"), 422, "SOORT"),
        (b"<!--" + b"x" * 70_000 + b"-->" + NA_KOP.strip(), 422, "SOORT"),
    ],
    ids=lambda x: str(x)[:20],
)
def test_the_guard_refuses(raw: bytes, status: int, regel: str) -> None:
    fout = geweigerd(raw)
    assert (fout.status, [b.regel for b in fout.bevindingen]) == (status, [regel])


@pytest.mark.parametrize(
    "raw",
    [b"\xef\xbb\xbf" + wmo305(), NA_KOP.strip(), KOP + b"<!-- > -->\n<?p i?>" + NA_KOP, wmo305().replace(b"\r", b""),
     wmo305().replace(b"<Bericht xmlns=", b"<w:Bericht xmlns:w=").replace(b"</Bericht", b"</w:Bericht")],
    ids=["bom", "no declaration", "comment", "lf", "prefix"],
)  # fmt: skip
def test_the_guard_lets_through(raw: bytes) -> None:
    assert guard.guard(raw) == SOORTEN["WMO305"]


@pytest.mark.parametrize(
    ("oud", "nieuw", "regel", "pad"),
    [
        ("<Bsn>999900018", "<Bsn>99990001", "RS037", "/Bericht/Client/Bsn"),
        ("<Geslacht>2", "<Geslacht>9", "COD046", "/Bericht/Client/Geslacht"),
        ("<Geslacht>2</Geslacht>", "", "XSD", "/Bericht/Client/Naam"),
        ("<Begindatum>2026-02-03", "<Begindatum>2026-02-30", "RS032",
         "/Bericht/Client/StartProducten/StartProduct[1]/Begindatum"),
        ("<ToewijzingNummer>610001", "<ToewijzingNummer>x", "XSD",
         "/Bericht/Client/StartProducten/StartProduct[1]/ToewijzingNummer"),
        ("<BerichtSubversie>2", "<BerichtSubversie>1", "CS015", "/Bericht/Header/BerichtSubversie"),
        ("<BerichtVersie>3", "<BerichtVersie>2", "CS025", "/Bericht/Header/BerichtVersie"),
        ("<BerichtCode>418", "<BerichtCode>420", "RS047", "/Bericht/Header/BerichtCode"),
        ("<Ontvanger>0664", "<Ontvanger>664", "RS035", "/Bericht/Header/Ontvanger"),
        ("<iwmo:Voorletters>AB", "<iwmo:Voorletters>A.B.", "RS045", "/Bericht/Client/Naam/Voorletters"),
        ("<iwmo:Achternaam>Testduin", "<iwmo:Achternaam> ", "RS033",
         "/Bericht/Client/Naam/Geslachtsnaam/Achternaam"),
        ("<Client>", "<Client><Geheim>999900018</Geheim>", "XSD", "/Bericht/Client"),
    ],
)  # fmt: skip
def test_an_xsd_fault_has_rule_path_and_line(oud: str, nieuw: str, regel: str, pad: str) -> None:
    raw = wijzig(wmo305(), (oud, nieuw))
    (fout,) = geweigerd(raw).bevindingen
    assert (fout.regel, fout.pad, fout.niveau, fout.retourcode) == (regel, pad, 1, None)
    waar = nieuw if nieuw else "<Naam>"
    assert fout.regelnummer
    assert waar.split("><")[-1] in raw.decode().split("\r\n")[fout.regelnummer - 1]


def test_cs319_declaratienummer_is_unbroken() -> None:
    assert [b.regel for b in geweigerd(wijzig(wmo323(), ("D0001", "D 001"))).bevindingen] == ["CS319"]


def test_all_xsd_faults_at_once() -> None:
    raw = wijzig(wmo305(), ("999900018", "1"), ("<Geslacht>2", "<Geslacht>9"), ("<Ontvanger>0664", "<Ontvanger>x"))
    assert {b.regel for b in geweigerd(raw).bevindingen} == {"RS037", "COD046", "RS035"}


def test_no_text_of_a_fault_holds_a_value() -> None:
    geheim = "Geheim9"
    level1 = geweigerd(
        wijzig(wmo301(), ("Testduin", " "), ("<Geslacht>2", f"<Geslacht>{geheim}"), ("999900018", geheim),
               ("0612345678", geheim), ("<Contactgegevens>", f"<{geheim}/><Contactgegevens>"))
    ).bevindingen  # fmt: skip
    level2 = rules.check(codec.parse(wmo301(bsn="123456789", geboortedatum="1850-05-17", naamgebruik="6")))
    assert len(level1) >= 4 and len(level2) == 3
    for fout in (*level1, *level2):
        for waarde in (geheim, "123456789", "1850", "Testduin"):
            assert waarde not in repr(fout)
        assert all(isinstance(tekst, str) and tekst for tekst in (fout.melding, fout.verwacht, fout.volgende_stap))
        assert isinstance(fout, Bevinding)


def test_a_line_number_above_65535_is_right() -> None:
    raw = wijzig(wmo323(prestatie(product_tarief_cent=None)), ("<Clienten>", "\r\n" * 70_000 + "<Clienten>"))
    (fout,) = rules.check(codec.parse(raw))
    assert fout.regel == "CD087" and (fout.regelnummer or 0) > 70_000
