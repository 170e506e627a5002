-- Background work: what is to be done, what was done, by whom, and what the clock has started.

CREATE TABLE jobs (
    id                TEXT PRIMARY KEY NOT NULL,
    kind              TEXT NOT NULL CHECK (kind <> ''),
    version           INTEGER NOT NULL CHECK (version > 0),
    subject           TEXT NOT NULL,                -- what it is done to; one job of a kind for each at a time
    payload           TEXT NOT NULL CHECK (json_valid(payload)),
    requester         TEXT NOT NULL DEFAULT '',     -- who asked; '' is the program itself
    priority          INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 2),
    turn              INTEGER NOT NULL DEFAULT 0,   -- the place in the round between requesters
    state             TEXT NOT NULL CHECK (state IN ('scheduled', 'pending', 'running', 'waiting')),
    run_at            INTEGER NOT NULL,
    attempts          INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    crashes           INTEGER NOT NULL DEFAULT 0 CHECK (crashes >= 0),      -- attempts in a row that had no end
    max_attempts      INTEGER NOT NULL CHECK (max_attempts > 0),
    fence             INTEGER NOT NULL DEFAULT 0 CHECK (fence >= 0),        -- grows with each claim, never falls
    worker            TEXT,
    lease_until       INTEGER,
    started_at        INTEGER,
    cancel_requested  INTEGER NOT NULL DEFAULT 0,
    progress_done     INTEGER NOT NULL DEFAULT 0,
    progress_total    INTEGER NOT NULL DEFAULT 0,
    last_error        TEXT,
    parent_id         TEXT,
    open_children     INTEGER NOT NULL DEFAULT 0 CHECK (open_children >= 0),
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    UNIQUE (kind, subject),
    CHECK ((state = 'running') = (worker IS NOT NULL)),
    CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CHECK ((state = 'running') = (started_at IS NOT NULL))
) STRICT;
CREATE INDEX jobs_pending ON jobs (kind, priority DESC, turn, run_at, id) WHERE state = 'pending';
CREATE INDEX jobs_requester ON jobs (kind, priority, requester, turn)
    WHERE state IN ('pending', 'scheduled') AND requester <> '';
CREATE INDEX jobs_scheduled ON jobs (run_at) WHERE state = 'scheduled';
CREATE INDEX jobs_running ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_waiting ON jobs (id) WHERE state = 'waiting';
CREATE INDEX jobs_children ON jobs (parent_id) WHERE parent_id IS NOT NULL;

-- Finished work; it holds all that is needed to do it again.
CREATE TABLE job_archive (
    id             TEXT PRIMARY KEY NOT NULL,
    kind           TEXT NOT NULL,
    version        INTEGER NOT NULL,
    subject        TEXT NOT NULL,
    payload        TEXT NOT NULL,
    requester      TEXT NOT NULL,
    priority       INTEGER NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('completed', 'buried', 'cancelled')),
    attempts       INTEGER NOT NULL,
    max_attempts   INTEGER NOT NULL,
    fence          INTEGER NOT NULL,
    worker         TEXT,
    last_error     TEXT,
    parent_id      TEXT,
    created_at     INTEGER NOT NULL,
    started_at     INTEGER,
    finished_at    INTEGER NOT NULL,
    CHECK (state <> 'buried' OR last_error IS NOT NULL)
) STRICT;
CREATE INDEX job_archive_finished ON job_archive (finished_at, id);
CREATE INDEX job_archive_recent ON job_archive (kind, state, finished_at);
CREATE INDEX job_archive_subject ON job_archive (subject, finished_at);
CREATE INDEX job_archive_parent ON job_archive (parent_id) WHERE parent_id IS NOT NULL;

-- Attempts that did not end in success; the one that did is in the archive itself.
CREATE TABLE job_attempts (
    job_id      TEXT NOT NULL,
    fence       INTEGER NOT NULL,
    worker      TEXT NOT NULL,
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER NOT NULL,
    outcome     TEXT NOT NULL CHECK (outcome IN ('failed', 'buried', 'cancelled', 'interrupted', 'lost', 'put_off')),
    error       TEXT,
    PRIMARY KEY (job_id, fence)
) STRICT;
CREATE INDEX job_attempts_ended ON job_attempts (ended_at);

