-- What waits to be done, and what was done by whom.

DO $$
BEGIN
    PERFORM set_config('vidsift.search_path', current_setting('search_path'), false);
    PERFORM set_config('search_path', quote_ident(current_schema()) || ', pg_temp', false);
END $$;

CREATE TABLE ingests (
    video_id    uuid PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
    checksum    text NOT NULL,
    title       text NOT NULL,
    transcript  text NOT NULL,
    stage       text NOT NULL CHECK (stage IN ('accepted', 'embedding', 'failed')),
    attempts    bigint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    crashes     bigint NOT NULL DEFAULT 0 CHECK (crashes >= 0),
    last_error  text,
    run_at      timestamptz NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
ALTER TABLE ingests ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE ingests IS
    'An accepted transcript whose index is still to be made. The row goes in the transaction that writes the index';
COMMENT ON COLUMN ingests.crashes IS 'Attempts in a row that had no end of any kind';
CREATE INDEX ingests_due ON ingests (run_at, video_id);
CREATE INDEX ingests_stage ON ingests (stage, updated_at);
CREATE INDEX ingests_checksum ON ingests (checksum);

CREATE FUNCTION notify_ingest() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_notify('vidsift_ingests', '');
    RETURN NULL;
END $$;
CREATE TRIGGER ingests_notify AFTER INSERT OR UPDATE OF run_at, stage ON ingests
    FOR EACH ROW WHEN (NEW.stage = 'accepted') EXECUTE FUNCTION notify_ingest();

-- Not used yet: the counters of a later version's limits. A call is taken in one statement, which fails (no row) when
-- the limit is reached, whatever other instances do at the time:
--     INSERT INTO rate_limits (subject, action, window_seconds, window_start, used, expires_at)
--     VALUES (…, 1, …) ON CONFLICT (subject, action, window_seconds, window_start)
--     DO UPDATE SET used = rate_limits.used + 1 WHERE rate_limits.used < <limit> RETURNING used
-- An action with several windows (5 an hour, 10 a day) takes them in one transaction, the shortest first. Work that
-- failed before it began is given back: SET used = used - 1.
CREATE TABLE rate_limits (
    subject         text NOT NULL,
    action          text NOT NULL,
    window_seconds  bigint NOT NULL CHECK (window_seconds >= 0),
    window_start    timestamptz NOT NULL,
    used            bigint NOT NULL DEFAULT 0 CHECK (used >= 0),
    expires_at      timestamptz,
    PRIMARY KEY (subject, action, window_seconds, window_start),
    CHECK ((window_seconds = 0) = (expires_at IS NULL))
);
ALTER TABLE rate_limits ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE rate_limits IS 'How often a caller did something in a window of time; not used yet';
COMMENT ON COLUMN rate_limits.subject IS 'user:<id>, or address:<client''s address>';
COMMENT ON COLUMN rate_limits.window_seconds IS '0: all time, for limits such as "one channel in all"';
COMMENT ON COLUMN rate_limits.expires_at IS 'When the row means nothing any more and may go; null: never';
CREATE INDEX rate_limits_expired ON rate_limits (expires_at);

REVOKE EXECUTE ON FUNCTION notify_ingest() FROM PUBLIC;

INSERT INTO schema_migrations (name, checksum)
    SELECT '004_rate_limits', '' WHERE to_regclass('ingests') IS NOT NULL AND to_regclass('rate_limits') IS NOT NULL
    ON CONFLICT DO NOTHING;

DO $$ BEGIN PERFORM set_config('search_path', current_setting('vidsift.search_path'), false); END $$;
