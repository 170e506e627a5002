/// How long a piece of work on a connection may take, and whether somebody wants it stopped.
struct PostgresWatch {
    /// Why a statement is stopped.
    enum Reason {
        case cancelled
        case timedOut
    }

    /// A stop that was asked for.
    struct Stop {
        let reason: Reason
        /// From then on the connection is cut.
        let end: ContinuousClock.Instant
        /// From then on the server is asked once more.
        var nextRequest: ContinuousClock.Instant
    }

    let deadline: ContinuousClock.Instant
    let timeout: Duration
    private let flag: CancellationFlag?
    private(set) var stop: Stop?

    /// - Parameter flag: set when the task is cancelled; `nil` for what can't be cancelled.
    init(timeout: Duration, flag: CancellationFlag? = nil) {
        self.timeout = timeout
        self.flag = flag
        deadline = .now + timeout
    }

    /// What is to be done at this moment.
    enum Advice {
        case wait(until: ContinuousClock.Instant)
        case ask
        case giveUp
    }

    mutating func advice(at now: ContinuousClock.Instant) -> Advice {
        guard var stop else {
            guard let reason = reason(at: now) else { return .wait(until: deadline) }
            self.stop = Stop(
                reason: reason, end: now + PostgresLimits.cancelGrace, nextRequest: now + PostgresLimits.cancelRepeat)
            return .ask
        }
        if now >= stop.end { return .giveUp }
        guard now >= stop.nextRequest else { return .wait(until: min(stop.end, stop.nextRequest)) }
        stop.nextRequest = now + PostgresLimits.cancelRepeat
        self.stop = stop
        return .ask
    }

    private func reason(at now: ContinuousClock.Instant) -> Reason? {
        if flag?.isSet ?? false { return .cancelled }
        return now >= deadline ? .timedOut : nil
    }

    /// The error of a stopped statement: why it was stopped, not how.
    func error(for reason: Reason) -> any Error {
        switch reason {
        case .cancelled: CancellationError()
        case .timedOut: DatabaseError(.timedOut, "A statement was stopped: it took longer than \(timeout).")
        }
    }
}