-- Who works; a row that was not seen for a lease belongs to one that is gone.
CREATE TABLE workers (
    id          TEXT PRIMARY KEY NOT NULL,
    name        TEXT NOT NULL,
    slots       TEXT NOT NULL,                      -- how many jobs of each kind at a time: {"kind": n}
    started_at  INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL
) STRICT;

-- Leases know how often they were taken from somebody who did not give them back.
ALTER TABLE processing_locks ADD COLUMN released INTEGER NOT NULL DEFAULT 0;
ALTER TABLE processing_locks ADD COLUMN takeovers INTEGER NOT NULL DEFAULT 0;
CREATE INDEX processing_locks_fence ON processing_locks (fence);
UPDATE processing_locks SET released = 1;

-- What waits for its index is a job; this table keeps the transcript for it.
CREATE TABLE new_ingests (
    video_id    TEXT PRIMARY KEY NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    checksum    TEXT NOT NULL,
    title       TEXT NOT NULL,
    transcript  TEXT NOT NULL,
    stage       TEXT NOT NULL CHECK (stage IN ('accepted', 'failed')),
    last_error  TEXT,                               -- why it was given up
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
INSERT INTO new_ingests
    SELECT video_id, checksum, title, transcript, CASE stage WHEN 'failed' THEN 'failed' ELSE 'accepted' END,
        last_error, created_at, updated_at FROM ingests;
DROP TABLE ingests;
ALTER TABLE new_ingests RENAME TO ingests;
CREATE INDEX ingests_stage ON ingests (stage, updated_at);
CREATE INDEX ingests_accepted ON ingests (created_at, video_id) WHERE stage = 'accepted';
CREATE INDEX ingests_checksum ON ingests (checksum);

-- What ran by the clock: each task once at each of its times. A run is a job.
CREATE TABLE cron_runs (
    id           TEXT PRIMARY KEY NOT NULL,
    task         TEXT NOT NULL,
    due_at       INTEGER NOT NULL,
    instance     TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('running', 'completed', 'failed')),
    error        TEXT,
    started_at   INTEGER NOT NULL,
    finished_at  INTEGER,
    job_id       TEXT,
    by_hand      INTEGER NOT NULL DEFAULT 0,        -- somebody has asked for it: no tick
    UNIQUE (task, due_at),
    CHECK ((state = 'running') = (finished_at IS NULL))
) STRICT;
CREATE INDEX cron_runs_recent ON cron_runs (started_at);
CREATE TABLE cron_tasks (
    name        TEXT PRIMARY KEY NOT NULL,
    expression  TEXT NOT NULL,
    since       INTEGER NOT NULL                    -- when it was first seen with this expression
) STRICT;

-- Not used yet: the counters of a later version's limits, and where it finds an error again. The clock cleans them up.
CREATE TABLE rate_limits (
    subject         TEXT NOT NULL,                  -- user:<id>, or address:<client's address>
    action          TEXT NOT NULL,
    window_seconds  INTEGER NOT NULL CHECK (window_seconds >= 0),
    window_start    INTEGER NOT NULL,
    used            INTEGER NOT NULL DEFAULT 0 CHECK (used >= 0),
    expires_at      INTEGER,                        -- when the row means nothing any more; null: never
    PRIMARY KEY (subject, action, window_seconds, window_start),
    CHECK ((window_seconds = 0) = (expires_at IS NULL))
) STRICT;
CREATE INDEX rate_limits_expired ON rate_limits (expires_at);

CREATE TABLE error_logs (
    id           TEXT PRIMARY KEY NOT NULL,
    request_id   TEXT,                              -- what the client was told instead
    fingerprint  TEXT NOT NULL,                     -- the same for errors that are of one kind
    type         TEXT NOT NULL,
    endpoint     TEXT,
    message      TEXT NOT NULL,
    detail       TEXT,
    context      TEXT,
    created_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX error_logs_recent ON error_logs (created_at);
CREATE INDEX error_logs_kind ON error_logs (fingerprint, created_at);
CREATE INDEX error_logs_request ON error_logs (request_id) WHERE request_id IS NOT NULL;
