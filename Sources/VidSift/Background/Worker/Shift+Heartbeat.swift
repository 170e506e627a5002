internal import Database
internal import Logging
internal import Synchronization

extension Shift {
    /// Renews the claims until the shift is over, and takes over those of workers that are gone.
    func keepLeases() async {
        var right = RescueRight(lease: timing.lease)
        var failures = FailureStreak("a heartbeat", logger)
        while !Task.isCancelled {
            do {
                try await beat()
                right.heartbeatSucceeded(at: .now)
                failures.end()
                // In a folder nobody else works, so what has expired there is this worker's own.
                if worker.lockPath != nil || right.mayRescue(at: .now) { try await rescue() }
            } catch {
                failures.add(error)
            }
            // Cancelled: then the loop ends.
            try? await Task.sleep(for: timing.heartbeat)
        }
    }

    private func beat() async throws {
        let asked = board.withLock(\.renewable)
        let news = board.withLock { board in
            asked.compactMap { claim in
                board.entries[claim]?.running.takeProgress().map { Job.progressUpdate($0, of: claim) }
            }
        }
        let sentAt = ContinuousClock.now
        // A worker that is suspended here must not keep its rows from those who would rescue them.
        let answer = try await database.pipeline(surviving: .processEnd, undoesUndecodable: false) {
            [worker, claimant] pipeline in
            pipeline.execute(
                WorkerPresence.sign(of: worker.id, name: worker.name, slots: worker.bindings.mapValues(\.slots)))
            for update in news { pipeline.execute(update) }
            guard !asked.isEmpty else { return PipelineResult<[RenewedJob]>?.none }
            pipeline.execute(Job.renewal(of: asked.map(\.id), for: claimant))
            return pipeline.rows(Job.stillHeld(asked.map(\.id), by: claimant), as: RenewedJob.self)
        }
        let renewed = try answer?.value ?? []
        for stop in board.withLock({ $0.renewed(asked, renewed, sentAt: sentAt) }) { stop() }
    }

    private func rescue() async throws {
        let abandoned: Job.Abandoned =
            worker.lockPath == nil ? .expiredSeenBy(worker.id, within: timing.lease / 2) : .expired
        let rescued = try await Job.rescue(abandoned, by: claimant.worker, on: database)
        guard rescued > 0 else { return }
        logger.warning("jobs of silent workers were put back to work", metadata: ["jobs": "\(rescued)"])
        worker.bell.announce()
    }

    /// Stops what has lost its lease by this process's own clock, whether the database answers or not, and what takes
    /// longer than it may.
    func watchTheClock() async {
        while !Task.isCancelled {
            for stop in board.withLock({ $0.look(at: .now) }) { stop() }
            // Cancelled: then the loop ends.
            try? await Task.sleep(for: timing.watch)
        }
    }

    /// Says that this worker is gone. Where that fails, it is forgotten a little later.
    func leave() async {
        do {
            try await WorkerPresence.remove(worker.id, on: database)
        } catch {
            logger.info("a worker could not sign off", metadata: ["error": "\(error)"])
        }
    }
}
