package import Database

/// Puts a video to work whose time has come.
package struct AwaitVideo: Sendable {
    let database: Database

    package init(database: Database) {
        self.database = database
    }

    /// The handler of `AwaitVideoJob`.
    package func callAsFunction(_ job: AwaitVideoJob, _ running: RunningJob) async throws -> JobOutcome {
        _ = try await running.completing(on: database) { tx -> Bool? in
            if try await VideoFetch.want(job.video, on: tx) {
                _ = try await NewJob(
                    FetchVideoJob(video: job.video), requester: running.job.requester, priority: .low,
                    maximumAttempts: FetchVideo.maximumAttempts
                ).enqueue(on: tx)
            }
            try await running.complete(in: tx)
            return true
        }
        return .done
    }
}
