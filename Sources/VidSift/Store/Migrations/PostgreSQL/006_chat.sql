-- Conversations: a session belongs to its creator, a message to its session.

CREATE TABLE chat_sessions (
    id          uuid PRIMARY KEY,
    owner       text NOT NULL,
    scope       json NOT NULL CHECK (json_typeof(scope) = 'object'),
    video_id    uuid REFERENCES videos (id) ON DELETE SET NULL,
    channel_id  uuid REFERENCES channels (id) ON DELETE SET NULL,
    title       text NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
ALTER TABLE chat_sessions ENABLE ROW LEVEL SECURITY;
COMMENT ON COLUMN chat_sessions.scope IS
    'What its questions are about: {"videos":[id, …]}, {"channel":id}, or {} for everything. It refers to nothing, so a deletion can''t widen it';
COMMENT ON COLUMN chat_sessions.video_id IS 'The scope, where it is one video that is still there';
COMMENT ON COLUMN chat_sessions.channel_id IS 'The scope, where it is a channel that is still there';
CREATE INDEX chat_sessions_recent ON chat_sessions (owner, updated_at, id);
CREATE INDEX chat_sessions_video ON chat_sessions (video_id);
CREATE INDEX chat_sessions_channel ON chat_sessions (channel_id);

CREATE TABLE chat_messages (
    id          uuid PRIMARY KEY,
    session_id  uuid NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
    run_id      uuid NOT NULL,
    role        text NOT NULL CHECK (role IN ('user', 'assistant')),
    content     text NOT NULL,
    citations   json NOT NULL DEFAULT '[]',
    state       text NOT NULL CHECK (state IN ('complete', 'failed', 'stopped')),
    answered    boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL
);
ALTER TABLE chat_messages ENABLE ROW LEVEL SECURITY;
CREATE INDEX chat_messages_session ON chat_messages (session_id, created_at, id);

INSERT INTO schema_migrations (name, checksum)
    SELECT '006_chat', '' WHERE to_regclass('chat_sessions') IS NOT NULL AND to_regclass('chat_messages') IS NOT NULL
    ON CONFLICT DO NOTHING;
