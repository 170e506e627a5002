internal import Database
internal import Logging

extension RunningJob {
    /// Writes down that a video's words will not be had.
    ///
    /// Where nothing has gone wrong (it has none, or they are not for everybody) the job is done with that, in the same
    /// transaction. `VideoFetch.Outcome.failed` is a failure of the job as well.
    ///
    /// - Returns: the end of the job.
    /// - Throws: `LeaseLost`, `DatabaseError`.
    func giveUp(
        _ video: VideoID, as outcome: VideoFetch.Outcome, _ reason: String, on database: Database, logger: Logger
    ) async throws -> JobOutcome {
        guard outcome != .failed else {
            try await database.transaction(attempts: Job.conflictAttempts) { tx in
                guard try await isHeld(in: tx) else { throw LeaseLost(name: job.description) }
                try await VideoFetch.record(outcome, reason, of: video, on: tx)
            }
            return .buried(reason: reason)
        }
        _ = try await completing(on: database) { tx -> Bool? in
            guard try await isHeld(in: tx) else { throw LeaseLost(name: job.description) }
            try await VideoFetch.record(outcome, reason, of: video, on: tx)
            try await complete(in: tx)
            return true
        }
        logger.info(
            "the words of a video can't be had",
            metadata: ["video": "\(video)", "outcome": "\(outcome.rawValue)", "reason": "\(reason)"])
        return .done
    }
}
