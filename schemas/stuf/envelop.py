"""Reading and writing the StUF-GGk envelope (SOAP 1.1 document/literal), with the guards of a message.

Names are those of transport.md; an element is known by its local name, because senders differ in which of
the two namespaces they use for the children of stuurgegevens.
"""

import base64
import binascii
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from lxml import etree

from schemas.stuf.fouten import Lijst, StufFout

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
GGK = "http://www.stufstandaarden.nl/koppelvlak/ggk0210"
STUF = "http://www.egem.nl/StUF/StUF0301"
BYTES_MAX = 25 * 1024 * 1024
"""OP179: base64 included."""
TAGS_MAX = 500
"""An envelope has some thirty elements; its content is text."""
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ORGANISATIE = re.compile(r"[0-9]{4}|[0-9]{8}|SVB|CAK|CBS|UWV|VWS|VECOZO|IB|RINIS")
_TIJDSTIP = re.compile(r"[0-9]{14}")
_BESTANDSNAAM = re.compile(r"[A-Za-z0-9\-._]{4,255}")
_SOORTEN = {
    "ggk_Di01": "Di01", "envelopHeenbericht-ggk_Di01": "Di01",
    "ggk_Du01": "Du01", "envelopRetourbericht-ggk_Du01": "Du01",
    "Fo01Bericht": "Fo01", "Fo01": "Fo01", "Bv03Bericht": "Bv03", "Fo03Bericht": "Fo03",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelop:
    """A read or to be written envelope. `bestand`: the message itself, unpacked; empty in Fo01, Bv03 and Fo03."""

    berichtcode: str
    zender: str
    ontvanger: str
    referentienummer: str
    functie: str = ""
    cross_refnummer: str | None = None
    bestand: bytes = b""
    code: str | None = None
    applicatie: str = "Zorgketen"


def lees(raw: bytes) -> Envelop:
    """The envelope in these bytes. Raises StufFout."""
    soort, knoop = _body(raw)
    stuur = _kind(knoop, "stuurgegevens")
    referentie = _tekst(stuur, "referentienummer")
    if referentie is None or not UUID4.fullmatch(referentie):
        raise StufFout("uuid")
    zender, ontvanger = _organisatie(stuur, "zender"), _organisatie(stuur, "ontvanger")
    if _tekst(stuur, "berichtcode") != soort or not _TIJDSTIP.fullmatch(_tekst(stuur, "tijdstipBericht") or ""):
        raise StufFout("envelop", referentie)
    cross = _tekst(stuur, "crossRefnummer")
    if soort in ("Du01", "Fo01") and (cross is None or not UUID4.fullmatch(cross)):
        raise StufFout("geen_antwoord_op", referentie)
    if soort == "Di01" and cross is not None:
        raise StufFout("envelop", referentie)
    basis = Envelop(
        berichtcode=soort, zender=zender, ontvanger=ontvanger, referentienummer=referentie, cross_refnummer=cross
    )
    if soort not in ("Di01", "Du01"):
        return _met(basis, code=_tekst(_kind(knoop, "body"), "code") if soort in ("Fo01", "Fo03") else None)
    parameters = _kind(knoop, "parameters")
    versie = tuple(_tekst(parameters, naam) for naam in ("functieVersie", "functieSubversie"))
    if versie != ("0003", "0002"):
        raise StufFout("applicatie", referentie)
    functie = _tekst(stuur, "functie") or ""
    return _met(basis, functie=functie, bestand=_bestand(_kind(parameters, "bericht"), referentie))


def _met(envelop: Envelop, **anders: str | bytes | None) -> Envelop:
    velden = {naam: getattr(envelop, naam) for naam in Envelop.__dataclass_fields__}
    return Envelop(**(velden | anders))


def _body(raw: bytes) -> tuple[str, etree._Element]:
    """The one element in the SOAP body, after the guards: size, no DOCTYPE, UTF-8, few elements."""
    if len(raw) > BYTES_MAX:
        raise StufFout("te_groot")
    if b"<!DOCTYPE" in raw or raw.count(b"<") > TAGS_MAX or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise StufFout("envelop")
    # huge_tree: one text node may be 25 MB of base64.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True,
                             remove_comments=True, remove_pis=True)  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise StufFout("envelop") from None
    if root.tag != f"{{{SOAP}}}Envelope" or root.getroottree().docinfo.encoding not in (None, "UTF-8", "utf-8"):
        raise StufFout("envelop")
    body = root.find(f"{{{SOAP}}}Body")
    if body is None or len(body) != 1:
        raise StufFout("envelop")
    naam = etree.QName(body[0])
    fault = naam.localname == "Fault" and naam.namespace == SOAP
    knoop = next(iter(_kind(body[0], "detail")), None) if fault else body[0]
    soort = None if knoop is None else _SOORTEN.get(etree.QName(knoop).localname)
    if knoop is None or soort is None or etree.QName(knoop).namespace not in (GGK, STUF):
        raise StufFout("envelop")
    return soort, knoop


def _kind(knoop: etree._Element, naam: str) -> etree._Element:
    for kind in knoop:
        if etree.QName(kind).localname == naam:
            return kind
    raise StufFout("envelop")


def _tekst(knoop: etree._Element, naam: str) -> str | None:
    for kind in knoop:
        if etree.QName(kind).localname == naam:
            return (kind.text or "").strip()
    return None


def _organisatie(stuur: etree._Element, partij: str) -> str:
    code = _tekst(_kind(stuur, partij), "organisatie") or ""
    if not _ORGANISATIE.fullmatch(code):
        raise StufFout("envelop")
    return code


