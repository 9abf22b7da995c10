-- A webhook is recorded with notifications, which hears of every message in a mailbox.
DROP TABLE webhook;
