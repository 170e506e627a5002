-- Pages of YouTube's lists as they were last read: asked for again, they say whether they have changed.
CREATE TABLE list_pages (
    channel_id  uuid NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    token       text NOT NULL,
    etag        text NOT NULL,
    next        text,
    videos      text NOT NULL,
    listing     uuid NOT NULL,
    PRIMARY KEY (channel_id, token)
);
ALTER TABLE list_pages ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE list_pages IS 'Pages of YouTube''s lists as they were last read: asked for again, they say whether they have changed';
COMMENT ON COLUMN list_pages.token IS 'What the page is asked with; empty for the first';
COMMENT ON COLUMN list_pages.next IS 'What the next page is asked with; NULL on the last';
COMMENT ON COLUMN list_pages.videos IS 'The ids of its videos, separated by spaces';
COMMENT ON COLUMN list_pages.listing IS 'The job that has read it';

INSERT INTO schema_migrations (name, checksum)
    SELECT '013_list_pages', '' WHERE to_regclass('list_pages') IS NOT NULL
    ON CONFLICT DO NOTHING;
