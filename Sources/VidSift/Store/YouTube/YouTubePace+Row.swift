package import Database
internal import Foundation

extension YouTubePace: RowDecodable {
    package init(row: Row) throws {
        self.init(
            nextAt: try row.decode("next_at"), fullAt: try row.decode("full_at"),
            blockedUntil: try row.decode("blocked_until"), blocks: try row.decode("blocks"),
            reason: try row.decode("reason"))
    }
}

extension YouTubePace {
    private static let columns: SQL = "next_at, full_at, blocked_until, blocks, reason"

    /// As it stands; where nobody has asked yet, free.
    package static func get(on db: some SQLRunner) async throws -> YouTubePace {
        try await db.first("SELECT \(columns) FROM youtube_pace WHERE name = 'youtube'", as: YouTubePace.self)
            ?? YouTubePace()
    }

    /// Changes the row, one caller after the other.
    ///
    /// - Parameter change: gets the row and the database's time; what it returns is returned.
    static func update<Result: Sendable>(
        on database: Database, _ change: @Sendable (inout YouTubePace, Date) -> Result
    ) async throws -> Result {
        try await database.transaction(attempts: Job.conflictAttempts) { tx in
            try await tx.execute(
                """
                INSERT INTO youtube_pace (name, next_at, full_at, blocked_until, updated_at)
                VALUES ('youtube', now(), now(), now(), now()) ON CONFLICT (name) DO NOTHING
                """)
            let row = try await tx.first(
                "SELECT \(columns) FROM youtube_pace WHERE name = 'youtube' \(lock: .update(.waiting))",
                as: YouTubePace.self)
            var pace = row ?? YouTubePace()
            let before = pace
            let result = change(&pace, try await CronTaskRecord.now(on: tx))
            if pace != before {
                try await tx.execute(
                    """
                    UPDATE youtube_pace SET next_at = \(pace.nextAt), full_at = \(pace.fullAt),
                        blocked_until = \(pace.blockedUntil), blocks = \(pace.blocks), reason = \(pace.reason),
                        updated_at = now()
                    WHERE name = 'youtube'
                    """)
            }
            return result
        }
    }
}
