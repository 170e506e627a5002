internal import Database

extension RunningJob {
    /// Writes down that a video's words will not be had.
    ///
    /// - Returns: the end of the job.
    /// - Throws: `LeaseLost`, `DatabaseError`.
    func giveUp(
        _ video: VideoID, as outcome: VideoFetch.Outcome, _ reason: String, on database: Database
    ) async throws -> JobOutcome {
        try await database.transaction(attempts: Job.conflictAttempts) { tx in
            guard try await isHeld(in: tx) else { throw LeaseLost(name: job.description) }
            try await VideoFetch.record(outcome, reason, of: video, on: tx)
        }
        return .buried(reason: reason)
    }
}
