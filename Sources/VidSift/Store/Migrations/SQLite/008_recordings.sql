-- Recordings that were added as files and are listened to, and how far that has come.

-- An accepted recording. The row goes, with its sound, in the transaction that writes down what is said.
CREATE TABLE recordings (
    video_id    TEXT PRIMARY KEY NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    checksum    TEXT NOT NULL,                  -- SHA-256 of the file and of what was said about it
    title       TEXT NOT NULL,
    language    TEXT,                           -- as somebody said
    bytes       INTEGER NOT NULL CHECK (bytes > 0),                     -- of its sound, in all pieces
    stage       TEXT NOT NULL CHECK (stage IN ('accepted', 'failed')),
    last_error  TEXT,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX recordings_checksum ON recordings (checksum);
CREATE INDEX recordings_accepted ON recordings (created_at, video_id) WHERE stage = 'accepted';

-- The sound of a recording that waits: Opus in Ogg, cut anywhere.
CREATE TABLE sound_pieces (
    video_id  TEXT NOT NULL REFERENCES recordings (video_id) ON DELETE CASCADE,
    position  INTEGER NOT NULL CHECK (position >= 0),
    bytes     BLOB NOT NULL CHECK (length(bytes) BETWEEN 1 AND 1048576),
    PRIMARY KEY (video_id, position)
) STRICT;

-- What was heard in the parts of a video that is being listened to: an attempt that breaks off leaves them to the next.
CREATE TABLE transcribed_parts (
    video_id  TEXT NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL CHECK (position >= 0),
    plan      TEXT NOT NULL,                    -- SHA-256 of how the sound was cut
    body      TEXT NOT NULL,                    -- JSON
    PRIMARY KEY (video_id, position)
) STRICT;
