internal import Database
internal import Foundation
internal import Logging
internal import ServiceLifecycle

/// Runs the work that is written down in the database, one job at a time, whoever wrote it down and whenever.
///
/// A process that is killed leaves the row behind; the next one finds it and begins again. One process at a time works
/// on a data folder: the lock is the kernel's, so it goes with its holder.
package struct JobRunner: Service {
    /// Attempts after which a job is given up until somebody asks again.
    static let maximumAttempts = 5
    /// The first wait after a passing failure; it doubles up to the longest.
    static let firstRetry = Duration.seconds(5)
    static let longestRetry = Duration.seconds(600)
    /// How often due work is looked for that another process wrote down.
    static let pollInterval = Duration.seconds(5)
    /// How often the lock is tried while another process holds it.
    static let lockInterval = Duration.milliseconds(100)
    /// Jobs that are fetched at a time.
    static let batch = 32

    let database: Database
    let handlers: [Job.Kind: JobHandler]
    let lockPath: String
    let wakeUp: WakeUp
    let logger: Logger

    /// Works until the server stops.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await runDue()
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("looking for work failed", metadata: ["error": "\(error)"])
                }
                await wakeUp.wait(atMost: Self.pollInterval)
            }
        }
    }

    /// Gives everything that was given up another round: what failed then may work with today's settings.
    package func reviveFailed() async throws {
        try await database.transaction { try await PendingIngest.revive(on: $0) }
    }

    /// Has the ready videos indexed again that have no segment of the model; the old ones serve until then.
    package func acceptOutdated(model: String) async throws {
        while true {
            let videos = try await StoredSegment.missing(model: model, limit: Self.batch, on: database)
            if videos.isEmpty { break }
            try await database.transaction { tx in
                for video in videos { try await StoredTranscript.acceptAgain(video, on: tx) }
            }
        }
        wakeUp.signal()
    }

    /// Runs all that is due now.
    package func runDue() async throws {
        while true {
            let due = try await PendingIngest.due(limit: Self.batch, on: database)
            if due.isEmpty { return }
            for video in due {
                try Task.checkCancellation()
                try await run(Job(kind: .indexVideo, subject: video.description))
            }
        }
    }

    /// Runs one job under the lock and writes down how it ended.
    @discardableResult
    package func run(_ job: Job) async throws -> JobOutcome {
        let lock = try await takeLock()
        defer { lock.release() }
        guard let video = VideoID(job.subject), let pending = try await PendingIngest.get(video, on: database) else {
            return .done
        }
        let outcome =
            pending.attempts >= Self.maximumAttempts
            ? .buried(reason: "given up after \(pending.attempts) attempts") : try await attempt(job, video)
        switch outcome {
        case .done: break
        case .retry(let delay, let reason):
            logger.warning("a job is put off", metadata: ["job": "\(job.kind.rawValue)", "reason": "\(reason)"])
            try await PendingIngest.putOff(video, for: delay, error: reason, on: database)
        case .buried(let reason):
            logger.error("a job is given up", metadata: ["job": "\(job.kind.rawValue)", "reason": "\(reason)"])
            try await database.transaction { try await PendingIngest.bury(video, error: reason, on: $0) }
        }
        return outcome
    }

    private func attempt(_ job: Job, _ video: VideoID) async throws -> JobOutcome {
        guard let handler = handlers[job.kind] else {
            return .buried(reason: "nothing is bound to jobs of kind \(job.kind.rawValue)")
        }
        try await PendingIngest.begin(video, on: database)
        return try await handler(job)
    }

    private func takeLock() async throws -> FileLock {
        while true {
            if let lock = try FileLock.acquire(lockPath, waiting: false) { return lock }
            try await Task.sleep(for: Self.lockInterval)
        }
    }

    /// How long to wait before the next attempt.
    static func backOff(afterAttempts attempts: Int) -> Duration {
        min(longestRetry, firstRetry * (1 << min(max(0, attempts - 1), 10)))
    }
}
