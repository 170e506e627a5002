-- YouTube: what is listed and followed, what was tried with each video, and how much may still be asked.

-- A channel or playlist of YouTube: the row of `channels` that has its YouTube id.
CREATE TABLE channel_listings (
    channel_id     TEXT PRIMARY KEY NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    handle         TEXT,
    state          TEXT NOT NULL CHECK (state IN ('listing', 'indexing', 'ready', 'failed')),
    job_id         TEXT,                        -- the job whose listing it is; null before the first
    page_token     TEXT,                        -- where that listing goes on
    listed         INTEGER NOT NULL DEFAULT 0 CHECK (listed >= 0),      -- videos that it has seen
    error          TEXT,                        -- why it failed, for people
    listed_at      INTEGER,                     -- when a listing last came to its end
    checked_at     INTEGER,                     -- when new videos were last looked for
    feed_etag      TEXT,
    feed_modified  TEXT,
    noticed_job_id TEXT,                        -- the last job of whose end people were told
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX channel_listings_open ON channel_listings (channel_id) WHERE state IN ('listing', 'indexing');
CREATE INDEX channel_listings_handle ON channel_listings (handle) WHERE handle IS NOT NULL;

-- Who wants to have a channel kept up to date.
CREATE TABLE channel_followers (
    channel_id  TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    owner       TEXT NOT NULL,
    since       INTEGER NOT NULL,
    PRIMARY KEY (channel_id, owner)
) STRICT;
CREATE INDEX channel_followers_owner ON channel_followers (owner);

-- What was tried to get the words of a video of YouTube.
CREATE TABLE video_fetches (
    video_id      TEXT PRIMARY KEY NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    outcome       TEXT NOT NULL CHECK (outcome IN ('wanted', 'later', 'captions', 'linked', 'transcribed',
                      'no_captions', 'unavailable', 'failed')),
    reason        TEXT,                         -- why, for people
    tries         INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
    tried_at      INTEGER,
    published_at  INTEGER,
    listing       TEXT,                         -- the job of the last listing that had it
    delisted_at   INTEGER,                      -- since when its channel no longer has it
    updated_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX video_fetches_open ON video_fetches (video_id) WHERE outcome IN ('wanted', 'later');

-- How fast YouTube may be asked, by all instances together: one row.
CREATE TABLE youtube_pace (
    name           TEXT PRIMARY KEY NOT NULL CHECK (name = 'youtube'),
    next_at        INTEGER NOT NULL,            -- before that nobody asks
    full_at        INTEGER NOT NULL,            -- when the hour's requests are all there again
    blocked_until  INTEGER NOT NULL,
    blocks         INTEGER NOT NULL DEFAULT 0 CHECK (blocks >= 0),      -- in a row
    reason         TEXT,                        -- of the last block, for people
    updated_at     INTEGER NOT NULL
) STRICT;

-- The units of the Data API that were spent on a day in Los Angeles.
CREATE TABLE quota_days (
    day           TEXT PRIMARY KEY NOT NULL,
    units         INTEGER NOT NULL CHECK (units >= 0),
    is_exhausted  INTEGER NOT NULL DEFAULT 0 CHECK (is_exhausted IN (0, 1))    -- YouTube says so
) STRICT;

-- Who is told by mail how something has ended.
CREATE TABLE mail_recipients (
    id          TEXT PRIMARY KEY NOT NULL,
    address     TEXT NOT NULL CHECK (length(address) BETWEEN 3 AND 254),
    token       TEXT NOT NULL UNIQUE CHECK (length(token) >= 20),   -- in the links that end his mail; nobody else has it
    refused_at  INTEGER,                        -- since when he wants none
    created_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX mail_recipients_address ON mail_recipients (lower(address));
