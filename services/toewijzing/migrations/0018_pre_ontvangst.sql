-- When the provider first got a version, beside the version itself: the terms of a number are asked for with its versions.
ALTER TABLE toewijzing_versie ADD COLUMN ontvangen_at timestamptz;
UPDATE toewijzing_versie v SET ontvangen_at = o.ontvangen_at
FROM (SELECT r.gemeente, r.nummer, r.versie, min(o.verzonden_at) AS ontvangen_at
      FROM opdracht_regel r JOIN opdracht o USING (opdracht_id) WHERE o.verzonden_at IS NOT NULL GROUP BY 1, 2, 3) o
WHERE (v.gemeente, v.nummer, v.versie) = (o.gemeente, o.nummer, o.versie);
-- A new number gets its terms with its first 301.
ALTER TABLE toewijzing ALTER COLUMN met_termijnen SET DEFAULT true;
