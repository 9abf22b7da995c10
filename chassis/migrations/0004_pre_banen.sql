-- Bulk topics leave by a lane of their own, so that small messages never stand behind them.
ALTER TABLE outbox ADD COLUMN bulk boolean NOT NULL DEFAULT false;
CREATE INDEX outbox_baan ON outbox (bulk, id) WHERE verzonden_at IS NULL;
