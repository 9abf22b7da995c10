"""The tables of the state, as steps that are taken once each and never change afterwards."""

import sqlite3

_EERSTE = """
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

# Who a verzoek is for, the month of a declaratie, and when an answer is late. A declaratie that was refused
# frees its Identificatie, so the message itself is its key.
_TWEEDE = """
ALTER TABLE berichten ADD COLUMN antwoord_uiterlijk TEXT;
ALTER TABLE clienten ADD COLUMN dagtekening TEXT NOT NULL DEFAULT '';
ALTER TABLE verzoeken ADD COLUMN soort TEXT NOT NULL DEFAULT 'vot';
ALTER TABLE verzoeken ADD COLUMN bsn TEXT;
ALTER TABLE declaraties RENAME TO oude_declaraties;
CREATE TABLE declaraties (
    volgnr INTEGER PRIMARY KEY REFERENCES berichten,
    gemeente TEXT NOT NULL,
    declaratie_nummer TEXT NOT NULL,
    periode TEXT NOT NULL,
    ingediend_cent INTEGER NOT NULL,
    toegekend_cent INTEGER
);
INSERT INTO declaraties (volgnr, gemeente, declaratie_nummer, periode, ingediend_cent, toegekend_cent)
    SELECT volgnr, gemeente, declaratie_nummer, '', ingediend_cent, toegekend_cent FROM oude_declaraties;
DROP TABLE oude_declaraties;
CREATE INDEX prestaties_referentie ON prestaties (referentie_nummer);
CREATE INDEX prestaties_vorige ON prestaties (vorig_referentie_nummer) WHERE vorig_referentie_nummer IS NOT NULL;
"""

_STAPPEN = (_EERSTE, _TWEEDE)


def werk_bij(db: sqlite3.Connection) -> None:
    """Take the steps that this state has not had yet, each in one transaction with its number."""
    for nummer, stap in enumerate(_STAPPEN, 1):
        if db.execute("PRAGMA user_version").fetchone()[0] >= nummer:
            continue
        # under the write lock: of two processes that open a new state together, one takes the step
        db.execute("BEGIN IMMEDIATE")
        try:
            if db.execute("PRAGMA user_version").fetchone()[0] < nummer:
                for opdracht in stap.split(";"):
                    db.execute(opdracht)
                db.execute(f"PRAGMA user_version = {nummer}")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
