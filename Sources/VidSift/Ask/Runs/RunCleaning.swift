package import Database

/// Forgets what readers of an answer that ended long ago could still have missed. The answer itself stays.
package enum RunCleaning {
    /// How long after its end a run can be read again.
    package static let eventAge = Duration.seconds(24 * 3_600)
    /// Runs whose events go in one transaction, so that none takes long.
    static let batch = 200

    /// - Returns: of how many runs events went.
    package static func run(on database: Database) async throws -> Int {
        var removed = 0
        while true {
            let count = try await RunEvent.removeOld(endedBefore: eventAge, limit: batch, on: database)
            removed += count
            if count < batch { return removed }
        }
    }
}
