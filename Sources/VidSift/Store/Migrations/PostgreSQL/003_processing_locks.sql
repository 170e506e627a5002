-- Leases: who does what at the moment, so that no two instances do the same work.

CREATE TABLE processing_locks (
    name         text PRIMARY KEY,
    holder       text NOT NULL,
    fence        bigint NOT NULL CHECK (fence > 0),
    acquired_at  timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);
ALTER TABLE processing_locks ENABLE ROW LEVEL SECURITY;
COMMENT ON COLUMN processing_locks.name IS 'What is done: <kind of job>:<subject>';
COMMENT ON COLUMN processing_locks.fence IS
    'Grows with each acquisition and never falls; who holds an older one may write nothing more';
-- Most locks have expired: whoever looks for what is held looks at the few that have not.
CREATE INDEX processing_locks_held ON processing_locks (expires_at);

INSERT INTO schema_migrations (name, checksum)
    SELECT '003_processing_locks', '' WHERE to_regclass('processing_locks') IS NOT NULL
    ON CONFLICT DO NOTHING;
