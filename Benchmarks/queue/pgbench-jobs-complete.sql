-- As pgbench-complete.sql, on VidSift's own tables with all their rules and indexes; and as in VidSift, the commit of
-- a claim does not wait for the disk, while that of the end does.
WITH relaxed AS MATERIALIZED (
    SELECT set_config('synchronous_commit', 'off', true)
), claimed AS (
    UPDATE jobs
    SET state = 'running', fence = fence + 1, attempts = attempts + 1, worker = 'pgbench', started_at = now(),
        updated_at = now(), lease_until = now() + interval '7 seconds'
    WHERE id = ANY (ARRAY(
        SELECT id FROM jobs WHERE kind = 'empty' AND state = 'pending' AND run_at <= now()
        ORDER BY priority DESC, turn, run_at, id LIMIT :n FOR UPDATE SKIP LOCKED
    ))
    RETURNING id, payload
)
SELECT array_agg(id) AS ids, array_agg(payload::text) AS payloads FROM claimed, relaxed \gset
WITH ended AS (
    DELETE FROM jobs WHERE id = ANY (:ids::uuid[]) AND worker = 'pgbench' AND state = 'running'
    RETURNING *
)
INSERT INTO job_archive (id, kind, version, subject, payload, requester, priority, state, attempts, max_attempts, fence,
    worker, created_at, started_at, finished_at)
SELECT id, kind, version, subject, payload, requester, priority, 'completed', attempts, max_attempts, fence,
    worker, created_at, started_at, now() FROM ended;
