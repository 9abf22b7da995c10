-- De persoon: alleen verzegeld, onder het pseudoniem.
CREATE TABLE client (
    gemeente text NOT NULL,
    client_id text NOT NULL,
    verzegeld bytea NOT NULL,
    vastgelegd_at timestamptz NOT NULL,
    PRIMARY KEY (gemeente, client_id)
);

CREATE TABLE indicatie (
    indicatie_id text PRIMARY KEY,
    gemeente text NOT NULL,
    client_id text NOT NULL,
    beschikking jsonb NOT NULL,
    producten jsonb NOT NULL,
    status text NOT NULL CHECK (status IN ('ontvangen', 'toegewezen', 'geweigerd')),
    toewijzing_nummers int[] NOT NULL DEFAULT '{}',
    bevindingen jsonb NOT NULL,
    ontvangen_at timestamptz NOT NULL
);
CREATE INDEX indicatie_client ON indicatie (gemeente, client_id);

-- NEN 7513: wie keek wanneer naar welke client; alleen toevoegen.
CREATE TABLE toegangslog (
    log_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gemeente text NOT NULL,
    client_id text NOT NULL,
    wie text NOT NULL,
    handeling text NOT NULL,
    gebeurd_at timestamptz NOT NULL
);
CREATE FUNCTION toegangslog_blijft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'toegangslog: alleen toevoegen';
END $$;
CREATE TRIGGER toegangslog_alleen_toevoegen
    BEFORE UPDATE OR DELETE ON toegangslog
    FOR EACH ROW EXECUTE FUNCTION toegangslog_blijft();
CREATE TRIGGER toegangslog_niet_legen
    BEFORE TRUNCATE ON toegangslog
    FOR EACH STATEMENT EXECUTE FUNCTION toegangslog_blijft();
