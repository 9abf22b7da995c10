-- What the code before this version still wrote between the phases; then nobody reads the old table any more.
INSERT INTO ontvanger (gemeente, soort, wie, kanaal, email, gewijzigd_at)
SELECT gemeente, 'gemeente', gemeente, 'email', email, gewijzigd_at FROM voorkeur
ON CONFLICT (eigenaar, soort, wie) DO UPDATE SET email = excluded.email, gewijzigd_at = excluded.gewijzigd_at
WHERE ontvanger.gewijzigd_at < excluded.gewijzigd_at;
DROP TABLE voorkeur;
