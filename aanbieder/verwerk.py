"""What an approved or sent message changes in the state."""

import json
import sqlite3
from typing import Any

from aanbieder import staat
from schemas.iwmo.bericht import Bericht

GEEN_FOUT = {"0200", "0233", "8001"}
TEKEN = {"D": 1, "C": -1}


def partijen(bericht: Bericht) -> tuple[str, str]:
    """(gemeente, aanbieder) of a message; a gemeente has 4 digits, a provider 8 (RS035, RS036)."""
    afzender, ontvanger = bericht.header.afzender, bericht.header.ontvanger
    return (afzender, ontvanger) if len(afzender) == 4 else (ontvanger, afzender)


def verwerk(db: sqlite3.Connection, bericht: Bericht, inhoud: dict[str, Any], volgnr: int) -> list[str]:
    """Give a received, approved message its effect. Returns what does not fit, in plain words."""
    gemeente, aanbieder = partijen(bericht)
    if bericht.soort.code == "WMO301":
        _toewijzing(db, gemeente, aanbieder, inhoud, volgnr)
        return []
    if bericht.soort.code == "WMO319":
        antwoord = inhoud["antwoord"]
        db.execute(
            "UPDATE verzoeken SET antwoord = ? WHERE gemeente = ? AND referentie = ?",
            (antwoord["verzoek_antwoord"], gemeente, antwoord["referentie_aanbieder"]),
        )
        return []
    if bericht.soort.code == "WMO325":
        return _declaratieantwoord(db, gemeente, bericht.header.declaratie_identificatie or "", inhoud)
    return _retour(db, bericht, gemeente, inhoud)


def _toewijzing(db: sqlite3.Connection, gemeente: str, aanbieder: str, inhoud: dict[str, Any], volgnr: int) -> None:
    client = inhoud["client"]
    staat.bewaar_client(db, gemeente, client["bsn"], client)
    for product in inhoud["toegewezen_producten"]:
        staat.bewaar_toewijzing(db, gemeente, aanbieder, client["bsn"], product, volgnr)
        if product.get("referentie_aanbieder"):
            db.execute(
                "UPDATE verzoeken SET toegewezen = ? WHERE gemeente = ? AND referentie = ? AND toegewezen IS NULL",
                (volgnr, gemeente, product["referentie_aanbieder"]),
            )


def codes_in(deel: Any) -> list[str]:
    """Every retourcode anywhere in a message, except the ones that mean no fault."""
    if isinstance(deel, dict):
        eigen = [c for c in deel.get("retourcodes") or [] if c not in GEEN_FOUT]
        return eigen + [c for k, v in deel.items() if k != "retourcodes" for c in codes_in(v)]
    if isinstance(deel, list):
        return [c for d in deel for c in codes_in(d)]
    return []


def _retour(db: sqlite3.Connection, bericht: Bericht, gemeente: str, inhoud: dict[str, Any]) -> list[str]:
    heen = staat.verstuurd_bericht(db, bericht.soort.op or "", gemeente, bericht.header.identificatie)
    codes = codes_in(inhoud)
    if heen is None:
        return ["dit is een antwoord op een bericht dat hier niet verstuurd is"]
    # a retour without any RetourCode is full approval; 0200 in the Header means: look in the classes
    staat.zet_status(db, heen["volgnr"], "afgekeurd" if inhoud.get("retourcodes") else "goedgekeurd", codes)
    return []


def _declaratieantwoord(db: sqlite3.Connection, gemeente: str, op: str, inhoud: dict[str, Any]) -> list[str]:
    """TR337 and TR376: the 325 belongs to a 323 of ours; TR366 (9366): its lines are ours."""
    heen = staat.verstuurd_bericht(db, "WMO323", gemeente, op)
    if heen is None:
        return ["TR337: dit is een antwoord op een declaratie die hier niet verstuurd is"]
    antwoord = inhoud.get("declaratie_antwoord")
    codes = codes_in(inhoud)
    volgnr = heen["volgnr"]
    if antwoord is None or any(c not in GEEN_FOUT for c in antwoord["retourcodes"]):
        staat.zet_status(db, volgnr, "afgekeurd", codes)
        db.execute("UPDATE prestaties SET uitslag = 'afgekeurd' WHERE volgnr = ?", (volgnr,))
        db.execute("UPDATE declaraties SET toegekend_cent = 0 WHERE volgnr = ?", (volgnr,))
        return []
    staat.zet_status(db, volgnr, "beantwoord", codes)
    db.execute(
        "UPDATE declaraties SET toegekend_cent = ? WHERE volgnr = ?",
        (antwoord["totaal_toegekend_cent"], volgnr),
    )
    afgekeurd = [p for c in antwoord.get("clienten") or [] for p in c["prestaties"]]
    db.execute("UPDATE prestaties SET uitslag = 'goedgekeurd' WHERE volgnr = ?", (volgnr,))
    vreemd = []
    for prestatie in afgekeurd:
        geraakt = db.execute(
            "UPDATE prestaties SET uitslag = 'afgekeurd' WHERE volgnr = ? AND referentie_nummer = ?",
            (volgnr, prestatie["referentie_nummer"]),
        ).rowcount
        if not geraakt:
            vreemd.append("TR366: een teruggestuurde prestatie staat niet in de declaratie")
    return vreemd


