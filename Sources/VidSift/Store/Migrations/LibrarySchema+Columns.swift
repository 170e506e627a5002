package import Database

extension LibrarySchema {
    /// The columns of the tables that are not moved between databases; `MovableTable` has those of the others.
    private static let workColumns: [String: [String]] = [
        "jobs": [
            "id", "kind", "version", "subject", "payload", "requester", "priority", "turn", "state", "run_at",
            "attempts", "crashes", "max_attempts", "fence", "worker", "lease_until", "started_at", "cancel_requested",
            "progress_done", "progress_total", "last_error", "parent_id", "open_children", "created_at", "updated_at",
        ],
        "job_archive": [
            "id", "kind", "version", "subject", "payload", "requester", "priority", "state", "attempts",
            "max_attempts", "fence", "worker", "last_error", "parent_id", "created_at", "started_at", "finished_at",
        ],
        "job_attempts": ["job_id", "fence", "worker", "started_at", "ended_at", "outcome", "error"],
        "workers": ["id", "name", "slots", "started_at", "seen_at"],
        "processing_locks": ["name", "holder", "fence", "acquired_at", "expires_at", "released", "takeovers"],
        "cron_runs": [
            "id", "task", "due_at", "instance", "state", "error", "started_at", "finished_at", "job_id", "by_hand",
        ],
        "cron_tasks": ["name", "expression", "since"],
        "run_events": ["run_id", "number", "body"],
        "youtube_pace": ["name", "next_at", "full_at", "blocked_until", "blocks", "reason", "updated_at"],
        "quota_days": ["day", "units", "is_exhausted"],
    ]

    /// Looks whether all columns are there that the program uses: a schema that was changed by hand would otherwise stop
    /// some work in silence.
    ///
    /// - Throws: `SchemaIncomplete`, `DatabaseError`.
    package static func checkColumns(on database: Database) async throws {
        var tables = workColumns
        for table in MovableTable.library { tables[table.name] = table.columnNames }
        for (table, columns) in tables.sorted(by: { $0.key < $1.key }) {
            guard try await !has(columns, in: table, on: database) else { continue }
            var missing: [String] = []
            for column in columns where try await !has([column], in: table, on: database) { missing.append(column) }
            throw SchemaIncomplete(table: table, columns: missing)
        }
    }

    private static func has(_ columns: [String], in table: String, on database: Database) async throws -> Bool {
        // With its table's name, for to SQLite a name in quotes that is none is a text.
        let list = columns.map { "\(table).\($0)" }.joined(separator: ", ")
        do {
            _ = try await database.fetch("SELECT \(unescaped: list) FROM \(unescaped: table) LIMIT 0", limit: nil) {
                _ in
            }
            return true
        } catch let error as DatabaseError where error.kind == .other {
            return false
        }
    }
}

/// A schema that says it is up to date and is not.
package struct SchemaIncomplete: Error, CustomStringConvertible {
    package var table: String
    package var columns: [String]

    package var description: String {
        """
        The table \(table) is not as this program made it: \(columns.joined(separator: ", ")) \
        \(columns.count == 1 ? "is" : "are") missing. Somebody has changed the schema by hand; put a backup in its place, \
        or the columns back as the migrations have them.
        """
    }
}
