-- Not used yet: where a later version finds an error again, and what its clock has run.

CREATE TABLE error_logs (
    id           uuid PRIMARY KEY,
    request_id   text,
    fingerprint  text NOT NULL,
    type         text NOT NULL,
    endpoint     text,
    message      text NOT NULL,
    detail       text,
    context      json,
    created_at   timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE error_logs ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE error_logs IS 'Errors with all that a client is not told; not used yet';
COMMENT ON COLUMN error_logs.request_id IS 'What the client was told instead';
COMMENT ON COLUMN error_logs.fingerprint IS 'The same for errors that are of one kind: they are counted together';
CREATE INDEX error_logs_recent ON error_logs (created_at);
CREATE INDEX error_logs_kind ON error_logs (fingerprint, created_at);
CREATE INDEX error_logs_request ON error_logs (request_id) WHERE request_id IS NOT NULL;

CREATE TABLE cron_runs (
    id           uuid PRIMARY KEY,
    task         text NOT NULL,
    due_at       timestamptz NOT NULL,
    instance     text NOT NULL,
    state        text NOT NULL CHECK (state IN ('running', 'completed', 'failed')),
    error        text,
    started_at   timestamptz NOT NULL DEFAULT now(),
    finished_at  timestamptz,
    UNIQUE (task, due_at),
    CHECK ((state = 'running') = (finished_at IS NULL))
);
ALTER TABLE cron_runs ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE cron_runs IS 'What ran by the clock; each task once at each of its times, on whichever instance; not used yet';
CREATE INDEX cron_runs_recent ON cron_runs (started_at);

INSERT INTO schema_migrations (name, checksum)
    SELECT '005_error_logs', '' WHERE to_regclass('error_logs') IS NOT NULL AND to_regclass('cron_runs') IS NOT NULL
    ON CONFLICT DO NOTHING;
