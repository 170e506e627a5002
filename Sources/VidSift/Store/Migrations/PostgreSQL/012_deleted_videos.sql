-- Videos that somebody has removed from a channel of YouTube: its list does not bring them back.
CREATE TABLE deleted_videos (
    channel_id  uuid NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    youtube_id  text NOT NULL,
    deleted_at  timestamptz NOT NULL,
    PRIMARY KEY (channel_id, youtube_id)
);
ALTER TABLE deleted_videos ENABLE ROW LEVEL SECURITY;
CREATE INDEX deleted_videos_youtube_id ON deleted_videos (youtube_id);
COMMENT ON TABLE deleted_videos IS 'Videos that somebody has removed from a channel of YouTube: its list does not bring them back';

ALTER TABLE channel_listings ADD COLUMN pages bigint NOT NULL DEFAULT 0 CHECK (pages >= 0);
COMMENT ON COLUMN channel_listings.pages IS 'Pages that the listing has asked for';

-- Videos whose words were not to be had, for their count.
CREATE INDEX video_fetches_given_up ON video_fetches (outcome)
    WHERE outcome IN ('no_captions', 'unavailable', 'failed');

INSERT INTO schema_migrations (name, checksum)
    SELECT '012_deleted_videos', '' WHERE to_regclass('deleted_videos') IS NOT NULL
    ON CONFLICT DO NOTHING;
