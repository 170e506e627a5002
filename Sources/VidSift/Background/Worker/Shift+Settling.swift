internal import Database
internal import Logging
internal import Synchronization

extension Shift {
    /// The first pause before an end is written again that could not be written; it doubles up to the longest.
    private static var firstPause: Duration { .milliseconds(50) }
    private static var longestPause: Duration { .seconds(1) }

    /// Writes down how a job ended. What needs no transaction of its own is left to be written with others.
    func settle(_ running: RunningJob, _ transition: JobTransition, _ binding: JobBinding) async {
        if transition == .complete, running.claim.parentID == nil {
            board.withLock { $0.didFinish(running.claim) }
            return doneBell.signal()
        }
        await persist([running]) { [database] in
            try await database.transaction(attempts: Job.conflictAttempts) { tx in
                guard try await Self.write(transition, of: running, binding, on: tx) else {
                    throw LeaseLost(name: running.job.description)
                }
            }
        }
        settled(running)
        // It may be due again at once, or its parent may.
        worker.bell.announce()
    }

    private static func write(
        _ transition: JobTransition, of running: RunningJob, _ binding: JobBinding, on tx: Transaction
    ) async throws -> Bool {
        let claim = running.claim
        switch transition {
        case .complete: return try await claim.complete(archived: binding.isArchived, on: tx)
        case .cancel:
            try await binding.onBuried(running.job, JobQueue.cancelledReason, tx)
            return try await claim.cancel(on: tx)
        case .bury(let reason):
            let reason = reason.forTheRecord
            try await binding.onBuried(running.job, reason, tx)
            return try await claim.bury(error: reason, on: tx)
        case .letGo(var settlement):
            settlement.error = settlement.error?.forTheRecord
            return try await claim.letGo(settlement, on: tx)
        }
    }

    /// Writes the ends of jobs that were done, as many at a time as have come together.
    func writeEnds() async {
        while !Task.isCancelled {
            let batch = board.withLock { $0.takeDone(atMost: Job.largestClaim) }
            guard !batch.isEmpty else {
                await doneBell.wait(atMost: timing.poll)
                continue
            }
            await persist(batch) { try await self.complete(batch) }
            board.withLock { $0.settled(batch.map(\.claim)) }
            worker.bell.nudge()
        }
    }

    private func complete(_ batch: [RunningJob]) async throws {
        let kept = batch.filter { worker.bindings[$0.job.kind]?.isArchived ?? true }.map(\.claim)
        let others = batch.filter { !(worker.bindings[$0.job.kind]?.isArchived ?? true) }.map(\.claim)
        var ended = 0
        if !kept.isEmpty { ended += try await HeldJob.complete(kept, archived: true, on: database) }
        if !others.isEmpty { ended += try await HeldJob.complete(others, archived: false, on: database) }
        if ended < batch.count {
            logger.warning("ends came too late: others have the jobs", metadata: ["jobs": "\(batch.count - ended)"])
        }
    }

    /// Tries until it is written, or until the claims are lost: then others do the work.
    private func persist(_ jobs: [RunningJob], _ write: @Sendable () async throws -> Void) async {
        var pause = Self.firstPause
        while true {
            do {
                return try await write()
            } catch is LeaseLost {
                return logger.warning("an end came too late", metadata: ["job": "\(jobs[0].job.description)"])
            } catch {
                let isWorthIt = (error as? DatabaseError)?.isRetryable ?? false
                guard isWorthIt, jobs.contains(where: { stopReason(of: $0) != .leaseLost }) else {
                    return logger.error(
                        "an end could not be written down", metadata: ["error": "\(String(reflecting: error))"])
                }
            }
            // Not cancelled before all ends are written.
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// A job whose lease is over by this process's clock may still be nobody else's: then it need not be rescued.
    func giveBackIfHeld(_ running: RunningJob) async {
        do {
            let isGivenBack = try await database.transaction { try await running.claim.letGo(.lost, on: $0) }
            if isGivenBack { worker.bell.announce() }
        } catch {
            logger.info("a lost job was not given back", metadata: ["error": "\(error)"])
        }
    }

    func settled(_ running: RunningJob) {
        board.withLock { $0.settled([running.claim]) }
        worker.bell.nudge()
    }
}

extension String {
    /// The most Unicode scalars of an error that are kept.
    private static var longestRecord: Int { 2_000 }

    /// As every database stores it, and not too long.
    fileprivate var forTheRecord: String {
        String(String.UnicodeScalarView(unicodeScalars.lazy.filter { $0 != "\u{0}" }.prefix(Self.longestRecord)))
    }
}
