"""What a provider remembers: one SQLite file in the state folder.

Every act is one transaction in WAL mode with full sync, so a kill -9 leaves either
the whole act or nothing of it.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aanbieder import schema

GEWEIGERD = ("afgekeurd", "geweigerd")
"""A message in one of these states counts as not sent (OP286)."""


class Staat:
    """One provider's state folder; `tx()` is the only way to change it.

    Folder and file are for their owner alone: they hold residents' data.
    """

    def __init__(self, folder: Path) -> None:
        """Open the folder, made when it is not there."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        bestand = folder / "aanbieder.sqlite"
        os.close(os.open(bestand, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite gives its WAL the same rights
        self.db = sqlite3.connect(bestand, isolation_level=None, timeout=30)
        self.db.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            self.db.execute(f"PRAGMA {pragma}")
        schema.werk_bij(self.db)

    @contextmanager
    def tx(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the write lock from its start."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def sluit(self) -> None:
        """Close the file."""
        self.db.close()


def som(raw: bytes) -> str:
    """Fingerprint by which the same bytes are known again."""
    return hashlib.sha256(raw).hexdigest()


def bericht_op_som(db: sqlite3.Connection, richting: str, raw: bytes) -> sqlite3.Row | None:
    """The message with exactly these bytes, when it was here before."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM berichten WHERE richting = ? AND som = ?", (richting, som(raw))
    ).fetchone()
    return row


def identificatie_bekend(db: sqlite3.Connection, richting: str, soort: str, gemeente: str, ident: str) -> bool:
    """TR056: was this Identificatie used before for this kind by this sender; a 0001 frees it (OP286)."""
    return (
        db.execute(
            "SELECT 1 FROM berichten WHERE richting = ? AND soort = ? AND gemeente = ? AND identificatie = ?"
            " AND status != 'geweigerd' AND NOT EXISTS (SELECT 1 FROM json_each(retourcodes) WHERE value = '0001')",
            (richting, soort, gemeente, ident),
        ).fetchone()
        is not None
    )


def bewaar_bericht(db: sqlite3.Connection, **velden: Any) -> int:
    """Store a message; `xml` gives its fingerprint. Returns its volgnr."""
    velden["som"] = som(velden["xml"])
    velden["retourcodes"] = json.dumps(velden.get("retourcodes", []))
    kolommen = ", ".join(velden)
    cursor = db.execute(
        f"INSERT INTO berichten ({kolommen}) VALUES ({', '.join('?' * len(velden))})", tuple(velden.values())
    )
    return int(cursor.lastrowid or 0)


def zet_status(db: sqlite3.Connection, volgnr: int, status: str, codes: list[str] | None = None) -> None:
    """Give a message its new status, and the codes its answer held."""
    db.execute("UPDATE berichten SET status = ? WHERE volgnr = ?", (status, volgnr))
    if codes is not None:
        db.execute("UPDATE berichten SET retourcodes = ? WHERE volgnr = ?", (json.dumps(codes), volgnr))


def zet_bericht_id(db: sqlite3.Connection, volgnr: int, bericht_id: str) -> None:
    """Keep the id by which the knooppunt knows this message."""
    db.execute("UPDATE berichten SET bericht_id = ? WHERE volgnr = ?", (bericht_id, volgnr))


def zet_verstuurd(db: sqlite3.Connection, volgnr: int, bericht_id: str, antwoord_uiterlijk: str | None) -> None:
    """The knooppunt took this message; an answer that was faster keeps its status."""
    db.execute(
        "UPDATE berichten SET bericht_id = ?, antwoord_uiterlijk = ?,"
        " status = CASE WHEN status IN ('te_versturen', 'geweigerd') THEN 'verstuurd' ELSE status END"
        " WHERE volgnr = ?",
        (bericht_id, antwoord_uiterlijk, volgnr),
    )


def antwoord_op(db: sqlite3.Connection, volgnr: int) -> sqlite3.Row | None:
    """The answer that was made to a received message."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM berichten WHERE op_volgnr = ? AND richting = 'uit'", (volgnr,)
    ).fetchone()
    return row


def verstuurd_bericht(
    db: sqlite3.Connection, soort: str, gemeente: str, ident: str, dagtekening: str | None = None
) -> sqlite3.Row | None:
    """The message we sent that an answer refers to; of two with one Identificatie the one still unanswered."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM berichten WHERE richting = 'uit' AND soort = ? AND gemeente = ? AND identificatie = ?"
        " AND dagtekening = coalesce(?, dagtekening)"
        " ORDER BY status IN ('te_versturen', 'verstuurd') DESC, volgnr DESC LIMIT 1",
        (soort, gemeente, ident, dagtekening),
    ).fetchone()
    return row


def bericht_op_sleutel(db: sqlite3.Connection, sleutel: str) -> sqlite3.Row | None:
    """The message built earlier for the same act, so that doing it again sends the same bytes."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM berichten WHERE sleutel = ? ORDER BY volgnr DESC LIMIT 1", (sleutel,)
    ).fetchone()
    return row


def bewaar_client(db: sqlite3.Connection, gemeente: str, bsn: str, gegevens: dict[str, Any], dagtekening: str) -> None:
    """Keep the client block of the approved 301 with the latest Dagtekening; receipt tells nothing (OP080)."""
    db.execute(
        "INSERT INTO clienten (gemeente, bsn, gegevens, dagtekening) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (gemeente, bsn) DO UPDATE SET gegevens = excluded.gegevens, dagtekening = excluded.dagtekening"
        " WHERE excluded.dagtekening >= clienten.dagtekening",
        (gemeente, bsn, json.dumps(gegevens), dagtekening),
    )


def client(db: sqlite3.Connection, gemeente: str, bsn: str) -> dict[str, Any] | None:
    """The client block as last received."""
    row = db.execute("SELECT gegevens FROM clienten WHERE gemeente = ? AND bsn = ?", (gemeente, bsn)).fetchone()
    return json.loads(row["gegevens"]) if row else None


def bewaar_toewijzing(
    db: sqlite3.Connection, gemeente: str, aanbieder: str, bsn: str, product: dict[str, Any], volgnr: int
) -> None:
    """Keep a version of a toewijzing; a resend of the same moment brings nothing new (IV013).

    Of two records with one moment the one with a RedenWijziging is the change itself (IV099), whichever came first.
    """
    db.execute(
        "INSERT INTO toewijzingen VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET gegevens = excluded.gegevens, volgnr = excluded.volgnr"
        " WHERE excluded.gegevens ->> 'reden_wijziging' IS NOT NULL"
        " AND toewijzingen.gegevens ->> 'reden_wijziging' IS NULL",
        (
            gemeente,
            product["toewijzing_nummer"],
            product["toewijzingsdatum"],
            product["toewijzingstijd"],
            aanbieder,
            bsn,
            json.dumps(product),
            volgnr,
        ),
    )


def versies(db: sqlite3.Connection, gemeente: str, nummer: int) -> list[sqlite3.Row]:
    """All versions of one toewijzing, the actual one last (IV013)."""
    return db.execute(
        "SELECT * FROM toewijzingen WHERE gemeente = ? AND toewijzing_nummer = ?"
        " ORDER BY toewijzingsdatum, toewijzingstijd",
        (gemeente, nummer),
    ).fetchall()


def nummers(db: sqlite3.Connection) -> list[tuple[str, int]]:
    """Every toewijzing known here, as (gemeente, number)."""
    rows = db.execute("SELECT DISTINCT gemeente, toewijzing_nummer FROM toewijzingen ORDER BY 1, 2")
    return [(r["gemeente"], r["toewijzing_nummer"]) for r in rows]


def nummers_van(db: sqlite3.Connection, gemeente: str, bsn: str) -> list[int]:
    """The toewijzingen of one client."""
    rows = db.execute(
        "SELECT DISTINCT toewijzing_nummer FROM toewijzingen WHERE gemeente = ? AND bsn = ? ORDER BY 1", (gemeente, bsn)
    )
    return [r["toewijzing_nummer"] for r in rows]


def gemeenten_van(db: sqlite3.Connection, nummer: int) -> list[str]:
    """The municipalities that gave out this number."""
    rows = db.execute("SELECT DISTINCT gemeente FROM toewijzingen WHERE toewijzing_nummer = ?", (nummer,))
    return [r["gemeente"] for r in rows]


def leveringen(db: sqlite3.Connection, gemeente: str, nummer: int) -> list[sqlite3.Row]:
    """Starts and stops handed in and not refused, in order of sending."""
    return db.execute(
        "SELECT l.*, b.status FROM leveringen l JOIN berichten b USING (volgnr)"
        " WHERE l.gemeente = ? AND l.toewijzing_nummer = ? "
        " AND b.status NOT IN ('afgekeurd', 'geweigerd') ORDER BY l.volgnr, l.rowid",
        (gemeente, nummer),
    ).fetchall()


def berichten(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """Everything received and sent, newest first."""
    return db.execute("SELECT * FROM berichten ORDER BY volgnr DESC").fetchall()


def codes_van(rij: sqlite3.Row) -> list[str]:
    """The retourcodes that belong to a message."""
    codes: list[str] = json.loads(rij["retourcodes"])
    return codes


def gegevens(rij: sqlite3.Row) -> dict[str, Any]:
    """The kept block of a toewijzing or prestatie."""
    blok: dict[str, Any] = json.loads(rij["gegevens"])
    return blok
