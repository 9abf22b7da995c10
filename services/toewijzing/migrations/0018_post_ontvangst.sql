-- What the previous release sent while both ran.
SELECT set_config('zorgketen.overal', 'ja', true);
UPDATE toewijzing_versie v SET ontvangen_at = o.ontvangen_at
FROM (SELECT r.gemeente, r.nummer, r.versie, min(o.verzonden_at) AS ontvangen_at
      FROM opdracht_regel r JOIN opdracht o USING (opdracht_id) WHERE o.verzonden_at IS NOT NULL GROUP BY 1, 2, 3) o
WHERE (v.gemeente, v.nummer, v.versie) = (o.gemeente, o.nummer, o.versie) AND v.ontvangen_at IS NULL;
