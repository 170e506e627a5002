-- A batch of :n is claimed and committed, then completed and committed, as a worker must that may die in between.
-- ARRAY(…) rather than IN (…): it is looked up once, whatever the planner thinks of it.
WITH claimed AS (
    UPDATE yardstick.jobs
    SET state = 'running', fence = fence + 1, attempts = attempts + 1, worker = 'pgbench',
        lease_until = now() + interval '7 seconds'
    WHERE id = ANY (ARRAY(
        SELECT id FROM yardstick.jobs WHERE state = 'pending' AND run_at <= now()
        ORDER BY priority DESC, run_at, id LIMIT :n FOR UPDATE SKIP LOCKED
    ))
    RETURNING id, payload
)
SELECT array_agg(id) AS ids, array_agg(payload) AS payloads FROM claimed \gset
WITH ended AS (
    DELETE FROM yardstick.jobs WHERE id = ANY (:ids::bigint[]) AND worker = 'pgbench' AND state = 'running'
    RETURNING id, kind, subject, payload, priority, attempts, created_at
)
INSERT INTO yardstick.job_archive (id, kind, subject, payload, priority, state, attempts, created_at)
SELECT id, kind, subject, payload, priority, 'completed', attempts, created_at FROM ended;
