"""Level 1: what the guard and the XSD refuse, and in which words."""

import threading
import time

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
        (b"<a/>" * 60_000, 413, "OMVANG"),
        (wmo323().replace(b"D0001", b"D" * 1_100_000), 413, "TEKST"),
        (wmo323().replace(b"<Clienten>", b"<Clienten>" + b"<a>" * 300), 413, "TEKST"),
        (wmo323().replace(b"D0001", b"D" + (b"<!-- -->" + b"D" * 900_000) * 12), 413, "TEKST"),
        (b"\x1f\x8b\x08\x08" + b"\xff" * 80, 415, "XML"),
        (b"PK\x03\x04" + b"a" * 80, 415, "XML"),
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


@pytest.mark.parametrize("stuk", ["9999<!-- -->00018", "9999<?a b?>00018", "<![CDATA[9999]]>00018", "9999&#x30;0018"])
def test_a_value_in_pieces_is_read_whole(stuk: str) -> None:
    assert codec.parse(wijzig(wmo305(), ("999900018", stuk))).inhoud()["client"]["bsn"] == "999900018"


@pytest.mark.parametrize(
    ("vervang", "regel", "pad"),
    [
        (("2026-04-15", "10000-01-01"), "RS032", "/Bericht/Header/BerichtIdentificatie/Dagtekening"),
        (("1950-05-17", "-0001-01-01"), "RS032", "/Bericht/Client/Geboortedatum/Datum"),
        (("2026-02-03", "1<!-- -->0000-01-01"), "RS032",
         "/Bericht/Client/StartProducten/StartProduct[1]/Begindatum"),
        (("610001", "0" * 5000 + "1"), "XSD",
         "/Bericht/Client/StartProducten/StartProduct[1]/ToewijzingNummer"),
    ],
)  # fmt: skip
def test_what_no_date_or_number_can_hold_is_refused_with_its_place(
    vervang: tuple[str, str], regel: str, pad: str
) -> None:
    (fout,) = geweigerd(wijzig(wmo305(), vervang)).bevindingen
    assert (fout.regel, fout.pad) == (regel, pad)
    assert fout.regelnummer


@pytest.mark.parametrize("jaar", ["0001", "9999"])
def test_the_first_and_the_last_year_are_dates(jaar: str) -> None:
    for raw in (wmo301(), wmo305(), wmo323()):
        for dag in ("2026-04-15", "1950-05-17", "2026-03-31"):
            if dag.encode() in raw:
                rules.check(codec.parse(wijzig(raw, (dag, f"{jaar}-12-31"))))


def _met_clienten(clienten: bytes) -> bytes:
    raw = wmo323()
    return raw[: raw.index(b"<Client>")] + clienten + raw[raw.index(b"</Clienten>") :]


def test_a_million_faults_are_refused_at_once() -> None:
    begin = time.monotonic()
    fouten = geweigerd(_met_clienten(b"<Client></Client>" * 1_000_000)).bevindingen
    assert time.monotonic() - begin < 5, "a walk along all siblings for every fault takes hours"
    assert len(fouten) == 501 and fouten[-1].regel == "MEER"
    assert fouten[499].pad == "/Bericht/Declaratie/Clienten/Client[500]"


def test_all_faults_of_a_big_file_when_they_are_few() -> None:
    raw = wmo323()
    goed = raw[raw.index(b"<Client>") : raw.index(b"</Client>") + 9]
    fout = goed.replace(b"999900018", b"99990001")
    paden = [b.pad for b in geweigerd(_met_clienten(fout + goed * 3000 + fout)).bevindingen]
    assert paden == [f"/Bericht/Declaratie/Clienten/Client[{n}]/Bsn" for n in (1, 3002)]


def test_two_messages_at_a_time_do_not_share_their_faults() -> None:
    soorten = {"RS037": ("999900018", "1"), "COD046": ("<Geslacht>2", "<Geslacht>9")}
    vreemd: list[str] = []

    def lees(regel: str) -> None:
        raw = wijzig(wmo305(), soorten[regel])
        for _ in range(300):
            vreemd.extend(b.regel for b in geweigerd(raw).bevindingen if b.regel != regel)

    draden = [threading.Thread(target=lees, args=(regel,)) for regel in soorten for _ in range(2)]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    assert not vreemd


def test_a_code_that_is_not_in_its_list_gets_the_list_with_its_labels() -> None:
    (fout,) = geweigerd(wijzig(wmo305(), ("<Geslacht>2", "<Geslacht>9"))).bevindingen
    assert fout.verwacht == "Een code uit codelijst COD046 (geslacht): 0 (Onbekend), 1 (Mannelijk), 2 (Vrouwelijk)."
    (fout,) = geweigerd(wijzig(wmo301(), (">NL<", ">XX<"))).bevindingen
    assert fout.verwacht == "Een code uit codelijst COD032 (land)."
