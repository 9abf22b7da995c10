"""Judges what a municipality sends, as a receiver must (processes.md 8): levels 1 to 4, then the answer.

Level 1 is the codec (`NietLeesbaar`, no retour), level 2 gives 0001 in the Header, level 3 and 4
give the code in the Header or in its class. Any fault refuses the whole message (IV032).
"""

import sqlite3
from dataclasses import dataclass, field
from typing import Any

from aanbieder import klok, regels, staat, verwerk
from aanbieder.berichten import nieuwe_identificatie
from aanbieder.regels import Fout
from schemas.iwmo import codec, retour, rules
from schemas.iwmo.bericht import Bericht, Bevinding

MET_ANTWOORD = {"WMO301": "WMO302", "WMO319": "WMO320"}
ZONDER_ANTWOORD = {"WMO306", "WMO308", "WMO316", "WMO318", "WMO325"}


class NietVoorOns(Exception):
    """A valid message of a kind that a municipality never sends to a provider; nothing is kept."""


@dataclass(frozen=True)
class Oordeel:
    """Outcome for one received message; `antwoord` holds the bytes of the 302 or 320.

    `codes` are the retourcodes that we gave, or for a 325 and a retour the codes that we were given.
    """

    volgnr: int
    soort: str
    identificatie: str
    goedgekeurd: bool
    codes: list[str] = field(default_factory=list)
    bevindingen: list[str] = field(default_factory=list)
    antwoord: bytes | None = None
    antwoord_volgnr: int | None = None


def ontvang(st: staat.Staat, raw: bytes, postbus_id: str | None = None) -> Oordeel:
    """Judge and store one message; the same bytes give the same outcome and answer again.

    Raises NietLeesbaar (level 1) and NietVoorOns; then nothing is stored.
    """
    bericht = codec.parse(raw)
    if bericht.soort.code not in MET_ANTWOORD.keys() | ZONDER_ANTWOORD:
        raise NietVoorOns("een aanbieder krijgt dit soort bericht niet van een gemeente")
    with st.tx() as db:
        eerder = staat.bericht_op_som(db, "in", raw)
        if eerder is not None:
            if postbus_id and not eerder["bericht_id"]:
                staat.zet_bericht_id(db, eerder["volgnr"], postbus_id)
            return _opnieuw(db, eerder)
        return _nieuw(db, bericht, raw, postbus_id)


def _opnieuw(db: sqlite3.Connection, eerder: sqlite3.Row) -> Oordeel:
    antwoord = staat.antwoord_op(db, eerder["volgnr"])
    return Oordeel(
        eerder["volgnr"], eerder["soort"], eerder["identificatie"], eerder["status"] != "afgekeurd",
        codes=staat.codes_van(eerder),
        bevindingen=["dit bericht was hier al: het oordeel van toen geldt"],
        antwoord=antwoord["xml"] if antwoord else None,
        antwoord_volgnr=antwoord["volgnr"] if antwoord else None,
    )  # fmt: skip


def _nieuw(db: sqlite3.Connection, bericht: Bericht, raw: bytes, postbus_id: str | None) -> Oordeel:
    soort, header, inhoud = bericht.soort.code, bericht.header, bericht.inhoud()
    gemeente, aanbieder = verwerk.partijen(bericht)
    kop, fouten = _toets(db, bericht, inhoud)
    kop_codes = list(dict.fromkeys(b.retourcode for b in kop if b.retourcode))
    goed = not kop and not fouten
    codes = kop_codes + [f.code for f in fouten if f.code]
    volgnr = staat.bewaar_bericht(
        db, richting="in", soort=soort, identificatie=header.identificatie, gemeente=gemeente,
        aanbieder=aanbieder, dagtekening=str(header.dagtekening), xml=raw,
        status="goedgekeurd" if goed else "afgekeurd", retourcodes=codes, bericht_id=postbus_id,
    )  # fmt: skip
    if goed:
        verwerk.verwerk(db, bericht, inhoud, volgnr)
    antwoord = antwoord_volgnr = None
    if soort in MET_ANTWOORD:
        antwoord, antwoord_volgnr = _antwoord(db, bericht, volgnr, kop_codes, fouten)
    elif goed:
        codes = regels.codes_in(inhoud)
    teksten = [_tekst(b) for b in kop]
    teksten += [f"{f.regel} {f.code or ''} {f.pad}: {f.tekst}".replace("  ", " ") for f in fouten]
    return Oordeel(volgnr, soort, header.identificatie, goed, codes, teksten, antwoord, antwoord_volgnr)


def _toets(db: sqlite3.Connection, bericht: Bericht, inhoud: dict[str, Any]) -> tuple[list[Bevinding], list[Fout]]:
    """Level by level: a fault in the content or in the Header leaves what is below it unjudged (IV028)."""
    soort = bericht.soort.code
    gemeente, aanbieder = verwerk.partijen(bericht)
    kop = rules.check(bericht)
    if not kop and soort in {*MET_ANTWOORD, "WMO325"}:
        bekend = staat.identificatie_bekend(db, "in", soort, gemeente, bericht.header.identificatie)
        kop = rules.check_header(bericht, klok.vandaag(), bekend)
    if kop:
        return kop, []
    if soort == "WMO301":
        return [], list(regels.toets_toewijzing(db, gemeente, aanbieder, inhoud))
    if soort == "WMO319":
        return [], list(regels.toets_antwoord(db, gemeente, inhoud["antwoord"]))
    if soort == "WMO325":
        return [], list(regels.toets_325(db, bericht, gemeente, inhoud))
    return [], list(regels.toets_retour(db, bericht, gemeente))


def _antwoord(
    db: sqlite3.Connection, bericht: Bericht, volgnr: int, kop_codes: list[str], fouten: list[Fout]
) -> tuple[bytes, int]:
    """The 302 or 320, kept with the message it answers."""
    klassen: dict[str, list[str]] = {}
    for fout in fouten:
        if fout.code:
            klassen.setdefault(fout.pad, []).append(fout.code)
    identificatie, vandaag = nieuwe_identificatie(), klok.vandaag()
    xml = retour.retour(
        bericht, identificatie=identificatie, dagtekening=vandaag, header_codes=kop_codes, codes=klassen
    )
    gemeente, aanbieder = verwerk.partijen(bericht)
    return xml, staat.bewaar_bericht(
        db, richting="uit", soort=MET_ANTWOORD[bericht.soort.code], identificatie=identificatie,
        gemeente=gemeente, aanbieder=aanbieder, dagtekening=str(vandaag), xml=xml, status="te_versturen",
        retourcodes=kop_codes + [f.code for f in fouten if f.code], op_volgnr=volgnr,
    )  # fmt: skip


def _tekst(bevinding: Bevinding) -> str:
    return f"{bevinding.regel} {bevinding.retourcode or ''} {bevinding.pad}: {bevinding.melding}"
