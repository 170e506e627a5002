/// How an attempt at a job ended, as a value: the worker switches over it once.
package enum JobOutcome: Sendable, Hashable {
    /// What it waits for.
    package enum Wake: Sendable, Hashable {
        case after(Duration)
        case childrenEnded
    }

    case done
    /// It failed and may succeed later; nil: after the usual back-off.
    case retry(after: Duration?, reason: String)
    /// It is not finished, and nothing has failed; the reason is for people.
    case sleep(until: Wake, reason: String? = nil)
    /// It can't succeed as things are.
    case buried(reason: String)
}

/// How long to wait before another attempt, and how many to make.
package struct RetryPolicy: Sendable, Hashable {
    /// The wait after the first failure; it doubles with each.
    package var first: Duration
    package var longest: Duration
    /// What share of a wait is left to chance, so that jobs which failed together do not come back together.
    package var jitter: Double
    /// Attempts in a row that ended with their process, after which a job is given up.
    package var maximumCrashes: Int

    package init(
        first: Duration = .seconds(5), longest: Duration = .seconds(600), jitter: Double = 0.25, maximumCrashes: Int = 5
    ) {
        self.first = first
        self.longest = longest
        self.jitter = jitter
        self.maximumCrashes = maximumCrashes
    }

    /// The longest wait that a provider can ask for.
    package static let longestRequested = Duration.seconds(24 * 3_600)
    private static let mostDoublings = 20

    /// - Parameters:
    ///   - attempts: how many were made.
    ///   - requested: what the other side asked for (`Retry-After`): never less is waited.
    ///   - chance: 0..<1.
    package func delay(afterAttempts attempts: Int, requested: Duration? = nil, chance: Double) -> Duration {
        let doubled = min(longest, first * (1 << min(max(0, attempts - 1), Self.mostDoublings)))
        let wait = doubled * (1 - jitter * chance)
        return min(Self.longestRequested, max(wait, requested ?? .zero))
    }
}

/// What an outcome means for the row of its job: the one place where that is decided.
package enum JobTransition: Sendable, Hashable {
    case complete
    case letGo(JobSettlement)
    case bury(reason: String)
    case cancel
}

/// Why a worker ends an attempt before its handler does.
package enum StopReason: Sendable, Hashable {
    /// Somebody else may have the job by now.
    case leaseLost
    case cancelRequested
    /// The worker itself ends.
    case stopping
    /// It has had more time than its kind may take.
    case outOfTime(Duration)
}

extension JobTransition {
    /// - Parameters:
    ///   - stop: why the attempt was stopped, where it was.
    ///   - result: what the handler returned or threw.
    ///   - chance: 0..<1, for the back-off.
    /// - Returns: nil where the job is somebody else's business.
    package static func of(
        _ result: Result<JobOutcome, any Error>, stop: StopReason?, job: Job, policy: RetryPolicy, chance: Double
    ) -> JobTransition? {
        if stop == .leaseLost { return nil }
        switch result {
        case .success(let outcome):
            // What is done is done, whatever was wished meanwhile.
            if outcome != .done, stop == .cancelRequested { return .cancel }
            return of(outcome, job: job, policy: policy, chance: chance)
        case .failure(let error):
            switch stop {
            case .cancelRequested: return .cancel
            case .stopping: return .letGo(.givenBack)
            case .outOfTime(let limit):
                let reason = "it took longer than \(limit)"
                return of(.retry(after: nil, reason: reason), job: job, policy: policy, chance: chance)
            case nil, .leaseLost:
                return of(.retry(after: nil, reason: "\(error)"), job: job, policy: policy, chance: chance)
            }
        }
    }

    private static func of(
        _ outcome: JobOutcome, job: Job, policy: RetryPolicy, chance: Double
    ) -> JobTransition {
        switch outcome {
        case .done: return .complete
        case .buried(let reason): return .bury(reason: reason)
        case .retry(let after, let reason):
            guard job.attempts < job.maximumAttempts else {
                return .bury(reason: "given up after \(job.attempts) attempts: \(reason)")
            }
            let delay = policy.delay(afterAttempts: job.attempts, requested: after, chance: chance)
            return .letGo(
                JobSettlement(outcome: .failed, next: .scheduled, delay: delay, error: reason, countsAsAttempt: true))
        case .sleep(until: .childrenEnded, let reason):
            return .letGo(
                JobSettlement(outcome: .putOff, next: .whenChildrenEnd, error: reason, countsAsAttempt: false))
        case .sleep(until: .after(let delay), let reason):
            let next: JobSettlement.Next = delay > .zero ? .scheduled : .pending
            return .letGo(
                JobSettlement(
                    outcome: .putOff, next: next, delay: min(delay, longestSleep), error: reason,
                    countsAsAttempt: false))
        }
    }

    /// How long a job sleeps at most.
    private static let longestSleep = Duration.seconds(30 * 24 * 3_600)

    /// Whether a job is given up before another attempt is made.
    package static func beforeAttempt(at job: Job, policy: RetryPolicy) -> JobTransition? {
        let last = job.lastError.map { ": \($0)" } ?? ""
        if job.isCancelRequested { return .cancel }
        if job.crashes >= policy.maximumCrashes {
            return .bury(reason: "given up after \(job.crashes) attempts that ended with their process\(last)")
        }
        // This attempt is counted already.
        if job.attempts > job.maximumAttempts {
            return .bury(reason: "given up after \(job.attempts - 1) attempts\(last)")
        }
        return nil
    }
}
