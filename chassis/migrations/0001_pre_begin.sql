-- What the consume loop and the relay need in every schema.

-- An event that is here has been handled, parked or put aside; it is never handled twice.
CREATE TABLE inbox (
    event_id text PRIMARY KEY,
    topic text NOT NULL,
    ontvangen_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id text NOT NULL UNIQUE,
    topic text NOT NULL,
    sleutel text NOT NULL,
    type text NOT NULL,
    bericht bytea NOT NULL,
    traceparent text,
    gemaakt_at timestamptz NOT NULL DEFAULT now(),
    verzonden_at timestamptz
);
CREATE INDEX outbox_onverzonden ON outbox (id) WHERE verzonden_at IS NULL;
CREATE INDEX outbox_verzonden ON outbox (verzonden_at) WHERE verzonden_at IS NOT NULL;

-- One row per client: locked before anything of that client is read, so that order per client holds.
CREATE TABLE klanten_slot (
    klant text PRIMARY KEY,
    volgnummer bigint NOT NULL DEFAULT 0
);

-- What could not be handled, with its bytes.
CREATE TABLE geparkeerd (
    geparkeerd_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    partitie integer NOT NULL,
    positie bigint NOT NULL,
    event_id text,
    klant text,
    type text,
    reden text NOT NULL,
    sleutel bytea,
    ruw bytea,
    traceparent text,
    geparkeerd_at timestamptz NOT NULL DEFAULT now(),
    opgelost_at timestamptz,
    UNIQUE (topic, partitie, positie)
);
CREATE INDEX geparkeerd_open ON geparkeerd (topic, klant) WHERE opgelost_at IS NULL;

-- Events that wait for a predecessor, and those of the same client behind them.
CREATE TABLE wachtrij (
    volgorde bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    klant text NOT NULL,
    event_id text NOT NULL UNIQUE,
    partitie integer NOT NULL,
    positie bigint NOT NULL,
    ruw bytea NOT NULL,
    traceparent text,
    sinds timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX wachtrij_klant ON wachtrij (topic, klant, volgorde);

-- Idempotency-Key: the same key and command give the same answer.
CREATE TABLE herhaalsleutel (
    gemeente text NOT NULL,
    sleutel text NOT NULL,
    afdruk text NOT NULL,
    antwoord jsonb,
    PRIMARY KEY (gemeente, sleutel)
);
