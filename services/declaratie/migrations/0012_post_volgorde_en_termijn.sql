SELECT scherm_af('kop_wacht', 'gemeente');
SELECT scherm_af('verplichting_oud', 'gemeente');
SELECT scherm_af('termijn', 'gemeente', 'aanbieder');

-- 323s of before there were terms and still without a 325. Working days are not counted in SQL:
-- five days hold two of them but around Christmas and Easter.
INSERT INTO termijn (gemeente, aanbieder, bericht_id, uiterlijk, nadert_at, verloopt_at)
SELECT gemeente, aanbieder, bericht_id, antwoord_uiterlijk,
       (antwoord_uiterlijk - 5)::timestamp AT TIME ZONE 'Europe/Amsterdam',
       (antwoord_uiterlijk + 1)::timestamp AT TIME ZONE 'Europe/Amsterdam'
FROM declaratie WHERE antwoord_bericht_id IS NULL AND antwoord_uiterlijk IS NOT NULL
ON CONFLICT DO NOTHING;
