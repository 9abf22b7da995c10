-- Each process counts what nears and what has passed every 15 s.
CREATE INDEX termijn_open ON termijn (status) WHERE status IN ('nadert', 'verstreken');
