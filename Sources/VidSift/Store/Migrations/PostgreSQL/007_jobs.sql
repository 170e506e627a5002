-- Background work: what is to be done, what was done, by whom, and what the clock has started.

DO $$
BEGIN
    PERFORM set_config('vidsift.search_path', current_setting('search_path'), false);
    PERFORM set_config('search_path', quote_ident(current_schema()) || ', pg_temp', false);
END $$;

CREATE TABLE jobs (
    id                uuid PRIMARY KEY,
    kind              text NOT NULL CHECK (kind <> ''),
    version           bigint NOT NULL CHECK (version > 0),
    subject           text NOT NULL,
    payload           json NOT NULL,
    requester         text NOT NULL DEFAULT '',
    priority          bigint NOT NULL CHECK (priority BETWEEN 0 AND 2),
    turn              bigint NOT NULL DEFAULT 0,
    state             text NOT NULL CHECK (state IN ('scheduled', 'pending', 'running', 'waiting')),
    run_at            timestamptz NOT NULL,
    attempts          bigint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    crashes           bigint NOT NULL DEFAULT 0 CHECK (crashes >= 0),
    max_attempts      bigint NOT NULL CHECK (max_attempts > 0),
    fence             bigint NOT NULL DEFAULT 0 CHECK (fence >= 0),
    worker            text,
    lease_until       timestamptz,
    started_at        timestamptz,
    cancel_requested  boolean NOT NULL DEFAULT false,
    progress_done     bigint NOT NULL DEFAULT 0,
    progress_total    bigint NOT NULL DEFAULT 0,
    last_error        text,
    parent_id         uuid,
    open_children     bigint NOT NULL DEFAULT 0 CHECK (open_children >= 0),
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    CONSTRAINT jobs_once UNIQUE (kind, subject),
    CHECK ((state = 'running') = (worker IS NOT NULL)),
    CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CHECK ((state = 'running') = (started_at IS NOT NULL))
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000, fillfactor = 70);
ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE jobs IS 'What is still to be done, once each; finished work moves to job_archive';
COMMENT ON COLUMN jobs.subject IS 'What it is done to; one job of a kind for each subject at a time';
COMMENT ON COLUMN jobs.requester IS 'Who asked; the claims of one priority go round between requesters. Empty: the program itself';
COMMENT ON COLUMN jobs.turn IS 'The place in that round (start-time fair queuing)';
COMMENT ON COLUMN jobs.state IS 'scheduled: not before run_at; waiting: for its children';
COMMENT ON COLUMN jobs.crashes IS 'Attempts in a row that had no end of any kind';
COMMENT ON COLUMN jobs.fence IS
    'Grows with each claim and never falls; whoever holds an older one may write nothing more';
CREATE INDEX jobs_pending ON jobs (kind, priority DESC, turn, run_at, id) WHERE state = 'pending';
CREATE INDEX jobs_requester ON jobs (kind, priority, requester, turn)
    WHERE state IN ('pending', 'scheduled') AND requester <> '';
CREATE INDEX jobs_scheduled ON jobs (run_at) WHERE state = 'scheduled';
CREATE INDEX jobs_running ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_waiting ON jobs (id) WHERE state = 'waiting';
CREATE INDEX jobs_children ON jobs (parent_id) WHERE parent_id IS NOT NULL;

-- Finished work; it holds all that is needed to do it again.
CREATE TABLE job_archive (
    id             uuid PRIMARY KEY,
    kind           text NOT NULL,
    version        bigint NOT NULL,
    subject        text NOT NULL,
    payload        json NOT NULL,
    requester      text NOT NULL,
    priority       bigint NOT NULL,
    state          text NOT NULL CHECK (state IN ('completed', 'buried', 'cancelled')),
    attempts       bigint NOT NULL,
    max_attempts   bigint NOT NULL,
    fence          bigint NOT NULL,
    worker         text,
    last_error     text,
    parent_id      uuid,
    created_at     timestamptz NOT NULL,
    started_at     timestamptz,
    finished_at    timestamptz NOT NULL,
    CHECK (state <> 'buried' OR last_error IS NOT NULL)
);
ALTER TABLE job_archive ENABLE ROW LEVEL SECURITY;
CREATE INDEX job_archive_finished ON job_archive (finished_at, id);
CREATE INDEX job_archive_recent ON job_archive (kind, state, finished_at);
CREATE INDEX job_archive_subject ON job_archive (subject, finished_at);
CREATE INDEX job_archive_parent ON job_archive (parent_id) WHERE parent_id IS NOT NULL;

-- Attempts that did not end in success; the one that did is in the archive itself.
CREATE TABLE job_attempts (
    job_id      uuid NOT NULL,
    fence       bigint NOT NULL,
    worker      text NOT NULL,
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('failed', 'buried', 'cancelled', 'interrupted', 'lost', 'put_off')),
    error       text,
    PRIMARY KEY (job_id, fence)
);
ALTER TABLE job_attempts ENABLE ROW LEVEL SECURITY;
CREATE INDEX job_attempts_ended ON job_attempts (ended_at);

