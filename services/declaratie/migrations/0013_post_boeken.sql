-- Only a line in the ledger changes a sum; one begins at nothing, and none is taken away.
CREATE FUNCTION totaal_volgt_grootboek() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'alleen het grootboek verandert een som' USING ERRCODE = 'check_violation';
END $$;
DROP TRIGGER totaal_blijft_staan ON toewijzing_totaal;
DROP FUNCTION totaal_blijft_staan();
CREATE TRIGGER totaal_volgt_grootboek BEFORE UPDATE OR DELETE OR TRUNCATE ON toewijzing_totaal
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION totaal_volgt_grootboek();
CREATE TRIGGER totaal_begint_leeg BEFORE INSERT ON toewijzing_totaal
    FOR EACH ROW WHEN (NEW.volume <> 0 OR NEW.bedrag_cent <> 0) EXECUTE FUNCTION totaal_volgt_grootboek();

-- They read every line of a toewijzing to judge its sum. (Made by 0010, which on an empty database runs after 0013_pre.)
DROP TRIGGER IF EXISTS grootboek_is_som ON grootboek;
DROP TRIGGER IF EXISTS totaal_is_som ON toewijzing_totaal;
DROP TRIGGER IF EXISTS totaal_is_som_nieuw ON toewijzing_totaal;
DROP FUNCTION IF EXISTS grootboek_is_som(), totaal_is_som();

-- prestatie_referentie has the same columns; nobody names a line of the ledger by a number of its own.
DROP INDEX prestatie_debet;
ALTER TABLE grootboek DROP CONSTRAINT grootboek_pkey, DROP COLUMN boeking_id,
    DROP CONSTRAINT grootboek_bericht_id_deel_regel_key, ADD PRIMARY KEY (bericht_id, deel, regel);
