-- One row per ReferentieAanbieder of a 315 (per AangevraagdProduct) or a 317 (the whole).
CREATE TABLE verzoek (
    verzoek_id text PRIMARY KEY,
    volgorde bigint GENERATED ALWAYS AS IDENTITY,
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    client_id text NOT NULL,
    bericht_id text NOT NULL,
    soort text NOT NULL CHECK (soort IN ('vot', 'vow')),
    referentie_aanbieder text NOT NULL,
    status text NOT NULL CHECK (status IN ('ingediend', 'in_onderzoek', 'toegewezen', 'afgewezen', 'vervallen')),
    gevraagd jsonb NOT NULL,
    ontvangen_at timestamptz NOT NULL,
    reageer_uiterlijk date NOT NULL,
    besluit_uiterlijk date NOT NULL
);
-- TR347; a refused verzoek is as if it never was sent (OP286), so its reference is free again.
CREATE UNIQUE INDEX verzoek_referentie ON verzoek (gemeente, aanbieder, referentie_aanbieder)
    WHERE status <> 'vervallen';
CREATE INDEX verzoek_client ON verzoek (gemeente, client_id, aanbieder);
CREATE INDEX verzoek_lijst ON verzoek (gemeente, volgorde);

-- A 319 and what its 320 said.
CREATE TABLE antwoord (
    opdracht_id text PRIMARY KEY,
    volgorde bigint GENERATED ALWAYS AS IDENTITY,
    gemeente text NOT NULL,
    verzoek_id text NOT NULL REFERENCES verzoek,
    verzoek_antwoord text NOT NULL CHECK (verzoek_antwoord IN ('1', '2')),
    reden text,
    status text NOT NULL CHECK (status IN ('verzonden', 'goedgekeurd', 'afgekeurd')),
    gemaakt_at timestamptz NOT NULL
);
CREATE INDEX antwoord_verzoek ON antwoord (verzoek_id);

-- The reference with which a number stood in a 301 (TR379, IV097).
ALTER TABLE opdracht_regel ADD COLUMN referentie_aanbieder text;
