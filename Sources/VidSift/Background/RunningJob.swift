package import Database
package import Logging
internal import Synchronization

/// An attempt at a job as its handler sees it: what to do, under which claim, and how far it has come.
package final class RunningJob: Sendable {
    private struct State {
        var progress: JobProgress?
        var hasNewProgress = false
        /// Set before the transaction that ends the job commits: from then on its row may be gone, and rightly.
        var isEnding = false
        var isEnded = false
    }

    package let job: Job
    package let claim: HeldJob
    private let isArchived: Bool
    private let logger: Logger
    private let state = Mutex(State())

    package init(job: Job, claim: HeldJob, isArchived: Bool, logger: Logger) {
        self.job = job
        self.claim = claim
        self.isArchived = isArchived
        self.logger = logger
    }

    /// Says how much is done. The last report counts; it is written down at the next heartbeat.
    package func report(done: Int, of total: Int) {
        state.withLock { state in
            state.progress = JobProgress(done: max(0, done), total: max(0, total))
            state.hasNewProgress = true
        }
    }

    /// Whether the job is still this attempt's, and stays so until the transaction ends: to be asked in every
    /// transaction that writes something of the work.
    package func isHeld(in tx: Transaction) async throws -> Bool {
        try await claim.isHeld(in: tx)
    }

    /// Ends the job in the transaction that writes its effect, so that there is never one without the other. Whatever
    /// the handler returns then, the job is done.
    ///
    /// - Throws: `LeaseLost` when the job is somebody else's by now: let it undo the transaction.
    package func complete(in tx: Transaction) async throws {
        state.withLock { $0.isEnding = true }
        guard try await claim.complete(archived: isArchived, on: tx) else { throw LeaseLost(name: job.description) }
    }

    /// Runs a transaction whose commit ends the job, and remembers that it has.
    ///
    /// - Parameter body: writes the effect and calls `complete(in:)`; nil where it turned out that there is nothing to
    ///   write: then the job has not ended.
    package func completing<T: Sendable>(
        on database: Database, _ body: @Sendable (Transaction) async throws -> T?
    ) async throws -> T? {
        do {
            let result = try await database.transaction(attempts: Job.conflictAttempts, body)
            state.withLock { $0.isEnded = $0.isEnding && result != nil }
            return result
        } catch {
            state.withLock { $0.isEnding = false }
            throw error
        }
    }

    func note(_ error: some Error) {
        logger.error("a job can't be read", metadata: ["job": "\(job.description)", "error": "\(error)"])
    }

    var isEnding: Bool { state.withLock(\.isEnding) }
    var isEnded: Bool { state.withLock(\.isEnded) }

    /// What was reported since the last call.
    func takeProgress() -> JobProgress? {
        state.withLock { state in
            guard state.hasNewProgress else { return nil }
            state.hasNewProgress = false
            return state.progress
        }
    }
}

extension Job: CustomStringConvertible {
    package var description: String { "\(kind.rawValue):\(subject)" }
}
