-- Runs: one question and its answer each, and what happened meanwhile, so that a stream that was cut can go on.

CREATE TABLE runs (
    id              uuid PRIMARY KEY,
    session_id      uuid NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
    owner           text NOT NULL,
    question        text NOT NULL,
    state           text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'stopped')),
    holder          text NOT NULL,
    lease_until     timestamptz,
    stop_requested  boolean NOT NULL DEFAULT false,
    followed_until  timestamptz,
    has_events      boolean NOT NULL DEFAULT true,
    receipt         json,
    created_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CHECK ((state = 'running') = (ended_at IS NULL))
);
ALTER TABLE runs ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE runs IS 'One question and its answer each; made by the process that is its holder';
COMMENT ON COLUMN runs.question IS 'As it was asked';
COMMENT ON COLUMN runs.lease_until IS 'When it is given up, unless its holder gives a sign of life';
COMMENT ON COLUMN runs.followed_until IS 'Until when somebody reads it on another instance';
COMMENT ON COLUMN runs.has_events IS 'Whether its events can still be there: they are removed some time after its end';
COMMENT ON COLUMN runs.receipt IS 'What the answer was made of, and how long each step took';
CREATE INDEX runs_session ON runs (session_id);
CREATE INDEX runs_owner ON runs (owner);
CREATE INDEX runs_running ON runs (lease_until) WHERE state = 'running';
CREATE INDEX runs_ended ON runs (ended_at) WHERE has_events;

-- What readers of the stream are sent: stored before it is sent.
CREATE TABLE run_events (
    run_id  uuid NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number  bigint NOT NULL CHECK (number > 0),
    body    json NOT NULL,
    PRIMARY KEY (run_id, number)
);
ALTER TABLE run_events ENABLE ROW LEVEL SECURITY;
COMMENT ON COLUMN run_events.number IS 'From 1 on without gaps, so that two who write at once meet at the same number';
COMMENT ON COLUMN run_events.body IS 'The event as the native stream has it';

INSERT INTO schema_migrations (name, checksum)
    SELECT '008_runs', '' WHERE to_regclass('runs') IS NOT NULL AND to_regclass('run_events') IS NOT NULL
    ON CONFLICT DO NOTHING;
