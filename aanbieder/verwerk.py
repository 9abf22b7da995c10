"""What an approved or sent message changes in the state."""

import json
import sqlite3
from typing import Any

from aanbieder import staat
from aanbieder.regels import GEEN_FOUT, codes_in, heenbericht
from schemas.iwmo.bericht import Bericht
from schemas.iwmo.inhoud import TEKEN


def partijen(bericht: Bericht) -> tuple[str, str]:
    """(gemeente, aanbieder) of a message; a gemeente has 4 digits, a provider 8 (RS035, RS036)."""
    afzender, ontvanger = bericht.header.afzender, bericht.header.ontvanger
    return (afzender, ontvanger) if len(afzender) == 4 else (ontvanger, afzender)


def verwerk(db: sqlite3.Connection, bericht: Bericht, inhoud: dict[str, Any], volgnr: int) -> None:
    """Give a received message without faults its effect."""
    gemeente, aanbieder = partijen(bericht)
    if bericht.soort.code == "WMO301":
        _toewijzing(db, bericht, gemeente, aanbieder, inhoud, volgnr)
    elif bericht.soort.code == "WMO319":
        antwoord = inhoud["antwoord"]
        db.execute(
            "UPDATE verzoeken SET antwoord = ? WHERE gemeente = ? AND referentie = ?",
            (antwoord["verzoek_antwoord"], gemeente, antwoord["referentie_aanbieder"]),
        )
    else:
        heen = heenbericht(db, bericht, gemeente)
        assert heen is not None  # the rules saw it
        if bericht.soort.code == "WMO325":
            _declaratieantwoord(db, heen["volgnr"], inhoud)
        else:
            codes = codes_in(inhoud)
            staat.zet_status(db, heen["volgnr"], "afgekeurd" if codes else "goedgekeurd", codes)


def _toewijzing(
    db: sqlite3.Connection, bericht: Bericht, gemeente: str, aanbieder: str, inhoud: dict[str, Any], volgnr: int
) -> None:
    client = inhoud["client"]
    staat.bewaar_client(db, gemeente, client["bsn"], client, str(bericht.header.dagtekening))
    for product in inhoud["toegewezen_producten"]:
        staat.bewaar_toewijzing(db, gemeente, aanbieder, client["bsn"], product, volgnr)
        if product["referentie_aanbieder"]:
            db.execute(
                "UPDATE verzoeken SET toegewezen = ? WHERE gemeente = ? AND referentie = ? AND toegewezen IS NULL",
                (volgnr, gemeente, product["referentie_aanbieder"]),
            )


def _declaratieantwoord(db: sqlite3.Connection, volgnr: int, inhoud: dict[str, Any]) -> None:
    """What is not returned is awarded (IV087); refused as a whole, nothing is."""
    antwoord, codes = inhoud["declaratie_antwoord"], codes_in(inhoud)
    geheel = antwoord is None or bool(set(antwoord["retourcodes"]) - GEEN_FOUT)
    staat.zet_status(db, volgnr, "afgekeurd" if geheel else "beantwoord", codes)
    toegekend = 0 if geheel else antwoord["totaal_toegekend_cent"]
    db.execute("UPDATE declaraties SET toegekend_cent = ? WHERE volgnr = ?", (toegekend, volgnr))
    uitslag = "afgekeurd" if geheel else "goedgekeurd"
    db.execute("UPDATE prestaties SET uitslag = ? WHERE volgnr = ?", (uitslag, volgnr))
    if geheel:
        return
    db.executemany(
        "UPDATE prestaties SET uitslag = 'afgekeurd' WHERE volgnr = ? AND referentie_nummer = ?",
        [(volgnr, p["referentie_nummer"]) for c in antwoord["clienten"] for p in c["prestaties"]],
    )


def verstuurd(db: sqlite3.Connection, bericht: Bericht, inhoud: dict[str, Any], volgnr: int) -> None:
    """Remember what a message of our own holds, so that later answers can be judged against it."""
    gemeente, _ = partijen(bericht)
    if bericht.soort.code in ("WMO305", "WMO307"):
        _levering(db, gemeente, inhoud, volgnr)
    elif bericht.soort.code == "WMO315":
        for product in inhoud["aangevraagde_producten"]:
            _verzoek(db, gemeente, product["referentie_aanbieder"], volgnr, "vot", inhoud["client"]["bsn"])
    elif bericht.soort.code == "WMO317":
        client = inhoud["client"]
        _verzoek(db, gemeente, client["verzoek"]["referentie_aanbieder"], volgnr, "vow", client["bsn"])
    elif bericht.soort.code == "WMO323":
        _declaratie(db, gemeente, inhoud, volgnr)


def _levering(db: sqlite3.Connection, gemeente: str, inhoud: dict[str, Any], volgnr: int) -> None:
    for soort in ("start", "stop"):
        # what is deleted goes first, so that a correction in one message keeps its new record
        producten = sorted(inhoud.get(f"{soort}_producten") or [], key=lambda p: p["status_aanlevering"] != "3")
        for product in producten:
            db.execute(
                "INSERT INTO leveringen VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (volgnr, gemeente, product["toewijzing_nummer"], soort, product["begindatum"],
                 product.get("einddatum"), product.get("reden_beeindiging"), product["status_aanlevering"]),
            )  # fmt: skip


def _verzoek(db: sqlite3.Connection, gemeente: str, referentie: str, volgnr: int, soort: str, bsn: str) -> None:
    # The first message with a reference owns it; one that was refused leaves it free (OP286).
    db.execute(
        "INSERT INTO verzoeken (gemeente, referentie, volgnr, soort, bsn) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET volgnr = excluded.volgnr, soort = excluded.soort, bsn = excluded.bsn,"
        " antwoord = NULL, toegewezen = NULL WHERE EXISTS (SELECT 1 FROM berichten b"
        " WHERE b.volgnr = verzoeken.volgnr AND b.status IN ('afgekeurd', 'geweigerd'))",
        (gemeente, referentie, volgnr, soort, bsn),
    )


def _declaratie(db: sqlite3.Connection, gemeente: str, declaratie: dict[str, Any], volgnr: int) -> None:
    db.execute(
        "INSERT INTO declaraties (volgnr, gemeente, declaratie_nummer, periode, ingediend_cent)"
        " VALUES (?, ?, ?, ?, ?)",
        (volgnr, gemeente, declaratie["declaratie_nummer"],
         declaratie["declaratie_periode"]["begindatum"][:7], declaratie["totaal_ingediend_cent"]),
    )  # fmt: skip
    db.executemany(
        "INSERT INTO prestaties VALUES (?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING",
        [
            (volgnr, gemeente, regel["referentie_nummer"], regel["vorig_referentie_nummer"],
             regel["toewijzing_nummer"], json.dumps(regel),
             TEKEN[regel["debet_credit"]] * int(regel["ingediend_cent"]))
            for client in declaratie["clienten"] for regel in client["prestaties"]
        ],
    )  # fmt: skip
