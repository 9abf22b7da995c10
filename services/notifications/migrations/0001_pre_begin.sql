-- Recipient per municipality; without a row the default address holds.
CREATE TABLE voorkeur (
    gemeente     text PRIMARY KEY,
    email        text NOT NULL,
    gewijzigd_at timestamptz NOT NULL
);

-- The queue and the record of every e-mail. `betreft` is the bericht_id or opdracht_id: with the reason it is
-- the business key, so an event that comes again (also years later) never gives a second e-mail.
CREATE TABLE notificatie (
    volgnr             bigint GENERATED ALWAYS AS IDENTITY,
    notificatie_id     uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    gemeente           text NOT NULL,
    aanleiding         text NOT NULL,
    betreft            text NOT NULL,
    event_id           text NOT NULL,
    aanbieder          text,
    client_id          text,
    keten              text,
    onderwerp          text NOT NULL,
    inhoud             text NOT NULL,
    kanaal             text NOT NULL DEFAULT 'email',
    status             text NOT NULL DEFAULT 'wacht' CHECK (status IN ('wacht', 'verzonden', 'mislukt')),
    pogingen           integer NOT NULL DEFAULT 0,
    volgende_poging_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    gemaakt_at         timestamptz NOT NULL,
    verzonden_at       timestamptz,
    UNIQUE (gemeente, aanleiding, betreft)
);
CREATE INDEX notificatie_wacht ON notificatie (volgende_poging_at) WHERE status = 'wacht';
CREATE INDEX notificatie_lijst ON notificatie (gemeente, volgnr DESC);
