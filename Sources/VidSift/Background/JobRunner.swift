internal import Database
internal import Foundation
internal import Logging
internal import ServiceLifecycle

/// Runs the work that is written down in the database, one job at a time, whoever wrote it down and whenever.
///
/// A process that is killed leaves the row behind; the next one finds it and begins again. Any number of processes may
/// work at once: a lease gives each job to one of them.
package struct JobRunner: Service {
    /// Attempts in a row that ended with their process, after which a job is given up until somebody asks again.
    static let maximumCrashes = 5
    /// Passing failures after which a job is given up: about a day of them.
    static let maximumAttempts = 150
    /// The first wait after a passing failure; it doubles up to the longest.
    static let firstRetry = Duration.seconds(5)
    static let longestRetry = Duration.seconds(600)
    /// How often due work is looked for that another process wrote down.
    static let pollInterval = Duration.seconds(5)
    /// How often a job is asked for that another process works on.
    static let rightInterval = Duration.milliseconds(100)
    /// Jobs that are fetched at a time.
    static let batch = 32
    /// How often a transaction is tried that met another at the same rows.
    static let conflictAttempts = 5

    let database: Database
    let handlers: [Job.Kind: JobHandler]
    let rights: WorkRights
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
        try await database.transaction(attempts: Self.conflictAttempts) { try await PendingIngest.revive(on: $0) }
    }

    /// Has the ready videos indexed again that have no segment of the model; the old ones serve until then.
    package func acceptOutdated(model: String) async throws {
        try await database.transaction(attempts: Self.conflictAttempts) {
            try await StoredTranscript.acceptOutdated(model: model, on: $0)
        }
    }

    /// Runs all that is due now and that nobody else works on.
    package func runDue() async throws {
        while true {
            let due = try await PendingIngest.due(
                lockPrefix: Job.Kind.indexVideo.lockPrefix, evenIfHeld: rights.overridesLeases, limit: Self.batch,
                on: database)
            var hasRun = false
            for video in due {
                try Task.checkCancellation()
                if try await runIfFree(Job(kind: .indexVideo, subject: video.description)) != nil { hasRun = true }
            }
            if !hasRun { return }
        }
    }

    /// Runs one job, after whoever else works on it, and writes down how it ended.
    @discardableResult
    package func run(_ job: Job) async throws -> JobOutcome {
        while true {
            if let outcome = try await runIfFree(job) { return outcome }
            try await Task.sleep(for: Self.rightInterval)
        }
    }

    /// Nil where somebody else works on the job.
    private func runIfFree(_ job: Job) async throws -> JobOutcome? {
        guard let video = VideoID(job.subject), try await PendingIngest.get(video, on: database) != nil else {
            return .done
        }
        do {
            return try await rights.withRight(to: job.lockName) { lock in
                guard let pending = try await PendingIngest.get(video, on: database) else { return .done }
                let outcome = try await outcome(of: job, pending, under: lock)
                try await settle(outcome, of: job, pending, under: lock)
                return outcome
            }
        } catch let error as LeaseLost {
            logger.warning("a job went to another worker", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    /// Writes down how a job ended, unless it belongs to somebody else by now.
    private func settle(
        _ outcome: JobOutcome, of job: Job, _ pending: PendingIngest, under lock: ProcessingLock
    ) async throws {
        switch outcome {
        case .done: break
        case .retry(let delay, let reason):
            logger.warning("a job is put off", metadata: ["job": "\(job.kind.rawValue)", "reason": "\(reason)"])
            try await writing(under: lock) { try await pending.putOff(for: delay, error: reason, on: $0) }
        case .buried(let reason):
            logger.error("a job is given up", metadata: ["job": "\(job.kind.rawValue)", "reason": "\(reason)"])
            try await writing(under: lock) { try await pending.bury(error: reason, on: $0) }
        }
    }

    private func writing(
        under lock: ProcessingLock, _ body: @Sendable (Transaction) async throws -> Void
    ) async throws {
        try await database.transaction(attempts: Self.conflictAttempts) { tx in
            if try await lock.isHeld(in: tx) { try await body(tx) }
        }
    }

    private func outcome(
        of job: Job, _ pending: PendingIngest, under lock: ProcessingLock
    ) async throws -> JobOutcome {
        guard let handler = handlers[job.kind] else {
            return .buried(reason: "nothing is bound to jobs of kind \(job.kind.rawValue)")
        }
        let last = pending.lastError.map { ": \($0)" } ?? ""
        if pending.crashes >= Self.maximumCrashes {
            return .buried(reason: "given up after \(pending.crashes) attempts that ended with their process\(last)")
        }
        if pending.attempts >= Self.maximumAttempts {
            return .buried(reason: "given up after \(pending.attempts) attempts\(last)")
        }
        try await pending.begin(on: database)
        do {
            return try await handler(job, lock)
        } catch let error as CancellationError {
            await forgive(pending, under: lock)
            throw error
        } catch {
            logger.error(
                "a job failed", metadata: ["job": "\(job.kind.rawValue)", "error": "\(String(reflecting: error))"])
            return .retry(after: Self.backOff(afterAttempts: pending.attempts + 1), reason: "\(error)")
        }
    }

    /// An attempt that was stopped on purpose is none. It is written down although the task is cancelled, so it runs in
    /// a task of its own, for which this one waits.
    private func forgive(_ pending: PendingIngest, under lock: ProcessingLock) async {
        let forgiving = Task {
            do {
                try await writing(under: lock) { try await pending.forgive(on: $0) }
            } catch {
                logger.warning("a stopped attempt is counted", metadata: ["error": "\(error)"])
            }
        }
        await forgiving.value
    }

    /// How long to wait before the next attempt.
    static func backOff(afterAttempts attempts: Int) -> Duration {
        min(longestRetry, firstRetry * (1 << min(max(0, attempts - 1), 10)))
    }
}
