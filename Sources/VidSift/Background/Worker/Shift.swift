internal import Database
internal import Foundation
internal import Logging
internal import Synchronization

/// One stretch of a worker's work: claims jobs, runs their handlers, and writes down how they ended.
///
/// Four tasks run side by side: one claims and starts, one keeps the leases (`Shift+Heartbeat.swift`), one compares
/// leases and time limits with the clock, one writes ends down in batches (`Shift+Settling.swift`). The board is what
/// they share, and it alone decides.
final class Shift: Sendable {
    /// When it is over.
    enum End: Sendable {
        /// When it is told to stop.
        case stopped
        /// When nothing is due any more.
        case drained
    }

    let worker: Worker
    let end: End
    let board: Mutex<WorkerBoard>
    /// Rings for the task that writes ends down.
    let doneBell = WakeUp()
    let claimant: Claimant

    var database: Database { worker.database }
    var timing: WorkerTiming { worker.timing }
    var logger: Logger { worker.logger }

    init(_ worker: Worker, until end: End) {
        self.worker = worker
        self.end = end
        claimant = Claimant(worker: worker.id.description, lease: worker.timing.lease)
        board = Mutex(
            WorkerBoard(
                slots: worker.bindings.mapValues(\.slots), lease: worker.timing.lease,
                judgesLeases: worker.lockPath == nil))
    }

    var isStopping: Bool { board.withLock(\.isStopping) }

    /// Begins nothing new; what runs may go on for its grace.
    func stop() {
        board.withLock { $0.beginStopping() }
        worker.bell.nudge()
    }

    /// Ends without grace.
    func stopNow() {
        let stops = board.withLock { board in
            board.beginStopping()
            return board.stopAll()
        }
        for stop in stops { stop() }
        worker.bell.nudge()
    }

