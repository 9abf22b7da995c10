-- Refusals of before this table.
SELECT set_config('zorgketen.overal', 'ja', true);
INSERT INTO afkeuring (event_id, code, gemeente, aanbieder, soort, gebeurd_at)
SELECT g.event_id, c.code, g.gemeente, g.aanbieder, g.soort, g.gebeurd_at
FROM gebeurtenis g, jsonb_array_elements_text(g.details -> 'codes') AS c (code)
WHERE g.status = 'afgekeurd' AND g.aanbieder IS NOT NULL
  AND g.type IN ('toewijzing.bericht_beoordeeld', 'knooppunt.bericht_geweigerd', 'declaratie.declaratiedeel_beoordeeld')
ON CONFLICT DO NOTHING;
