-- Nobody reads over both lanes any more.
DROP INDEX outbox_onverzonden;
