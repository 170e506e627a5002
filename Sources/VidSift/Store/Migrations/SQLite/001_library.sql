-- The library: channels, videos, what was said in them, and how it is found.
-- Times are microseconds since 1970 (UTC), ids are UUIDv7 as lower-case text.

CREATE TABLE channels (
    id          TEXT PRIMARY KEY NOT NULL,
    youtube_id  TEXT UNIQUE,
    title       TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
    created_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX channels_title ON channels (title) WHERE youtube_id IS NULL;

CREATE TABLE videos (
    id           TEXT PRIMARY KEY NOT NULL,
    youtube_id   TEXT,
    channel_id   TEXT REFERENCES channels (id) ON DELETE CASCADE,
    source_key   TEXT NOT NULL,                 -- what names the source: a file's path, an upload's name
    source_id    TEXT NOT NULL,                 -- the short name people use: the file's stem
    checksum     TEXT,                          -- SHA-256 of the indexed source; null until indexed
    title        TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
    language     TEXT,
    duration_ms  INTEGER NOT NULL DEFAULT 0 CHECK (duration_ms >= 0),
    state        TEXT NOT NULL CHECK (state IN ('pending', 'ready', 'failed')),
    passages     INTEGER NOT NULL DEFAULT 0 CHECK (passages >= 0),
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    indexed_at   INTEGER,
    CHECK (state <> 'ready' OR (checksum IS NOT NULL AND indexed_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX videos_source ON videos (coalesce(channel_id, ''), source_key);
CREATE INDEX videos_checksum ON videos (coalesce(channel_id, ''), checksum) WHERE checksum IS NOT NULL;
CREATE INDEX videos_channel ON videos (channel_id, id);
CREATE INDEX videos_youtube ON videos (youtube_id) WHERE youtube_id IS NOT NULL;
CREATE INDEX videos_source_id ON videos (source_id);

-- An accepted transcript whose index is still to be made. The row goes in the transaction that writes the index.
CREATE TABLE ingests (
    video_id    TEXT PRIMARY KEY NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    checksum    TEXT NOT NULL,
    title       TEXT NOT NULL,
    transcript  TEXT NOT NULL,
    stage       TEXT NOT NULL CHECK (stage IN ('accepted', 'embedding', 'failed')),
    attempts    INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    crashes     INTEGER NOT NULL DEFAULT 0 CHECK (crashes >= 0),     -- attempts in a row that had no end
    last_error  TEXT,
    run_at      INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX ingests_due ON ingests (stage, run_at);
CREATE INDEX ingests_checksum ON ingests (checksum);

CREATE TABLE transcripts (
    video_id  TEXT PRIMARY KEY NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    body      TEXT NOT NULL
) STRICT;

CREATE TABLE passages (
    video_id    TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL CHECK (ordinal >= 0),
    channel_id  TEXT REFERENCES channels (id) ON DELETE CASCADE,
    start_ms    INTEGER NOT NULL,
    end_ms      INTEGER NOT NULL CHECK (end_ms >= start_ms),
    first_cue   INTEGER NOT NULL,
    last_cue    INTEGER NOT NULL CHECK (last_cue >= first_cue),
    chapter     TEXT,
    body        TEXT NOT NULL,
    sentences   TEXT NOT NULL,                  -- JSON: [[length in UTF-8 bytes, start ms, end ms, precision], …]
    PRIMARY KEY (video_id, ordinal)
) STRICT;
CREATE INDEX passages_channel ON passages (channel_id);

CREATE TABLE segments (
    video_id    TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    model       TEXT NOT NULL,                  -- '' where there is none: the words alone
    channel_id  TEXT REFERENCES channels (id) ON DELETE CASCADE,
    bytes       BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (video_id, model)
) STRICT;
CREATE INDEX segments_channel ON segments (channel_id, video_id);

-- Counts up with each change of a scope's segments, so that a cache knows when it is stale.
-- The scope is a channel's id, or '' for videos without a channel.
CREATE TABLE scope_versions (
    scope    TEXT PRIMARY KEY NOT NULL,
    version  INTEGER NOT NULL
) STRICT;
