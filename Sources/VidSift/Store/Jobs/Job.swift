package import Database
package import Foundation

/// What is to be done, as data, and how far it has come: the row that remembers. Behaviour is bound to kinds in the
/// composition root.
package struct Job: Sendable, Hashable, Identifiable {
    package var id: JobID
    package var kind: JobKind
    /// The version of the payload's form.
    package var version: Int
    /// What it is done to: one job of a kind for each subject at a time.
    package var subject: String
    /// JSON, of the kind's own form.
    package var payload: String
    /// Who asked; '' is the program itself.
    package var requester: String
    package var priority: JobPriority
    /// The place in the round between requesters.
    package var turn: Int
    package var state: JobState
    package var runAt: Date
    /// Attempts that were begun and count.
    package var attempts: Int
    /// Attempts in a row that had no end of any kind.
    package var crashes: Int
    package var maximumAttempts: Int
    /// Grows with each claim; whoever holds an older one may write nothing more.
    package var fence: Int
    package var worker: String?
    package var leaseUntil: Date?
    package var startedAt: Date?
    package var isCancelRequested: Bool
    package var progress: JobProgress
    package var lastError: String?
    package var parentID: JobID?
    /// Children that have not ended.
    package var openChildren: Int
    package var createdAt: Date

    package init(
        id: JobID, kind: JobKind, version: Int, subject: String, payload: String, requester: String,
        priority: JobPriority, turn: Int, state: JobState, runAt: Date, attempts: Int, crashes: Int,
        maximumAttempts: Int, fence: Int, worker: String?, leaseUntil: Date?, startedAt: Date?,
        isCancelRequested: Bool, progress: JobProgress, lastError: String?, parentID: JobID?, openChildren: Int,
        createdAt: Date
    ) {
        self.id = id
        self.kind = kind
        self.version = version
        self.subject = subject
        self.payload = payload
        self.requester = requester
        self.priority = priority
        self.turn = turn
        self.state = state
        self.runAt = runAt
        self.attempts = attempts
        self.crashes = crashes
        self.maximumAttempts = maximumAttempts
        self.fence = fence
        self.worker = worker
        self.leaseUntil = leaseUntil
        self.startedAt = startedAt
        self.isCancelRequested = isCancelRequested
        self.progress = progress
        self.lastError = lastError
        self.parentID = parentID
        self.openChildren = openChildren
        self.createdAt = createdAt
    }
}

package typealias JobID = Identifier<Job>

/// The name of a kind of work. The database may hold kinds that this version of the program does not know.
package struct JobKind: RawRepresentable, Sendable, Hashable, SQLBindable, SQLDecodable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// What is done first. Within a priority the requesters take turns.
package enum JobPriority: Int, Sendable, CaseIterable, Comparable, SQLBindable, SQLDecodable {
    case low, normal, high

    package init?(name: String) {
        guard let priority = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = priority
    }

    package var name: String {
        switch self {
        case .low: "low"
        case .normal: "normal"
        case .high: "high"
        }
    }

    package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}

/// Where a job stands that has not ended.
package enum JobState: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
    /// Not before its time.
    case scheduled
    /// As soon as there is a free place.
    case pending
    case running
    /// For the end of its children.
    case waiting
}

/// How much of a job is done.
package struct JobProgress: Sendable, Hashable {
    package var done: Int
    package var total: Int

    package init(done: Int, total: Int) {
        self.done = done
        self.total = total
    }

    /// 0...1; 0 where nothing is known.
    package var fraction: Double { total > 0 ? min(1, max(0, Double(done) / Double(total))) : 0 }
}

extension Job: RowDecodable {
    package init(row: Row) throws {
        id = try row.decode("id")
        kind = try row.decode("kind")
        version = try row.decode("version")
        subject = try row.decode("subject")
        payload = try row.decode("payload")
        requester = try row.decode("requester")
        priority = try row.decode("priority")
        turn = try row.decode("turn")
        state = try row.decode("state")
        runAt = try row.decode("run_at")
        attempts = try row.decode("attempts")
        crashes = try row.decode("crashes")
        maximumAttempts = try row.decode("max_attempts")
        fence = try row.decode("fence")
        worker = try row.decode("worker")
        leaseUntil = try row.decode("lease_until")
        startedAt = try row.decode("started_at")
        isCancelRequested = try row.decode("cancel_requested")
        progress = JobProgress(done: try row.decode("progress_done"), total: try row.decode("progress_total"))
        lastError = try row.decode("last_error")
        parentID = try row.decode("parent_id")
        openChildren = try row.decode("open_children")
        createdAt = try row.decode("created_at")
    }
}

extension Job {
    static let columns: SQL = """
        id, kind, version, subject, payload, requester, priority, turn, state, run_at, attempts, crashes, max_attempts,
            fence, worker, lease_until, started_at, cancel_requested, progress_done, progress_total, last_error,
            parent_id, open_children, created_at
        """

    package static func get(_ id: JobID, on db: some SQLRunner) async throws -> Job? {
        try await db.first("SELECT \(columns) FROM jobs WHERE id = \(id)", as: Job.self)
    }

    package static func get(_ kind: JobKind, _ subject: String, on db: some SQLRunner) async throws -> Job? {
        try await db.first(
            "SELECT \(columns) FROM jobs WHERE kind = \(kind) AND subject = \(subject)", as: Job.self)
    }

    /// Jobs that have not ended, the first to be done first within each kind.
    package static func list(
        states: [JobState] = JobState.allCases, kind: JobKind? = nil, limit: Int, on db: some SQLRunner
    ) async throws -> [Job] {
        let ofKind: SQL = if let kind { "AND kind = \(kind)" } else { "" }
        return try await db.rows(
            """
            SELECT \(columns) FROM jobs WHERE state IN \(list: states) \(ofKind)
            ORDER BY kind, priority DESC, turn, run_at, id LIMIT \(limit)
            """, as: Job.self)
    }

    package static func children(of id: JobID, limit: Int, on db: some SQLRunner) async throws -> [Job] {
        try await db.rows(
            "SELECT \(columns) FROM jobs WHERE parent_id = \(id) ORDER BY id LIMIT \(limit)", as: Job.self)
    }
}
