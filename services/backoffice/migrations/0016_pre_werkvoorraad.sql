-- A signal asks for attention; nobody waits for an answer.
ALTER TABLE gebeurtenis DROP CONSTRAINT gebeurtenis_status_check;
ALTER TABLE gebeurtenis ADD CONSTRAINT gebeurtenis_status_check
    CHECK (status IN ('goed', 'afgekeurd', 'wacht', 'signaal', 'info')) NOT VALID;

-- The work list: one row per fact that asks for a person. The row closes when the fact is gone, and may open again.
CREATE TABLE taak (
    gemeente     text NOT NULL,
    taak_id      uuid NOT NULL,
    soort        text NOT NULL CHECK (soort IN ('afkeuring', 'verzoek', 'termijn', 'signaal')),
    onderwerp    text NOT NULL,
    wie          text NOT NULL CHECK (wie IN ('gemeente', 'aanbieder')),
    zin          text NOT NULL,
    -- The day by which it is sorted: the last day to act, or the day on which it came up.
    dag          date NOT NULL,
    uiterlijk    date,
    ontstaan_at  timestamptz NOT NULL,
    client_id    text,
    aanbieder    text,
    nummers      int[] NOT NULL DEFAULT '{}',
    verzoek_id   text,
    codes        text[] NOT NULL DEFAULT '{}',
    gesloten_at  timestamptz,
    PRIMARY KEY (gemeente, taak_id)
);
CREATE INDEX taak_open ON taak (gemeente, dag, ontstaan_at, taak_id) WHERE gesloten_at IS NULL;
CREATE INDEX taak_client ON taak (gemeente, client_id) WHERE gesloten_at IS NULL AND client_id IS NOT NULL;

-- Who takes it up; also of a parked message, which has no row in `taak`.
CREATE TABLE toedeling (
    gemeente    text NOT NULL,
    taak_id     uuid NOT NULL,
    behandelaar text NOT NULL,
    PRIMARY KEY (gemeente, taak_id)
);
-- What people did with it, only added to.
CREATE TABLE taak_stap (
    gemeente  text NOT NULL,
    taak_id   uuid NOT NULL,
    volgnr    bigint GENERATED ALWAYS AS IDENTITY,
    wie       text NOT NULL,
    gedaan_at timestamptz NOT NULL,
    stap      text NOT NULL CHECK (stap IN ('toegewezen', 'notitie', 'besloten', 'afgehandeld')),
    tekst     text NOT NULL,
    PRIMARY KEY (gemeente, taak_id, volgnr)
);
CREATE TRIGGER taak_stap_alleen_toevoegen BEFORE UPDATE OR DELETE ON taak_stap
    FOR EACH ROW EXECUTE FUNCTION toegang_blijft();
-- Who stands in for whom, and until which day.
CREATE TABLE vervanging (
    gemeente  text NOT NULL,
    afwezig   text NOT NULL,
    vervanger text NOT NULL,
    t_m       date NOT NULL,
    PRIMARY KEY (gemeente, afwezig)
);

-- Whether we answered a message already: asked when its term has passed.
CREATE INDEX gebeurtenis_antwoord ON gebeurtenis (gemeente, (details ->> 'onderwerp'))
    WHERE type = 'knooppunt.bericht_verzonden';