CREATE TABLE workers (
    id          uuid PRIMARY KEY,
    name        text NOT NULL,
    slots       json NOT NULL,
    started_at  timestamptz NOT NULL,
    seen_at     timestamptz NOT NULL
);
ALTER TABLE workers ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE workers IS 'Who works; a row that was not seen for a lease belongs to one that is gone';
COMMENT ON COLUMN workers.slots IS 'How many jobs of each kind at a time: {"kind": n}';

-- Without a search_path of its own, which would cost as much as all the rest of it.
CREATE FUNCTION notify_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.pg_notify('vidsift_jobs', '');
    RETURN NULL;
END $$;
CREATE TRIGGER jobs_notify_insert AFTER INSERT ON jobs FOR EACH STATEMENT EXECUTE FUNCTION notify_jobs();

-- Rows that were claimed and moved stay behind as dead ones. Where vacuum can't remove them, because somebody keeps an
-- old snapshot open, the few rows that are alive move into an empty file instead. That takes milliseconds and an
-- exclusive lock, for which it does not wait long. A snapshot older than this sees an empty table afterwards
-- (https://www.postgresql.org/docs/current/mvcc-caveats.html).
CREATE FUNCTION compact_jobs(most_dead bigint, most_alive bigint) RETURNS bigint LANGUAGE plpgsql
    SET search_path FROM CURRENT SET lock_timeout = '200ms' AS $$
DECLARE
    dead bigint;
    kept jobs[];
BEGIN
    SELECT n_dead_tup INTO dead FROM pg_stat_all_tables WHERE relid = 'jobs'::regclass;
    IF coalesce(dead, 0) <= most_dead THEN
        RETURN 0;
    END IF;
    LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE;
    IF (SELECT count(*) FROM (SELECT 1 FROM jobs LIMIT most_alive + 1) AS found) > most_alive THEN
        RETURN 0;
    END IF;
    IF (SELECT coalesce(sum(pg_column_size(j.*)), 0) FROM jobs j) > 64 << 20 THEN
        RETURN 0;
    END IF;
    SELECT array_agg(j) INTO kept FROM jobs j;
    TRUNCATE jobs;
    INSERT INTO jobs SELECT (k).* FROM unnest(kept) AS k;
    RETURN dead;
END $$;
COMMENT ON FUNCTION compact_jobs IS
    'Rewrites jobs when more than so many rows are dead and at most so many alive; returns how many dead rows went';

-- Leases know how often they were taken from somebody who did not give them back.
ALTER TABLE processing_locks ADD COLUMN released boolean NOT NULL DEFAULT false;
ALTER TABLE processing_locks ADD COLUMN takeovers bigint NOT NULL DEFAULT 0;
CREATE INDEX processing_locks_fence ON processing_locks (fence);
UPDATE processing_locks SET released = true WHERE expires_at <= now();

-- What waits for its index is a job; this table keeps the transcript for it.
DROP TRIGGER ingests_notify ON ingests;
DROP FUNCTION notify_ingest();
DROP INDEX ingests_due;
UPDATE ingests SET stage = 'accepted' WHERE stage = 'embedding';
ALTER TABLE ingests DROP CONSTRAINT ingests_stage_check,
    ADD CONSTRAINT ingests_stage_check CHECK (stage IN ('accepted', 'failed')),
    DROP COLUMN attempts, DROP COLUMN crashes, DROP COLUMN run_at;
CREATE INDEX ingests_accepted ON ingests (created_at, video_id) WHERE stage = 'accepted';
COMMENT ON COLUMN ingests.stage IS 'failed: given up, for the reason in last_error';

-- The clock's runs are jobs, too.
ALTER TABLE cron_runs ADD COLUMN job_id uuid, ADD COLUMN by_hand boolean NOT NULL DEFAULT false;
COMMENT ON TABLE cron_runs IS 'What ran by the clock: each task once at each of its times, on whichever instance';
COMMENT ON COLUMN cron_runs.job_id IS 'The job that does it';
COMMENT ON COLUMN cron_runs.by_hand IS 'Somebody has asked for it: no tick';
CREATE TABLE cron_tasks (
    name        text PRIMARY KEY,
    expression  text NOT NULL,
    since       timestamptz NOT NULL
);
ALTER TABLE cron_tasks ENABLE ROW LEVEL SECURITY;
COMMENT ON COLUMN cron_tasks.since IS 'When the task was first seen with this expression: no tick before it was missed';

REVOKE EXECUTE ON FUNCTION notify_jobs(), compact_jobs(bigint, bigint) FROM PUBLIC;

INSERT INTO schema_migrations (name, checksum)
    SELECT '007_jobs', '' WHERE to_regclass('jobs') IS NOT NULL AND to_regclass('cron_tasks') IS NOT NULL
    ON CONFLICT DO NOTHING;

DO $$ BEGIN PERFORM set_config('search_path', current_setting('vidsift.search_path'), false); END $$;
