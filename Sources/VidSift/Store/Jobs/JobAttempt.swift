package import Database
package import Foundation

/// One attempt at a job that did not end in success.
package struct JobAttempt: Sendable, Hashable {
    /// How it ended.
    package enum Outcome: String, Sendable, SQLBindable, SQLDecodable {
        /// It may succeed later.
        case failed
        /// It can't.
        case buried
        case cancelled
        /// The worker was stopped.
        case interrupted
        /// The worker fell silent: its process ended, or was suspended past its lease.
        case lost
        /// It waits for something, which is no failure.
        case putOff = "put_off"
    }

    package var fence: Int
    package var worker: String
    package var startedAt: Date
    package var endedAt: Date
    package var outcome: Outcome
    package var error: String?
}

extension JobAttempt: RowDecodable {
    package init(row: Row) throws {
        fence = try row.decode("fence")
        worker = try row.decode("worker")
        startedAt = try row.decode("started_at")
        endedAt = try row.decode("ended_at")
        outcome = try row.decode("outcome")
        error = try row.decode("error")
    }
}

extension JobAttempt {
    /// The attempts at a job, the last first.
    package static func list(of job: JobID, limit: Int, on db: some SQLRunner) async throws -> [JobAttempt] {
        try await db.rows(
            """
            SELECT fence, worker, started_at, ended_at, outcome, error FROM job_attempts WHERE job_id = \(job)
            ORDER BY fence DESC LIMIT \(limit)
            """, as: JobAttempt.self)
    }

    /// Writes the running attempts of those jobs down as ended, and keeps the jobs until the transaction ends.
    static func insertion(_ outcome: Outcome, error: String?, where condition: SQL) -> SQL {
        """
        INSERT INTO job_attempts (job_id, fence, worker, started_at, ended_at, outcome, error)
        SELECT id, fence, worker, started_at, now(), \(outcome), \(error) FROM jobs
        WHERE \(condition) AND state = 'running' \(lock: .update(.waiting))
        """
    }

    /// Forgets what ended so long ago.
    static func removeOld(olderThan age: Duration, on db: some SQLRunner) async throws -> Int {
        try await db.execute(
            """
            DELETE FROM job_attempts WHERE ended_at < seconds_from_now(\(-(age / .seconds(1))))
                AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = job_attempts.job_id)
            """)
    }
}