def _bestand(bericht: etree._Element, referentie: str) -> bytes:
    if len(bericht) != 1 or etree.QName(bericht[0]).localname not in ("xmlBestand", "tekstBestand"):
        raise StufFout("envelop", referentie)
    keuze = bericht[0]
    if etree.QName(keuze).localname == "tekstBestand":
        namen = [waarde for sleutel, waarde in keuze.attrib.items() if str(sleutel).endswith("bestandsnaam")]
        if len(namen) != 1 or not _BESTANDSNAAM.fullmatch(str(namen[0])):
            raise StufFout("envelop", referentie)
    try:
        inhoud = base64.b64decode("".join((keuze.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise StufFout("envelop", referentie) from None
    return _uitgepakt(inhoud, referentie) if inhoud[:4] == b"PK\x03\x04" else inhoud


def _uitgepakt(inhoud: bytes, referentie: str) -> bytes:
    """The one file of a zip, never more than 25 MB of it: what the zip says of itself is not believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(inhoud)) as zip_:
            namen = zip_.infolist()
            if not namen:
                raise StufFout("zip_leeg", referentie)
            if len(namen) > 1:
                raise StufFout("zip_te_veel", referentie)
            if namen[0].flag_bits & 0x1:
                raise StufFout("zip_wachtwoord", referentie)
            with zip_.open(namen[0]) as bestand:
                raw = bestand.read(BYTES_MAX + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise StufFout("zip_ongeldig", referentie) from None
    if len(raw) > BYTES_MAX:
        raise StufFout("zip_te_groot", referentie)
    return raw


def nieuw_referentienummer() -> str:
    """A UUID v4."""
    return str(uuid4())


def schrijf(envelop: Envelop, moment: datetime, extra: str = "") -> bytes:
    """The SOAP message of an envelope; the same arguments give the same bytes. `extra`: the body of a Fo01."""
    naam = {"Di01": "ggk_Di01", "Du01": "ggk_Du01"}.get(envelop.berichtcode, f"{envelop.berichtcode}Bericht")
    prefix = "ggk" if envelop.berichtcode in ("Di01", "Du01") else "StUF"
    delen = [_stuurgegevens(prefix, envelop, moment)]
    if envelop.bestand:
        delen.append(
            f"<{prefix}:parameters><{prefix}:applicatieVersie>0001</{prefix}:applicatieVersie>"
            f"<{prefix}:applicatieSubversie>0000</{prefix}:applicatieSubversie>"
            f"<{prefix}:functieVersie>0003</{prefix}:functieVersie>"
            f"<{prefix}:functieSubversie>0002</{prefix}:functieSubversie>"
            f"<{prefix}:bericht><{prefix}:xmlBestand>{base64.b64encode(envelop.bestand).decode()}"
            f"</{prefix}:xmlBestand></{prefix}:bericht></{prefix}:parameters>"
        )
    kern = f'<{prefix}:{naam} xmlns:ggk="{GGK}" xmlns:StUF="{STUF}">{"".join(delen)}{extra}</{prefix}:{naam}>'
    return _soap(kern)


def _stuurgegevens(prefix: str, envelop: Envelop, moment: datetime) -> str:
    tijd = moment.astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%Y%m%d%H%M%S")
    cross = envelop.cross_refnummer
    return (
        f"<{prefix}:stuurgegevens><StUF:berichtcode>{envelop.berichtcode}</StUF:berichtcode>"
        f"<StUF:zender><StUF:organisatie>{escape(envelop.zender)}</StUF:organisatie>"
        f"<StUF:applicatie>{escape(envelop.applicatie)}</StUF:applicatie></StUF:zender>"
        f"<StUF:ontvanger><StUF:organisatie>{escape(envelop.ontvanger)}</StUF:organisatie>"
        f"<StUF:applicatie>GGk</StUF:applicatie></StUF:ontvanger>"
        f"<StUF:referentienummer>{envelop.referentienummer}</StUF:referentienummer>"
        f"<StUF:tijdstipBericht>{tijd}</StUF:tijdstipBericht>"
        + (f"<StUF:crossRefnummer>{cross}</StUF:crossRefnummer>" if cross else "")
        + (f"<StUF:functie>{escape(envelop.functie)}</StUF:functie>" if envelop.functie else "")
        + f"</{prefix}:stuurgegevens>"
    )


def schrijf_fout(fout: StufFout, envelop: Envelop, moment: datetime, lijst: Lijst) -> bytes:
    """A SOAP fault with the Fo03 or Fo01 (of the payload) of `envelop` in its detail; never a value."""
    code = fout.fout.code(lijst)
    body = (
        f"<StUF:body><StUF:code>{code}</StUF:code><StUF:plek>{fout.fout.plek}</StUF:plek>"
        f"<StUF:omschrijving>{escape(fout.fout.label)}</StUF:omschrijving></StUF:body>"
    )
    soap = schrijf(envelop, moment, body).decode()
    kern = soap[soap.index("<soap:Body>") + len("<soap:Body>") : soap.index("</soap:Body>")]
    return _soap(
        "<soap:Fault><faultcode>soap:Client</faultcode>"
        f"<faultstring>{escape(fout.fout.label)}</faultstring><detail>{kern}</detail></soap:Fault>"
    )


def _soap(kern: str) -> bytes:
    kop = '<?xml version="1.0" encoding="UTF-8"?>\r\n'
    return f'{kop}<soap:Envelope xmlns:soap="{SOAP}"><soap:Body>{kern}</soap:Body></soap:Envelope>\r\n'.encode()
