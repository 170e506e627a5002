/// Whether, and after how long, a failed request is sent again: a pure value, so that every rule has a test.
public struct RetryPolicy: Sendable, Equatable {
    /// What to do about a failure.
    public enum Decision: Sendable, Equatable {
        /// Send again after this wait.
        case retry(after: Duration)
        /// Give up: the error is the answer.
        case giveUp
    }

    /// The most times that one request is sent.
    public var maximumAttempts: Int
    /// The wait before the second attempt; doubled before each further one.
    public var firstDelay: Duration
    /// No wait of our own choosing is longer.
    public var maximumDelay: Duration
    /// From the first attempt on, no wait may end later than this.
    public var maximumTotal: Duration

    /// The defaults: six attempts within two minutes.
    public init(
        maximumAttempts: Int = 6, firstDelay: Duration = .milliseconds(500), maximumDelay: Duration = .seconds(20),
        maximumTotal: Duration = .seconds(120)
    ) {
        self.maximumAttempts = maximumAttempts
        self.firstDelay = firstDelay
        self.maximumDelay = maximumDelay
        self.maximumTotal = maximumTotal
    }

    /// Decides after attempt number `attempt` (the first is 1) has failed with `error`.
    ///
    /// What the other side asks for (`error.retryAfter`) is waited, never less; if that is beyond ``maximumTotal``, waiting
    /// is pointless and the error is reported at once. Our own waits are jittered: half fixed, half at random.
    ///
    /// - Parameters:
    ///   - elapsed: The time since the first attempt began.
    ///   - jitter: A number from 0 to 1, random in production.
    public func decide(
        after error: ProviderError, attempt: Int, elapsed: Duration, jitter: Double
    ) -> Decision {
        guard error.isRetryable, attempt < maximumAttempts else { return .giveUp }
        let spread = 0.5 + 0.5 * min(max(jitter, 0), 1)
        let delay: Duration
        if let asked = error.retryAfter, asked >= .zero {
            // A little later than asked, so that many clients do not come back in the same instant.
            delay = asked + firstDelay * (spread - 0.5)
        } else {
            delay = backOff(attempt) * spread
        }
        return elapsed + delay <= maximumTotal ? .retry(after: delay) : .giveUp
    }

    private func backOff(_ attempt: Int) -> Duration {
        var delay = firstDelay
        for _ in 1..<max(attempt, 1) where delay < maximumDelay { delay *= 2 }
        return min(delay, maximumDelay)
    }
}
