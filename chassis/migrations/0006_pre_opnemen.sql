-- Everything the consume loop must know before it handles events, in one round trip. Statement by statement, so that
-- what is read after the locks is what was committed before them: a plain CTE would see what was there before it waited.
CREATE FUNCTION inbox_opnemen(
    _topic text, _sloten text[], _event_ids text[], _klanten text[], OUT nieuw text[], OUT geparkeerd text[]
) LANGUAGE plpgsql AS $$
BEGIN
    -- An update that never holds still locks the row it found, and makes no new row version.
    INSERT INTO klanten_slot (klant) SELECT DISTINCT unnest(_sloten) ORDER BY 1
        ON CONFLICT (klant) DO UPDATE SET klant = excluded.klant WHERE false;
    WITH n AS (
        INSERT INTO inbox (event_id, topic) SELECT DISTINCT unnest(_event_ids), _topic
        ON CONFLICT DO NOTHING RETURNING event_id)
    SELECT coalesce(array_agg(event_id), '{}') INTO nieuw FROM n;
    SELECT coalesce(array_agg(g.klant), '{}') INTO geparkeerd FROM geparkeerd g
        WHERE g.topic = _topic AND g.opgelost_at IS NULL AND g.klant = any(_klanten);
END
$$;
