package import Database
package import Foundation

/// Since when a task runs by its expression, and how far it has come.
package struct CronTaskRecord: Sendable, Hashable, RowDecodable {
    package var name: String
    /// No tick before that was missed.
    package var since: Date
    package var lastTick: Date?
    /// Whether a run of it has not ended.
    package var isRunning: Bool

    package init(row: Row) throws {
        name = try row.decode("name")
        since = try row.decode("since")
        lastTick = try row.decode("last_tick")
        isRunning = try row.decode("running", as: Int.self) > 0
    }
}

extension CronTaskRecord {
    /// Makes a task known; one with another expression begins anew.
    package static func register(_ name: String, expression: String, now: Date, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            INSERT INTO cron_tasks (name, expression, since) VALUES (\(name), \(expression), \(now))
            ON CONFLICT (name) DO UPDATE SET expression = excluded.expression, since = excluded.since
            WHERE cron_tasks.expression <> excluded.expression
            """)
    }

    package static func all(on db: some SQLRunner) async throws -> [CronTaskRecord] {
        try await db.rows(
            """
            SELECT t.name, t.since,
                (SELECT max(r.due_at) FROM cron_runs r WHERE r.task = t.name AND r.due_at >= t.since
                    AND NOT r.by_hand) AS last_tick,
                (SELECT count(*) FROM cron_runs r WHERE r.task = t.name AND r.state = 'running') AS running
            FROM cron_tasks t ORDER BY t.name
            """, as: CronTaskRecord.self)
    }

    /// The database's time.
    package static func now(on db: some SQLRunner) async throws -> Date {
        try await db.value("SELECT now()", as: Date.self) ?? Date()
    }
}
