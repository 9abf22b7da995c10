-- How often this one was refused. That the mail server was away is no fault of an e-mail and does not count here.
ALTER TABLE notificatie ADD COLUMN weigeringen integer NOT NULL DEFAULT 0;
-- What waits because the server was away goes as soon as it is back.
CREATE INDEX notificatie_fout ON notificatie (laatste_fout) WHERE status = 'wacht';
