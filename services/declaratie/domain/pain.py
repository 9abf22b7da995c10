"""ISO 20022 pain.001.001.09: a SEPA credit transfer as XML. The subset is in schemas/pain/, where a test holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from services.declaratie.domain.betaling import Betaling, Rekening

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_TEKST_MAX = 140


@dataclass(frozen=True, slots=True)
class Opdracht:
    """A payment file: `betalingen` with the id that the receiver sees (EndToEndId, at most 35 signs)."""

    opdracht_id: str
    gemaakt_at: datetime
    uitvoerdatum: date
    betaler: Rekening
    betalingen: Sequence[tuple[str, Betaling]]


def _euro(cent: int) -> str:
    return f"{cent // 100}.{cent % 100:02d}"


def _tekst(ouder: Element, pad: str, tekst: str) -> Element:
    """Adds the elements of a path and puts the text in the last."""
    for naam in pad.split("/"):
        ouder = SubElement(ouder, naam)
    ouder.text = tekst
    return ouder


def _omschrijving(betaling: Betaling) -> str:
    """Which declaraties are paid; the whole list is in the overview of payments."""
    nummers = " ".join(t.declaratie_nummer for t in betaling.totalen)
    tekst = f"Wmo {nummers}"
    return tekst if len(tekst) <= _TEKST_MAX else f"Wmo {len(betaling.totalen)} declaraties, zie uw betaaloverzicht"


def write(opdracht: Opdracht) -> bytes:
    """The document in UTF-8. One PmtInf, booked as one batch; amounts in whole cents become euros with two decimals."""
    document = Element("Document", xmlns=NAMESPACE)
    bericht = SubElement(document, "CstmrCdtTrfInitn")
    aantal = str(len(opdracht.betalingen))
    som = _euro(sum(b.bedrag_cent for _, b in opdracht.betalingen))
    kop = SubElement(bericht, "GrpHdr")
    _tekst(kop, "MsgId", opdracht.opdracht_id)
    _tekst(kop, "CreDtTm", f"{opdracht.gemaakt_at:%Y-%m-%dT%H:%M:%S}Z")
    _tekst(kop, "NbOfTxs", aantal)
    _tekst(kop, "CtrlSum", som)
    _tekst(kop, "InitgPty/Nm", opdracht.betaler.naam)
    groep = SubElement(bericht, "PmtInf")
    _tekst(groep, "PmtInfId", opdracht.opdracht_id)
    _tekst(groep, "PmtMtd", "TRF")
    _tekst(groep, "BtchBookg", "true")
    _tekst(groep, "NbOfTxs", aantal)
    _tekst(groep, "CtrlSum", som)
    _tekst(groep, "PmtTpInf/SvcLvl/Cd", "SEPA")
    _tekst(groep, "ReqdExctnDt/Dt", opdracht.uitvoerdatum.isoformat())
    _tekst(groep, "Dbtr/Nm", opdracht.betaler.naam)
    _tekst(groep, "DbtrAcct/Id/IBAN", opdracht.betaler.iban)
    # IBAN only: the bank of the payer is found by the account.
    _tekst(groep, "DbtrAgt/FinInstnId/Othr/Id", "NOTPROVIDED")
    _tekst(groep, "ChrgBr", "SLEV")
    for betaling_id, betaling in opdracht.betalingen:
        regel = SubElement(groep, "CdtTrfTxInf")
        _tekst(regel, "PmtId/EndToEndId", betaling_id)
        _tekst(regel, "Amt/InstdAmt", _euro(betaling.bedrag_cent)).set("Ccy", "EUR")
        _tekst(regel, "Cdtr/Nm", betaling.rekening.naam)
        _tekst(regel, "CdtrAcct/Id/IBAN", betaling.rekening.iban)
        _tekst(regel, "RmtInf/Ustrd", _omschrijving(betaling))
    uit: bytes = tostring(document, encoding="UTF-8", xml_declaration=True)
    return uit
