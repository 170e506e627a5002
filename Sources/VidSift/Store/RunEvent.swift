package import Database

/// An event of a run as it is stored: its number, and its JSON as in the native stream.
package struct RunEvent: Sendable, Hashable, RowDecodable {
    package var number: Int
    package var body: String

    package init(row: Row) throws {
        number = try row.decode("number")
        body = try row.decode("body")
    }
}

extension RunEvent {
    /// Stores an event while the run is still the holder's. Nothing changes where it is not, where the event is there
    /// already because an earlier attempt has stored it without saying so, and where the one before it is missing:
    /// a server that lost its power may have lost the last ones that it had stored.
    package static func insertion(_ number: Int, of run: RunID, _ body: String, by holder: RunHolder) -> SQL {
        """
        INSERT INTO run_events (run_id, number, body)
        SELECT id, \(number), \(body) FROM runs WHERE id = \(run) AND state = 'running' AND holder = \(holder.name)
            AND \(follows(number, of: run))
        ON CONFLICT (run_id, number) DO NOTHING
        """
    }

    /// Stores the last event where the one before it is there, in the transaction that ends the run.
    ///
    /// - Returns: false where that one is missing.
    package static func appendInOrder(
        _ number: Int, of run: RunID, _ body: String, on tx: some SQLRunner
    ) async throws -> Bool {
        try await tx.execute(
            """
            INSERT INTO run_events (run_id, number, body)
            SELECT id, \(number), \(body) FROM runs WHERE id = \(run) AND \(follows(number, of: run))
            """) > 0
    }

    private static func follows(_ number: Int, of run: RunID) -> SQL {
        "(\(number) = 1 OR EXISTS (SELECT 1 FROM run_events WHERE run_id = \(run) AND number = \(number - 1)))"
    }

    /// Stores the last event, whatever is missing before it, in the transaction that ends the run.
    package static func append(_ number: Int, of run: RunID, _ body: String, on tx: some SQLRunner) async throws {
        try await tx.execute("INSERT INTO run_events (run_id, number, body) VALUES (\(run), \(number), \(body))")
    }

    /// The next events of a run, in order.
    package static func page(of run: RunID, after number: Int, limit: Int) -> SQL {
        """
        SELECT number, body FROM run_events WHERE run_id = \(run) AND number > \(number)
        ORDER BY number LIMIT \(limit)
        """
    }

    package static func list(
        of run: RunID, after number: Int, limit: Int, on db: some SQLRunner
    ) async throws -> [RunEvent] {
        try await db.rows(page(of: run, after: number, limit: limit), as: RunEvent.self)
    }

    /// The event of that number.
    package static func get(_ number: Int, of run: RunID, on db: some SQLRunner) async throws -> RunEvent? {
        try await db.first(
            "SELECT number, body FROM run_events WHERE run_id = \(run) AND number = \(number)", as: RunEvent.self)
    }

    /// The number of a run's last event; 0 where there is none.
    package static func last(of run: RunID, on db: some SQLRunner) async throws -> Int {
        try await db.value("SELECT coalesce(max(number), 0) FROM run_events WHERE run_id = \(run)", as: Int.self) ?? 0
    }

    /// Removes the events of runs that ended so long ago, of a limited number of runs at a time.
    ///
    /// - Returns: of how many runs.
    package static func removeOld(
        endedBefore age: Duration, limit: Int, on database: Database
    ) async throws -> Int {
        try await database.transaction(attempts: Job.conflictAttempts) { tx in
            try await removeEnded(before: age, limit: limit, on: tx)
        }
    }

    /// The same in the caller's transaction.
    static func removeEnded(before age: Duration, limit: Int, on tx: some SQLRunner) async throws -> Int {
        let runs = try await tx.values(
            """
            SELECT id FROM runs WHERE has_events AND ended_at < seconds_from_now(\(-(age / .seconds(1))))
            ORDER BY ended_at LIMIT \(limit) \(lock: .update(.skipping))
            """, as: RunID.self)
        guard !runs.isEmpty else { return 0 }
        try await tx.execute("DELETE FROM run_events WHERE run_id IN \(list: runs)")
        try await tx.execute("UPDATE runs SET has_events = false WHERE id IN \(list: runs)")
        return runs.count
    }
}
