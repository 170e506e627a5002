package import Database
package import Foundation

/// The given-up jobs of one kind that share their reason: what a redrive puts back to work together.
package struct BuriedClass: Sendable, Hashable {
    package var kind: JobKind
    package var reason: String
    package var jobs: Int
    /// When the last of them was given up.
    package var lastAt: Date
}

extension BuriedClass: RowDecodable {
    package init(row: Row) throws {
        kind = try row.decode("kind")
        reason = try row.decode("reason")
        jobs = try row.decode("jobs")
        lastAt = try row.decode("last_at")
    }
}

extension ArchivedJob {
    /// What was given up, by kind and reason, the largest class first.
    package static func buriedClasses(limit: Int, on db: some SQLRunner) async throws -> [BuriedClass] {
        try await db.rows(
            """
            SELECT kind, last_error AS reason, count(*) AS jobs, max(finished_at) AS last_at
            FROM job_archive WHERE state = 'buried' GROUP BY kind, last_error
            ORDER BY jobs DESC, kind, reason LIMIT \(limit)
            """, as: BuriedClass.self)
    }

    /// How many of a class were given up.
    ///
    /// - Parameter reason: only those whose last error is this one.
    package static func countBuried(
        kind: JobKind, reason: String?, on db: some SQLRunner
    ) async throws -> Int {
        let because: SQL = if let reason { "AND last_error = \(reason)" } else { "" }
        return try await db.value(
            "SELECT count(*) FROM job_archive WHERE kind = \(kind) AND state = 'buried' \(because)", as: Int.self) ?? 0
    }
}