    /// Works to the end.
    func work() async throws {
        let failure = await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepLeases() }
            group.addTask { await self.watchTheClock() }
            group.addTask { await self.writeEnds() }
            defer { group.cancelAll() }
            return await claimAndRun()
        }
        await leave()
        if let failure { throw failure }
    }

    // MARK: - Claiming

    /// - Returns: why work could not be looked for, where the shift ends by that.
    private func claimAndRun() async -> (any Error)? {
        await withDiscardingTaskGroup { handlers in
            let failure = await begin(in: &handlers)
            handlers.addTask { await self.endGrace() }
            while !board.withLock(\.isEmpty) { await worker.bell.wait(atMost: timing.poll) }
            handlers.cancelAll()
            return failure
        }
    }

    /// Begins jobs until the shift is over.
    ///
    /// - Returns: why work could not be looked for, where the shift ends by that.
    private func begin(in handlers: inout DiscardingTaskGroup) async -> (any Error)? {
        var claims = Claims(kinds: Array(worker.bindings.keys), poll: timing.poll)
        var failures = FailureStreak("looking for work", logger)
        while !isStopping {
            do {
                try await look(&claims)
                let jobs = try await claim(&claims)
                for (job, askedAt) in jobs { start(job, askedAt: askedAt, in: &handlers) }
                if end == .drained, jobs.isEmpty, try await isDrained(&claims) { return nil }
                failures.end()
                if claims.hasMore(board.withLock(\.freeSlots)) { continue }
            } catch {
                if end == .drained { return error }
                failures.add(error)
            }
            await worker.bell.wait(atMost: timing.poll)
        }
        return nil
    }

    /// From time to time everything is looked at, whether somebody told of it or not.
    private func look(_ claims: inout Claims) async throws {
        claims.heard(worker.bell.news)
        guard claims.isLookDue(at: .now) else { return }
        claims.didLook(at: .now)
        guard try await Job.isAnyDue(of: claims.kinds, on: database) else { return }
        try await Job.promoteDue(on: database)
        claims.mayHaveNew()
    }

    private func claim(_ claims: inout Claims) async throws -> [(Job, askedAt: ContinuousClock.Instant)] {
        let wanted = claims.wanted(board.withLock(\.freeSlots))
        guard !wanted.isEmpty else { return [] }
        let askedAt = ContinuousClock.now
        // A claim that a crash of the server forgets is made again: it need not wait for the disk.
        let answers = try await database.pipeline(surviving: .processEnd, undoesUndecodable: false) {
            [claimant] pipeline in
            wanted.map { pipeline.rows(Job.claim($0.kind, limit: $0.limit, by: claimant), as: Job.self) }
        }
        var jobs: [(Job, askedAt: ContinuousClock.Instant)] = []
        for (wanted, answer) in zip(wanted, answers) {
            let claimed = try answer.value
            if claimed.count < wanted.limit { claims.isEmpty(wanted.kind) }
            jobs += claimed.sorted(by: Job.comesBefore).map { ($0, askedAt) }
        }
        return jobs
    }

    /// Whether nothing is left to do, now that all kinds were looked at and nothing runs.
    private func isDrained(_ claims: inout Claims) async throws -> Bool {
        guard board.withLock(\.isEmpty) else { return false }
        if try await Job.promoteDue(on: database) == 0, try await !Job.isAnyDue(of: claims.kinds, on: database) {
            return board.withLock(\.isEmpty)
        }
        claims.mayHaveNew()
        return false
    }

    /// The jobs that run when the worker is to stop get some time; then they are stopped.
    private func endGrace() async {
        do {
            try await Task.sleep(for: timing.grace)
            for stop in board.withLock({ $0.stopAll() }) { stop() }
        } catch {
            // All have ended before.
        }
    }

    // MARK: - Running

    private func start(
        _ job: Job, askedAt: ContinuousClock.Instant, in handlers: inout DiscardingTaskGroup
    ) {
        guard let binding = worker.bindings[job.kind] else { return }
        let claim = HeldJob(id: job.id, worker: claimant.worker, fence: job.fence, parentID: job.parentID)
        let running = RunningJob(job: job, claim: claim, isArchived: binding.isArchived, logger: logger)
        let mayBegin = board.withLock {
            $0.begin(running, askedAt: askedAt, now: .now, timeLimit: binding.timeLimit)
        }
        guard mayBegin else { return }
        handlers.addTask { await self.perform(running, binding) }
    }

    private func perform(_ running: RunningJob, _ binding: JobBinding) async {
        if let transition = JobTransition.beforeAttempt(at: running.job, policy: binding.policy) {
            handlerEnded(running)
            return await settle(running, transition, binding)
        }
        if stopReason(of: running) == .stopping {
            handlerEnded(running)
            return await settle(running, .letGo(.givenBack), binding)
        }
        let result = await HandlerRun(running, binding, on: self).result()
        guard !running.isEnded else { return settled(running) }
        let transition = JobTransition.of(
            result, stop: stopReason(of: running), job: running.job, policy: binding.policy,
            chance: .random(in: 0..<1))
        if let transition {
            log(result, transition, of: running)
            await settle(running, transition, binding)
        } else {
            logger.warning("a job was lost: no renewal came through", metadata: ["job": "\(running.job.description)"])
            await giveBackIfHeld(running)
            settled(running)
        }
    }

    func stopReason(of running: RunningJob) -> StopReason? {
        board.withLock { $0.entries[running.claim]?.stop }
    }

    /// The handler's place is free.
    func handlerEnded(_ running: RunningJob) {
        board.withLock { $0.handlerEnded(running) }
        worker.bell.nudge()
    }

    private func log(_ result: Result<JobOutcome, any Error>, _ transition: JobTransition, of running: RunningJob) {
        let job: Logger.MetadataValue = "\(running.job.description)"
        switch transition {
        case .complete, .cancel: break
        case .bury(let reason): logger.error("a job is given up", metadata: ["job": job, "reason": "\(reason)"])
        case .letGo(let settlement) where settlement.outcome == .failed:
            var metadata: Logger.Metadata = ["job": job, "reason": "\(settlement.error ?? "")"]
            if case .failure(let error) = result { metadata["error"] = "\(String(reflecting: error))" }
            logger.warning("a job is put off", metadata: metadata)
        case .letGo: break
        }
    }
}

extension Job {
    /// The order in which jobs are claimed.
    static func comesBefore(_ one: Job, _ other: Job) -> Bool {
        if one.priority != other.priority { return one.priority > other.priority }
        return (one.turn, one.runAt, one.id) < (other.turn, other.runAt, other.id)
    }
}
