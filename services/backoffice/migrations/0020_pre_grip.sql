-- One row per melding: how long a team takes, and how often help was found without a toewijzing. Codes and days alone.
-- Its events come in any order: each column keeps the first day, or what the latest event said.
CREATE TABLE melding (
    gemeente      text NOT NULL,
    melding_id    text NOT NULL,
    client_id     text NOT NULL,
    team          text NOT NULL,
    status        text NOT NULL,
    uitkomst      text,
    bespaard_cent bigint,
    volgnummer    bigint NOT NULL,
    ontvangen_op  date,
    afgerond_op   date,
    besloten_op   date,
    afgesloten_op date,
    PRIMARY KEY (gemeente, melding_id)
);
CREATE INDEX melding_jaar ON melding (gemeente, ontvangen_op, melding_id);

-- Why messages of a provider were refused, once per message (or resident in it) and code: what the provider sees too.
CREATE TABLE afkeuring (
    event_id   text NOT NULL,
    code       text NOT NULL,
    gemeente   text NOT NULL,
    aanbieder  text NOT NULL,
    soort      text NOT NULL,
    gebeurd_at timestamptz NOT NULL,
    PRIMARY KEY (event_id, code)
);
CREATE INDEX afkeuring_aanbieder ON afkeuring (aanbieder, gebeurd_at);

CREATE INDEX taak_gebruik ON taak (gemeente, onderwerp) WHERE gesloten_at IS NULL AND onderwerp LIKE 'gebruik-%';
SELECT scherm_af('melding', 'gemeente');
-- The provider's own rows, whoever asks: its rows of each gemeente, or a gemeente's rows of each provider.
SELECT scherm_af('afkeuring', 'gemeente', 'aanbieder');
