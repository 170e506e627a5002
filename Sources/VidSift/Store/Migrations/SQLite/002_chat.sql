-- Conversations: a session belongs to its creator, a message to its session.

CREATE TABLE chat_sessions (
    id          TEXT PRIMARY KEY NOT NULL,
    owner       TEXT NOT NULL,
    -- What its questions are about, whether it is still there or not: {"videos":[id, …]}, {"channel":id}, or {} for
    -- everything. It refers to nothing, so a deletion can't widen it.
    scope       TEXT NOT NULL CHECK (json_type(scope) = 'object'),
    -- The same for clients, where it is one video or a channel, for as long as that is there.
    video_id    TEXT REFERENCES videos (id) ON DELETE SET NULL,
    channel_id  TEXT REFERENCES channels (id) ON DELETE SET NULL,
    title       TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX chat_sessions_recent ON chat_sessions (owner, updated_at);
CREATE INDEX chat_sessions_video ON chat_sessions (video_id);
CREATE INDEX chat_sessions_channel ON chat_sessions (channel_id);

CREATE TABLE chat_messages (
    id          TEXT PRIMARY KEY NOT NULL,
    session_id  TEXT NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
    run_id      TEXT NOT NULL,
    role        TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
    content     TEXT NOT NULL,
    citations   TEXT NOT NULL DEFAULT '[]',
    state       TEXT NOT NULL CHECK (state IN ('complete', 'failed', 'stopped')),
    answered    INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX chat_messages_session ON chat_messages (session_id, id);
