-- The ledger itself keeps the running sum of a toewijzing: what is booked is added to it in the same statement, so
-- sum and lines are equal by construction, and booking costs the lines that are booked and not those of earlier years.
-- The plan is made anew each time: one from when the table was small would read all of it.
CREATE FUNCTION grootboek_boekt() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    geteld bigint;
BEGIN
    UPDATE toewijzing_totaal t SET volume = t.volume + s.volume, bedrag_cent = t.bedrag_cent + s.bedrag_cent
    FROM (SELECT gemeente, toewijzing_nummer, sum(volume)::bigint AS volume, sum(bedrag_cent)::bigint AS bedrag_cent
          FROM nieuw GROUP BY gemeente, toewijzing_nummer) s
    WHERE t.gemeente = s.gemeente AND t.nummer = s.toewijzing_nummer;
    GET DIAGNOSTICS geteld = ROW_COUNT;
    IF geteld <> (SELECT count(DISTINCT (gemeente, toewijzing_nummer)) FROM nieuw) THEN
        RAISE EXCEPTION 'het grootboek telt niet op' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

-- Code of before this migration adds to the sum as well: that is left undone, because the line did it.
CREATE FUNCTION totaal_blijft_staan() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER totaal_blijft_staan BEFORE UPDATE ON toewijzing_totaal
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION totaal_blijft_staan();

DROP TRIGGER IF EXISTS grootboek_is_som ON grootboek;
DROP TRIGGER IF EXISTS totaal_is_som ON toewijzing_totaal;
CREATE TRIGGER grootboek_boekt AFTER INSERT ON grootboek
    REFERENCING NEW TABLE AS nieuw FOR EACH STATEMENT EXECUTE FUNCTION grootboek_boekt();

-- Room for a new version of a sum beside the old one, so that no index is touched.
ALTER TABLE toewijzing_totaal SET (fillfactor = 70);
