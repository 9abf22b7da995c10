-- Why the last attempt failed, for the person who looks; and the trace that the notification belongs to.
ALTER TABLE notificatie
    ADD COLUMN laatste_fout text CHECK (laatste_fout IN ('mailserver_onbereikbaar', 'mailserver_weigert')),
    ADD COLUMN traceparent text;
