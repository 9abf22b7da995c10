-- Eigen beeld van toewijzingen: elke versie blijft; geoordeeld wordt op de hoogste die niet is afgekeurd.
CREATE TABLE toewijzing_versie (
    gemeente text NOT NULL,
    nummer int NOT NULL,
    versie int NOT NULL,
    client_id text NOT NULL,
    aanbieder text NOT NULL,
    categorie text,
    code text,
    volume bigint,
    eenheid text,
    frequentie text,
    budget_cent bigint,
    ingangsdatum date NOT NULL,
    einddatum date,
    reden_wijziging text,
    variant text NOT NULL,
    status text NOT NULL CHECK (status IN ('verzonden', 'goedgekeurd', 'afgekeurd')),
    PRIMARY KEY (gemeente, nummer, versie)
);

-- De lopende som per toewijzing; deze rij is het slot waaronder volume wordt toegekend.
CREATE TABLE toewijzing_totaal (
    gemeente text NOT NULL,
    nummer int NOT NULL,
    volume bigint NOT NULL DEFAULT 0,
    bedrag_cent bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (gemeente, nummer)
);

CREATE TABLE levering (
    gemeente text NOT NULL,
    nummer int NOT NULL,
    begindatum date NOT NULL,
    einddatum date,
    volgnummer bigint NOT NULL,
    PRIMARY KEY (gemeente, nummer, begindatum)
);

CREATE TABLE contract (
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    categorie text NOT NULL,
    code text,
    eenheid text,
    tarief_cent bigint,
    minuten_toegestaan boolean NOT NULL,
    geldig_vanaf date NOT NULL,
    geldig_tot date
);
CREATE INDEX contract_aanbieder ON contract (gemeente, aanbieder);

-- Het laatst verwerkte feit per gemeente; een ouder feit dat later komt verandert niets.
CREATE TABLE gemeente_stand (
    gemeente text NOT NULL,
    soort text NOT NULL CHECK (soort IN ('contracten', 'instellingen')),
    volgnummer bigint NOT NULL,
    waarden jsonb NOT NULL,
    PRIMARY KEY (gemeente, soort)
);

CREATE TABLE declaratie (
    bericht_id text PRIMARY KEY,
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    ontvangstnummer bigint NOT NULL,
    identificatie text NOT NULL,
    declaratie_nummer text NOT NULL,
    periode_begin date NOT NULL,
    periode_eind date NOT NULL,
    declaratie_dagtekening date NOT NULL,
    ontvangen_at timestamptz NOT NULL,
    antwoord_uiterlijk date,
    ingediend_cent bigint NOT NULL,
    toegekend_cent bigint NOT NULL DEFAULT 0,
    delen int NOT NULL CHECK (delen >= 0),
    delen_beoordeeld int NOT NULL DEFAULT 0 CHECK (delen_beoordeeld <= delen),
    declaratie_codes text[] NOT NULL DEFAULT '{}',
    status text NOT NULL CHECK (status IN ('in_behandeling', 'afgehandeld', 'afgekeurd')),
    antwoord_bericht_id text
);
-- TR333 (9333): een geweigerde declaratie telt als niet verzonden en geeft haar nummer vrij.
CREATE UNIQUE INDEX declaratie_tr333 ON declaratie (gemeente, aanbieder, declaratie_nummer)
    WHERE status <> 'afgekeurd';
CREATE INDEX declaratie_lijst ON declaratie (gemeente, ontvangstnummer DESC);

CREATE TABLE declaratiedeel (
    bericht_id text NOT NULL,
    deel int NOT NULL,
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    client_id text NOT NULL,
    ontvangstnummer bigint NOT NULL,
    inhoud jsonb NOT NULL,
    beoordeeld boolean NOT NULL DEFAULT false,
    client_codes text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (bericht_id, deel)
);
CREATE INDEX declaratiedeel_wacht ON declaratiedeel (gemeente, client_id, ontvangstnummer) WHERE NOT beoordeeld;

CREATE TABLE prestatie (
    bericht_id text NOT NULL,
    deel int NOT NULL,
    regel int NOT NULL,
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    client_id text NOT NULL,
    toewijzing_nummer int NOT NULL,
    referentie_nummer text NOT NULL,
    vorig_referentie_nummer text,
    categorie text NOT NULL,
    code text NOT NULL,
    begindatum date NOT NULL,
    einddatum date NOT NULL,
    volume bigint NOT NULL,
    eenheid text NOT NULL,
    tarief_cent bigint,
    ingediend_cent bigint NOT NULL CHECK (ingediend_cent >= 0),
    debet_credit text NOT NULL CHECK (debet_credit IN ('D', 'C')),
    retourcodes text[] NOT NULL,
    PRIMARY KEY (bericht_id, deel, regel)
);
CREATE INDEX prestatie_toewijzing ON prestatie (gemeente, toewijzing_nummer, begindatum);
-- TR390 (9390): een debetregel wordt hoogstens een keer gecrediteerd.
CREATE UNIQUE INDEX prestatie_tr390 ON prestatie (gemeente, aanbieder, vorig_referentie_nummer)
    WHERE debet_credit = 'C' AND retourcodes = '{}';
CREATE INDEX prestatie_debet ON prestatie (gemeente, aanbieder, referentie_nummer)
    WHERE debet_credit = 'D' AND retourcodes = '{}';

-- TR314 (8021): ook een afgekeurde regel verbruikt haar ReferentieNummer.
CREATE TABLE referentie (
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    referentie_nummer text NOT NULL,
    bericht_id text NOT NULL,
    PRIMARY KEY (gemeente, aanbieder, referentie_nummer)
);

-- Alleen toevoegen. Volume in minuten bij uren en minuten, anders in de eenheid; credits zijn negatief.
CREATE TABLE grootboek (
    boeking_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gemeente text NOT NULL,
    toewijzing_nummer int NOT NULL,
    maand date NOT NULL,
    bericht_id text NOT NULL,
    deel int NOT NULL,
    regel int NOT NULL,
    soort text NOT NULL CHECK (soort IN ('toegekend', 'gecrediteerd')),
    volume bigint NOT NULL,
    bedrag_cent bigint NOT NULL,
    UNIQUE (bericht_id, deel, regel)
);
CREATE INDEX grootboek_maand ON grootboek (gemeente, toewijzing_nummer, maand);

CREATE FUNCTION grootboek_alleen_toevoegen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'het grootboek wordt alleen aangevuld';
END $$;
CREATE TRIGGER grootboek_alleen_toevoegen BEFORE UPDATE OR DELETE OR TRUNCATE ON grootboek
    FOR EACH STATEMENT EXECUTE FUNCTION grootboek_alleen_toevoegen();
