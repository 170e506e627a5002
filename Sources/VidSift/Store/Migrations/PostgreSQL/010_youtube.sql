-- YouTube: what is listed and followed, what was tried with each video, and how much may still be asked.

CREATE TABLE channel_listings (
    channel_id     uuid PRIMARY KEY REFERENCES channels (id) ON DELETE CASCADE,
    handle         text,
    state          text NOT NULL CHECK (state IN ('listing', 'indexing', 'ready', 'failed')),
    job_id         uuid,
    page_token     text,
    listed         bigint NOT NULL DEFAULT 0 CHECK (listed >= 0),
    error          text,
    listed_at      timestamptz,
    checked_at     timestamptz,
    feed_etag      text,
    feed_modified  text,
    noticed_job_id uuid,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL
);
ALTER TABLE channel_listings ENABLE ROW LEVEL SECURITY;
CREATE INDEX channel_listings_open ON channel_listings (channel_id) WHERE state IN ('listing', 'indexing');
CREATE INDEX channel_listings_handle ON channel_listings (handle) WHERE handle IS NOT NULL;
COMMENT ON TABLE channel_listings IS 'A channel or playlist of YouTube: the row of channels that has its YouTube id';
COMMENT ON COLUMN channel_listings.job_id IS 'The job whose listing it is; null before the first';
COMMENT ON COLUMN channel_listings.page_token IS 'Where that listing goes on';
COMMENT ON COLUMN channel_listings.listed IS 'How many videos it has seen';
COMMENT ON COLUMN channel_listings.error IS 'Why it failed, for people';
COMMENT ON COLUMN channel_listings.listed_at IS 'When a listing last came to its end';
COMMENT ON COLUMN channel_listings.checked_at IS 'When new videos were last looked for';
COMMENT ON COLUMN channel_listings.noticed_job_id IS 'The last job of whose end people were told';

CREATE TABLE channel_followers (
    channel_id  uuid NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    owner       text NOT NULL,
    since       timestamptz NOT NULL,
    PRIMARY KEY (channel_id, owner)
);
ALTER TABLE channel_followers ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE channel_followers IS 'Who wants to have a channel kept up to date';
CREATE INDEX channel_followers_owner ON channel_followers (owner);

CREATE TABLE video_fetches (
    video_id      uuid PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
    outcome       text NOT NULL CHECK (outcome IN ('wanted', 'later', 'captions', 'linked', 'transcribed',
                      'no_captions', 'unavailable', 'failed')),
    reason        text,
    tries         bigint NOT NULL DEFAULT 0 CHECK (tries >= 0),
    tried_at      timestamptz,
    published_at  timestamptz,
    listing       uuid,
    delisted_at   timestamptz,
    updated_at    timestamptz NOT NULL
);
ALTER TABLE video_fetches ENABLE ROW LEVEL SECURITY;
CREATE INDEX video_fetches_open ON video_fetches (video_id) WHERE outcome IN ('wanted', 'later');
COMMENT ON TABLE video_fetches IS 'What was tried to get the words of a video of YouTube';
COMMENT ON COLUMN video_fetches.reason IS 'Why it ended so, for people';
COMMENT ON COLUMN video_fetches.listing IS 'The job of the last listing that had it';
COMMENT ON COLUMN video_fetches.delisted_at IS 'Since when its channel no longer has it';

CREATE TABLE youtube_pace (
    name           text PRIMARY KEY CHECK (name = 'youtube'),
    next_at        timestamptz NOT NULL,
    full_at        timestamptz NOT NULL,
    blocked_until  timestamptz NOT NULL,
    blocks         bigint NOT NULL DEFAULT 0 CHECK (blocks >= 0),
    reason         text,
    updated_at     timestamptz NOT NULL
);
ALTER TABLE youtube_pace ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE youtube_pace IS 'How fast YouTube may be asked, by all instances together: one row';
COMMENT ON COLUMN youtube_pace.next_at IS 'Before that nobody asks';
COMMENT ON COLUMN youtube_pace.full_at IS 'When the hour''s requests are all there again';
COMMENT ON COLUMN youtube_pace.blocks IS 'How often in a row YouTube has refused';

CREATE TABLE quota_days (
    day           text PRIMARY KEY,
    units         bigint NOT NULL CHECK (units >= 0),
    is_exhausted  boolean NOT NULL DEFAULT false
);
ALTER TABLE quota_days ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE quota_days IS 'The units of the YouTube Data API that were spent on a day in Los Angeles';
COMMENT ON COLUMN quota_days.is_exhausted IS 'YouTube itself says that nothing is left';

CREATE TABLE mail_recipients (
    id          uuid PRIMARY KEY,
    address     text NOT NULL CHECK (length(address) BETWEEN 3 AND 254),
    token       text NOT NULL UNIQUE CHECK (length(token) >= 20),
    refused_at  timestamptz,
    created_at  timestamptz NOT NULL
);
ALTER TABLE mail_recipients ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE mail_recipients IS 'Who is told by mail how something has ended';
COMMENT ON COLUMN mail_recipients.token IS 'Stands in the links that end his mail; nobody else has it';
COMMENT ON COLUMN mail_recipients.refused_at IS 'Since when he wants none';
CREATE UNIQUE INDEX mail_recipients_address ON mail_recipients (lower(address));

INSERT INTO schema_migrations (name, checksum)
    SELECT '010_youtube', '' WHERE to_regclass('video_fetches') IS NOT NULL AND to_regclass('quota_days') IS NOT NULL
    ON CONFLICT DO NOTHING;
