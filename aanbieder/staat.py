"""What a provider remembers: one SQLite file in the state folder.

Every act is one transaction in WAL mode with full sync, so a kill -9 leaves either
the whole act or nothing of it.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS berichten (
    volgnr INTEGER PRIMARY KEY,
    richting TEXT NOT NULL CHECK (richting IN ('in', 'uit')),
    soort TEXT NOT NULL,
    identificatie TEXT NOT NULL,
    gemeente TEXT NOT NULL,
    aanbieder TEXT NOT NULL,
    dagtekening TEXT NOT NULL,
    som TEXT NOT NULL,
    xml BLOB NOT NULL,
    status TEXT NOT NULL,
    retourcodes TEXT NOT NULL DEFAULT '[]',
    bericht_id TEXT,
    op_volgnr INTEGER REFERENCES berichten,
    sleutel TEXT,
    UNIQUE (richting, som)
);
CREATE INDEX IF NOT EXISTS berichten_identificatie ON berichten (richting, soort, gemeente, identificatie);
CREATE INDEX IF NOT EXISTS berichten_sleutel ON berichten (sleutel) WHERE sleutel IS NOT NULL;
CREATE INDEX IF NOT EXISTS berichten_bericht_id ON berichten (bericht_id);
CREATE TABLE IF NOT EXISTS clienten (
    gemeente TEXT NOT NULL, bsn TEXT NOT NULL, gegevens TEXT NOT NULL,
    PRIMARY KEY (gemeente, bsn)
);
CREATE TABLE IF NOT EXISTS toewijzingen (
    gemeente TEXT NOT NULL,
    toewijzing_nummer INTEGER NOT NULL,
    toewijzingsdatum TEXT NOT NULL,
    toewijzingstijd TEXT NOT NULL,
    aanbieder TEXT NOT NULL,
    bsn TEXT NOT NULL,
    gegevens TEXT NOT NULL,
    volgnr INTEGER NOT NULL REFERENCES berichten,
    PRIMARY KEY (gemeente, toewijzing_nummer, toewijzingsdatum, toewijzingstijd)
);
CREATE TABLE IF NOT EXISTS leveringen (
    volgnr INTEGER NOT NULL REFERENCES berichten,
    gemeente TEXT NOT NULL,
    toewijzing_nummer INTEGER,
    soort TEXT NOT NULL CHECK (soort IN ('start', 'stop')),
    begindatum TEXT NOT NULL,
    einddatum TEXT,
    reden TEXT,
    status_aanlevering TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS leveringen_nummer ON leveringen (gemeente, toewijzing_nummer);
CREATE TABLE IF NOT EXISTS verzoeken (
    gemeente TEXT NOT NULL, referentie TEXT NOT NULL, volgnr INTEGER NOT NULL REFERENCES berichten,
    antwoord TEXT, toegewezen INTEGER,
    PRIMARY KEY (gemeente, referentie)
);
CREATE TABLE IF NOT EXISTS declaraties (
    gemeente TEXT NOT NULL, identificatie TEXT NOT NULL, declaratie_nummer TEXT NOT NULL,
    volgnr INTEGER NOT NULL REFERENCES berichten, ingediend_cent INTEGER NOT NULL, toegekend_cent INTEGER,
    PRIMARY KEY (gemeente, identificatie)
);
CREATE TABLE IF NOT EXISTS prestaties (
    volgnr INTEGER NOT NULL REFERENCES berichten,
    gemeente TEXT NOT NULL,
    referentie_nummer TEXT NOT NULL,
    vorig_referentie_nummer TEXT,
    toewijzing_nummer INTEGER NOT NULL,
    gegevens TEXT NOT NULL,
    bedrag_cent INTEGER NOT NULL,
    uitslag TEXT,
    PRIMARY KEY (gemeente, volgnr, referentie_nummer)
);
CREATE INDEX IF NOT EXISTS prestaties_nummer ON prestaties (gemeente, toewijzing_nummer);
"""


class Staat:
    """One provider's state folder; `tx()` is the only way to change it."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, made when it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.db = sqlite3.connect(folder / "aanbieder.sqlite", isolation_level=None, timeout=30)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=FULL")
        self.db.executescript(SCHEMA)

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
    """TR056: was this Identificatie used before for this kind by this sender."""
    return (
        db.execute(
            "SELECT 1 FROM berichten WHERE richting = ? AND soort = ? AND gemeente = ? AND identificatie = ?",
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


def antwoord_op(db: sqlite3.Connection, volgnr: int) -> sqlite3.Row | None:
    """The answer that was made to a received message."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM berichten WHERE op_volgnr = ? AND richting = 'uit'", (volgnr,)
    ).fetchone()
    return row


def verstuurd_bericht(db: sqlite3.Connection, soort: str, gemeente: str, ident: str) -> sqlite3.Row | None:
    """The message we sent that an answer refers to."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM berichten WHERE richting = 'uit' AND soort = ? AND gemeente = ? AND identificatie = ?"
        " ORDER BY volgnr DESC LIMIT 1",
        (soort, gemeente, ident),
    ).fetchone()
    return row


def bericht_op_sleutel(db: sqlite3.Connection, sleutel: str) -> sqlite3.Row | None:
    """The message built earlier for the same act, so that doing it again sends the same bytes."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM berichten WHERE sleutel = ? ORDER BY volgnr DESC LIMIT 1", (sleutel,)
    ).fetchone()
    return row


def bewaar_client(db: sqlite3.Connection, gemeente: str, bsn: str, gegevens: dict[str, Any]) -> None:
    """Keep the client block of the last approved 301."""
    db.execute(
        "INSERT INTO clienten VALUES (?, ?, ?) ON CONFLICT (gemeente, bsn) DO UPDATE SET gegevens = excluded.gegevens",
        (gemeente, bsn, json.dumps(gegevens)),
    )


def client(db: sqlite3.Connection, gemeente: str, bsn: str) -> dict[str, Any] | None:
    """The client block as last received."""
    row = db.execute("SELECT gegevens FROM clienten WHERE gemeente = ? AND bsn = ?", (gemeente, bsn)).fetchone()
    return json.loads(row["gegevens"]) if row else None


def bewaar_toewijzing(
    db: sqlite3.Connection, gemeente: str, aanbieder: str, bsn: str, product: dict[str, Any], volgnr: int
) -> None:
    """Keep a version of a toewijzing; a resend of the same moment brings nothing new (IV013)."""
    db.execute(
        "INSERT INTO toewijzingen VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
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
