-- Copies of the access logs of the services that show personal data, and of our own: who looked at whom.
CREATE TABLE logboek (
    volgnr     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    service    text NOT NULL,
    gemeente   text NOT NULL,
    namens     text NOT NULL,
    volgnummer bigint NOT NULL,
    client_id  text,
    keten      text,
    wie        text NOT NULL,
    handeling  text NOT NULL,
    onderwerp  text,
    gebeurd_at timestamptz NOT NULL,
    vorige     bytea NOT NULL,
    schakel    bytea NOT NULL,
    UNIQUE (service, gemeente, namens, volgnummer)
);
CREATE INDEX logboek_client ON logboek (gemeente, client_id, volgnr DESC) WHERE client_id IS NOT NULL;
CREATE INDEX logboek_keten ON logboek (gemeente, keten, volgnr DESC) WHERE client_id IS NULL;
CREATE TRIGGER logboek_alleen_toevoegen BEFORE UPDATE OR DELETE ON logboek
    FOR EACH ROW EXECUTE FUNCTION toegang_blijft();
CREATE TRIGGER logboek_niet_legen BEFORE TRUNCATE ON logboek
    FOR EACH STATEMENT EXECUTE FUNCTION toegang_blijft();
SELECT scherm_af('logboek', 'gemeente');
