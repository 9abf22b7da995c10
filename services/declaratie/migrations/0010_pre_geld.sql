-- Since when each fact counts, so that a past day can be shown. The defaults are for code of before this migration.
ALTER TABLE toewijzing_versie
    ADD COLUMN vastgelegd_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN afgekeurd_at timestamptz;
ALTER TABLE grootboek ADD COLUMN geboekt_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX grootboek_jaar ON grootboek (gemeente, maand);
ALTER TABLE declaratie ADD COLUMN afgehandeld_at timestamptz;
CREATE INDEX declaratie_betaalbaar ON declaratie (gemeente, aanbieder)
    WHERE status = 'afgehandeld' AND toegekend_cent <> 0;
CREATE INDEX prestatie_referentie ON prestatie (gemeente, aanbieder, referentie_nummer);

-- What a version of a toewijzing may cost per month; follows from the version and the contracts, so it may be remade.
CREATE TABLE verplichting (
    gemeente text NOT NULL,
    nummer int NOT NULL,
    versie int NOT NULL,
    maand date NOT NULL,
    categorie text,
    bedrag_cent bigint NOT NULL CHECK (bedrag_cent >= 0),
    PRIMARY KEY (gemeente, nummer, versie, maand)
);
CREATE INDEX verplichting_jaar ON verplichting (gemeente, maand);

-- A new ceiling is a new row; without plafond_cent the category has none any more.
CREATE TABLE budget_plafond (
    plafond_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gemeente text NOT NULL,
    jaar int NOT NULL,
    categorie text NOT NULL,
    plafond_cent bigint CHECK (plafond_cent >= 0),
    door text NOT NULL,
    vastgelegd_at timestamptz NOT NULL
);
CREATE INDEX budget_plafond_jaar ON budget_plafond (gemeente, jaar, categorie, plafond_id DESC);

CREATE TABLE budget_signaal (
    gemeente text NOT NULL,
    jaar int NOT NULL,
    categorie text NOT NULL,
    plafond_cent bigint NOT NULL,
    procent int NOT NULL,
    prognose_cent bigint NOT NULL,
    gemeld_at timestamptz NOT NULL,
    PRIMARY KEY (gemeente, jaar, categorie, plafond_cent, procent)
);

-- A changed account is a new row, which counts once a second person confirmed it. `houder`: gemeente or AGB.
CREATE TABLE rekening (
    rekening_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gemeente text NOT NULL,
    houder text NOT NULL,
    iban text NOT NULL,
    naam text NOT NULL,
    voorgesteld_door text NOT NULL,
    voorgesteld_at timestamptz NOT NULL,
    bevestigd_door text,
    bevestigd_at timestamptz,
    CHECK (bevestigd_door <> voorgesteld_door),
    CHECK ((bevestigd_door IS NULL) = (bevestigd_at IS NULL))
);
CREATE INDEX rekening_houder ON rekening (gemeente, houder, rekening_id DESC);

CREATE TABLE betaalbestand (
    betaalbestand_id text PRIMARY KEY,
    volgorde bigint GENERATED ALWAYS AS IDENTITY,
    gemeente text NOT NULL,
    t_m date NOT NULL,
    uitvoerdatum date NOT NULL,
    gemaakt_at timestamptz NOT NULL,
    gemaakt_door text NOT NULL,
    totaal_cent bigint NOT NULL CHECK (totaal_cent > 0),
    xml bytea NOT NULL
);
CREATE INDEX betaalbestand_lijst ON betaalbestand (gemeente, volgorde DESC);

CREATE TABLE betaling (
    betaling_id text PRIMARY KEY,
    betaalbestand_id text NOT NULL REFERENCES betaalbestand,
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    iban text NOT NULL,
    naam text NOT NULL,
    uitvoerdatum date NOT NULL,
    bedrag_cent bigint NOT NULL CHECK (bedrag_cent > 0),
    UNIQUE (betaalbestand_id, aanbieder)
);
CREATE INDEX betaling_aanbieder ON betaling (aanbieder, betaling_id DESC);

-- The primary key is the promise: the total of a declaratie is in one payment, ever.
CREATE TABLE betaalde_declaratie (
    bericht_id text PRIMARY KEY REFERENCES declaratie,
    betaling_id text NOT NULL REFERENCES betaling,
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    toegekend_cent bigint NOT NULL
);
CREATE INDEX betaalde_declaratie_betaling ON betaalde_declaratie (betaling_id);

CREATE FUNCTION betaling_is_som() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.bedrag_cent IS DISTINCT FROM
       (SELECT sum(toegekend_cent) FROM betaalde_declaratie WHERE betaling_id = NEW.betaling_id) THEN
        RAISE EXCEPTION 'een betaling is de som van haar declaraties' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER betaling_is_som AFTER INSERT OR UPDATE ON betaling
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION betaling_is_som();

CREATE FUNCTION betaald_alleen_toevoegen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'wat is betaald verandert niet meer';
END $$;
CREATE TRIGGER betaalbestand_vast BEFORE UPDATE OR DELETE OR TRUNCATE ON betaalbestand
    FOR EACH STATEMENT EXECUTE FUNCTION betaald_alleen_toevoegen();
CREATE TRIGGER betaling_vast BEFORE UPDATE OR DELETE OR TRUNCATE ON betaling
    FOR EACH STATEMENT EXECUTE FUNCTION betaald_alleen_toevoegen();
CREATE TRIGGER betaalde_declaratie_vast BEFORE UPDATE OR DELETE OR TRUNCATE ON betaalde_declaratie
    FOR EACH STATEMENT EXECUTE FUNCTION betaald_alleen_toevoegen();
