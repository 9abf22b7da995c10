-- A signal asks for attention; nobody waits for an answer.
ALTER TABLE gebeurtenis DROP CONSTRAINT gebeurtenis_status_check;
ALTER TABLE gebeurtenis ADD CONSTRAINT gebeurtenis_status_check
    CHECK (status IN ('goed', 'afgekeurd', 'wacht', 'signaal', 'info')) NOT VALID;
