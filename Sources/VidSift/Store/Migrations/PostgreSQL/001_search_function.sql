-- The library: channels, videos, what was said in them, and how it is found by its words.
--
-- Applied by the program, or by hand on an empty database, these files one after the other:
--     psql -v ON_ERROR_STOP=1 -1 -f 001_search_function.sql "$DATABASE_URL"
-- Ids are UUIDv7. Row-level security is on for each table and no policy lets anyone in: the owner of the tables alone
-- reads and writes, and roles such as Supabase's `anon` see nothing, through the functions neither.

-- Functions keep the search path they were made under: the schema of the tables, whatever the caller's path is.
DO $$
BEGIN
    PERFORM set_config('vidsift.search_path', current_setting('search_path'), false);
    PERFORM set_config('search_path', quote_ident(current_schema()) || ', pg_temp', false);
END $$;

CREATE TABLE IF NOT EXISTS schema_migrations (
    name        text PRIMARY KEY,
    checksum    text NOT NULL,
    applied_at  timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE schema_migrations ENABLE ROW LEVEL SECURITY;
COMMENT ON COLUMN schema_migrations.checksum IS
    'SHA-256 of the file; empty where it was applied by hand, until the program starts';

CREATE OR REPLACE FUNCTION seconds_from_now(seconds double precision) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE RETURN now() + make_interval(secs => seconds);
COMMENT ON FUNCTION seconds_from_now IS 'The moment so many seconds after now(), which is the transaction''s beginning';

CREATE TABLE channels (
    id          uuid PRIMARY KEY,
    youtube_id  text UNIQUE,
    title       text NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
    created_at  timestamptz NOT NULL
);
ALTER TABLE channels ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE channels IS 'What is searched together: a YouTube channel, or a name given to one''s own recordings';
CREATE UNIQUE INDEX channels_title ON channels (title) WHERE youtube_id IS NULL;

CREATE TABLE videos (
    id           uuid PRIMARY KEY,
    youtube_id   text,
    channel_id   uuid REFERENCES channels (id) ON DELETE CASCADE,
    source_key   text NOT NULL,
    source_id    text NOT NULL,
    checksum     text,
    title        text NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
    language     text,
    duration_ms  bigint NOT NULL DEFAULT 0 CHECK (duration_ms >= 0),
    state        text NOT NULL CHECK (state IN ('pending', 'ready', 'failed')),
    passages     bigint NOT NULL DEFAULT 0 CHECK (passages >= 0),
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    indexed_at   timestamptz,
    CHECK (state <> 'ready' OR (checksum IS NOT NULL AND indexed_at IS NOT NULL)),
    -- Unique in its channel, or among the videos without one. By hash: a path may be longer than a B-tree's entry.
    CONSTRAINT videos_source EXCLUDE USING hash ((coalesce(channel_id::text, '') || ' ' || source_key) WITH =)
);
ALTER TABLE videos ENABLE ROW LEVEL SECURITY;
COMMENT ON COLUMN videos.source_key IS 'What names the source: file:<path> or upload:<name>';
COMMENT ON COLUMN videos.source_id IS 'The short name people use: the file''s stem';
COMMENT ON COLUMN videos.checksum IS 'SHA-256 of the indexed source; null until indexed';
COMMENT ON COLUMN videos.passages IS 'How many passages it has';
CREATE INDEX videos_source_key ON videos USING hash (source_key);
CREATE INDEX videos_source_id ON videos USING hash (source_id);
CREATE INDEX videos_checksum ON videos (channel_id, checksum) WHERE checksum IS NOT NULL;
CREATE INDEX videos_channel ON videos (channel_id, id);
CREATE INDEX videos_youtube ON videos (youtube_id) WHERE youtube_id IS NOT NULL;

CREATE TABLE transcripts (
    video_id  uuid PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
    body      text NOT NULL
);
ALTER TABLE transcripts ENABLE ROW LEVEL SECURITY;
COMMENT ON COLUMN transcripts.body IS 'The cues with their words and times, as JSON (json3)';

CREATE TABLE passages (
    video_id    uuid NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    ordinal     bigint NOT NULL CHECK (ordinal >= 0),
    channel_id  uuid REFERENCES channels (id) ON DELETE CASCADE,
    start_ms    bigint NOT NULL,
    end_ms      bigint NOT NULL CHECK (end_ms >= start_ms),
    first_cue   bigint NOT NULL,
    last_cue    bigint NOT NULL CHECK (last_cue >= first_cue),
    chapter     text,
    body        text NOT NULL,
    sentences   json NOT NULL,
    PRIMARY KEY (video_id, ordinal)
);
ALTER TABLE passages ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE passages IS 'What was said, in runs of about 120 to 200 words that overlap';
COMMENT ON COLUMN passages.sentences IS '[[length in UTF-8 bytes, start ms, end ms, precision], …]';
CREATE INDEX passages_channel ON passages (channel_id);

CREATE TABLE segments (
    video_id    uuid NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
    model       text NOT NULL,
    channel_id  uuid REFERENCES channels (id) ON DELETE CASCADE,
    bytes       bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (video_id, model)
);
-- Vectors don't compress, and uncompressed a part can be read alone.
ALTER TABLE segments ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE segments ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE segments IS 'The search index of a video under one embedding model, as the program reads it';
COMMENT ON COLUMN segments.model IS 'Empty where there is none: the words alone';
CREATE INDEX segments_channel ON segments (channel_id, video_id);

CREATE TABLE scope_versions (
    scope    text PRIMARY KEY,
    version  bigint NOT NULL
);
ALTER TABLE scope_versions ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE scope_versions IS
    'Counts up with each change of a scope''s segments: of a channel''s id, or of '''' for the videos without a channel';

CREATE FUNCTION notify_scope_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_notify('vidsift_scopes', NEW.scope);
    RETURN NULL;
END $$;
CREATE TRIGGER scope_versions_notify AFTER INSERT OR UPDATE ON scope_versions
    FOR EACH ROW EXECUTE FUNCTION notify_scope_change();

-- What the SQL functions search. The program keeps an index of its own in `segments`, so all of this is derived: a
-- trigger on `segments` fills it.

CREATE TABLE passage_search (
    video_id    uuid NOT NULL,
    ordinal     bigint NOT NULL,
    channel_id  uuid,
    model       text NOT NULL,
    language    text NOT NULL,
    words       tsvector NOT NULL,
    PRIMARY KEY (video_id, ordinal),
    FOREIGN KEY (video_id, ordinal) REFERENCES passages (video_id, ordinal) ON DELETE CASCADE
) WITH (toast_tuple_target = 8160);    -- a vector that lies outside its row would be fetched apart for each comparison
ALTER TABLE passage_search ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE passage_search IS 'Each passage''s words and vector for the search functions; derived from segments';
COMMENT ON COLUMN passage_search.model IS 'Of the newest segment of the video';
COMMENT ON COLUMN passage_search.language IS 'The primary subtag (en), or empty; a regconfig here would stop pg_upgrade';
CREATE INDEX passage_search_words ON passage_search USING gin (words);
CREATE INDEX passage_search_channel ON passage_search (channel_id);
CREATE INDEX passage_search_language ON passage_search (language);

CREATE FUNCTION text_search_configuration(language text) RETURNS regconfig LANGUAGE sql STABLE
    RETURN coalesce(
        (SELECT c.oid::regconfig FROM pg_catalog.pg_ts_config c
         WHERE c.cfgnamespace = 'pg_catalog'::regnamespace AND c.cfgname =
            CASE lower(split_part(translate(language, '_', '-'), '-', 1))
                WHEN 'ar' THEN 'arabic'     WHEN 'hy' THEN 'armenian'   WHEN 'eu' THEN 'basque'
                WHEN 'ca' THEN 'catalan'    WHEN 'da' THEN 'danish'     WHEN 'nl' THEN 'dutch'
                WHEN 'en' THEN 'english'    WHEN 'et' THEN 'estonian'   WHEN 'fi' THEN 'finnish'
                WHEN 'fr' THEN 'french'     WHEN 'de' THEN 'german'     WHEN 'el' THEN 'greek'
                WHEN 'hi' THEN 'hindi'      WHEN 'hu' THEN 'hungarian'  WHEN 'id' THEN 'indonesian'
                WHEN 'ga' THEN 'irish'      WHEN 'it' THEN 'italian'    WHEN 'lt' THEN 'lithuanian'
                WHEN 'ne' THEN 'nepali'     WHEN 'no' THEN 'norwegian'  WHEN 'nb' THEN 'norwegian'
                WHEN 'nn' THEN 'norwegian'  WHEN 'pt' THEN 'portuguese' WHEN 'ro' THEN 'romanian'
                WHEN 'ru' THEN 'russian'    WHEN 'sr' THEN 'serbian'    WHEN 'es' THEN 'spanish'
                WHEN 'sv' THEN 'swedish'    WHEN 'ta' THEN 'tamil'      WHEN 'tr' THEN 'turkish'
                WHEN 'yi' THEN 'yiddish'
            END),
        'pg_catalog.simple'::regconfig);
COMMENT ON FUNCTION text_search_configuration IS
    'The stemmer of a language tag ("pt-BR"), or `simple` where this server has none (estonian came with 18)';

CREATE FUNCTION segment_u16(bytes bytea, place bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN get_byte(bytes, place::integer)::bigint + get_byte(bytes, place::integer + 1) * 256;

CREATE FUNCTION segment_u32(bytes bytea, place bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN segment_u16(bytes, place) + segment_u16(bytes, place + 2) * 65536;

-- Where the parts of a segment lie, in bytes from 0 (SegmentLayout.swift describes the format); null for what isn't a
-- segment of version 1. `header` is its first 64 bytes, `size` its length.
CREATE FUNCTION segment_layout(
    header bytea, size bigint,
    OUT passages bigint, OUT units bigint, OUT dimensions bigint,
    OUT scales_at bigint, OUT language_at bigint, OUT language_bytes bigint, OUT rows_at bigint
) LANGUAGE plpgsql IMMUTABLE SET search_path FROM CURRENT AS $$
DECLARE
    flags bigint;
    bucket_bits bigint;
    vectors bigint;
BEGIN
    IF length(header) < 64 OR substring(header FROM 1 FOR 4) <> 'VSEG'::bytea OR segment_u16(header, 4) <> 1
        OR segment_u32(header, 16) <> size
    THEN
        RETURN;
    END IF;
    flags := segment_u16(header, 6);
    bucket_bits := segment_u32(header, 36);
    units := segment_u32(header, 24);
    dimensions := segment_u32(header, 28);
    IF flags > 3 OR bucket_bits > 16 OR (flags & 1) <> (dimensions > 0)::integer THEN RETURN; END IF;
    vectors := CASE WHEN dimensions > 0 THEN units + segment_u32(header, 20) ELSE 0 END;
    scales_at := 64 + 20 * segment_u32(header, 20) + 8 + 8 * units                      -- times, lengths, first words
        + 4 * ((1 << bucket_bits::integer) + 1) + 8 * (segment_u32(header, 32) + 1)      -- buckets, terms
        + 4 * segment_u32(header, 40)                                                   -- postings
        + (segment_u32(header, 44) * (CASE WHEN flags & 2 = 2 THEN 4 ELSE 2 END) + 3) / 4 * 4;
    language_at := scales_at + 4 * vectors;
    language_bytes := segment_u16(header, 48);
    rows_at := (language_at + language_bytes + segment_u16(header, 50) + 63) / 64 * 64;
    IF rows_at + vectors * dimensions = size THEN passages := segment_u32(header, 20); END IF;
END $$;

-- Writes the search rows of a video anew, from its newest segment.
CREATE FUNCTION refresh_passage_search(video uuid) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    found_model text;
    found_language text;
    configuration regconfig;
BEGIN
    DELETE FROM passage_search WHERE video_id = video;
    SELECT s.model, coalesce(
            CASE WHEN l.passages IS NOT NULL THEN
                encode(substring(s.bytes FROM l.language_at::integer + 1 FOR l.language_bytes::integer), 'escape') END,
            lower(split_part(v.language, '-', 1)), '')
        INTO found_model, found_language
        FROM segments s JOIN videos v ON v.id = s.video_id,
            segment_layout(substring(s.bytes FROM 1 FOR 64), octet_length(s.bytes)) l
        WHERE s.video_id = video ORDER BY s.created_at DESC, s.model DESC LIMIT 1;
    IF NOT FOUND THEN RETURN; END IF;
    configuration := text_search_configuration(found_language);
    INSERT INTO passage_search (video_id, ordinal, channel_id, model, language, words)
        SELECT p.video_id, p.ordinal, p.channel_id, found_model, found_language,
            passage_words(configuration, p.body, p.chapter)
        FROM passages p WHERE p.video_id = video;
END $$;

-- The most characters of a passage that are looked at: a tsvector of more than 1 MB would be an error.
CREATE FUNCTION passage_words(configuration regconfig, body text, chapter text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN to_tsvector(configuration, left(body, 50000)) || to_tsvector(configuration, coalesce(left(chapter, 1000), ''));

CREATE FUNCTION follow_segment() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM refresh_passage_search(CASE WHEN TG_OP = 'DELETE' THEN OLD.video_id ELSE NEW.video_id END);
    RETURN NULL;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    -- What can't be searched by SQL is still an index for the program: its insertion goes on.
    RAISE WARNING 'the search functions will not find video %: %', NEW.video_id, SQLERRM;
    RETURN NULL;
END $$;
CREATE TRIGGER segments_search AFTER INSERT OR DELETE OR UPDATE OF bytes, model ON segments
    FOR EACH ROW EXECUTE FUNCTION follow_segment();

-- Functions for people.

CREATE TYPE found_passage AS (
    video_id       uuid,
    youtube_id     text,
    video_title    text,
    channel_id     uuid,
    ordinal        bigint,
    start_seconds  double precision,
    end_seconds    double precision,
    body           text,
    headline       text,
    url            text,
    score          double precision,
    keyword_score  double precision,
    similarity     double precision
);
COMMENT ON COLUMN found_passage.headline IS 'Parts of the text with the found words between **, where asked for';
COMMENT ON COLUMN found_passage.score IS 'What the rows are sorted by; comparable inside one answer only';
COMMENT ON COLUMN found_passage.similarity IS 'Cosine with the query''s vector';

CREATE FUNCTION bounded_results(max_results integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN least(greatest(coalesce(max_results, 10), 1), 200);
COMMENT ON FUNCTION bounded_results IS 'One search gives 1 to 200 passages';

CREATE FUNCTION youtube_url(youtube_id text, seconds double precision) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN youtube_id ~ '^[A-Za-z0-9_-]{11}$' THEN
        'https://www.youtube.com/watch?v=' || youtube_id || '&t=' || greatest(0, floor(seconds))::bigint || 's' END;

CREATE FUNCTION uuid_or_null(reference text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN reference ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN reference::uuid END;

CREATE FUNCTION video_named(reference text) RETURNS uuid LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
    wanted uuid := uuid_or_null(reference);
    found uuid;
BEGIN
    SELECT v.id INTO found FROM videos v
        WHERE v.id = wanted OR v.youtube_id = reference OR v.source_id = reference
        ORDER BY v.id = wanted DESC NULLS LAST, v.youtube_id = reference DESC NULLS LAST, v.id DESC LIMIT 1;
    IF found IS NULL THEN
        RAISE no_data_found USING MESSAGE = format('there is no video %L', left(reference, 100)),
            HINT = 'Give its id, its YouTube id or the name of its file without the ending.';
    END IF;
    RETURN found;
END $$;
COMMENT ON FUNCTION video_named IS 'The id of the video that is meant by an id, a YouTube id or a file''s stem';

CREATE FUNCTION channel_named(reference text) RETURNS uuid LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
    wanted uuid := uuid_or_null(reference);
    found uuid;
BEGIN
    SELECT c.id INTO found FROM channels c
        WHERE c.id = wanted OR c.youtube_id = reference
            OR (c.youtube_id IS NULL AND (c.title = reference OR c.title = ltrim(reference, '@')))
        ORDER BY c.id = wanted DESC NULLS LAST, c.youtube_id = reference DESC NULLS LAST, c.id LIMIT 1;
    IF found IS NULL THEN
        RAISE no_data_found USING MESSAGE = format('there is no channel %L', left(reference, 100)),
            HINT = 'Give its id, its YouTube id or its title.';
    END IF;
    RETURN found;
END $$;
COMMENT ON FUNCTION channel_named IS 'The id of the channel that is meant by an id, a YouTube id or a title';

-- The languages that occur, found by leaps over the index.
CREATE FUNCTION languages_in_use() RETURNS SETOF text LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    WITH RECURSIVE leap AS (
        SELECT min(language) AS language FROM passage_search
        UNION ALL
        SELECT (SELECT min(s.language) FROM passage_search s WHERE s.language > leap.language) FROM leap
        WHERE leap.language IS NOT NULL
    )
    SELECT language FROM leap WHERE language IS NOT NULL
$$;

-- The condition that narrows `s` (passage_search) to a scope: $1 is a video, $2 a channel, each null for any.
CREATE FUNCTION scope_condition(in_video uuid, in_channel uuid) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 'TRUE' || CASE WHEN in_video IS NULL THEN '' ELSE ' AND s.video_id = $1' END
        || CASE WHEN in_channel IS NULL THEN '' ELSE ' AND s.channel_id = $2' END;

CREATE FUNCTION keyword_search(
    query text, in_video uuid DEFAULT NULL, in_channel uuid DEFAULT NULL, max_results integer DEFAULT 10,
    headlines boolean DEFAULT false
) RETURNS SETOF found_passage LANGUAGE plpgsql STABLE ROWS 10 SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE format($statement$
        WITH queries AS MATERIALIZED (
            SELECT language, configuration, websearch_to_tsquery(configuration, left($3, 1000)) AS wanted
            FROM languages_in_use() language, text_search_configuration(language) configuration
        ), best AS MATERIALIZED (
            SELECT s.video_id, s.ordinal, q.configuration, q.wanted,
                ts_rank_cd(s.words, q.wanted, 1)::double precision AS rank
            FROM queries q JOIN passage_search s ON s.words @@ q.wanted AND s.language = q.language
            WHERE querytree(q.wanted) NOT IN ('', 'T') AND %s    -- words to leave out find nothing by themselves
            ORDER BY rank DESC, s.video_id, s.ordinal LIMIT $4
        )
        SELECT v.id, v.youtube_id, v.title, v.channel_id, p.ordinal, p.start_ms / 1000.0::double precision,
            p.end_ms / 1000.0::double precision, p.body,
            CASE WHEN $5 THEN ts_headline(b.configuration, p.body, b.wanted,
                'StartSel=**, StopSel=**, MaxFragments=2, MaxWords=30, MinWords=12') END,
            youtube_url(v.youtube_id, p.start_ms / 1000.0), b.rank, b.rank, NULL::double precision
        FROM best b JOIN passages p ON p.video_id = b.video_id AND p.ordinal = b.ordinal
            JOIN videos v ON v.id = b.video_id
        ORDER BY b.rank DESC, b.video_id, b.ordinal
        $statement$, scope_condition(in_video, in_channel))
        USING in_video, in_channel, query, bounded_results(max_results), headlines;
END $$;
COMMENT ON FUNCTION keyword_search IS
    'Passages with the words of a query as in a web search ("a phrase", this OR that, -without), in each language''s stems';

CREATE FUNCTION keyword_search_video(
    video text, query text, max_results integer DEFAULT 10, headlines boolean DEFAULT false
) RETURNS SETOF found_passage LANGUAGE sql STABLE ROWS 10 SET search_path FROM CURRENT AS $$
    SELECT * FROM keyword_search(query, video_named(video), NULL, max_results, headlines)
$$;
COMMENT ON FUNCTION keyword_search_video IS 'keyword_search in one video, by id, YouTube id or a file''s stem';

CREATE FUNCTION keyword_search_channel(
    channel text, query text, max_results integer DEFAULT 10, headlines boolean DEFAULT false
) RETURNS SETOF found_passage LANGUAGE sql STABLE ROWS 10 SET search_path FROM CURRENT AS $$
    SELECT * FROM keyword_search(query, NULL, channel_named(channel), max_results, headlines)
$$;
COMMENT ON FUNCTION keyword_search_channel IS 'keyword_search in one channel, by id, YouTube id or title';

-- Whoever is to call them is granted that; the rows he sees are his policies' business.
REVOKE EXECUTE ON FUNCTION
    notify_scope_change(), text_search_configuration(text), segment_u16(bytea, bigint), segment_u32(bytea, bigint),
    segment_layout(bytea, bigint), refresh_passage_search(uuid), passage_words(regconfig, text, text), follow_segment(),
    bounded_results(integer), youtube_url(text, double precision), uuid_or_null(text), video_named(text),
    channel_named(text), languages_in_use(), scope_condition(uuid, uuid),
    keyword_search(text, uuid, uuid, integer, boolean), keyword_search_video(text, text, integer, boolean),
    keyword_search_channel(text, text, integer, boolean)
    FROM PUBLIC;

-- A file that failed half-way, run without ON_ERROR_STOP, must not count as applied.
INSERT INTO schema_migrations (name, checksum)
    SELECT '001_search_function', '' WHERE to_regproc('keyword_search_channel') IS NOT NULL
    ON CONFLICT DO NOTHING;

DO $$ BEGIN PERFORM set_config('search_path', current_setting('vidsift.search_path'), false); END $$;
