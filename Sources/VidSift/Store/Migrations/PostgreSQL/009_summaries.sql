-- What a video says in short, made once for each transcript.

CREATE TABLE summaries (
    video_id        uuid PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
    transcript      text NOT NULL,
    model           text NOT NULL,
    wanted_model    text NOT NULL,
    prompt_version  text NOT NULL,
    body            text NOT NULL,
    chapters        json NOT NULL CHECK (json_typeof(chapters) = 'array'),
    created_at      timestamptz NOT NULL
);
ALTER TABLE summaries ENABLE ROW LEVEL SECURITY;
COMMENT ON COLUMN summaries.transcript IS 'The checksum of what was summarised';
COMMENT ON COLUMN summaries.model IS 'Which language model wrote it; empty where sentences were chosen';
COMMENT ON COLUMN summaries.wanted_model IS 'Which one was asked: another one than model where it failed';
COMMENT ON COLUMN summaries.chapters IS '[{"start": milliseconds, "title": text}, …]';

INSERT INTO schema_migrations (name, checksum)
    SELECT '009_summaries', '' WHERE to_regclass('summaries') IS NOT NULL
    ON CONFLICT DO NOTHING;
