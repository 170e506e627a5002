-- Leases: who does what at the moment, so that no two workers do the same work.

CREATE TABLE processing_locks (
    name         TEXT PRIMARY KEY NOT NULL,      -- what is done: '<kind of job>:<subject>'
    holder       TEXT NOT NULL,
    fence        INTEGER NOT NULL CHECK (fence > 0),    -- grows with each acquisition, never falls
    acquired_at  INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;

-- A source is looked up inside its channel; the statement is the same on PostgreSQL, where ids are no texts.
CREATE INDEX videos_channel_source ON videos (channel_id, source_key);
DROP INDEX videos_checksum;
CREATE INDEX videos_checksum ON videos (channel_id, checksum) WHERE checksum IS NOT NULL;

-- Messages are in order by the database's clock: their ids are made by several instances, each with its own.
DROP INDEX chat_messages_session;
CREATE INDEX chat_messages_session ON chat_messages (session_id, created_at, id);
