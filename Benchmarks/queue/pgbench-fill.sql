INSERT INTO yardstick.jobs (kind, subject, payload)
SELECT 'noop', number::text, '{"at": 0}' FROM generate_series(1, :jobs) AS number;
VACUUM ANALYZE;
CHECKPOINT;
