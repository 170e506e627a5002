INSERT INTO jobs (id, kind, version, subject, payload, priority, turn, state, run_at, max_attempts, created_at,
    updated_at)
SELECT uuidv7(), 'empty', 1, number::text, '{"number": 0, "enqueuedAt": 0}', 1, number, 'pending', now(), 25, now(),
    now()
FROM generate_series(1, :jobs) AS number;
VACUUM ANALYZE;
CHECKPOINT;
