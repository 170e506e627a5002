package import Database

/// What is forgotten after its time.
package enum QueueCleaning {
    /// Finished jobs and their attempts.
    package static let archiveAge = Duration.seconds(7 * 24 * 3_600)
    /// Locks that nobody took again.
    package static let lockAge = Duration.seconds(24 * 3_600)
    /// Errors.
    package static let errorAge = Duration.seconds(30 * 24 * 3_600)
    /// Workers that were not seen again.
    package static let workerAge = Duration.seconds(3_600)
    /// Rows that go in one transaction, so that none takes long.
    package static let batch = 5_000

    /// - Returns: how many rows went, by what they were.
    package static func run(on database: Database) async throws -> [String: Int] {
        var removed: [String: Int] = [:]
        while true {
            let count = try await ArchivedJob.removeOld(olderThan: archiveAge, limit: batch, on: database)
            removed["jobs", default: 0] += count
            if count < batch { break }
        }
        removed["attempts"] = try await JobAttempt.removeOld(olderThan: archiveAge, on: database)
        removed["locks"] = try await ProcessingLock.removeOld(olderThan: lockAge, on: database)
        removed["workers"] = try await WorkerPresence.removeOld(olderThan: workerAge, on: database)
        removed["limits"] = try await database.execute("DELETE FROM rate_limits WHERE expires_at < now()")
        removed["errors"] = try await database.execute(
            "DELETE FROM error_logs WHERE created_at < seconds_from_now(\(-(errorAge / .seconds(1))))")
        return removed.filter { $0.value > 0 }
    }
}
