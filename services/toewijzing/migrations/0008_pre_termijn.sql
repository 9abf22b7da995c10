-- A term: who must act on what until when. Its last day is part of its key: another last day is another term.
CREATE TABLE termijn (
    termijn_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    volgorde bigint GENERATED ALWAYS AS IDENTITY,
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    client_id text NOT NULL,
    soort text NOT NULL,
    -- opdracht_id, verzoek_id or toewijzing_nummer, by the kind.
    onderwerp text NOT NULL,
    toewijzing_nummer int,
    bericht_id text,
    wie text NOT NULL CHECK (wie IN ('gemeente', 'aanbieder')),
    uiterlijk date NOT NULL,
    nadert_at timestamptz NOT NULL,
    verloopt_at timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'loopt'
        CHECK (status IN ('loopt', 'nadert', 'verstreken', 'gehaald', 'te_laat_gehaald', 'vervallen')),
    -- When it was told; kept when a term runs again, so that nothing is told twice.
    genaderd_at timestamptz,
    verstreken_at timestamptz,
    beeindigd_at timestamptz,
    volgende_at timestamptz GENERATED ALWAYS AS (
        CASE status WHEN 'loopt' THEN least(nadert_at, verloopt_at) WHEN 'nadert' THEN verloopt_at END) STORED,
    UNIQUE (gemeente, soort, onderwerp, uiterlijk)
);
CREATE INDEX termijn_volgende ON termijn (volgende_at) WHERE volgende_at IS NOT NULL;
CREATE INDEX termijn_lijst ON termijn (gemeente, volgorde);
CREATE INDEX termijn_lijst_aanbieder ON termijn (aanbieder, volgorde);
CREATE INDEX termijn_client ON termijn (gemeente, client_id);

-- When knooppunt laid the 301 in the mailbox: from then on the provider can know it.
ALTER TABLE opdracht ADD COLUMN verzonden_at timestamptz;
-- Numbers of before this table get their terms from a job.
ALTER TABLE toewijzing ADD COLUMN met_termijnen boolean NOT NULL DEFAULT false;
CREATE INDEX toewijzing_zonder_termijnen ON toewijzing (gemeente, client_id) WHERE NOT met_termijnen;
