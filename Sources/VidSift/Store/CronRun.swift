package import Database
package import Foundation

/// One tick of a task by the clock, and what became of it: there is one row for each task and time, whoever was first.
package struct CronRun: Sendable, Hashable, Identifiable {
    /// How far it has come.
    package enum State: String, Sendable, SQLBindable, SQLDecodable {
        case running, completed, failed
    }

    package var id: Identifier<CronRun>
    package var task: String
    package var dueAt: Date
    /// Which instance has recorded it.
    package var instance: String
    package var state: State
    package var error: String?
    package var startedAt: Date
    package var finishedAt: Date?
    package var jobID: JobID?
}

extension CronRun: RowDecodable {
    package init(row: Row) throws {
        id = try row.decode("id")
        task = try row.decode("task")
        dueAt = try row.decode("due_at")
        instance = try row.decode("instance")
        state = try row.decode("state")
        error = try row.decode("error")
        startedAt = try row.decode("started_at")
        finishedAt = try row.decode("finished_at")
        jobID = try row.decode("job_id")
    }
}

/// Do what a task does at one of its times.
package struct CronJob: JobPayload, Hashable {
    package static let kind = JobKind(rawValue: "cron")
    package static let version = 1

    package var task: String
    package var dueAt: Date
    package var subject: String { "\(task)@\(Int64((dueAt.timeIntervalSince1970 * 1_000_000).rounded()))" }

    package init(task: String, dueAt: Date) {
        self.task = task
        self.dueAt = dueAt
    }
}

extension CronRun {
    /// Attempts at one tick's work, after which it is given up: the next tick comes anyway.
    private static let maximumAttempts = 5

    /// Records a tick and its job, in the caller's transaction; false when another instance has done so.
    ///
    /// - Parameter isByHand: whether somebody has asked for it: then it is no tick, and no tick counts as done by it.
    package static func record(
        _ job: CronJob, by instance: String, byHand isByHand: Bool = false, on tx: some SQLRunner
    ) async throws -> Bool {
        let recorded = try await tx.execute(
            """
            INSERT INTO cron_runs (id, task, due_at, instance, state, started_at, by_hand)
            VALUES (\(Identifier<CronRun>()), \(job.task), \(job.dueAt), \(instance), \(State.running), now(),
                \(isByHand))
            ON CONFLICT (task, due_at) DO NOTHING
            """)
        guard recorded > 0 else { return false }
        let enqueued = try await NewJob(
            job, priority: isByHand ? .high : .normal, maximumAttempts: maximumAttempts
        ).enqueue(on: tx)
        try await tx.execute(
            "UPDATE cron_runs SET job_id = \(enqueued.id) WHERE task = \(job.task) AND due_at = \(job.dueAt)")
        return true
    }

    /// Writes down how a tick has ended.
    package static func finish(_ job: CronJob, error: String? = nil, on tx: some SQLRunner) async throws {
        let state: State = error == nil ? .completed : .failed
        try await tx.execute(
            """
            UPDATE cron_runs SET state = \(state), error = \(error), finished_at = now()
            WHERE task = \(job.task) AND due_at = \(job.dueAt) AND state = \(State.running)
            """)
    }

    private static let columns: SQL =
        "id, task, due_at, instance, state, error, started_at, finished_at, job_id"

    /// The last ticks of a task, or of all, the newest first.
    package static func recent(
        of task: String? = nil, limit: Int, on db: some SQLRunner
    ) async throws -> [CronRun] {
        guard let task else {
            return try await db.rows(
                "SELECT \(columns) FROM cron_runs ORDER BY started_at DESC, id DESC LIMIT \(limit)", as: CronRun.self)
        }
        return try await db.rows(
            "SELECT \(columns) FROM cron_runs WHERE task = \(task) ORDER BY due_at DESC LIMIT \(limit)",
            as: CronRun.self)
    }

    /// Forgets all but the last ticks of a task.
    package static func removeOld(of task: String, keeping count: Int, on db: some SQLRunner) async throws -> Int {
        try await db.execute(
            """
            DELETE FROM cron_runs WHERE task = \(task) AND state <> \(State.running) AND due_at < (
                SELECT min(due_at) FROM (
                    SELECT due_at FROM cron_runs WHERE task = \(task) ORDER BY due_at DESC LIMIT \(count)) AS kept)
            """)
    }
}
