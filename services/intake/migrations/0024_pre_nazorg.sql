-- Which case a toewijzing came from; null for an indicatie of another system.
ALTER TABLE indicatie ADD COLUMN melding_id text REFERENCES melding;
CREATE INDEX indicatie_nummers ON indicatie USING gin (toewijzing_nummers) WHERE melding_id IS NOT NULL;

-- What a resident answered about help at its start and after its stop: numbers, for the municipality and for the
-- provider whose help it is. The words stay in the case.
CREATE TABLE ervaring (
    volgorde bigint GENERATED ALWAYS AS IDENTITY,
    gemeente text NOT NULL,
    aanbieder text NOT NULL,
    melding_id text NOT NULL REFERENCES melding,
    toewijzing_nummer int NOT NULL,
    moment text NOT NULL CHECK (moment IN ('start', 'stop')),
    kanaal text NOT NULL,
    gegeven_op date NOT NULL,
    doel smallint NOT NULL CHECK (doel BETWEEN 1 AND 5),
    omgang smallint NOT NULL CHECK (omgang BETWEEN 1 AND 5),
    inspraak smallint NOT NULL CHECK (inspraak BETWEEN 1 AND 5),
    PRIMARY KEY (gemeente, toewijzing_nummer, moment)
);
CREATE INDEX ervaring_volgorde ON ervaring (volgorde);
CREATE TRIGGER ervaring_blijft BEFORE UPDATE OR DELETE ON ervaring
    FOR EACH ROW EXECUTE FUNCTION alleen_toevoegen();
SELECT scherm_af('ervaring', 'gemeente', 'aanbieder');
