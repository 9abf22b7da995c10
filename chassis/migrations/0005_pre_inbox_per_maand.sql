-- The inbox is kept for the life of the record, so it is cut into months: old ones can be moved or dropped whole.
-- A UUIDv7 sorts by its own time, so the event_id itself is the partition key and stays unique over all months.
-- What is older, or no UUIDv7 of a month that has a partition, is in `inbox_overig`; nothing is copied.
ALTER TABLE inbox RENAME TO inbox_overig;
ALTER INDEX inbox_pkey RENAME TO inbox_overig_pkey;
ALTER TABLE inbox_overig ALTER COLUMN event_id TYPE text COLLATE "C";

CREATE TABLE inbox (
    event_id text COLLATE "C" PRIMARY KEY,
    topic text NOT NULL,
    ontvangen_at timestamptz NOT NULL DEFAULT now()
) PARTITION BY RANGE (event_id);
ALTER TABLE inbox ATTACH PARTITION inbox_overig DEFAULT;

-- Makes the partitions of this month and the next three; gives how many it made. The service's own role may make
-- no tables, so this runs with the rights of the migrations. pg_temp comes last: no table of a session is taken.
SELECT set_config('search_path', current_schema() || ', pg_temp', true);
CREATE FUNCTION inbox_maanden_vooruit() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET lock_timeout = '2s' AS $$
DECLARE
    maand timestamp;
    grenzen text[];
    naam text;
    gemaakt integer := 0;
BEGIN
    FOR maand IN
        SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => n) FROM generate_series(0, 3) n
    LOOP
        naam := 'inbox_' || to_char(maand, 'YYYY_MM');
        -- The first 48 bits of a UUIDv7 are milliseconds since 1970, written as 12345678-9abc.
        SELECT array_agg(left(hex, 8) || '-' || right(hex, 4) ORDER BY n) INTO grenzen
        FROM generate_series(0, 1) n,
            lpad(to_hex((extract(epoch FROM maand + make_interval(months => n)) * 1000)::bigint), 12, '0') hex;
        CONTINUE WHEN to_regclass(naam) IS NOT NULL;
        -- A month that began before this partition could be made stays where its first events are.
        CONTINUE WHEN EXISTS (SELECT FROM inbox_overig WHERE event_id >= grenzen[1] AND event_id < grenzen[2]);
        EXECUTE format('CREATE TABLE %I PARTITION OF inbox FOR VALUES FROM (%L) TO (%L)', naam, grenzen[1], grenzen[2]);
        gemaakt := gemaakt + 1;
    END LOOP;
    RETURN gemaakt;
END
$$;
SELECT inbox_maanden_vooruit();
