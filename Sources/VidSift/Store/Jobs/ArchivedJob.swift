package import Database
package import Foundation

/// A job that has ended.
package struct ArchivedJob: Sendable, Hashable, Identifiable {
    /// How it ended.
    package enum State: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case completed
        /// Given up, for the reason in its last error.
        case buried
        case cancelled
    }

    package var id: JobID
    package var kind: JobKind
    package var version: Int
    package var subject: String
    package var payload: String
    package var requester: String
    package var priority: JobPriority
    package var state: State
    package var attempts: Int
    package var maximumAttempts: Int
    package var fence: Int
    package var worker: String?
    package var lastError: String?
    package var parentID: JobID?
    package var createdAt: Date
    /// When the last attempt began; nil where none did.
    package var startedAt: Date?
    package var finishedAt: Date
}

extension ArchivedJob: RowDecodable {
    package init(row: Row) throws {
        id = try row.decode("id")
        kind = try row.decode("kind")
        version = try row.decode("version")
        subject = try row.decode("subject")
        payload = try row.decode("payload")
        requester = try row.decode("requester")
        priority = try row.decode("priority")
        state = try row.decode("state")
        attempts = try row.decode("attempts")
        maximumAttempts = try row.decode("max_attempts")
        fence = try row.decode("fence")
        worker = try row.decode("worker")
        lastError = try row.decode("last_error")
        parentID = try row.decode("parent_id")
        createdAt = try row.decode("created_at")
        startedAt = try row.decode("started_at")
        finishedAt = try row.decode("finished_at")
    }
}

extension ArchivedJob {
    static let columns: SQL = """
        id, kind, version, subject, payload, requester, priority, state, attempts, max_attempts, fence, worker,
            last_error, parent_id, created_at, started_at, finished_at
        """

    /// Why it came to nothing: that the words of a video are not to be had is no failure of its job, but its result.
    package var reason: String? {
        state != .completed || VideoFetch.jobKinds.contains(kind) ? lastError : nil
    }

    package static func get(_ id: JobID, on db: some SQLRunner) async throws -> ArchivedJob? {
        try await db.first("SELECT \(columns) FROM job_archive WHERE id = \(id)", as: ArchivedJob.self)
    }

    /// The last one of a kind that ended for a subject.
    package static func last(
        _ kind: JobKind, _ subject: String, on db: some SQLRunner
    ) async throws -> ArchivedJob? {
        try await db.first(
            """
            SELECT \(columns) FROM job_archive WHERE subject = \(subject) AND kind = \(kind)
            ORDER BY finished_at DESC, id DESC LIMIT 1
            """, as: ArchivedJob.self)
    }

    /// The last that ended, the newest first.
    package static func list(
        states: [State] = State.allCases, kind: JobKind? = nil, limit: Int, on db: some SQLRunner
    ) async throws -> [ArchivedJob] {
        let ofKind: SQL = if let kind { "AND kind = \(kind)" } else { "" }
        return try await db.rows(
            """
            SELECT \(columns) FROM job_archive WHERE state IN \(list: states) \(ofKind)
            ORDER BY finished_at DESC, id DESC LIMIT \(limit)
            """, as: ArchivedJob.self)
    }

    /// How the children of a job have ended so far.
    package static func childrenByState(of parent: JobID, on db: some SQLRunner) async throws -> [State: Int] {
        let rows = try await db.rows(
            "SELECT state, count(*) AS jobs FROM job_archive WHERE parent_id = \(parent) GROUP BY state",
            as: StateCount.self)
        return Dictionary(rows.map { ($0.state, $0.jobs) }, uniquingKeysWith: +)
    }

    /// Moves the running or waiting jobs that fit into the archive, as far as the caller then deletes them.
    static func insertion(_ state: State, error: String?, where condition: SQL) -> SQL {
        """
        INSERT INTO job_archive (id, kind, version, subject, payload, requester, priority, state, attempts,
            max_attempts, fence, worker, last_error, parent_id, created_at, started_at, finished_at)
        SELECT id, kind, version, subject, payload, requester, priority, \(state), attempts, max_attempts, fence,
            worker, coalesce(\(error), last_error), parent_id, created_at, started_at, now()
        FROM jobs WHERE \(condition) \(lock: .update(.waiting))
        """
    }

    /// Forgets what ended so long ago; how many.
    static func removeOld(olderThan age: Duration, limit: Int, on db: some SQLRunner) async throws -> Int {
        try await db.execute(
            """
            DELETE FROM job_archive WHERE id IN (
                SELECT id FROM job_archive WHERE finished_at < seconds_from_now(\(-(age / .seconds(1))))
                ORDER BY finished_at LIMIT \(limit))
            """)
    }

    private struct StateCount: RowDecodable {
        let state: State
        let jobs: Int

        init(row: Row) throws {
            state = try row.decode("state")
            jobs = try row.decode("jobs")
        }
    }
}
