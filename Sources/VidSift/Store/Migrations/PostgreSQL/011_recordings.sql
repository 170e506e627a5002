-- Recordings that were added as files and are listened to, and how far that has come.

CREATE TABLE recordings (
    video_id    uuid PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
    checksum    text NOT NULL,
    title       text NOT NULL,
    language    text,
    bytes       bigint NOT NULL CHECK (bytes > 0),
    stage       text NOT NULL CHECK (stage IN ('accepted', 'failed')),
    last_error  text,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
ALTER TABLE recordings ENABLE ROW LEVEL SECURITY;
CREATE INDEX recordings_checksum ON recordings (checksum);
CREATE INDEX recordings_accepted ON recordings (created_at, video_id) WHERE stage = 'accepted';
COMMENT ON TABLE recordings IS
    'A recording that was added as a file. The row goes, with its sound, when what is said is written down';
COMMENT ON COLUMN recordings.checksum IS 'SHA-256 of the file and of what was said about it';
COMMENT ON COLUMN recordings.language IS 'As somebody said';
COMMENT ON COLUMN recordings.bytes IS 'Of its sound, in all pieces';

CREATE TABLE sound_pieces (
    video_id  uuid NOT NULL REFERENCES recordings (video_id) ON DELETE CASCADE,
    position  bigint NOT NULL CHECK (position >= 0),
    bytes     bytea NOT NULL CHECK (length(bytes) BETWEEN 1 AND 1048576),
    PRIMARY KEY (video_id, position)
);
ALTER TABLE sound_pieces ENABLE ROW LEVEL SECURITY;
-- It is compressed already.
ALTER TABLE sound_pieces ALTER COLUMN bytes SET STORAGE EXTERNAL;
COMMENT ON TABLE sound_pieces IS 'The sound of a recording that waits: Opus in Ogg, cut anywhere';

CREATE TABLE transcribed_parts (
    video_id  uuid NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    position  bigint NOT NULL CHECK (position >= 0),
    plan      text NOT NULL,
    body      text NOT NULL,
    PRIMARY KEY (video_id, position)
);
ALTER TABLE transcribed_parts ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE transcribed_parts IS
    'What was heard in the parts of a video: an attempt that breaks off leaves them to the next';
COMMENT ON COLUMN transcribed_parts.plan IS 'SHA-256 of how the sound was cut';
COMMENT ON COLUMN transcribed_parts.body IS 'JSON';

INSERT INTO schema_migrations (name, checksum)
    SELECT '011_recordings', ''
    WHERE to_regclass('sound_pieces') IS NOT NULL AND to_regclass('transcribed_parts') IS NOT NULL
    ON CONFLICT DO NOTHING;
