-- Contracten en instellingen: vervangen wordt nooit overschreven, het vorige vervalt.
CREATE TABLE contract (
    contract_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    product_categorie text NOT NULL,
    product_code text,
    variant text NOT NULL CHECK (variant IN ('inspanning', 'output', 'taak')),
    eenheid text,
    tarief_cent bigint,
    minuten_toegestaan boolean,
    leveringsvorm text,
    geldig_vanaf date NOT NULL,
    geldig_tot date,
    vastgelegd_at timestamptz NOT NULL,
    vervallen_at timestamptz
);
CREATE INDEX contract_actueel ON contract (gemeente, aanbieder) WHERE vervallen_at IS NULL;

CREATE TABLE instellingen (
    gemeente text NOT NULL,
    versie int NOT NULL,
    waarden jsonb NOT NULL,
    vastgelegd_at timestamptz NOT NULL,
    PRIMARY KEY (gemeente, versie)
);

-- TR332: een reeks per gemeente; LDT_Nummer heeft hoogstens 9 cijfers.
CREATE TABLE nummer_reeks (
    gemeente text PRIMARY KEY,
    laatste int NOT NULL CHECK (laatste <= 999999999)
);

CREATE TABLE indicatie (
    gemeente text NOT NULL,
    indicatie_id text NOT NULL,
    client_id text NOT NULL,
    beschikking_nummer text NOT NULL,
    ingangsdatum date NOT NULL,
    einddatum date,
    geweigerd boolean NOT NULL,
    PRIMARY KEY (gemeente, indicatie_id)
);

CREATE TABLE toewijzing (
    gemeente text NOT NULL,
    nummer int NOT NULL,
    client_id text NOT NULL,
    aanbieder text NOT NULL,
    indicatie_id text,
    goedgekeurde_prestaties int NOT NULL DEFAULT 0,
    PRIMARY KEY (gemeente, nummer)
);
CREATE INDEX toewijzing_client ON toewijzing (gemeente, client_id);

CREATE TABLE toewijzing_versie (
    gemeente text NOT NULL,
    nummer int NOT NULL,
    versie int NOT NULL,
    product_categorie text,
    product_code text,
    volume int,
    eenheid text,
    frequentie text,
    budget_cent int,
    ingangsdatum date NOT NULL,
    einddatum date,
    besluit_at timestamptz NOT NULL,
    toewijzingsdatum date NOT NULL,
    toewijzingstijd time NOT NULL,
    variant text NOT NULL,
    reden_wijziging text,
    commentaar text,
    status text NOT NULL CHECK (status IN ('verzonden', 'goedgekeurd', 'afgekeurd')),
    eigen_fout boolean NOT NULL DEFAULT false,
    ingetrokken boolean NOT NULL DEFAULT false,
    PRIMARY KEY (gemeente, nummer, versie),
    FOREIGN KEY (gemeente, nummer) REFERENCES toewijzing (gemeente, nummer)
);

-- Een opdracht is een 301 die knooppunt moet verzenden.
CREATE TABLE opdracht (
    opdracht_id text PRIMARY KEY,
    -- Welke 301 de laatste is; de klok mag teruglopen, deze reeks niet.
    volgorde bigint GENERATED ALWAYS AS IDENTITY,
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    client_id text NOT NULL,
    status text NOT NULL CHECK (status IN ('verzonden', 'goedgekeurd', 'afgekeurd')),
    te_laat boolean NOT NULL DEFAULT false,
    bericht_id text,
    gemaakt_at timestamptz NOT NULL
);
CREATE INDEX opdracht_bericht ON opdracht (gemeente, bericht_id);

CREATE TABLE opdracht_regel (
    opdracht_id text NOT NULL REFERENCES opdracht (opdracht_id),
    gemeente text NOT NULL,
    nummer int NOT NULL,
    versie int NOT NULL,
    PRIMARY KEY (opdracht_id, nummer)
);
CREATE INDEX opdracht_regel_nummer ON opdracht_regel (gemeente, nummer);

CREATE TABLE levering_start (
    start_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    client_id text NOT NULL,
    nummer int,
    product_categorie text,
    product_code text,
    toewijzing_ingangsdatum date,
    begindatum date NOT NULL,
    bericht_id text NOT NULL,
    verwijderd boolean NOT NULL DEFAULT false
);
CREATE INDEX levering_start_client ON levering_start (gemeente, client_id, aanbieder);

CREATE TABLE levering_stop (
    stop_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    client_id text NOT NULL,
    nummer int,
    product_categorie text,
    product_code text,
    toewijzing_ingangsdatum date,
    begindatum date NOT NULL,
    reden_beeindiging text NOT NULL,
    einddatum date NOT NULL,
    bericht_id text NOT NULL,
    verwijderd boolean NOT NULL DEFAULT false
);
CREATE INDEX levering_stop_client ON levering_stop (gemeente, client_id, aanbieder);
