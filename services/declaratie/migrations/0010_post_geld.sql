SELECT scherm_af('verplichting', 'gemeente');
SELECT scherm_af('budget_plafond', 'gemeente');
SELECT scherm_af('budget_signaal', 'gemeente');
SELECT scherm_af('rekening', 'gemeente');
SELECT scherm_af('betaalbestand', 'gemeente');
SELECT scherm_af('betaling', 'gemeente', 'aanbieder');
SELECT scherm_af('betaalde_declaratie', 'gemeente', 'aanbieder');
-- A provider sees which payment covers its own declaratie, and changes nothing.
CREATE POLICY aanbieder ON declaratie FOR SELECT
    USING (aanbieder = ANY (string_to_array(current_setting('zorgketen.aanbieders', true), ',')));

-- The running sum of a toewijzing is the sum of its lines: after every statement that touches either of them.
-- In `post`, because older code books and sums in two statements.
CREATE FUNCTION grootboek_is_som() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT gemeente, toewijzing_nummer FROM nieuw) n
        LEFT JOIN toewijzing_totaal t ON t.gemeente = n.gemeente AND t.nummer = n.toewijzing_nummer
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(g.volume), 0) AS volume, coalesce(sum(g.bedrag_cent), 0) AS bedrag_cent
            FROM grootboek g WHERE g.gemeente = n.gemeente AND g.toewijzing_nummer = n.toewijzing_nummer) s
        WHERE (t.volume, t.bedrag_cent) IS DISTINCT FROM (s.volume, s.bedrag_cent)) THEN
        RAISE EXCEPTION 'het grootboek telt niet op' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grootboek_is_som AFTER INSERT ON grootboek
    REFERENCING NEW TABLE AS nieuw FOR EACH STATEMENT EXECUTE FUNCTION grootboek_is_som();

CREATE FUNCTION totaal_is_som() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM nieuw n
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(g.volume), 0) AS volume, coalesce(sum(g.bedrag_cent), 0) AS bedrag_cent
            FROM grootboek g WHERE g.gemeente = n.gemeente AND g.toewijzing_nummer = n.nummer) s
        WHERE (n.volume, n.bedrag_cent) IS DISTINCT FROM (s.volume, s.bedrag_cent)) THEN
        RAISE EXCEPTION 'het grootboek telt niet op' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER totaal_is_som_nieuw AFTER INSERT ON toewijzing_totaal
    REFERENCING NEW TABLE AS nieuw FOR EACH STATEMENT EXECUTE FUNCTION totaal_is_som();
CREATE TRIGGER totaal_is_som AFTER UPDATE ON toewijzing_totaal
    REFERENCING NEW TABLE AS nieuw FOR EACH STATEMENT EXECUTE FUNCTION totaal_is_som();
