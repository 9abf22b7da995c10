-- Everything that happened in the chain, one row per event: the read model of all screens.
-- Only safe fields: codes, numbers, dates, amounts and ids; no BSN, no name, no remark.
CREATE TABLE gebeurtenis (
    volgnr       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id     text NOT NULL UNIQUE,
    type         text NOT NULL,
    gemeente     text NOT NULL,
    aanbieder    text,
    client_id    text,
    keten        text,
    gebeurd_at   timestamptz NOT NULL,
    ontvangen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    soort        text,
    status       text NOT NULL CHECK (status IN ('goed', 'afgekeurd', 'wacht', 'info')),
    bericht_id   text,
    telt         boolean NOT NULL,
    samenvatting text NOT NULL,
    details      jsonb NOT NULL
);
CREATE INDEX gebeurtenis_stroom ON gebeurtenis (gemeente, volgnr DESC);
CREATE INDEX gebeurtenis_zaak ON gebeurtenis (gemeente, client_id, gebeurd_at) WHERE client_id IS NOT NULL;
CREATE INDEX gebeurtenis_bericht ON gebeurtenis (gemeente, bericht_id) WHERE bericht_id IS NOT NULL;
CREATE INDEX gebeurtenis_nieuw ON gebeurtenis (gemeente, ontvangen_at);
CREATE INDEX gebeurtenis_telling ON gebeurtenis (gemeente, soort, bericht_id) INCLUDE (status, telt)
    WHERE soort IS NOT NULL AND bericht_id IS NOT NULL AND (telt OR status = 'afgekeurd');
