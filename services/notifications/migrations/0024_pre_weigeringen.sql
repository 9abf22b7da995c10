-- How often this one was refused. That the mail server was away is no fault of an e-mail and does not count here.
ALTER TABLE notificatie ADD COLUMN weigeringen integer NOT NULL DEFAULT 0;
-- What waits because the server was away goes as soon as it is back.
CREATE INDEX notificatie_fout ON notificatie (laatste_fout) WHERE status = 'wacht';
-- How a resident wants to hear of it. No address: that is asked of intake when a letter is printed.
ALTER TABLE ontvanger DROP CONSTRAINT ontvanger_soort_check,
    ADD CONSTRAINT ontvanger_soort_check CHECK (soort IN ('gemeente', 'wijkteam', 'aanbieder', 'inwoner'));
