-- Search by meaning, and by words and meaning together, with pgvector 0.8 or newer.

DO $$
DECLARE
    installed text := (SELECT extversion FROM pg_extension WHERE extname = 'vector');
    offered text := (SELECT default_version FROM pg_available_extensions WHERE name = 'vector');
    found text := coalesce(installed, offered);
BEGIN
    IF found IS NULL THEN
        RAISE feature_not_supported USING
            MESSAGE = 'this PostgreSQL server does not have pgvector, which 002_similarity_search needs',
            HINT = format('Debian and Ubuntu: apt install postgresql-%s-pgvector (from apt.postgresql.org). '
                || 'Supabase: Database > Extensions > vector. Others: https://github.com/pgvector/pgvector',
                current_setting('server_version_num')::integer / 10000);
    ELSIF string_to_array(substring(found FROM '^\d+\.\d+'), '.')::integer[] < ARRAY[0, 8] THEN
        RAISE feature_not_supported USING
            MESSAGE = format('002_similarity_search needs pgvector 0.8 or newer; this database has %s', found),
            HINT = format('%s, then: ALTER EXTENSION vector UPDATE', CASE WHEN offered = installed
                THEN 'Install a newer package on the server' ELSE 'The server offers ' || offered END);
    END IF;
    PERFORM set_config('vidsift.search_path', current_setting('search_path'), false);
END $$;

-- Supabase keeps extensions in a schema of their own; elsewhere it goes where the tables are.
DO $$
BEGIN
    IF to_regnamespace('extensions') IS NULL THEN
        CREATE EXTENSION IF NOT EXISTS vector;
    ELSE
        CREATE EXTENSION IF NOT EXISTS vector SCHEMA extensions;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE insufficient_privilege USING MESSAGE = 'the role may not create the extension vector in this database',
        HINT = 'Let an administrator run CREATE EXTENSION vector here, then try again. Supabase: Database > Extensions.';
END $$;

-- The functions find pgvector wherever it is installed.
DO $$
BEGIN
    PERFORM set_config('search_path', concat_ws(', ', quote_ident(current_schema()), nullif(
        (SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
         WHERE e.extname = 'vector'), quote_ident(current_schema())), 'pg_temp'), false);
END $$;

ALTER TABLE passage_search
    ADD COLUMN dimensions integer,
    ADD COLUMN embedding halfvec,
    ADD CHECK (coalesce(vector_dims(embedding) = dimensions, embedding IS NULL AND dimensions IS NULL));
COMMENT ON COLUMN passage_search.embedding IS
    'The passage''s vector, of length 1 (those of the runs inside it are in the segment alone); null where there is none';

-- A passage's vector from its row in the segment, one signed byte a dimension; the scale is of no matter at length 1.
-- Null where the scale (4 bytes, a float) is not a number above 0: the passage has none; and where there is no segment
-- that can be read.
CREATE FUNCTION segment_vector(bytes bytea, scale bytea) RETURNS halfvec LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path FROM CURRENT AS $$
DECLARE
    vector halfvec;
