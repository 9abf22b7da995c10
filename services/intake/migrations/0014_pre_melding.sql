-- The road to a decision. What a person said is only in `verzegeld`, under the key of the client: forgetting a client
-- destroys it. What stands beside it are codes, dates and numbers, so that lists and terms need no key.
CREATE TABLE melding (
    melding_id text PRIMARY KEY,
    volgorde bigint GENERATED ALWAYS AS IDENTITY,
    gemeente text NOT NULL,
    client_id text NOT NULL,
    team text NOT NULL,
    status text NOT NULL
        CHECK (status IN ('ontvangen', 'in_onderzoek', 'onderzocht', 'aangevraagd', 'besloten', 'afgesloten')),
    spoed boolean NOT NULL,
    kwetsbaar boolean NOT NULL,
    open_risico boolean NOT NULL,
    uitkomst text,
    -- An estimate, cents a year.
    bespaard_cent bigint,
    stappen int NOT NULL,
    -- The settings of the day of the melding hold for all of it.
    instellingen_versie int NOT NULL,
    gemeld_at timestamptz NOT NULL,
    gemeld_op date NOT NULL,
    begonnen_op date,
    afgesloten_op date
);
CREATE INDEX melding_lijst ON melding (gemeente, volgorde);
CREATE INDEX melding_team ON melding (gemeente, team, volgorde);
CREATE INDEX melding_client ON melding (gemeente, client_id);

-- A case is its steps: they are only added to, so every version of everything stays.
CREATE TABLE melding_stap (
    gemeente text NOT NULL,
    melding_id text NOT NULL REFERENCES melding,
    volgnummer int NOT NULL,
    stap text NOT NULL,
    door text NOT NULL,
    dag date NOT NULL,
    gedaan_at timestamptz NOT NULL,
    verzegeld bytea NOT NULL,
    PRIMARY KEY (melding_id, volgnummer)
);

-- One letter for one version of a decision, whatever is asked again.
CREATE TABLE brief (
    gemeente text NOT NULL,
    melding_id text NOT NULL REFERENCES melding,
    versie int NOT NULL,
    sjabloon_versie int NOT NULL,
    gemaakt_at timestamptz NOT NULL,
    verzegeld bytea NOT NULL,
    PRIMARY KEY (melding_id, versie)
);
CREATE FUNCTION alleen_toevoegen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: alleen toevoegen', TG_TABLE_NAME;
END $$;
CREATE TRIGGER melding_stap_blijft BEFORE UPDATE OR DELETE ON melding_stap
    FOR EACH ROW EXECUTE FUNCTION alleen_toevoegen();
CREATE TRIGGER brief_blijft BEFORE UPDATE OR DELETE ON brief
    FOR EACH ROW EXECUTE FUNCTION alleen_toevoegen();

-- A word from a neighbour or a village initiative. There need be no client yet, so it has a key of its own.
CREATE TABLE signaal (
    signaal_id text PRIMARY KEY,
    volgorde bigint GENERATED ALWAYS AS IDENTITY,
    gemeente text NOT NULL,
    team text NOT NULL,
    status text NOT NULL CHECK (status IN ('nieuw', 'melding', 'afgesloten')),
    toestemming text NOT NULL CHECK (toestemming IN ('gegeven', 'niet_gevraagd', 'geweigerd')),
    anoniem boolean NOT NULL,
    melding_id text REFERENCES melding,
    ontvangen_at timestamptz NOT NULL,
    -- Whose key closes it: its own, and once there is a melding that of the client.
    houder text NOT NULL,
    verzegeld bytea NOT NULL
);
CREATE INDEX signaal_lijst ON signaal (gemeente, volgorde);

-- A term as in toewijzing (ADR 0017): its last day is part of its key, so exactly once is a property of the row.
CREATE TABLE termijn (
    termijn_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    volgorde bigint GENERATED ALWAYS AS IDENTITY,
    gemeente text NOT NULL,
    client_id text,
    -- melding_id or signaal_id, and which of its kind.
    onderwerp text NOT NULL,
    soort text NOT NULL,
    nummer int NOT NULL,
    team text NOT NULL,
    uiterlijk date NOT NULL,
    nadert_at timestamptz NOT NULL,
    verloopt_at timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'loopt'
        CHECK (status IN ('loopt', 'nadert', 'verstreken', 'gehaald', 'te_laat_gehaald', 'vervallen')),
    genaderd_at timestamptz,
    verstreken_at timestamptz,
    beeindigd_at timestamptz,
    volgende_at timestamptz GENERATED ALWAYS AS (
        CASE status WHEN 'loopt' THEN least(nadert_at, verloopt_at) WHEN 'nadert' THEN verloopt_at END) STORED,
    UNIQUE (gemeente, onderwerp, soort, nummer, uiterlijk)
);
CREATE INDEX termijn_volgende ON termijn (volgende_at) WHERE volgende_at IS NOT NULL;
CREATE INDEX termijn_lijst ON termijn (gemeente, volgorde);

-- Settings and the social map: whole documents with the day from which they hold; the last version of a day counts.
CREATE TABLE document (
    gemeente text NOT NULL,
    soort text NOT NULL CHECK (soort IN ('instellingen', 'sociale_kaart')),
    versie int NOT NULL,
    geldig_vanaf date NOT NULL,
    waarden jsonb NOT NULL,
    door text NOT NULL,
    vastgelegd_at timestamptz NOT NULL,
    PRIMARY KEY (gemeente, soort, versie)
);
CREATE TRIGGER document_blijft BEFORE UPDATE OR DELETE ON document
    FOR EACH ROW EXECUTE FUNCTION alleen_toevoegen();
