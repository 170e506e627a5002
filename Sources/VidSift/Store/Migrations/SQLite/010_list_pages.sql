-- Pages of YouTube's lists as they were last read: asked for again, they say whether they have changed.
CREATE TABLE list_pages (
    channel_id  TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    -- What the page is asked with; empty for the first.
    token       TEXT NOT NULL,
    etag        TEXT NOT NULL,
    -- What the next page is asked with; NULL on the last.
    next        TEXT,
    -- The ids of its videos, separated by spaces.
    videos      TEXT NOT NULL,
    -- The job that has read it.
    listing     TEXT NOT NULL,
    PRIMARY KEY (channel_id, token)
) STRICT, WITHOUT ROWID;