BEGIN
    IF scale = '\x00000000' OR get_byte(scale, 3) >= 128
        OR (get_byte(scale, 3) = 127 AND get_byte(scale, 2) >= 128)
    THEN
        RETURN NULL;
    END IF;
    vector := ARRAY(SELECT (get_byte(bytes, i) # 128) - 128 FROM generate_series(0, length(bytes) - 1) i);
    RETURN CASE WHEN l2_norm(vector) > 0 THEN l2_normalize(vector) END;
END $$;

-- As in 001, with the vectors. More than 16,000 dimensions don't fit pgvector; such a model's passages have none here.
CREATE OR REPLACE FUNCTION refresh_passage_search(video uuid) RETURNS void LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
DECLARE
    found_model text;
    found_language text;
    configuration regconfig;
    dims integer;
    first_unit integer;
    scales bytea;
    vectors bytea;
BEGIN
    DELETE FROM passage_search WHERE video_id = video;
    SELECT s.model, coalesce(
            CASE WHEN l.passages IS NOT NULL THEN
                encode(substring(s.bytes FROM l.language_at::integer + 1 FOR l.language_bytes::integer), 'escape') END,
            lower(split_part(v.language, '-', 1)), ''),
            CASE WHEN l.passages IS NOT NULL AND l.dimensions BETWEEN 1 AND 16000 THEN l.dimensions END,
            CASE WHEN l.passages IS NOT NULL THEN
                substring(s.bytes FROM (l.scales_at + 4 * l.units)::integer + 1 FOR (4 * l.passages)::integer) END,
            CASE WHEN l.passages IS NOT NULL THEN
                substring(s.bytes FROM (l.rows_at + l.units * l.dimensions)::integer + 1) END
        INTO found_model, found_language, dims, scales, vectors
        FROM segments s JOIN videos v ON v.id = s.video_id,
            segment_layout(substring(s.bytes FROM 1 FOR 64), octet_length(s.bytes)) l
        WHERE s.video_id = video ORDER BY s.created_at DESC, s.model DESC LIMIT 1;
    IF NOT FOUND THEN RETURN; END IF;
    configuration := text_search_configuration(found_language);
    INSERT INTO passage_search (video_id, ordinal, channel_id, model, language, words, dimensions, embedding)
        SELECT p.video_id, p.ordinal, p.channel_id, found_model, found_language,
            passage_words(configuration, p.body, p.chapter), vector_dims(e.embedding), e.embedding
        FROM passages p LEFT JOIN LATERAL segment_vector(
                substring(vectors FROM p.ordinal::integer * dims + 1 FOR dims),
                substring(scales FROM p.ordinal::integer * 4 + 1 FOR 4)) AS e (embedding)
            ON dims IS NOT NULL AND p.ordinal < length(scales) / 4
        WHERE p.video_id = video;
END $$;

-- What is there already, before the indexes: building them at once is quicker.
DO $$ BEGIN PERFORM refresh_passage_search(v.video_id) FROM (SELECT DISTINCT video_id FROM segments) v; END $$;

CREATE INDEX passage_search_model ON passage_search (dimensions, model);
CREATE INDEX passage_search_384 ON passage_search
    USING hnsw ((embedding::halfvec(384)) halfvec_cosine_ops) WHERE dimensions = 384;
CREATE INDEX passage_search_768 ON passage_search
    USING hnsw ((embedding::halfvec(768)) halfvec_cosine_ops) WHERE dimensions = 768;
CREATE INDEX passage_search_1024 ON passage_search
    USING hnsw ((embedding::halfvec(1024)) halfvec_cosine_ops) WHERE dimensions = 1024;
CREATE INDEX passage_search_1536 ON passage_search
    USING hnsw ((embedding::halfvec(1536)) halfvec_cosine_ops) WHERE dimensions = 1536;
CREATE INDEX passage_search_3072 ON passage_search
    USING hnsw ((embedding::halfvec(3072)) halfvec_cosine_ops) WHERE dimensions = 3072;

CREATE FUNCTION exact_search_limit() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 20000;
COMMENT ON FUNCTION exact_search_limit IS 'Up to so many passages a scope is compared in full, beyond by the HNSW index';

-- Complains of a query's vector that nothing can be compared with.
CREATE FUNCTION check_query_vector(query halfvec) RETURNS void LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
    known text;
BEGIN
    IF query IS NULL OR NOT l2_norm(query) > 0 THEN
        RAISE invalid_parameter_value USING MESSAGE = 'the query''s vector is missing or has no length';
    ELSIF EXISTS (SELECT FROM passage_search WHERE dimensions = vector_dims(query)) THEN
        RETURN;
    END IF;
    WITH RECURSIVE leap AS (
        SELECT min(dimensions) AS dimensions FROM passage_search
        UNION ALL
        SELECT (SELECT min(s.dimensions) FROM passage_search s WHERE s.dimensions > leap.dimensions) FROM leap
        WHERE leap.dimensions IS NOT NULL
    )
    SELECT string_agg(dimensions::text, ', ') INTO known FROM leap;
    IF known IS NOT NULL THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('the query''s vector has %s dimensions; those of the passages have %s',
                vector_dims(query), known),
            HINT = 'Make it by the model that embedded the passages: SELECT DISTINCT model FROM segments';
    END IF;
END $$;

-- How many passages of a scope have vectors that can be compared; counts no further than just past the exact limit.
CREATE FUNCTION comparable_passages(query halfvec, in_video uuid, in_channel uuid, only_model text) RETURNS bigint
    LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
    counted bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM (SELECT FROM passage_search s WHERE %s LIMIT $5) counted',
        vector_condition(in_video, in_channel, only_model))
        INTO counted USING in_video, in_channel, only_model, vector_dims(query), exact_search_limit() + 1;
    RETURN counted;
END $$;

-- The scope's condition, that of the model ($3, null for any) and that of the dimensions ($4).
CREATE FUNCTION vector_condition(in_video uuid, in_channel uuid, only_model text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN scope_condition(in_video, in_channel) || ' AND s.dimensions = $4'
        || CASE WHEN only_model IS NULL THEN '' ELSE ' AND s.model = $3' END;

-- The passages nearest to a vector: exact in a small scope. In a large one the index gives candidates, more than are
-- wanted, in an order that is nearly right and is put right afterwards; where it gives too few, all are compared.
CREATE FUNCTION nearest_passages(
    query halfvec, in_video uuid, in_channel uuid, only_model text, wanted integer
) RETURNS TABLE (video_id uuid, ordinal bigint, similarity double precision)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path FROM CURRENT AS $$
DECLARE
    dims integer := vector_dims(query);
    condition text := vector_condition(in_video, in_channel, only_model);
    candidates integer := wanted * 4 + 100;
    settings text[];
    found bigint := 0;
BEGIN
    IF comparable_passages(query, in_video, in_channel, only_model) > exact_search_limit()
        AND dims IN (384, 768, 1024, 1536, 3072)
    THEN
        settings := ARRAY[current_setting('hnsw.iterative_scan', true), current_setting('hnsw.ef_search', true),
            current_setting('hnsw.max_scan_tuples', true), current_setting('hnsw.scan_mem_multiplier', true)];
        PERFORM set_config('hnsw.iterative_scan', 'relaxed_order', true),
            set_config('hnsw.ef_search', least(candidates, 1000)::text, true),
            set_config('hnsw.max_scan_tuples', '100000', true), set_config('hnsw.scan_mem_multiplier', '16', true);
        RETURN QUERY EXECUTE format($statement$
            SELECT n.video_id, n.ordinal, 1 - n.distance FROM (
                SELECT s.video_id, s.ordinal, s.embedding::halfvec(%1$s) <=> $5::halfvec(%1$s) AS distance
                FROM passage_search s WHERE %2$s AND s.dimensions = %1$s
                ORDER BY s.embedding::halfvec(%1$s) <=> $5::halfvec(%1$s) LIMIT $6
            ) n ORDER BY n.distance, n.video_id, n.ordinal LIMIT $7
            $statement$, dims, condition)
            USING in_video, in_channel, only_model, dims, query, candidates, wanted;
        GET DIAGNOSTICS found = ROW_COUNT;
        PERFORM set_config('hnsw.iterative_scan', settings[1], true), set_config('hnsw.ef_search', settings[2], true),
            set_config('hnsw.max_scan_tuples', settings[3], true),
            set_config('hnsw.scan_mem_multiplier', settings[4], true);
        IF found >= wanted THEN RETURN; END IF;
    END IF;
    RETURN QUERY EXECUTE format($statement$
        SELECT s.video_id, s.ordinal, 1 - (s.embedding <=> $5) FROM passage_search s WHERE %s
        ORDER BY s.embedding <=> $5, s.video_id, s.ordinal LIMIT $6 OFFSET 0
        $statement$, condition)
        USING in_video, in_channel, only_model, dims, query, wanted;
END $$;

CREATE FUNCTION similarity_search(
    query halfvec, in_video uuid DEFAULT NULL, in_channel uuid DEFAULT NULL, only_model text DEFAULT NULL,
    max_results integer DEFAULT 10
) RETURNS SETOF found_passage LANGUAGE plpgsql STABLE ROWS 10 SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM check_query_vector(query);
    RETURN QUERY SELECT v.id, v.youtube_id, v.title, v.channel_id, p.ordinal, p.start_ms / 1000.0::double precision,
            p.end_ms / 1000.0::double precision, p.body, NULL::text, youtube_url(v.youtube_id, p.start_ms / 1000.0),
            n.similarity, NULL::double precision, n.similarity
        FROM nearest_passages(query, in_video, in_channel, only_model, bounded_results(max_results)) n
            JOIN passages p ON p.video_id = n.video_id AND p.ordinal = n.ordinal
            JOIN videos v ON v.id = n.video_id
        ORDER BY n.similarity DESC, n.video_id, n.ordinal;
END $$;
COMMENT ON FUNCTION similarity_search IS
    'The passages whose vectors are nearest to that of a question, which has to come from the same model';

-- Passages with any of a query's words, scored much like BM25: the rarer a word is in the scope, the more it counts.
-- ts_rank of a single word grows with its occurrences as BM25's does with k1 = .9 (1, 1.25, 1.36, … beside
-- 1, 1.31, 1.46, …); passages are of one length, so that b is of no matter.
CREATE FUNCTION passages_with_any_word(query text, in_video uuid, in_channel uuid, wanted integer)
    RETURNS TABLE (video_id uuid, ordinal bigint, score double precision)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path FROM CURRENT AS $$
DECLARE
    passages_in_scope double precision;
BEGIN
    SELECT coalesce(sum(v.passages), 0) INTO passages_in_scope FROM videos v
        WHERE (in_video IS NULL OR v.id = in_video) AND (in_channel IS NULL OR v.channel_id = in_channel);
    RETURN QUERY EXECUTE format($statement$
        WITH words AS MATERIALIZED (
            SELECT language, lexeme, (quote_literal(lexeme))::tsquery AS word
            FROM languages_in_use() language,
                unnest(tsvector_to_array(to_tsvector(text_search_configuration(language), left($3, 1000)))) lexeme
            WHERE lexeme !~ '[''\\]'
        ), occurrences AS (
            SELECT s.video_id, s.ordinal, ts_rank(s.words, w.word) / 0.0607927 AS occurrence,
                count(*) OVER (PARTITION BY w.lexeme) AS holding
            FROM words w JOIN passage_search s ON s.words @@ w.word AND s.language = w.language
            WHERE %s
        )
        SELECT o.video_id, o.ordinal,
            sum(o.occurrence * ln(1 + (greatest($4, o.holding) - o.holding + 0.5) / (o.holding + 0.5))) AS score
        FROM occurrences o GROUP BY o.video_id, o.ordinal ORDER BY score DESC, o.video_id, o.ordinal LIMIT $5
        $statement$, scope_condition(in_video, in_channel))
        USING in_video, in_channel, query, passages_in_scope, wanted;
END $$;

CREATE FUNCTION place_between(value double precision, low double precision, high double precision)
    RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN value IS NULL THEN 0 WHEN high > low THEN least(1, greatest(0, (value - low) / (high - low)))
        WHEN value > 0 THEN 1 ELSE 0 END;
COMMENT ON FUNCTION place_between IS 'A score brought to 0...1 between the worst and the best; 0 for none';

-- Fused as the program does it (Fusion.swift): each part is brought to 0...1 between the worst and the best of the scope,
-- and they are added with the program's weights, 1 for a vector and 0.8 for words. It beat reciprocal ranks on each set
-- measured (docs/retrieval.md). The worst similarity of a large scope is that of the passage nearest to the opposite
-- vector. A passage that only one part found is looked up in the other.
CREATE FUNCTION hybrid_search(
    query text, query_vector halfvec, in_video uuid DEFAULT NULL, in_channel uuid DEFAULT NULL,
    only_model text DEFAULT NULL, max_results integer DEFAULT 10, keyword_weight double precision DEFAULT 0.8
) RETURNS SETOF found_passage LANGUAGE plpgsql STABLE ROWS 10 SET search_path FROM CURRENT AS $$
DECLARE
    pool integer := bounded_results(max_results) * 5 + 150;
    weight double precision := least(greatest(coalesce(keyword_weight, 0.8), 0), 1000);
    worst double precision;
BEGIN
    PERFORM check_query_vector(query_vector);
    worst := -(SELECT n.similarity FROM nearest_passages(
        (SELECT array_agg(-x) FROM unnest(query_vector::vector::real[]) x)::halfvec,
        in_video, in_channel, only_model, 1) n);
    RETURN QUERY
        WITH near AS MATERIALIZED (
            SELECT n.video_id, n.ordinal, n.similarity
            FROM nearest_passages(query_vector, in_video, in_channel, only_model, pool) n
        ), worded AS MATERIALIZED (
            SELECT w.video_id, w.ordinal, w.score
            FROM passages_with_any_word(query, in_video, in_channel, 2147483647) w
        ), candidates AS (
            SELECT n.video_id, n.ordinal FROM near n
            UNION
            (SELECT w.video_id, w.ordinal FROM worded w ORDER BY w.score DESC LIMIT pool)
        ), scored AS (
            SELECT c.video_id, c.ordinal, coalesce(w.score, 0) AS keyword_score,
                CASE WHEN s.dimensions = vector_dims(query_vector) AND (only_model IS NULL OR s.model = only_model)
                    THEN 1 - (s.embedding <=> query_vector) END AS similarity
            FROM candidates c LEFT JOIN worded w ON w.video_id = c.video_id AND w.ordinal = c.ordinal
                JOIN passage_search s ON s.video_id = c.video_id AND s.ordinal = c.ordinal
        ), ranges AS (
            SELECT (SELECT max(n.similarity) FROM near n) AS best,
                CASE WHEN weight > 0 THEN (SELECT max(w.score) FROM worded w) END AS most
        ), fused AS (
            SELECT x.*, (place_between(x.similarity, worst, r.best) + weight * place_between(x.keyword_score, 0, r.most))
                / (1 + weight) AS score
            FROM scored x, ranges r ORDER BY score DESC, x.video_id, x.ordinal LIMIT bounded_results(max_results)
        )
        SELECT v.id, v.youtube_id, v.title, v.channel_id, p.ordinal, p.start_ms / 1000.0::double precision,
            p.end_ms / 1000.0::double precision, p.body, NULL::text, youtube_url(v.youtube_id, p.start_ms / 1000.0),
            f.score, f.keyword_score, f.similarity
        FROM fused f JOIN passages p ON p.video_id = f.video_id AND p.ordinal = f.ordinal
            JOIN videos v ON v.id = f.video_id
        ORDER BY f.score DESC, f.video_id, f.ordinal;
END $$;
COMMENT ON FUNCTION hybrid_search IS
    'Passages by any of a question''s words and by its vector together; the weight of the words is beside 1 for the vector';

CREATE FUNCTION similarity_search_video(
    video text, query halfvec, only_model text DEFAULT NULL, max_results integer DEFAULT 10
) RETURNS SETOF found_passage LANGUAGE sql STABLE ROWS 10 SET search_path FROM CURRENT AS $$
    SELECT * FROM similarity_search(query, video_named(video), NULL, only_model, max_results)
$$;
COMMENT ON FUNCTION similarity_search_video IS 'similarity_search in one video, by id, YouTube id or a file''s stem';

CREATE FUNCTION similarity_search_channel(
    channel text, query halfvec, only_model text DEFAULT NULL, max_results integer DEFAULT 10
) RETURNS SETOF found_passage LANGUAGE sql STABLE ROWS 10 SET search_path FROM CURRENT AS $$
    SELECT * FROM similarity_search(query, NULL, channel_named(channel), only_model, max_results)
$$;
COMMENT ON FUNCTION similarity_search_channel IS 'similarity_search in one channel, by id, YouTube id or title';

CREATE FUNCTION hybrid_search_video(
    video text, query text, query_vector halfvec, only_model text DEFAULT NULL, max_results integer DEFAULT 10
) RETURNS SETOF found_passage LANGUAGE sql STABLE ROWS 10 SET search_path FROM CURRENT AS $$
    SELECT * FROM hybrid_search(query, query_vector, video_named(video), NULL, only_model, max_results)
$$;
COMMENT ON FUNCTION hybrid_search_video IS 'hybrid_search in one video, by id, YouTube id or a file''s stem';

CREATE FUNCTION hybrid_search_channel(
    channel text, query text, query_vector halfvec, only_model text DEFAULT NULL, max_results integer DEFAULT 10
) RETURNS SETOF found_passage LANGUAGE sql STABLE ROWS 10 SET search_path FROM CURRENT AS $$
    SELECT * FROM hybrid_search(query, query_vector, NULL, channel_named(channel), only_model, max_results)
$$;
COMMENT ON FUNCTION hybrid_search_channel IS 'hybrid_search in one channel, by id, YouTube id or title';

REVOKE EXECUTE ON FUNCTION
    segment_vector(bytea, bytea), exact_search_limit(), check_query_vector(halfvec),
    comparable_passages(halfvec, uuid, uuid, text), vector_condition(uuid, uuid, text),
    nearest_passages(halfvec, uuid, uuid, text, integer), similarity_search(halfvec, uuid, uuid, text, integer),
    passages_with_any_word(text, uuid, uuid, integer),
    place_between(double precision, double precision, double precision),
    hybrid_search(text, halfvec, uuid, uuid, text, integer, double precision),
    similarity_search_video(text, halfvec, text, integer), similarity_search_channel(text, halfvec, text, integer),
    hybrid_search_video(text, text, halfvec, text, integer), hybrid_search_channel(text, text, halfvec, text, integer)
    FROM PUBLIC;

INSERT INTO schema_migrations (name, checksum)
    SELECT '002_similarity_search', '' WHERE to_regproc('hybrid_search_channel') IS NOT NULL
        AND to_regclass('passage_search_3072') IS NOT NULL
    ON CONFLICT DO NOTHING;

DO $$ BEGIN PERFORM set_config('search_path', current_setting('vidsift.search_path'), false); END $$;
