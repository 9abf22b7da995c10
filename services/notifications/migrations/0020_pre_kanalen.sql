-- A cause may have several receivers, each by a channel of its own; what comes in quiet hours or in a digest waits.
-- Business key: `betreft` of another receiver than the municipality begins with that receiver (domain.ontvanger.sleutel).
ALTER TABLE notificatie
    ADD COLUMN ontvanger_soort text NOT NULL DEFAULT 'gemeente'
        CHECK (ontvanger_soort IN ('gemeente', 'wijkteam', 'aanbieder', 'inwoner', 'helper')),
    -- Team, AGB code or client_id; null is the municipality itself.
    ADD COLUMN ontvanger text,
    ADD COLUMN niet_voor_at timestamptz,
    ADD COLUMN verzamelen boolean NOT NULL DEFAULT false,
    -- The e-mail that this one went along in.
    ADD COLUMN bundel_id uuid REFERENCES notificatie,
    -- A letter: to which address, as it was chosen then, and with which batches it went to the post.
    ADD COLUMN adres text[],
    ADD COLUMN batches uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN webhook_id text,
    -- Which process is sending it now; its claim ends at `volgende_poging_at`.
    ADD COLUMN geclaimd_door text,
    -- A call to the webhook of a provider is of no municipality.
    ALTER COLUMN gemeente DROP NOT NULL,
    DROP CONSTRAINT notificatie_status_check,
    DROP CONSTRAINT notificatie_laatste_fout_check,
    ADD CONSTRAINT notificatie_status_check CHECK (status IN ('wacht', 'verzonden', 'mislukt', 'verzameld')),
    ADD CONSTRAINT notificatie_laatste_fout_check CHECK (laatste_fout IN (
        'mailserver_onbereikbaar', 'mailserver_weigert', 'webhook_onbereikbaar', 'webhook_weigert',
        'adres_niet_toegestaan')),
    ADD CONSTRAINT notificatie_kanaal_check CHECK (kanaal IN ('email', 'in_app', 'brief', 'webhook'));
CREATE INDEX notificatie_verzamelen ON notificatie (niet_voor_at) WHERE status = 'wacht' AND verzamelen;
CREATE INDEX notificatie_van_aanbieder ON notificatie (ontvanger, volgnr DESC) WHERE ontvanger_soort = 'aanbieder';
CREATE INDEX notificatie_client ON notificatie (gemeente, client_id, volgnr DESC);
CREATE INDEX notificatie_batch ON notificatie USING gin (batches) WHERE batches <> '{}';
-- One call to a webhook at a time: what happens meanwhile is in the next one.
CREATE INDEX notificatie_oproep ON notificatie (ontvanger, webhook_id) WHERE status = 'wacht' AND kanaal = 'webhook';
-- A provider sees what went to it, and never what a municipality was told about it.
CREATE POLICY ontvanger ON notificatie USING (
    ontvanger_soort = 'aanbieder'
    AND ontvanger = ANY (string_to_array(current_setting('zorgketen.aanbieders', true), ',')));

-- What a receiver chose. Of a municipality (itself and its teams) or of a provider.
CREATE TABLE ontvanger (
    eigenaar      text GENERATED ALWAYS AS (coalesce(gemeente, aanbieder)) STORED,
    gemeente      text,
    aanbieder     text,
    soort         text NOT NULL CHECK (soort IN ('gemeente', 'wijkteam', 'aanbieder')),
    wie           text NOT NULL,
    kanaal        text NOT NULL CHECK (kanaal IN ('email', 'in_app', 'brief')),
    email         text,
    adres         text[],
    stil_van      time,
    stil_tot      time,
    verzamelen_om time,
    gewijzigd_at  timestamptz NOT NULL,
    CHECK (num_nonnulls(gemeente, aanbieder) = 1),
    CHECK ((stil_van IS NULL) = (stil_tot IS NULL)),
    UNIQUE (eigenaar, soort, wie)
);
SELECT scherm_af('ontvanger', 'gemeente', 'aanbieder');
INSERT INTO ontvanger (gemeente, soort, wie, kanaal, email, gewijzigd_at)
SELECT gemeente, 'gemeente', gemeente, 'email', email, gewijzigd_at FROM voorkeur;

-- Where a municipality or a provider wants to hear that there is something; never what. `nieuws` is what happened
-- since the last call. The secret is sealed; the key is not in this database.
CREATE TABLE webhook (
    eigenaar     text GENERATED ALWAYS AS (coalesce(gemeente, aanbieder)) STORED,
    gemeente     text,
    aanbieder    text,
    webhook_id   text NOT NULL,
    url          text NOT NULL,
    geheim       bytea NOT NULL,
    -- Empty is all.
    aanleidingen text[] NOT NULL,
    nieuws       text[] NOT NULL DEFAULT '{}',
    gewijzigd_at timestamptz NOT NULL,
    CHECK (num_nonnulls(gemeente, aanbieder) = 1),
    UNIQUE (eigenaar, webhook_id)
);
SELECT scherm_af('webhook', 'gemeente', 'aanbieder');
CREATE INDEX webhook_nieuws ON webhook (eigenaar) WHERE nieuws <> '{}';
