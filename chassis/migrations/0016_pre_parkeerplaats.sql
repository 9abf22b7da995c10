-- A parked event can be offered again, and what is parked behind it follows in order; it stays parked until it is done.
ALTER TABLE geparkeerd
    ADD COLUMN vrijgegeven_at timestamptz,
    ADD COLUMN vrijgegeven_door text,
    -- How it was solved: handled after all, or set aside by a person, with the reason.
    ADD COLUMN afloop text CHECK (afloop IN ('verwerkt', 'afgesloten')),
    ADD COLUMN toelichting text;
-- A place on a topic comes back when the broker is replaced (G7): then it is another event, and both are kept.
ALTER TABLE geparkeerd DROP CONSTRAINT geparkeerd_topic_partitie_positie_key;
CREATE UNIQUE INDEX geparkeerd_eenmaal ON geparkeerd
    (topic, partitie, positie, coalesce(event_id, md5(coalesce(ruw, ''::bytea))));
