-- The vault: a database of its own, with a role, a DSN and backups (30 days) of its own.

-- One key per holder: a client_id, or the code of a gemeente or provider for what belongs to no client alone.
-- `verpakt` is the key, wrapped by version `versie` of the wrapping key that stands outside this database.
CREATE TABLE sleutel (
    houder text PRIMARY KEY,
    versie integer NOT NULL,
    verpakt bytea NOT NULL,
    gemaakt_at timestamptz NOT NULL DEFAULT now()
);

-- Whose key was destroyed. Replayed after every restore, because a backup still holds the key.
CREATE TABLE vernietigd (
    houder text PRIMARY KEY,
    vernietigd_at timestamptz NOT NULL,
    door text NOT NULL
);
