-- Runs: one question and its answer each, and what happened meanwhile, so that a stream that was cut can go on.

CREATE TABLE runs (
    id              TEXT PRIMARY KEY NOT NULL,
    session_id      TEXT NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
    owner           TEXT NOT NULL,
    question        TEXT NOT NULL,                  -- as it was asked
    state           TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'stopped')),
    holder          TEXT NOT NULL,                  -- the process that makes it
    lease_until     INTEGER,                        -- when it is given up, unless its holder gives a sign of life
    stop_requested  INTEGER NOT NULL DEFAULT 0,
    followed_until  INTEGER,                        -- until when somebody reads it on another instance
    has_events      INTEGER NOT NULL DEFAULT 1,     -- whether its events can still be there
    receipt         TEXT CHECK (receipt IS NULL OR json_valid(receipt)),
    created_at      INTEGER NOT NULL,
    ended_at        INTEGER,
    CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CHECK ((state = 'running') = (ended_at IS NULL))
) STRICT;
CREATE INDEX runs_session ON runs (session_id);
CREATE INDEX runs_owner ON runs (owner);
CREATE INDEX runs_running ON runs (lease_until) WHERE state = 'running';
CREATE INDEX runs_ended ON runs (ended_at) WHERE has_events;

-- What readers of the stream are sent: stored before it is sent. The numbers are from 1 on without gaps, so that two
-- who write at once meet at the same number.
CREATE TABLE run_events (
    run_id  TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number  INTEGER NOT NULL CHECK (number > 0),
    body    TEXT NOT NULL CHECK (json_valid(body)),
    PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;
