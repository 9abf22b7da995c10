-- The access log (NEN 7513): who did what, when, to which client, on whose behalf. Rows are only added, and each
-- holds the hash of the row before it, so that a row that was altered or taken away shows.
CREATE TABLE toegang (
    gemeente text NOT NULL,
    volgnummer bigint NOT NULL,
    client_id text,
    wie text NOT NULL,
    namens text NOT NULL,
    handeling text NOT NULL,
    onderwerp text,
    gebeurd_at timestamptz NOT NULL,
    vorige bytea NOT NULL,
    schakel bytea NOT NULL,
    PRIMARY KEY (gemeente, namens, volgnummer)
);
CREATE INDEX toegang_client ON toegang (gemeente, client_id, gebeurd_at);

-- The last link of each chain. A chain takes its writers one by one until they commit, so there is one per gemeente
-- and party in whose name is looked: a busy municipality, provider or machine never holds up another.
CREATE TABLE toegang_kop (
    gemeente text NOT NULL,
    namens text NOT NULL,
    volgnummer bigint NOT NULL,
    schakel bytea NOT NULL,
    PRIMARY KEY (gemeente, namens)
);

CREATE FUNCTION toegang_schakel(
    vorige bytea, gemeente text, volgnummer bigint, client_id text, wie text, namens text, handeling text,
    onderwerp text, gebeurd_at timestamptz
) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(vorige || convert_to(jsonb_build_array(
        gemeente, volgnummer, client_id, wie, namens, handeling, onderwerp,
        to_char(gebeurd_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
    )::text, 'UTF8'))
$$;

-- The database itself links the rows: a service can add one, and choose neither its number nor its hash.
-- pg_temp comes last: with the rights of the migrations no table of a session is taken.
SELECT set_config('search_path', current_schema() || ', pg_temp', true);
CREATE FUNCTION toegang_aanhaken() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO toegang_kop VALUES (NEW.gemeente, NEW.namens, 0, '') ON CONFLICT DO NOTHING;
    SELECT kop.volgnummer + 1, kop.schakel INTO NEW.volgnummer, NEW.vorige FROM toegang_kop AS kop
        WHERE kop.gemeente = NEW.gemeente AND kop.namens = NEW.namens FOR UPDATE;
    NEW.schakel := toegang_schakel(NEW.vorige, NEW.gemeente, NEW.volgnummer, NEW.client_id, NEW.wie, NEW.namens,
                                   NEW.handeling, NEW.onderwerp, NEW.gebeurd_at);
    UPDATE toegang_kop SET volgnummer = NEW.volgnummer, schakel = NEW.schakel
        WHERE gemeente = NEW.gemeente AND namens = NEW.namens;
    RETURN NEW;
END $$;
CREATE TRIGGER toegang_aanhaken BEFORE INSERT ON toegang FOR EACH ROW EXECUTE FUNCTION toegang_aanhaken();

CREATE FUNCTION toegang_blijft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'toegang: alleen toevoegen';
END $$;
CREATE TRIGGER toegang_alleen_toevoegen BEFORE UPDATE OR DELETE ON toegang
    FOR EACH ROW EXECUTE FUNCTION toegang_blijft();
CREATE TRIGGER toegang_niet_legen BEFORE TRUNCATE ON toegang
    FOR EACH STATEMENT EXECUTE FUNCTION toegang_blijft();

SELECT scherm_af('toegang', 'gemeente');
SELECT scherm_af('toegang_kop', 'gemeente');
-- A provider looks into its mailbox in its own name, at what is of a gemeente.
CREATE POLICY namens ON toegang
    USING (namens = ANY (string_to_array(current_setting('zorgketen.aanbieders', true), ',')));
CREATE POLICY namens ON toegang_kop
    USING (namens = ANY (string_to_array(current_setting('zorgketen.aanbieders', true), ',')));
