-- A header that came before the one that knooppunt received before it; it is judged when that one is known.
CREATE TABLE kop_wacht (
    bericht_id text PRIMARY KEY,
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    ontvangstnummer bigint NOT NULL,
    vorig_ontvangstnummer bigint,
    event jsonb NOT NULL,
    klaar_at timestamptz NOT NULL
);
CREATE INDEX kop_wacht_beurt ON kop_wacht (gemeente, aanbieder, ontvangstnummer);

-- What may be in a declaratie that is not closed: fingerprints of its clients, by part, and of its references.
ALTER TABLE declaratie ADD COLUMN clienten bytea, ADD COLUMN referenties bytea;
CREATE INDEX declaratie_ontvangst ON declaratie (gemeente, aanbieder, ontvangstnummer);
CREATE INDEX declaratie_open ON declaratie (gemeente, aanbieder, ontvangstnummer) WHERE status = 'in_behandeling';

-- Since when a part lies ready, in real time, and when it was last looked at.
ALTER TABLE declaratiedeel
    ADD COLUMN klaar_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN gezien_at timestamptz;

-- Commitments of before the contracts changed: what a past day was thought to cost. `verplichting` holds those of now.
ALTER TABLE verplichting ADD COLUMN geldt_van timestamptz NOT NULL DEFAULT '-infinity';
CREATE TABLE verplichting_oud (
    gemeente text NOT NULL,
    nummer int NOT NULL,
    versie int NOT NULL,
    maand date NOT NULL,
    categorie text,
    bedrag_cent bigint NOT NULL CHECK (bedrag_cent >= 0),
    geldt_van timestamptz NOT NULL,
    geldt_tot timestamptz NOT NULL,
    PRIMARY KEY (gemeente, nummer, versie, maand, geldt_van),
    CHECK (geldt_van < geldt_tot)
);
CREATE INDEX verplichting_oud_jaar ON verplichting_oud (gemeente, maand);

-- OP090x4: until when the 325 on a declaratie must be there. Its last day is part of its key.
CREATE TABLE termijn (
    termijn_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    volgorde bigint GENERATED ALWAYS AS IDENTITY,
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    bericht_id text NOT NULL,
    uiterlijk date NOT NULL,
    nadert_at timestamptz NOT NULL,
    verloopt_at timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'loopt'
        CHECK (status IN ('loopt', 'nadert', 'verstreken', 'gehaald', 'te_laat_gehaald')),
    genaderd_at timestamptz,
    verstreken_at timestamptz,
    beeindigd_at timestamptz,
    volgende_at timestamptz GENERATED ALWAYS AS (
        CASE status WHEN 'loopt' THEN least(nadert_at, verloopt_at) WHEN 'nadert' THEN verloopt_at END) STORED,
    UNIQUE (gemeente, bericht_id)
);
CREATE INDEX termijn_volgende ON termijn (volgende_at) WHERE volgende_at IS NOT NULL;
CREATE INDEX termijn_lijst ON termijn (gemeente, volgorde);
CREATE INDEX termijn_lijst_aanbieder ON termijn (aanbieder, volgorde);
