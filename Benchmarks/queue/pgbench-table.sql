-- The yardstick's own tables: of a job no more than a claim by order and an archive need.
CREATE SCHEMA yardstick;
CREATE TABLE yardstick.jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,
    payload jsonb NOT NULL,
    priority smallint NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'pending',
    run_at timestamptz NOT NULL DEFAULT now(),
    attempts int NOT NULL DEFAULT 0,
    fence bigint NOT NULL DEFAULT 0,
    worker text,
    lease_until timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX jobs_claim ON yardstick.jobs (priority DESC, run_at, id) WHERE state = 'pending';
CREATE TABLE yardstick.job_archive (
    id bigint PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,
    payload jsonb NOT NULL,
    priority smallint NOT NULL,
    state text NOT NULL,
    attempts int NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL DEFAULT now()
);
