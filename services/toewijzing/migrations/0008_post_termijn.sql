-- What ran before the code that keeps terms: the rows of every gemeente.
SELECT set_config('zorgketen.overal', 'ja', true);
UPDATE opdracht SET verzonden_at = gemaakt_at WHERE bericht_id IS NOT NULL AND verzonden_at IS NULL;

INSERT INTO termijn (gemeente, aanbieder, client_id, soort, onderwerp, bericht_id, wie, uiterlijk, nadert_at, verloopt_at)
SELECT v.gemeente, v.aanbieder, v.client_id, t.soort, v.verzoek_id, v.bericht_id, 'gemeente', t.uiterlijk,
       t.uiterlijk::timestamp AT TIME ZONE 'Europe/Amsterdam', (t.uiterlijk + 1)::timestamp AT TIME ZONE 'Europe/Amsterdam'
FROM verzoek v
CROSS JOIN LATERAL (VALUES ('reactie_verzoek', v.reageer_uiterlijk), ('besluit_verzoek', v.besluit_uiterlijk))
    AS t (soort, uiterlijk)
WHERE v.status = 'ingediend' OR (v.status = 'in_onderzoek' AND t.soort = 'besluit_verzoek')
ON CONFLICT DO NOTHING;

-- Working days are not counted here: a week is never before the third working day but around Christmas and Easter.
INSERT INTO termijn (gemeente, aanbieder, client_id, soort, onderwerp, bericht_id, wie, uiterlijk, nadert_at, verloopt_at)
SELECT o.gemeente, o.aanbieder, o.client_id, 'antwoord_301', o.opdracht_id, o.bericht_id, 'aanbieder', t.uiterlijk,
       t.uiterlijk::timestamp AT TIME ZONE 'Europe/Amsterdam', (t.uiterlijk + 1)::timestamp AT TIME ZONE 'Europe/Amsterdam'
FROM opdracht o
CROSS JOIN LATERAL (SELECT (o.gemaakt_at AT TIME ZONE 'Europe/Amsterdam')::date + 7 AS uiterlijk) t
WHERE o.status = 'verzonden' AND o.bericht_id IS NOT NULL AND NOT o.te_laat
  AND NOT EXISTS (SELECT FROM termijn e WHERE e.gemeente = o.gemeente AND e.onderwerp = o.opdracht_id)
ON CONFLICT DO NOTHING;

SELECT scherm_af('termijn', 'gemeente', 'aanbieder');
