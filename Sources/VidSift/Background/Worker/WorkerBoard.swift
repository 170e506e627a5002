internal import Synchronization

/// What a worker has in hand: the thinking part of it, without any I/O.
package struct WorkerBoard: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// A claim that is in hand until its end is written down.
    package struct Entry: Sendable {
        package let running: RunningJob
        /// When the claim ends by this process's clock unless it is renewed: never later than in the database, except
        /// where a crash of the server has forgotten a renewal.
        package var leaseEnd: Instant
        /// When its kind's time is up.
        package let deadline: Instant
        package let timeLimit: Duration
        /// Why it was stopped, and when its handler will have had the time to end.
        package var stop: StopReason?
        /// Stops the handler; nil once it has ended.
        package var cancel: (@Sendable () -> Void)?
    }

    private let slots: [JobKind: Int]
    private let lease: Duration
    /// Whether the own clock can end a lease. Where nobody else may work it can't: there is nobody to lose it to.
    private let judgesLeases: Bool
    package private(set) var isStopping = false
    package private(set) var entries: [HeldJob: Entry] = [:]
    /// The claims whose handlers run, those that were given up on among them.
    private var live: Set<HeldJob> = []
    private var occupied: [JobKind: Int] = [:]
    /// Jobs that were done, whose end is not written down.
    private(set) var done: [HeldJob] = []

    /// The most ends that wait to be written down: with more, nothing new is begun.
    private let mostUnsettled: Int

    package init(slots: [JobKind: Int], lease: Duration, judgesLeases: Bool = true) {
        self.slots = slots
        self.lease = lease
        self.judgesLeases = judgesLeases
        mostUnsettled = max(Job.largestClaim / 2, 2 * slots.values.reduce(0, +))
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// How many jobs of each kind can be begun now.
    package var freeSlots: [JobKind: Int] {
        guard !isStopping, done.count < mostUnsettled else { return [:] }
        return slots.compactMapValues { $0 }.reduce(into: [:]) { free, slot in
            let left = slot.value - occupied[slot.key, default: 0]
            if left > 0 { free[slot.key] = left }
        }
    }

    /// A job was claimed.
    ///
    /// - Parameter askedAt: when the claim was sent: the lease runs from then at the earliest.
    /// - Returns: false where its handler may not begin: the answer came when the lease was over, or the very same claim
    ///   is in hand already, because a crash of the server has forgotten it and it was made again. What has no handler
    ///   then is rescued when its lease ends.
    package mutating func begin(_ running: RunningJob, askedAt: Instant, now: Instant, timeLimit: Duration) -> Bool {
        let claim = running.claim
        guard entries[claim] == nil, !live.contains(claim), now < askedAt + lease else { return false }
        entries[claim] = Entry(
            running: running, leaseEnd: askedAt + lease, deadline: now + timeLimit, timeLimit: timeLimit,
            stop: isStopping ? .stopping : nil)
        live.insert(claim)
        occupied[running.job.kind, default: 0] += 1
        return true
    }

    /// The handler can be stopped from now on; it is at once where there was a reason before.
    ///
    /// - Returns: whether it is to be stopped right now.
    package mutating func canCancel(_ claim: HeldJob, _ cancel: @escaping @Sendable () -> Void) -> Bool {
        guard entries[claim] != nil else { return true }
        entries[claim]?.cancel = cancel
        return entries[claim]?.stop != nil
    }

    /// The handler has ended: its place is free.
    package mutating func handlerEnded(_ running: RunningJob) {
        guard live.remove(running.claim) != nil else { return }
        occupied[running.job.kind, default: 1] -= 1
    }

    /// The end of a job is to be written down together with others.
    package mutating func didFinish(_ claim: HeldJob) {
        entries[claim]?.cancel = nil
        done.append(claim)
    }

    /// Takes what is to be written down together.
    package mutating func takeDone(atMost limit: Int) -> [RunningJob] {
        let taken = done.prefix(limit)
        done.removeFirst(taken.count)
        return taken.compactMap { entries[$0]?.running }
    }

    /// The end is written down, or it is somebody else's business.
    package mutating func settled(_ claims: some Sequence<HeldJob>) {
        for claim in claims { entries[claim] = nil }
    }

    // MARK: - Leases

    /// The jobs whose claims are renewed, until their end is written down.
    package var renewable: [HeldJob] { entries.filter { $0.value.stop != .leaseLost }.map(\.key) }

    /// Takes the answer to a renewal.
    ///
    /// - Returns: what stops the handlers that are to be stopped.
    package mutating func renewed(
        _ asked: [HeldJob], _ answer: [RenewedJob], sentAt: Instant
    ) -> [@Sendable () -> Void] {
        let held = Dictionary(answer.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        var stops: [@Sendable () -> Void] = []
        for claim in asked {
            guard let entry = entries[claim], !entry.running.isEnding else { continue }
            guard let renewed = held[claim.id], renewed.fence == claim.fence else {
                stops += stop(claim, .leaseLost)
                continue
            }
            entries[claim]?.leaseEnd = max(entry.leaseEnd, sentAt + lease)
            if renewed.isCancelRequested { stops += stop(claim, .cancelRequested) }
        }
        return stops
    }

    /// Compares leases and time limits with the clock.
    package mutating func look(at now: Instant) -> [@Sendable () -> Void] {
        var stops: [@Sendable () -> Void] = []
        for (claim, entry) in entries where !entry.running.isEnding {
            if judgesLeases, entry.leaseEnd <= now {
                stops += stop(claim, .leaseLost)
            } else if entry.deadline <= now {
                stops += stop(claim, .outOfTime(entry.timeLimit))
            }
        }
        return stops
    }

    // MARK: - Stopping

    /// Nothing new is begun from now on.
    package mutating func beginStopping() {
        isStopping = true
    }

    /// The running jobs have had their time.
    package mutating func stopAll() -> [@Sendable () -> Void] {
        entries.keys.flatMap { stop($0, .stopping) }
    }

    /// The first reason counts, except that a lost lease goes before everything.
    private mutating func stop(_ claim: HeldJob, _ reason: StopReason) -> [@Sendable () -> Void] {
        guard let entry = entries[claim], entry.stop == nil || (reason == .leaseLost && entry.stop != .leaseLost) else {
            return []
        }
        entries[claim]?.stop = reason
        return entry.cancel.map { [$0] } ?? []
    }
}
