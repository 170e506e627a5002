-- What a video says in short, made once for each transcript.

CREATE TABLE summaries (
    video_id        TEXT PRIMARY KEY NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    transcript      TEXT NOT NULL,              -- the checksum of what was summarised
    model           TEXT NOT NULL,              -- which language model wrote it; '' where sentences were chosen
    wanted_model    TEXT NOT NULL,              -- which one was asked: another one than `model` where it failed
    prompt_version  TEXT NOT NULL,
    body            TEXT NOT NULL,
    chapters        TEXT NOT NULL CHECK (json_type(chapters) = 'array'),    -- [{"start": milliseconds, "title": text}, …]
    created_at      INTEGER NOT NULL
) STRICT;
