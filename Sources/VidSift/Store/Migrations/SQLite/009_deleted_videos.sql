-- Videos that somebody has removed from a channel of YouTube: its list does not bring them back.
CREATE TABLE deleted_videos (
    channel_id  TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    youtube_id  TEXT NOT NULL,
    deleted_at  INTEGER NOT NULL,
    PRIMARY KEY (channel_id, youtube_id)
) STRICT;
CREATE INDEX deleted_videos_youtube_id ON deleted_videos (youtube_id);

-- Pages that the listing has asked for: a list that leads round in a circle has no end.
ALTER TABLE channel_listings ADD COLUMN pages INTEGER NOT NULL DEFAULT 0 CHECK (pages >= 0);

-- Videos whose words were not to be had, for their count.
CREATE INDEX video_fetches_given_up ON video_fetches (outcome)
    WHERE outcome IN ('no_captions', 'unavailable', 'failed');
