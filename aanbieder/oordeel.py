"""Judges what a municipality sends, as a receiver must (processes.md 8): levels 1 to 4, then the answer.

Level 1 is the codec (`NietLeesbaar`, no retour), level 2 gives 0001 in the Header, level 3 and 4
give the code in the Header or in its class. Any fault refuses the whole message (IV032).
"""

import sqlite3
from dataclasses import dataclass, field
from typing import Any

from aanbieder import klok, staat, verwerk
from aanbieder.berichten import nieuwe_identificatie
from schemas.iwmo import codec, retour, rules
from schemas.iwmo.bericht import Bericht, Bevinding

MET_ANTWOORD = {"WMO301": "WMO302", "WMO319": "WMO320"}


@dataclass(frozen=True)
class Oordeel:
    """Outcome for one received message; `antwoord` holds the bytes of the 302 or 320."""

    volgnr: int
    soort: str
    identificatie: str
    goedgekeurd: bool
    codes: list[str] = field(default_factory=list)
    bevindingen: list[str] = field(default_factory=list)
    antwoord: bytes | None = None
    antwoord_volgnr: int | None = None


def ontvang(st: staat.Staat, raw: bytes, postbus_id: str | None = None) -> Oordeel:
    """Judge and store one message; the same bytes give the same outcome and answer again."""
    bericht = codec.parse(raw)
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
        antwoord=antwoord["xml"] if antwoord else None,
        antwoord_volgnr=antwoord["volgnr"] if antwoord else None,
    )  # fmt: skip


def _nieuw(db: sqlite3.Connection, bericht: Bericht, raw: bytes, postbus_id: str | None) -> Oordeel:
    soort, header, inhoud = bericht.soort.code, bericht.header, bericht.inhoud()
    gemeente, aanbieder = verwerk.partijen(bericht)
    bevindingen = list(rules.check(bericht))
    header_codes: list[str] = ["0001"] if bevindingen else []
    codes: dict[str, list[str]] = {}
    if not bevindingen and soort in {*MET_ANTWOORD, "WMO325"}:
        bekend = staat.identificatie_bekend(db, "in", soort, gemeente, header.identificatie)
        kop = list(rules.check_header(bericht, klok.vandaag(), bekend))
        bevindingen += kop
        header_codes = list(dict.fromkeys(b.retourcode for b in kop if b.retourcode))
        if not kop:
            codes = _klassen(db, soort, gemeente, inhoud)
    goed = not header_codes and not codes and not bevindingen
    alle = header_codes + [c for lijst in codes.values() for c in lijst]
    volgnr = staat.bewaar_bericht(
        db, richting="in", soort=soort, identificatie=header.identificatie, gemeente=gemeente,
        aanbieder=aanbieder, dagtekening=str(header.dagtekening), xml=raw,
        status="goedgekeurd" if goed else "afgekeurd", retourcodes=alle, bericht_id=postbus_id,
    )  # fmt: skip
    extra = verwerk.verwerk(db, bericht, inhoud, volgnr) if goed else []
    antwoord = antwoord_volgnr = None
    if soort in MET_ANTWOORD:
        identificatie = nieuwe_identificatie()
        antwoord = retour.retour(
            bericht,
            identificatie=identificatie,
            dagtekening=klok.vandaag(),
            header_codes=header_codes,
            codes=codes,
        )
        antwoord_volgnr = staat.bewaar_bericht(
            db, richting="uit", soort=MET_ANTWOORD[soort], identificatie=identificatie, gemeente=gemeente,
            aanbieder=aanbieder, dagtekening=str(klok.vandaag()), xml=antwoord,
            status="te_versturen", retourcodes=alle, op_volgnr=volgnr,
        )  # fmt: skip
    teksten = [_tekst(b) for b in bevindingen] + [f"{waar}: {', '.join(c)}" for waar, c in codes.items()] + extra
    return Oordeel(
        volgnr,
        soort,
        header.identificatie,
        goed and not extra,
        alle,
        teksten,
        antwoord,
        antwoord_volgnr,
    )


def _klassen(db: sqlite3.Connection, soort: str, gemeente: str, inhoud: dict[str, Any]) -> dict[str, list[str]]:
    if soort == "WMO301":
        return _toewijzing(db, gemeente, inhoud)
    if soort == "WMO319":
        return _antwoord(db, gemeente, inhoud["antwoord"])
    return {}


def _toewijzing(db: sqlite3.Connection, gemeente: str, inhoud: dict[str, Any]) -> dict[str, list[str]]:
    """TR332 (9332), TR379 (9379) and TR385 (9385) for every ToegewezenProduct."""
    codes: dict[str, list[str]] = {}
    for i, product in enumerate(inhoud["toegewezen_producten"], 1):
        nummer = product["toewijzing_nummer"]
        fout: list[str] = []
        if any(v["bsn"] != inhoud["client"]["bsn"] for v in staat.versies(db, gemeente, nummer)):
            fout.append("9332")
        referentie = product.get("referentie_aanbieder")
        if referentie:
            verzoek = verwerk.verzoek(db, gemeente, referentie)
            if verzoek is None or verzoek["toegewezen"] is not None:
                fout.append("9379")
        if product.get("reden_wijziging") == "13" and verwerk.goedgekeurd_ongecrediteerd(db, gemeente, nummer):
            fout.append("9385")
        if fout:
            codes[f"ToegewezenProduct[{i}]"] = fout
    return codes


def _antwoord(db: sqlite3.Connection, gemeente: str, antwoord: dict[str, Any]) -> dict[str, list[str]]:
    """TR355 (9355), TR359 (9359), TR360 (9360) and TR365 (9365) for the Antwoord."""
    verzoek = verwerk.verzoek(db, gemeente, antwoord["referentie_aanbieder"])
    if verzoek is None:
        return {"Antwoord": ["9355"]}
    fout: list[str] = []
    if verzoek["toegewezen"] is not None:
        fout.append("9359")
    if verzoek["antwoord"] is not None and antwoord["verzoek_antwoord"] == "2":
        fout.append("9360")
    if verzoek["antwoord"] not in (None, "2"):
        fout.append("9365")
    return {"Antwoord": fout} if fout else {}


def _tekst(bevinding: Bevinding) -> str:
    return f"{bevinding.regel} {bevinding.retourcode or ''} {bevinding.pad}: {bevinding.melding}"
