-- Row-level security: which rows a transaction sees follows from its own settings (chassis.db.Tenant).
-- `select scherm_af('tabel', 'gemeente')` in the migration that makes a table; 'aanbieder' too where a
-- provider may look. Without a setting nothing matches: a setting that was never made is null or ''.
CREATE FUNCTION scherm_af(tabel regclass, VARIADIC kolommen text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tabel);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tabel);
    IF 'gemeente' = ANY (kolommen) THEN
        EXECUTE format(
            'CREATE POLICY gemeente ON %s USING (gemeente = current_setting(''zorgketen.gemeente'', true))', tabel);
    END IF;
    IF 'aanbieder' = ANY (kolommen) THEN
        EXECUTE format(
            'CREATE POLICY aanbieder ON %s USING (aanbieder = ANY '
            '(string_to_array(current_setting(''zorgketen.aanbieders'', true), '','')))', tabel);
    END IF;
    EXECUTE format(
        'CREATE POLICY overal ON %s USING (current_setting(''zorgketen.overal'', true) = ''ja'')', tabel);
END $$;
