import Database
import Foundation

@testable import VidSift
@testable import queue_model

/// A seeded sequence of operations, each done by the SQL and by the model.
///
/// One unit of the model's time is a thousand seconds of the database's: what really passes meanwhile is nothing.
struct ConformanceSequence {
    static let operations = 18
    static let secondsInUnit = 1_000.0
    static let lease = 10
    static let kinds = [JobKind(rawValue: "a"), JobKind(rawValue: "b")]
    static let workers = ["w0", "w1", "w2"]

    let database: Database
    var random: SeededGenerator
    var model = ModelQueue()
    /// Claims that were given out, those that are lost among them.
    var claims: [HeldJob] = []
    /// The model before the last operation.
    private var compared = ModelQueue()
    /// The database's time at the model's time 0.
    private var origin: Date

    init(seed: UInt64, on database: Database) async throws {
        self.database = database
        random = SeededGenerator(seed: seed)
        try await database.execute("DELETE FROM jobs")
        try await database.execute("DELETE FROM job_archive")
        try await database.execute("DELETE FROM job_attempts")
        origin = try await Self.time(on: database)
    }

    private static func time(on database: Database) async throws -> Date {
        try await database.value("SELECT now()", as: Date.self) ?? Date()
    }

    /// So many units of the model's time.
    static func duration(_ units: Int) -> Duration { .seconds(Double(units) * secondsInUnit) }

    private func date(_ time: Int) -> Date { origin.addingTimeInterval(Double(time) * Self.secondsInUnit) }

    /// - Returns: the name of the operation.
    mutating func step() async throws -> String {
        // What the SQL has written was compared; from here on it is as even as in the model, so that ties are ties.
        for row in model.rows where compared.row(row.id) != row { try await setTimes(of: row) }
        compared = model
        return try await operate()
    }

    /// Lets time pass: what is due at the model's time is due in the database.
    mutating func advance(_ units: Int) async throws {
        model.now += units
        let now = try await Self.time(on: database)
        origin = now.addingTimeInterval(-Double(model.now) * Self.secondsInUnit)
        for row in model.rows { try await setTimes(of: row) }
    }

    private func setTimes(of row: ModelRow) async throws {
        try await database.execute(
            """
            UPDATE jobs SET run_at = \(date(row.runAt)),
                lease_until = CASE WHEN lease_until IS NULL THEN NULL ELSE \(date(row.leaseUntil ?? 0)) END
            WHERE id = \(row.id)
            """)
    }

    // MARK: - Comparing

    /// The first difference between the tables and the model.
    func difference() async throws -> String? {
        let rows = try await database.rows("SELECT \(Job.columns) FROM jobs ORDER BY id", as: Job.self)
        let expected = model.rows.sorted { $0.id < $1.id }
        let found = rows.map(modelRow)
        if found != expected { return "jobs are \(found), expected \(expected)" }
        let ends = try await ArchivedJob.list(limit: 1_000, on: database).map(Self.line).sorted()
        let expectedEnds = model.archive.map(Self.line).sorted()
        if ends != expectedEnds { return "the archive is \(ends), expected \(expectedEnds)" }
        let attempts = try await database.fetch(
            "SELECT job_id, fence, worker, outcome FROM job_attempts", limit: nil
        ) { row in
            ModelAttempt(
                job: try row.decode("job_id"), fence: try row.decode("fence"), worker: try row.decode("worker"),
                outcome: try row.decode("outcome"))
        }
        if Set(attempts) != Set(model.attempts) || attempts.count != model.attempts.count {
            return "the attempts are \(attempts), expected \(model.attempts)"
        }
        return nil
    }

    private func modelRow(_ job: Job) -> ModelRow {
        ModelRow(
            id: job.id, kind: job.kind, subject: job.subject, requester: job.requester, priority: job.priority,
            turn: job.turn, state: job.state, runAt: units(job.runAt), attempts: job.attempts, crashes: job.crashes,
            maximumAttempts: job.maximumAttempts, fence: job.fence, worker: job.worker,
            leaseUntil: job.leaseUntil.map(units), isCancelRequested: job.isCancelRequested, lastError: job.lastError,
            parentID: job.parentID, openChildren: job.openChildren)
    }

    private func units(_ date: Date) -> Int {
        Int((date.timeIntervalSince(origin) / Self.secondsInUnit).rounded())
    }

    private static func line(_ job: ArchivedJob) -> String {
        "\(job.id) \(job.state) \(job.attempts) \(job.maximumAttempts) \(job.fence) \(job.worker ?? "-") "
            + "\(job.lastError ?? "-") \(job.parentID?.description ?? "-") \(job.priority) \(job.requester)"
    }

    private static func line(_ end: ModelEnd) -> String {
        let row = end.row
        return "\(row.id) \(end.state) \(row.attempts) \(row.maximumAttempts) \(row.fence) \(row.worker ?? "-") "
            + "\(row.lastError ?? "-") \(row.parentID?.description ?? "-") \(row.priority) \(row.requester)"
    }
}