def verstuurd(db: sqlite3.Connection, bericht: Bericht, inhoud: dict[str, Any], volgnr: int) -> None:
    """Remember what a message of our own holds, so that later answers can be judged against it."""
    gemeente, _ = partijen(bericht)
    if bericht.soort.code in ("WMO305", "WMO307"):
        _levering(db, gemeente, inhoud, volgnr)
    elif bericht.soort.code == "WMO315":
        for product in inhoud["aangevraagde_producten"]:
            _verzoek(db, gemeente, product["referentie_aanbieder"], volgnr)
    elif bericht.soort.code == "WMO317":
        _verzoek(db, gemeente, inhoud["client"]["verzoek"]["referentie_aanbieder"], volgnr)
    elif bericht.soort.code == "WMO323":
        _declaratie(db, gemeente, bericht.header.identificatie, inhoud, volgnr)


def _levering(db: sqlite3.Connection, gemeente: str, inhoud: dict[str, Any], volgnr: int) -> None:
    for soort in ("start", "stop"):
        for product in inhoud.get(f"{soort}_producten") or []:
            db.execute(
                "INSERT INTO leveringen VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (volgnr, gemeente, product.get("toewijzing_nummer"), soort, product["begindatum"],
                 product.get("einddatum"), product.get("reden_beeindiging"), product["status_aanlevering"]),
            )  # fmt: skip


def _verzoek(db: sqlite3.Connection, gemeente: str, referentie: str, volgnr: int) -> None:
    # the first message with a reference owns it; a second one is refused by the municipality
    db.execute(
        "INSERT INTO verzoeken (gemeente, referentie, volgnr) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (gemeente, referentie, volgnr),
    )


def _declaratie(
    db: sqlite3.Connection, gemeente: str, identificatie: str, declaratie: dict[str, Any], volgnr: int
) -> None:
    totaal = 0
    for client in declaratie["clienten"]:
        for regel in client["prestaties"]:
            bedrag = TEKEN[regel["debet_credit"]] * int(regel["ingediend_cent"])
            totaal += bedrag
            db.execute(
                "INSERT INTO prestaties VALUES (?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING",
                (volgnr, gemeente, regel["referentie_nummer"], regel.get("vorig_referentie_nummer"),
                 regel["toewijzing_nummer"], json.dumps(regel), bedrag),
            )  # fmt: skip
    db.execute(
        "INSERT INTO declaraties VALUES (?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING",
        (gemeente, identificatie, declaratie["declaratie_nummer"], volgnr, totaal),
    )


def verzoek(db: sqlite3.Connection, gemeente: str, referentie: str) -> sqlite3.Row | None:
    """Our VOT product or VOW with this reference, unless its message was refused (then as never sent)."""
    rij: sqlite3.Row | None = db.execute(
        "SELECT v.* FROM verzoeken v JOIN berichten b USING (volgnr)"
        " WHERE v.gemeente = ? AND v.referentie = ? AND b.status NOT IN ('afgekeurd', 'geweigerd')",
        (gemeente, referentie),
    ).fetchone()
    return rij


def goedgekeurd_ongecrediteerd(db: sqlite3.Connection, gemeente: str, nummer: int) -> bool:
    """TR385: does this toewijzing hold an approved debet that no approved credit took back."""
    return (
        db.execute(
            "SELECT 1 FROM prestaties d WHERE d.gemeente = ? AND d.toewijzing_nummer = ?"
            " AND d.uitslag = 'goedgekeurd' AND d.bedrag_cent >= 0"
            " AND d.vorig_referentie_nummer IS NULL AND NOT EXISTS ("
            "   SELECT 1 FROM prestaties c WHERE c.gemeente = d.gemeente AND c.uitslag = 'goedgekeurd'"
            "   AND c.vorig_referentie_nummer = d.referentie_nummer)",
            (gemeente, nummer),
        ).fetchone()
        is not None
    )
